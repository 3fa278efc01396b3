"""A hundred thousand timers due at once, four workers on PostgreSQL: each rings once, and who waits is before them."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.orm import Session

from bot import alarm, schema, settings
from bot.alarm import Alarm
from bot.clock import Clock, real
from bot.database import connect
from bot.gate import Gate
from bot.inbox import inbox
from bot.units import Database
from domain.appointments import Booking
from domain.people import Person as Customer
from domain.people import Presence
from domain.requests import Request
from sandbox.telegram.person import Person
from scheduling.ranks import Rank
from scheduling.timers import Rung, Timer, TimerState
from tests.conftest import fresh_database
from tests.house import free_port, words
from tests.proofs.outside import PATIENCE, Outside, outside
from tests.proofs.report import Report
from tests.proofs.test_clock import books, reports
from tests.proofs.test_processes import end

SEED = 20260118
WORKERS = 4
QUIET = 500  # requests of which there is nothing to say
MANY = text(
    "INSERT INTO timers (kind, subject, occurrence, due_at, state, rank)"
    " SELECT 'silence', 'request:' || (:first + n % :homes), 'storm ' || n, :due, 'set', 2"
    " FROM generate_series(1, :n) n"
)


@dataclass(frozen=True)
class Size:
    """How much comes at once: timers that find nothing to say, questions to people, and how many may leave a second."""

    timers: int
    asked: int
    rate: int


SAMPLE, WHOLE = Size(1_000, 32, 8), Size(100_000, 300, 30)


def w(key: str, **values: Any) -> str:
    return words("en", key, **values)


def _values(row: Any, *but: str) -> dict[str, Any]:
    return {c.key: getattr(row, c.key) for c in row.__table__.columns if c.key not in but}


def copies(out: Outside, people: Sequence[Person]) -> Any:
    """Each of them has an appointment like Marta's; the first of as many quiet requests."""

    def unit(session: Session) -> int:
        now = Clock(out.house.clock_file).now()
        booked = session.scalars(select(Booking)).one()
        asked = session.get_one(Request, booked.request_id)
        like = _values(booked, "id", "request_id", "uid")
        same = _values(asked, "id", "person_id")
        quiet = [Request(**same, person_id=asked.person_id) for _ in range(QUIET)]
        session.add_all(quiet)
        session.flush()
        for person in people:
            customer = Customer(
                name=person.name, language="en", telegram=str(person.id), presence=Presence.ACTIVE, created_at=now
            )
            session.add(customer)
            session.flush()
            request = Request(**same, person_id=customer.id)
            session.add(request)
            session.flush()
            session.add(Booking(**like, request_id=request.id, uid=f"copy-{request.id}"))
        return quiet[0].id

    return out.in_database(unit)


