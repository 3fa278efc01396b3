"""The program as a process of its own, watched as a supervisor would: when it dies it is started again."""

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

import aiohttp
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.inbox import InboxState, inbox
from bot.outbox import OutboxState, outbox
from domain.notes import Note
from domain.requests import Happening
from handlers.messages import Importance
from tests.house import SIGNING, House, open_house

PATIENCE = 60.0  # seconds; a proof waits for what must come, it does not measure
KILLED = -signal.SIGKILL


@dataclass
class Outside:
    """A house whose program runs outside of the test."""

    house: House
    log: Path
    deaths: int = 0
    unmarked: Counter[int] = field(default_factory=Counter)  # rows that had not been noted as sent when it died
    process: asyncio.subprocess.Process | None = None
    _watch: asyncio.Task[None] | None = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.house.environment['PORT']}"

    async def starts(self, failpoint: str = "", *, duty: str = "run", wait: bool = True) -> None:
        """Start the program; it will be started again (without failpoint) whenever it is killed."""
        self.process = await self.spawn(duty, FAILPOINT=failpoint)
        self._watch = asyncio.create_task(self._supervise(self.process, duty))
        if wait:
            await self.ready()

    async def spawn(self, *words: str, **more: str) -> asyncio.subprocess.Process:
        """One process of the program, with the settings of the house."""
        environment = {**os.environ, **self.house.environment, "LOG_LEVEL": "warning", **more}
        with self.log.open("ab") as log:
            return await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", *words, env=environment, stdout=log, stderr=log
            )

    async def says(self, *words: str, **more: str) -> tuple[int, str]:
        """Run a command to its end: its exit code and what it said."""
        environment = {**os.environ, **self.house.environment, "LOG_LEVEL": "warning", **more}
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "bot", *words),
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
        assert process.returncode is not None
        return process.returncode, said.decode()

    async def _supervise(self, process: asyncio.subprocess.Process, duty: str) -> None:
        code = await process.wait()
        if code != KILLED:
            return
        self.unmarked.update(await self.house.in_database(_unmarked))
        self.deaths += 1
        await self.starts(duty=duty, wait=False)

    async def ready(self) -> None:
        """Until it serves, and both networks can reach it."""
        await answered(f"{self.base}/readyz")
        if self.house.hooked:
            async with asyncio.timeout(PATIENCE):
                while True:
                    with suppress(ValueError, aiohttp.ClientError):
                        await self.house.sandbox.slack.use_http(f"{self.base}/slack", SIGNING)
                        return
                    await asyncio.sleep(0.1)
        else:
            await self.house.sandbox.slack.until_connected(PATIENCE)

    async def stops(self) -> float:
        """SIGTERM; how many seconds it took."""
        while self.process is not None:
            process = self.process
            began = monotonic()
            with suppress(ProcessLookupError):
                process.terminate()
            code = await asyncio.wait_for(process.wait(), 20)
            if self._watch is not None:
                await self._watch  # it may have been killed a moment before: then there is another one now
            if process is self.process:
                self.process = None
                assert code == 0, f"the program ended with {code}: {self.log.read_text()[-2000:]}"
                return monotonic() - began
        return 0.0

    async def in_database(self, unit: Any, *, looking: bool = False) -> Any:
        return await self.house.in_database(unit, looking=looking)

    async def died(self, within: float = PATIENCE) -> None:
        """Until it has been killed and serves again; a place that is passed by the clock may outlast the story."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                while not self.deaths:  # noqa: ASYNC110 (another process)
                    await asyncio.sleep(0.05)
            await self.ready()

    async def quiet(self, within: float = PATIENCE) -> None:
        """Until nothing is new in the inbox and nothing waits to leave."""
        async with asyncio.timeout(within):
            while await self.in_database(_open_rows, looking=True):  # noqa: ASYNC110 (another process's rows)
                await asyncio.sleep(0.1)


def patient(house: House) -> None:
    """Repetitions come soon, but nobody is impatient: the machine is shared, and patience is the sandbox's own test."""
    delays = house.sandbox.delays
    delays.redeliver_after, delays.webhook_pause, delays.webhook_pause_cap = 0.5, 0.2, 1.0
    delays.trigger_lifetime = delays.acknowledge = 30.0


