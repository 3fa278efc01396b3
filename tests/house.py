"""The whole house for a test: the sandbox, the program, a database, and the people."""

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import settings as settings_file
from bot.app import App
from bot.clock import Clock
from bot.company_file import reading
from bot.company_file.beside import WRITTEN
from bot.database import connect
from bot.inbox import inbox
from bot.outbox import outbox
from domain.homes import Home, Member, invite
from domain.people import Person as Customer
from domain.work import Work
from locales.phrasebook import say
from locales.text import Text
from sandbox.host import Delays
from sandbox.server import Sandbox
from sandbox.slack import Person as Teammate
from sandbox.telegram.person import Person
from tests.beginning import offset
from tests.founded import SAMPLE, with_the_sample

SPEAKERS = {"en": "C007", "fr": "C003", "es": "C005", "it": "C001"}  # an owner for each language
SIGNING = "signing-secret-of-the-test"
# Three real seconds are proved elsewhere; a journey must not fail because the machine is busy.
PATIENT = Delays(acknowledge=15, trigger_lifetime=15)
HOOK = "hook-secret-of-the-test-0123456789"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class House:
    """What a test holds in its hands."""

    sandbox: Sandbox
    environment: dict[str, str]
    clock_file: Path
    since: float  # what the clock file said at the beginning
    hooked: bool
    app: App | None = None
    people: dict[str, Person] = field(default_factory=dict)
    team: dict[str, Teammate] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.environment["DATABASE_URL"]

    async def starts(self) -> App:
        """The program starts (again)."""
        settings = settings_file.read(self.environment)
        self.app = App(settings, reading.read(settings.company_file))
        await self.app.start()
        if self.hooked:
            await self.sandbox.slack.use_http(f"{settings.public_url}/slack", SIGNING)
        else:
            await self.sandbox.slack.until_connected(10)
        return self.app

    async def stops(self) -> None:
        if self.app is not None:
            await self.app.stop()
            self.app = None

    async def quiet(self, within: float = 20.0) -> None:
        """Until nothing is on the desk and nothing waits to be seen to or to leave."""
        assert self.app is not None
        async with asyncio.timeout(within):
            while True:
                await asyncio.sleep(0.01)
                await self.sandbox.slack.delivery.idle(1.0)  # what people did has come in, unless nobody can be reached
                await self._fetched(0.3)
                idle = self.app.desk.idle and self.app.sender.idle
                if idle and not await self.app.database.read(waiting):
                    return

    async def _fetched(self, within: float) -> None:
        """Until Telegram's updates are all with us, unless it is away, or we are."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                while self.sandbox.telegram.state.updates.pending:  # noqa: ASYNC110 (they are fetched by others)
                    await asyncio.sleep(0.005)

    async def invitation(self, ref: str) -> str:
        """An invitation for a customer of the sample, into his first home."""

        def unit(session: Session) -> str:
            person = session.scalars(select(Customer).where(Customer.ref == ref)).one()
            home = session.scalars(
                select(Home).join(Member, Member.home_id == Home.id).where(Member.person_id == person.id)
            ).first()
            assert home is not None
            return invite(Work(session, Clock(self.clock_file).now(), "test"), home, person)

        return await self.in_database(unit)

    async def in_database(self, unit: Any, *, looking: bool = False) -> Any:
        """What comes of a unit of work. `looking`: it writes nothing, and does not wait for whoever does."""
        database = self.app.database if self.app is not None else connect(settings_file.database_url(self.url))
        try:
            return await (database.read if looking else database.write)(unit)
        finally:
            if self.app is None:
                await database.close()

    def clock_says(self, seconds: float) -> None:
        """So many seconds after the beginning; the program sees it by itself."""
        fresh = self.clock_file.with_suffix(".new")
        fresh.write_text(str(self.since + seconds))
        fresh.replace(self.clock_file)

    async def moves_clock(self, seconds: float) -> None:
        """Time passes."""
        self.clock_says(float(self.clock_file.read_text()) - self.since + seconds)
        if self.app is not None:
            await self.app.alarm.beat()
            await self.quiet()

    async def arrives(self, language: str, ref: str | None = None) -> Person:
        """Somebody of the sample opens his invitation."""
        ref = ref or SPEAKERS[language]
        token = await self.invitation(ref)
        person = self.sandbox.telegram.person(ref, "Test", language=language)
        await person.starts(token)
        self.people[ref] = person
        if self.app is not None:
            await self.quiet()
        return person


def waiting(session: Session) -> int:
    """How many rows of both boxes are not finished with."""
    return sum(
        session.scalar(select(func.count()).select_from(box).where(box.c.state == "new")) or 0
        for box in (inbox, outbox)
    )


def brisk(folder: Path) -> Path:
    """The sample company's file, where what is written to a homeowner leaves at once."""
    file = folder / "brisk.toml"
    file.write_text((SAMPLE / "company.toml").read_text().replace("undo_seconds = 5", "undo_seconds = 0"))
    return file


