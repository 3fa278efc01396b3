"""People race for times: one winner each, nobody in two places, nobody where he could not come to; on both databases.

Two guards see to it (domain/occupancy.py): the diaries that are held while somebody looks and writes, and the key of
the quarters. Without them the same races have several winners.
"""

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import combinations
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.database import sqlite_engine
from bot.postgresql import PostgreSQL
from domain import bookings, calendar, occupancy, proposals
from domain.appointments import Booking, BookingState, SlotTaken
from domain.cases import Crew
from domain.homes import Home
from domain.need import Need
from domain.occupancy import Attendance, Cell, Diary
from domain.requests import Request
from domain.roads import Roads
from domain.rota import cell
from domain.slots import Search, Slot
from domain.stored import keep
from domain.work import Refusal, Work
from tests.domain.ground import MONDAY, SAMPLE, home, offer, person, request
from tests.domain.racing import ATTEMPTS, POOL, WAITED, Deed, Racers, breathe
from tests.domain.slot_ground import company, need, shift, somebody

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("races")]

SEED = 20261123
START = MONDAY + timedelta(days=1)
QUARTER = timedelta(minutes=15)
TEAM = tuple(somebody(f"t{n}", shift(0, 24)) for n in range(ATTEMPTS // 2))
COMPANY = company(*TEAM, roads=Roads(otherwise=45))
HELD = select(func.count()).select_from(Booking).where(Booking.state == BookingState.HELD)
CELLS = select(func.count()).select_from(Cell)


class Tap(NamedTuple):
    """What somebody wants to have kept."""

    slot: Slot
    need: Need


def tap(start: Any, minutes: int, *people: str, place: Any = None) -> Tap:
    crew = (Crew("technician", len(people)),) if len(people) > 1 else ()
    return Tap(Slot(start, start + timedelta(minutes=minutes), people[0], people[1:]), need(minutes, place, crew=crew))


def hold(work: Work, asked: Request, wish: Tap) -> bool:
    """As the product does it."""
    kind = "remote" if wish.need.place is None else "visit"
    made = replace(offer(work, None, wish.slot.start, kind=kind), slot=wish.slot, need=wish.need)
    return bool(bookings.hold(work, COMPANY, asked, made, MONDAY + QUARTER))


def hold_unguarded(work: Work, asked: Request, wish: Tap, *, cells: bool) -> bool:
    """Its twin: it looks as carefully, but holds nobody's diary; with or without the quarters' key."""
    search = Search(COMPANY, wish.need, work.now, occupancy.diaries(work, asked.id), calendar.entries(work))
    if not search.keeps(wish.slot.people, wish.slot.start):
        return False
    breathe(work)
    made = offer(work, None, wish.slot.start)
    promised = proposals.propose(work, asked.id, proposals.Promise(made.priced, made.tariff, made.quote_until), None)
    kept = Booking(
        request_id=asked.id, quote_id=promised.id, help=made.help, technician=wish.slot.technician,
        starts_at=wish.slot.start, ends_at=wish.slot.end, state=BookingState.HELD, uid=f"{asked.id}",
    )  # fmt: skip
    work.session.add(kept)
    work.session.flush()
    block, casa = wish.need.block(cell(wish.slot.start)), work.session.get(Home, asked.home_id)
    if cells:
        return occupancy.occupy(work, kept.id, asked.id, wish.slot.people, block, casa)
    rows = {"request_id": asked.id, "first": block.first, "until": block.until, "home_id": asked.home_id, "lead": True}
    work.session.add_all(Attendance(booking_id=kept.id, technician=key, **rows) for key in wish.slot.people)
    return True


def holding(racers: Racers, taps: Sequence[Tap]) -> Deed:
    """Each of them holds what he wants."""
    return lambda work, number: hold(work, work.session.get_one(Request, racers.requests[number]), taps[number])


@pytest.fixture
async def racers(server_record: str) -> Any:
    database = PostgreSQL(server_record, POOL - 5)
    yield Racers(database)
    await database.close()


@pytest.fixture
def crowd(record: Engine) -> Any:
    """Twenty connections to an SQLite file."""
    engine = sqlite_engine(record.url, pool_size=20, max_overflow=0)
    yield Crowd(engine)
    engine.dispose()


class Crowd:
    """The same people at an SQLite file: what is written there is written one after the other."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.requests: list[int] = []

    def lines_up(self, attempts: int) -> None:
        with Session(self.engine) as session, session.begin():
            work = Work(session, MONDAY, "test")
            owner, casa = person(work), home(work)
            self.requests = [request(work, owner, casa).id for _ in range(attempts)]
            keep(work, SAMPLE.tariff)

    def races(self, taps: Sequence[Tap]) -> list[Any]:
        """Everybody at once; SQLite's queue is not fair: who waits too long gives up, and has nothing."""

        def attempt(number: int) -> Any:
            try:
                with Session(self.engine) as session, session.begin():
                    work = Work(session, MONDAY, "test")
                    return hold(work, session.get_one(Request, self.requests[number]), taps[number])
            except Refusal as lost:
                return type(lost).__name__
            except OperationalError as waited:
                if "locked" not in str(waited):
                    raise
                return WAITED

        with ThreadPoolExecutor(20) as threads:
            return list(threads.map(attempt, range(len(taps))))


# ── one time ──

SAME = tap(START, 60, "t0")


@pytest.fixture
def rounds(full: bool) -> int:
    """1,000 attempts in full size, else one round."""
    return 1000 // ATTEMPTS if full else 1


async def test_one_of_many_gets_the_slot(racers: Racers, rounds: int) -> None:
    for _ in range(rounds):
        await racers.line_up()
        came = await racers.race(holding(racers, [SAME] * ATTEMPTS))
        assert (came.count(True), came.count("SlotTaken")) == (1, ATTEMPTS - 1)
        assert (await racers.count(HELD), await racers.count(CELLS)) == (1, 4)


def test_on_sqlite_one_of_many_gets_the_slot_too(crowd: Crowd, full: bool) -> None:
    attempts = 1000 if full else 60
    crowd.lines_up(attempts)
    came = crowd.races([SAME] * attempts)
    assert came.count(True) == 1
    assert came.count("SlotTaken") > attempts // 2
    with Session(crowd.engine) as session:
        assert (session.scalar(HELD), session.scalar(CELLS)) == (1, 4)


async def unguarded(racers: Racers, *, cells: bool) -> int:
    """How many get the same slot from the twin."""

    def deed(work: Work, number: int) -> bool:
        asked = work.session.get_one(Request, racers.requests[number])
        if not hold_unguarded(work, asked, SAME, cells=cells):
            raise SlotTaken
        return True

    await racers.line_up()
    came = await racers.race(deed)
    assert await racers.count(HELD) == came.count(True)
    return came.count(True)


async def test_looking_first_whether_the_slot_is_free_gives_it_to_several(racers: Racers) -> None:
    assert await unguarded(racers, cells=False) > 1


async def test_the_key_of_the_quarters_alone_gives_it_to_one(racers: Racers) -> None:
    assert await unguarded(racers, cells=True) == 1


# ── many times that overlap ──


def wishes(count: int, number: int) -> list[Tap]:
    """One to three of five people, from a quarter of an hour to two and a half, within some hours."""
    dice = random.Random(f"{SEED}-{number}")
    team = [member.key for member in TEAM[:5]]
    return [
        tap(START + QUARTER * dice.randrange(40), 15 * dice.randint(1, 10), *dice.sample(team, dice.randint(1, 3)))
        for _ in range(count)
    ]


def overlap(one: Tap, other: Tap) -> bool:
    shared = set(one.slot.people) & set(other.slot.people)
    return bool(shared) and one.slot.start < other.slot.end and other.slot.start < one.slot.end


def fair(taps: Sequence[Tap], came: Sequence[Any]) -> int:
    """Nobody is in two places, and who has nothing lost it to somebody; how many have something."""
    won = [wish for wish, said in zip(taps, came, strict=True) if said is True]
    lost = [wish for wish, said in zip(taps, came, strict=True) if said == "SlotTaken"]
    assert not any(overlap(one, other) for one, other in combinations(won, 2))
    assert all(any(overlap(wish, winner) for winner in won) for wish in lost)
    return len(won)


def attended(session: Session) -> list[tuple[str, int]]:
    rows = session.scalars(select(Attendance)).all()
    return sorted((row.technician, number) for row in rows for number in range(row.first, row.until))


def kept(session: Session) -> list[tuple[str, int]]:
    return sorted((who, number) for who, number in session.execute(select(Cell.technician, Cell.number)))


async def test_two_hundred_who_want_times_that_overlap_never_share_a_quarter_hour(racers: Racers, full: bool) -> None:
    racers.attempts = 200
    for number in range(5 if full else 1):
        await racers.line_up()
        taps = wishes(racers.attempts, number)
        came = await racers.race(holding(racers, taps))
        # Nobody waits for somebody who waits for him: that would have been an error of another name.
        assert set(came) - {WAITED} == {True, "SlotTaken"}
        assert came.count(WAITED) < racers.attempts // 4
        assert fair(taps, came) == await racers.count(HELD) > 5
        assert await racers.database.read(attended) == await racers.database.read(kept)


def test_on_sqlite_they_do_not_either(crowd: Crowd, full: bool) -> None:
    attempts = 200 if full else 60
    crowd.lines_up(attempts)
    taps = wishes(attempts, 0)
    came = crowd.races(taps)
    assert came.count(WAITED) < attempts // 4
    with Session(crowd.engine) as session:
        assert fair(taps, came) == session.scalar(HELD)
        assert attended(session) == kept(session)


# ── two visits next to each other ──


async def neighbours(racers: Racers, deed: Any) -> list[int]:
    """In pairs people want visits of one technician right after each other, far apart; how many each pair has."""
    await racers.line_up()

    def far_apart(session: Session) -> list[Any]:
        work = Work(session, MONDAY, "test")
        other = home(work, "H2")
        for number in racers.requests[1::2]:
            session.get_one(Request, number).home_id = other.id
        return [occupancy.place_of(session.get_one(Home, key)) for key in (racers.home, other.id)]

    places = await racers.database.write(far_apart)

    def attempt(work: Work, number: int) -> bool:
        who, which = f"t{number // 2}", number % 2
        wish = tap(START + timedelta(hours=which), 60, who, place=places[which])
        return bool(deed(work, work.session.get_one(Request, racers.requests[number]), wish))

    came = await racers.race(attempt)
    return [came[n : n + 2].count(True) for n in range(0, len(came), 2)]


async def test_of_two_visits_without_the_time_for_the_way_between_them_one_is_kept(racers: Racers, rounds: int) -> None:
    for _ in range(rounds):
        assert await neighbours(racers, hold) == [1] * (ATTEMPTS // 2)


async def test_without_the_diaries_both_are_kept_although_they_share_no_quarter_hour(racers: Racers) -> None:
    both = await neighbours(racers, lambda *tapped: hold_unguarded(*tapped, cells=True))
    assert 2 in both
    assert await racers.count(select(func.count()).select_from(Diary)) == 0
