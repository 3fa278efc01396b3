"""Timers: promises as rows. Set once, moved until they ring, rung once, taken back together."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.postgresql import PostgreSQL
from domain.work import Work
from scheduling.ranks import Rank
from scheduling.timers import Rung, Timer, TimerState, claim, clear, next_due, put
from tests.domain.ground import MONDAY

LATER = MONDAY + timedelta(hours=1)


def standing(work: Work) -> list[tuple[str, str, str, datetime]]:
    """The timers that will ring."""
    found = work.session.scalars(select(Timer).where(Timer.state == TimerState.SET).order_by(Timer.id))
    return [(t.kind, t.subject, t.occurrence, t.due_at) for t in found]


def test_the_same_promise_twice_is_one_timer_and_the_later_word_counts(work: Work) -> None:
    put(work, "hold", "booking:1", "1", LATER)
    put(work, "hold", "booking:1", "1", LATER + timedelta(minutes=5))
    put(work, "hold", "booking:1", "2", LATER)
    put(work, "hold", "booking:2", "1", LATER)
    put(work, "reminder", "booking:1", "1", LATER)
    assert standing(work)[0] == ("hold", "booking:1", "1", LATER + timedelta(minutes=5))
    assert len(standing(work)) == 4


def test_what_was_taken_back_can_be_promised_again(work: Work) -> None:
    put(work, "hold", "booking:1", "1", LATER)
    clear(work, "booking:1")
    assert standing(work) == []
    put(work, "hold", "booking:1", "1", LATER)
    assert len(standing(work)) == 1


def test_what_has_rung_does_not_ring_again(work: Work) -> None:
    put(work, "hold", "booking:1", "1", MONDAY)
    work.session.flush()
    assert claim(work.session, MONDAY) == [Rung("hold", "booking:1", "1", MONDAY, Rank.WAITED_FOR)]
    assert claim(work.session, LATER) == []
    work.session.expire_all()
    put(work, "hold", "booking:1", "1", LATER)
    assert (standing(work), claim(work.session, LATER)) == ([], [])


def test_some_kinds_are_taken_back_or_all_of_a_subject_and_nobody_elses(work: Work) -> None:
    for kind in ("hold", "reminder", "prompt"):
        put(work, kind, "booking:1", "1", LATER)
    put(work, "hold", "booking:10", "1", LATER)
    clear(work, "booking:1", "hold", "prompt")
    assert [t[:2] for t in standing(work)] == [("reminder", "booking:1"), ("hold", "booking:10")]
    clear(work, "booking:1")
    assert [t[:2] for t in standing(work)] == [("hold", "booking:10")]


def test_what_is_due_rings_oldest_first_and_the_rest_waits(work: Work) -> None:
    for minutes in (5, 1, 3, 9):
        put(work, "hold", f"booking:{minutes}", "1", MONDAY + timedelta(minutes=minutes))
    work.session.flush()
    assert next_due(work.session) == MONDAY + timedelta(minutes=1)
    assert claim(work.session, MONDAY) == []
    rung = claim(work.session, MONDAY + timedelta(minutes=5), limit=2)
    assert [r.subject for r in rung] == ["booking:1", "booking:3"]
    assert [r.subject for r in claim(work.session, MONDAY + timedelta(minutes=5))] == ["booking:5"]
    assert next_due(work.session) == MONDAY + timedelta(minutes=9)
    clear(work, "booking:9")
    assert next_due(work.session) is None


def test_the_record_itself_refuses_a_second_one(work: Work) -> None:
    put(work, "hold", "booking:1", "1", LATER)
    work.session.add(Timer(kind="hold", subject="booking:1", occurrence="1", due_at=LATER))
    with pytest.raises(IntegrityError, match="UNIQUE"):
        work.session.flush()


# ── several processes look at the same moment ──


@pytest.fixture
async def server(server_record: str) -> Any:
    database = PostgreSQL(server_record, 20)

    def fill(session: Session) -> None:
        session.execute(Timer.__table__.delete())  # type: ignore[attr-defined]
        work = Work(session, MONDAY)
        for n in range(120):
            put(work, "hold", f"booking:{n}", "1", MONDAY + timedelta(seconds=n))

    await database.write(fill)
    yield database
    await database.close()


async def rung_by_twenty(server: PostgreSQL, look: Any) -> list[str]:
    """What rings when twenty look at once, until nothing is due."""

    def unit(session: Session) -> list[str]:
        rung = [r.subject for r in look(session)]
        session.execute(text("SELECT pg_sleep(0.05)"))  # they hold what they claimed while the others look
        return rung

    rung: list[str] = []
    for _ in range(3):
        for found in await asyncio.gather(*(server.write(unit) for _ in range(20))):
            rung += found
    return rung


@pytest.mark.slow
async def test_of_twenty_who_look_at_once_each_timer_rings_for_one(server: PostgreSQL) -> None:
    rung = await rung_by_twenty(server, lambda session: claim(session, MONDAY + timedelta(hours=1), limit=10))
    assert sorted(rung) == sorted(f"booking:{n}" for n in range(120))


@pytest.mark.slow
async def test_looking_first_and_marking_afterwards_rings_several_times(server: PostgreSQL) -> None:
    def look(session: Session) -> list[Timer]:
        due = select(Timer).where(Timer.state == TimerState.SET).order_by(Timer.due_at).limit(10)
        found = list(session.scalars(due))
        session.execute(text("SELECT pg_sleep(0.05)"))
        session.execute(
            update(Timer).where(Timer.id.in_([t.id for t in found])).values(state=TimerState.RUNG),
            execution_options={"synchronize_session": False},
        )
        return found

    rung = await rung_by_twenty(server, look)
    assert len(rung) > len(set(rung))


@pytest.mark.slow
async def test_two_claimers_get_different_rows_without_waiting_for_each_other(server: PostgreSQL) -> None:
    first, second = asyncio.Event(), asyncio.Event()
    rows: dict[str, set[str]] = {}

    async def claimer(name: str, mine: asyncio.Event, other: asyncio.Event) -> None:
        async with server._engine.connect() as connection, connection.begin():
            found = await connection.run_sync(lambda c: claim(Session(c), MONDAY + timedelta(hours=1), limit=50))
            rows[name] = {r.subject for r in found}
            mine.set()
            await asyncio.wait_for(other.wait(), 10)

    await asyncio.gather(claimer("first", first, second), claimer("second", second, first))
    assert (len(rows["first"]), len(rows["second"])) == (50, 50)
    assert not rows["first"] & rows["second"]