def brings_what_it_wrote(folder: Path) -> None:
    """The company's answers and its first aid lie beside its file, as they do in the sample."""
    for written in WRITTEN:
        shutil.copytree(SAMPLE / written.folder, folder / written.folder)


@asynccontextmanager
async def open_house(
    folder: Path, url: str | None = None, *, hooked: bool = False, asleep: bool = False, **more: str
) -> AsyncIterator[House]:
    """A house with everybody in it; the recording must be without a fault when it closes.

    `asleep`: the program is not started (a proof starts it its own way).
    """
    address = url or f"sqlite:///{folder}/aftercare.db"
    await asyncio.to_thread(with_the_sample, address)
    clock, since = folder / "clock", offset()
    clock.write_text(str(since))
    async with Sandbox(clock_file=clock, token="5000000001:test", delays=PATIENT) as sandbox:
        port = free_port()
        environment = {
            "TELEGRAM_TOKEN": "5000000001:test",
            "TELEGRAM_API": sandbox.url,
            "SLACK_TOKEN": "xoxb-test",
            "SLACK_API": f"{sandbox.url}/api/",
            "DATABASE_URL": address,
            "COMPANY_FILE": str(brisk(folder)),
            "CLOCK_FILE": str(clock),
            "PORT": str(port),
            "TELEGRAM_PER_CHAT": "1000",
            "TELEGRAM_OVERALL": "1000",
            "SLACK_PER_CHANNEL": "1000",
            "POLL_TIMEOUT": "5",
            "BACKOFF_SECONDS": "0.5",
            "SWEEP_SECONDS": "0.5",
            "HEARTBEAT_SECONDS": "0.3",
            "SLACK_REBUILD_SECONDS": "5",
            **(
                {
                    "PUBLIC_URL": f"http://127.0.0.1:{port}",
                    "TELEGRAM_WEBHOOK_SECRET": HOOK,
                    "SLACK_SECRET": SIGNING,
                }
                if hooked
                else {"SLACK_SOCKET_TOKEN": "xapp-1-A0AFTER01-1-test"}
            ),
            **more,
        }
        company = reading.read(SAMPLE / "company.toml")
        house = House(sandbox, environment, clock, since, hooked)
        for member in company.team:
            house.team[member.key] = sandbox.slack.user(member.name, id=member.slack)
        for name, channel in (
            ("service", company.channels.requests),
            ("urgent", company.channels.emergencies),
            ("satisfaction", company.channels.satisfaction),
            ("trouble", company.channels.trouble),
        ):
            sandbox.slack.channel(name, id=channel, members=list(house.team.values()))
        if not asleep:
            await house.starts()
        try:
            yield house
        finally:
            await house.stops()
        assert sandbox.recording.problems == []


def words(language: str, key: str, count: int | None = None, **values: Any) -> str:
    """A phrase as a person of that language reads it."""
    return say(Text(key, values, count), language)
