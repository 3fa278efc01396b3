"""A hundred thousand timers due at once, four workers on PostgreSQL: each rings once, and nobody who waits is behind them."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.orm import Session

from bot import alarm, settings
from bot.alarm import Alarm
from bot.clock import Clock
from bot.database import Database, connect
from bot.gate import Gate
from bot.inbox import inbox
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
    " SELECT 'silence', 'request:' || (:first + n % :homes), 'storm ' || n, :due, 'set', 2 FROM generate_series(1, :n) n"
)


@dataclass(frozen=True)
class Size:
    """How much comes at once: timers that find nothing to say, questions to people, and how many may leave a second."""

    timers: int
    asked: int
    rate: int


SAMPLE, WHOLE = Size(2_000, 32, 8), Size(100_000, 300, 30)


def w(key: str, **values: Any) -> str:
    return words("en", key, **values)


def copies(out: Outside, people: Sequence[Person]) -> Any:
    """Each of them has an appointment like Marta's; the first of their requests."""

    def unit(session: Session) -> int:
        now = datetime.now(UTC)
        booked = session.scalars(select(Booking)).one()
        like = {c.key: getattr(booked, c.key) for c in Booking.__table__.columns if c.key not in ("id", "request_id", "uid")}
        asked = session.get_one(Request, booked.request_id)
        same = {c.key: getattr(asked, c.key) for c in Request.__table__.columns if c.key not in ("id", "person_id")}
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
    due = datetime.now(UTC) - timedelta(seconds=1)

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
        while (x:=await out.in_database(lambda s: s.scalar(seen))) < enough:
            print(round(monotonic(),1), x, enough, await out.in_database(lambda s: [tuple(r) for r in s.execute(text("select state, rank, count(*) from timers group by 1,2"))]), await out.in_database(lambda s: [tuple(r) for r in s.execute(text("select source, state, max(attempts), max(started), count(*), max(error) from inbox group by 1,2"))]), await out.in_database(lambda s: [tuple(r) for r in s.execute(text("select state, rank, network, count(*) from outbox group by 1,2,3"))]), out.log.read_text()[-300:])
            await asyncio.sleep(1)


async def reminded_in_the_storm(out: Outside, marta: Person) -> float:
    """Her appointment's reminder falls due now; seconds until she has it."""
    marta.looks_away()
    mine = update(Timer).where(Timer.kind == "reminder", Timer.rank == Rank.PROMISED)
    await out.in_database(lambda s: s.execute(mine.values(due_at=datetime.now(UTC))))
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
    return Counter({str(k): n for k, n in states}), Counter({str(k): n for k, n in session.execute(came.group_by("state"))})


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
            await until(out, size.timers // 5, 60)
            reminded, answered = await asyncio.gather(
                reminded_in_the_storm(out, marta), answered_in_the_storm(marta)
            )
            await until(out, size.timers + size.asked, 30)
            seconds = monotonic() - began
            await out.quiet(60 + 2 * size.asked / size.rate)
            timers, rows = await out.in_database(rang)
        finally:
            await end(workers)
        most = busiest(out, 2)
        asked = Counter(sum(1 for b in p.chat if b.from_bot and b.shows(w("request.move"))) for p in people)
    print(seconds, reminded, answered, most, asked, timers, rows)