@asynccontextmanager
async def outside(folder: Path, url: str | None = None, *, hooked: bool = False, **more: str) -> AsyncIterator[Outside]:
    """A house with everybody in it and nobody at work yet."""
    async with open_house(folder, url, hooked=hooked, asleep=True, **more) as house:
        patient(house)
        out = Outside(house, folder / "program.log")
        try:
            yield out
        finally:
            await out.stops()


async def answered(url: str, status: int = 200, within: float = PATIENCE) -> Any:
    """Until an address answers with that status: its body."""
    async with asyncio.timeout(within), aiohttp.ClientSession() as session:
        while True:
            with suppress(aiohttp.ClientError):
                async with session.get(url) as answer:
                    if answer.status == status:
                        return await answer.text()
            await asyncio.sleep(0.05)


def _unmarked(session: Session) -> list[int]:
    return list(session.scalars(select(outbox.c.id).where(outbox.c.state == OutboxState.NEW)))


def _open_rows(session: Session) -> int:
    came = session.scalars(select(inbox.c.id).where(inbox.c.state == InboxState.NEW)).all()
    return len(came) + len(_unmarked(session))


# What must be true at the end, whatever died in between.


@dataclass(frozen=True)
class Books:
    """What the database holds at the end."""

    inbox: Counter[str]
    outbox: Counter[str]
    dropped: list[str]  # importance of what was dropped
    notes: list[tuple[str, str, bool]]  # direction, words, whether it is a file
    facts: Counter[str]
    sent_as: dict[tuple[str, str], int]  # (target, remote) -> the row that put it there; later ones edit it


def books(session: Session) -> Books:
    """Read the books."""
    rows = session.execute(select(outbox).order_by(outbox.c.id.desc())).all()
    return Books(
        Counter(str(state) for state in session.scalars(select(inbox.c.state))),
        Counter(str(row.state) for row in rows),
        [str(row.importance) for row in rows if row.state == OutboxState.DROPPED],
        [(str(n.direction), n.words, n.file is not None) for n in session.scalars(select(Note).order_by(Note.id))],
        Counter(session.scalars(select(Happening.name))),
        {(row.target, row.remote): row.id for row in rows if row.remote},
    )


def assert_all_done(found: Books) -> None:
    """Everything that came in was handled; everything that shall leave has left."""
    assert set(found.inbox) == {"done"}, found.inbox
    assert set(found.outbox) <= {"sent", "replaced", "dropped"}, found.outbox
    assert set(found.dropped) <= {str(Importance.LOW)}, found.dropped


SENDS = ("sendMessage", "sendPhoto", "sendDocument", "sendVoice", "sendVideo", "sendAudio")


def twice_on_telegram(house: House) -> list[tuple[str, str]]:
    """(chat, message id) of every message that is an exact copy of an earlier one, buttons and all.

    Buttons carry a token that is unique per message of ours, and the proofs say no two equal words without buttons.
    """
    seen: set[str] = set()
    again: list[tuple[str, str]] = []
    for call in house.sandbox.recording.of("telegram"):
        if call.direction != "in" or call.method not in SENDS or not isinstance(call.answer, dict):
            continue
        result = call.answer if "message_id" in call.answer else call.answer.get("result")
        if not isinstance(result, dict) or "message_id" not in result:
            continue
        same = repr((call.method, sorted((k, repr(v)) for k, v in call.fields.items()), sorted(call.files.values())))
        if same in seen:
            again.append((str(call.fields["chat_id"]), str(result["message_id"])))
        seen.add(same)
    return again


def twice_on_slack(house: House) -> list[str]:
    """The keys of messages of ours, and the names of files, that are there more than once."""
    space = house.sandbox.slack.space
    keys: Counter[str] = Counter()
    for channel in space.channels.values():
        for message in channel.messages.values():
            payload = (message.metadata or {}).get("event_payload") or {}
            if payload.get("key"):
                keys[str(payload["key"])] += 1
    return [key for key, count in keys.items() if count > 1]