async def comes_at_once(out: Outside, size: Size, first: int) -> None:
    """All is due now: half of what finds nothing to say, the questions, the other half."""
    due = Clock(out.house.clock_file).now() - timedelta(seconds=1)

    def unit(session: Session) -> None:
        half = {"n": size.timers // 2, "first": first, "homes": QUIET, "due": due}
        session.execute(MANY, half)
        bookings = session.scalars(select(Booking.id).where(Booking.request_id > first).order_by(Booking.id)).all()
        row = {"kind": "reminder", "occurrence": "storm", "due_at": due, "state": TimerState.SET, "rank": Rank.OURS}
        session.execute(insert(Timer), [{**row, "subject": f"booking:{booking}"} for booking in bookings])
        session.execute(text(str(MANY).replace("'storm '", "'second storm '")), half)

    await out.in_database(unit)


async def until(out: Outside, enough: int, within: float) -> None:
    """So many of the storm have been seen to."""
    seen = select(func.count()).where(inbox.c.source == "timer", inbox.c.state == "done")
    async with asyncio.timeout(within):
        while await out.in_database(lambda s: s.scalar(seen)) < enough:  # noqa: ASYNC110 (other processes)
            await asyncio.sleep(1)


async def reminded_in_the_storm(out: Outside, marta: Person) -> float:
    """Her appointment's reminder falls due now; seconds until she has it."""
    marta.looks_away()
    mine = update(Timer).where(Timer.kind == "reminder", Timer.rank == Rank.PROMISED)
    now = Clock(out.house.clock_file).now()
    await out.in_database(lambda s: s.execute(mine.values(due_at=now)))
    began = monotonic()
    await marta.sees(w("request.move"), timeout=PATIENCE)
    return monotonic() - began


async def answered_in_the_storm(marta: Person) -> float:
    marta.looks_away()
    began = monotonic()
    await marta.types("/help")
    await marta.sees(w("help.title"), timeout=PATIENCE)
    return monotonic() - began


def busiest(out: Outside, seconds: float) -> int:
    """The most messages that reached Telegram within so many seconds."""
    at = [call.at for call in out.house.sandbox.recording.of("telegram", "sendMessage")]
    span = timedelta(seconds=seconds)
    return max(sum(1 for other in at[i:] if other < one + span) for i, one in enumerate(at))


def rang(session: Session) -> tuple[Counter[str], Counter[str]]:
    """What became of the storm's timers, and of what they became in the inbox."""
    storm = Timer.occurrence.like("%storm%")
    states = session.execute(select(Timer.state, func.count()).where(storm).group_by(Timer.state))
    came = select(inbox.c.state, func.count()).where(inbox.c.source == "timer", inbox.c.external_id.like("%storm%"))
    became = session.execute(came.group_by(inbox.c.state))
    return Counter({str(k): n for k, n in states}), Counter({str(k): n for k, n in became})


@pytest.mark.slow
async def test_four_workers_ring_each_once_and_who_waits_is_not_behind_them(
    tmp_path: Path, postgresql: str, full: bool, report: Report
) -> None:
    size = WHOLE if full else SAMPLE
    url = await asyncio.to_thread(fresh_database, postgresql)
    async with outside(tmp_path, url) as out:
        telegram = out.house.sandbox.telegram
        await out.house.starts()
        marta = await out.house.arrives("en")
        await marta.sees(w("menu.report"), timeout=PATIENCE)
        await reports(out.house, marta, "The blinds are stuck.")
        await books(marta, 3)
        await out.house.stops()
        people = [telegram.person(f"P{n}") for n in range(size.asked)]
        for person in people:
            person.room.bot = "member"  # they opened the chat long ago
        first = await copies(out, people)
        out.house.sandbox.recording.calls.clear()
        rates = {"TELEGRAM_OVERALL": str(size.rate), "TELEGRAM_PER_CHAT": "1"}
        workers = [await out.spawn("worker", PORT=str(free_port()), **rates) for _ in range(WORKERS)]
        try:
            await out.house.sandbox.slack.until_connected(PATIENCE)
            await asyncio.sleep(2)
            began = monotonic()
            await comes_at_once(out, size, first)
            await until(out, min(size.timers // 5, 5_000), 180)
            reminded, answered = await asyncio.gather(reminded_in_the_storm(out, marta), answered_in_the_storm(marta))
            await until(out, size.timers + size.asked, 60 + size.timers / 30)
            seconds = monotonic() - began
            await out.quiet(60 + 2 * size.asked / size.rate)
            timers, rows = await out.in_database(rang)
        finally:
            await end(workers)
        most = busiest(out, 2)
        asked = Counter(sum(1 for b in p.chat if b.from_bot and b.shows(w("request.move"))) for p in people)
        told = out.log.read_text()
    everything = size.timers + size.asked
    assert timers == {"rung": everything}
    assert rows == {"done": everything}, "one row for each, and each was seen to"
    assert asked == {1: size.asked}, "everybody was asked, once"
    assert reminded < 20, "a hundred thousand questions are no reason to be late"
    assert answered < 10
    assert most <= 2 * size.rate + size.rate // 2, "several workers keep one limit"
    # A beat that the stop cut off says so; it is no fault.
    faults = [line for line in told.splitlines() if "error" in line.lower() and "CancelledError" not in line]
    assert faults == []
    report.row(
        workers=WORKERS,
        timers=everything,
        seconds=round(seconds),
        reminder_set_meanwhile=f"{reminded:.1f} s",
        press_meanwhile=f"{answered:.2f} s",
        most_in_two_seconds=f"{most} (limit {size.rate} a second)",
        lost=0,
        twice=0,
    )


# ── handed over, by four alarm clocks that look at the same moment ──


class Handed:
    """A desk that only notes what it is given."""

    def __init__(self) -> None:
        self.gate = Gate(1)
        self.seen: list[str] = []

    def wake(self, conversations: Iterable[str], rank: int | None = None) -> None:
        self.seen += conversations

    def at_work_on(self, conversation: str) -> bool:
        return False


async def handed_over(url: str, many: int) -> tuple[list[str], int]:
    """What four alarm clocks hand over until nothing is due, and how many rows are in the inbox then."""
    databases: list[Database] = [connect(settings.database_url(url)) for _ in range(WORKERS)]
    desks = [Handed() for _ in databases]
    filled = {"n": many, "first": 1, "homes": many, "due": real() - timedelta(seconds=1)}
    await databases[0].write(lambda session: session.execute(MANY, filled))
    alarms = [Alarm(d, Clock(), desk, settled) for d, desk in zip(databases, desks, strict=True)]
    for _ in range(2):
        await asyncio.gather(*(one.beat() for one in alarms))
    rows = await databases[0].read(lambda session: session.scalar(select(func.count()).select_from(inbox)))
    for database in databases:
        await database.close()
    assert all(desk.seen for desk in desks), "they shared the work"
    return [subject for desk in desks for subject in desk.seen], rows or 0


async def settled() -> None:
    """Nobody waits here."""


@pytest.mark.slow
async def test_four_alarm_clocks_hand_each_over_once(postgresql: str, full: bool, report: Report) -> None:
    url = await asyncio.to_thread(migrated, postgresql)
    many = 100_000 if full else 5_000
    began = monotonic()
    seen, rows = await handed_over(url, many)
    assert len(seen) == len(set(seen)) == rows == many
    report.row(alarm_clocks=WORKERS, due=many, handed_over=len(seen), twice=0, seconds=round(monotonic() - began, 1))


@pytest.mark.slow
async def test_without_the_guards_some_are_handed_over_twice(
    postgresql: str, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    def looks_first(session: Session, now: datetime, limit: int, ranks: Sequence[Rank]) -> list[Rung]:
        due = select(Timer).where(Timer.state == TimerState.SET, Timer.due_at <= now, Timer.rank.in_(ranks))
        found = list(session.scalars(due.order_by(Timer.due_at).limit(limit)))
        session.execute(text("SELECT pg_sleep(0.02)"))
        marked = update(Timer).where(Timer.id.in_([t.id for t in found])).values(state=TimerState.RUNG)
        session.execute(marked, execution_options={"synchronize_session": False})
        return [Rung(t.kind, t.subject, t.occurrence, t.due_at, t.rank) for t in found]

    url = await asyncio.to_thread(migrated, postgresql)
    monkeypatch.setattr(alarm.timers, "claim", looks_first)
    seen, rows = await handed_over(url, 1_000)
    assert len(seen) > len(set(seen)), "without a guard the same timer rings for several"
    assert rows == len(set(seen)), "the inbox would still have kept one row of each"
    report.row(alarm_clocks=WORKERS, due=1_000, without="SKIP LOCKED, conditional update", handed_over=len(seen))


def migrated(server: str) -> str:
    url = fresh_database(server)
    schema.migrate(settings.database_url(url))
    return url
