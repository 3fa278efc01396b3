"""The alarm clock hands over what the desk can see to, and looks at the clock each time."""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from bot import inbox, outbox
from bot.alarm import BATCH, Alarm
from bot.database import SQLite
from bot.gate import Gate
from bot.outbox import Cause
from domain.record import metadata
from domain.work import Work
from handlers.messages import Homeowner, Message
from locales.text import t
from scheduling import timers
from scheduling.ranks import Rank
from tests.domain.ground import MONDAY


class Slow:
    """A desk that sees to one conversation after the other, when it is told to."""

    def __init__(self) -> None:
        self.gate = Gate(1)
        self.given: list[str] = []
        self.most = 0
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self.after: Any = lambda conversation: None

    def wake(self, conversations: Iterable[str], rank: int | None = None) -> None:
        for conversation in conversations:
            self.given.append(conversation)
            self._tasks[conversation] = asyncio.create_task(self._see(conversation, rank or 0))
        self.most = max(self.most, len(self._tasks))

    def at_work_on(self, conversation: str) -> bool:
        return conversation in self._tasks

    async def _see(self, conversation: str, rank: int) -> None:
        async with self.gate.pass_through(rank):
            await asyncio.sleep(0.001)
            self.after(conversation)
            del self._tasks[conversation]


class Wall:
    """A clock that somebody sets."""

    def __init__(self) -> None:
        self.at = MONDAY

    def now(self) -> datetime:
        return self.at

    def jumped(self) -> bool:
        return False


@pytest.fixture
async def database(tmp_path: Path) -> Any:
    made = SQLite(f"sqlite:///{tmp_path}/timers.db")
    await made.write(lambda session: metadata.create_all(session.connection()))
    yield made
    await made.close()


async def due(database: SQLite, many: int, kind: str = "prompt") -> None:
    rows = [
        {"kind": kind, "subject": f"request:{n}", "occurrence": "1", "due_at": MONDAY, "rank": timers.rank_of(kind)}
        for n in range(many)
    ]
    await database.write(lambda session: session.execute(insert(timers.Timer), rows))


def alarm(database: SQLite, desk: Slow, clock: Wall, most: int | None = None) -> Alarm:
    async def settled() -> None:
        """Nobody waits."""

    return Alarm(database, clock, desk, settled, asked_at_most=most)  # type: ignore[arg-type]


async def test_all_that_is_due_rings_in_one_beat_and_the_desk_is_never_crowded(database: SQLite) -> None:
    await due(database, 5 * BATCH + 7)
    desk = Slow()
    await alarm(database, desk, Wall()).beat()
    assert len(desk.given) == len(set(desk.given)) == 5 * BATCH + 7
    assert desk.most <= BATCH * 3 // 2


async def test_what_falls_due_while_many_ring_does_not_wait_for_them(database: SQLite) -> None:
    await due(database, 6 * BATCH)
    desk, clock = Slow(), Wall()

    def put(session: Session) -> None:
        timers.put(Work(session, MONDAY), "reminder", "booking:1", "1", MONDAY + timedelta(minutes=1))

    await database.write(put)
    desk.after = lambda _conversation: setattr(clock, "at", MONDAY + timedelta(minutes=2))
    await alarm(database, desk, clock).beat()
    assert desk.given.index("booking:1") <= 2 * BATCH


async def test_questions_wait_as_timers_while_enough_of_them_wait_to_leave(database: SQLite) -> None:
    await due(database, 30)
    await due(database, 5, "hold")
    said = [Message(to=Homeowner(str(n)), body=(t("help.title"),)) for n in range(8)]
    cause = Cause("i1", MONDAY, "me", "en", None, Rank.OURS)
    sent = await database.write(lambda s: outbox.put(s, said, cause))
    desk, clock = Slow(), Wall()
    ours = alarm(database, desk, clock, most=10)
    await ours.beat()
    assert len(desk.given) == 7, "five holds, and two questions for which there is room"
    left = [outbox.Mark(parcel.id, outbox.OutboxState.SENT, MONDAY) for parcel in sent]
    await database.write(lambda s: outbox.mark(s, left))
    await ours.beat()
    assert len(desk.given) == 17
    rows = await database.read(lambda s: s.scalar(select(func.count()).select_from(inbox.inbox)))
    assert rows == 17
