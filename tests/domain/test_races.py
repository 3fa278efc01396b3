"""People race on PostgreSQL: one winner each, and without its guard the same race has several."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from bot.database import sqlite_engine
from bot.postgresql import PostgreSQL
from domain import homes, ledger, requests
from domain.allotments import Allotment, Entry, EntryKind
from domain.bookings import Booking, BookingState
from domain.contracts import Contract, account_of
from domain.coverage import Use
from domain.homes import Home, Invitation, Member
from domain.occupancy import Cell
from domain.people import Person, meet
from domain.proposals import StoredQuote
from domain.requests import Happening, Note, Request
from domain.rota import cell
from domain.stored import StoredPlan, StoredTariff, keep
from domain.work import Refusal, Work
from tests.domain.ground import MONDAY, SAMPLE, contract, hold, home, offer, person, request

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("races")]

ATTEMPTS = 40
POOL = 25  # connections that race at the same time
START = MONDAY + timedelta(days=1)
VISIT = (Use("visits", "visits", 4, 1, 60, ("labour",)),)

Deed = Callable[[Work, int], bool]
TABLES = (Entry, Allotment, Booking, StoredQuote, StoredTariff, StoredPlan, Note, Happening, Request, Contract)
MORE = (Invitation, Member, Home, Person)


@pytest.fixture
def rounds(full: bool) -> int:
    """1,000 attempts in full size, else one round."""
    return 1000 // ATTEMPTS if full else 1


class Racers:
    """A PostgreSQL record, and as many people as there are attempts."""

    def __init__(self, database: PostgreSQL) -> None:
        self.database = database
        self.home = self.contract = 0
        self.token = ""
        self.visitors: list[int] = []
        self.requests: list[int] = []

    async def line_up(self) -> None:
        """Everybody anew: a home with four visits a year, an invitation, a request for each of them."""

        def unit(session: Session) -> None:
            for table in (*TABLES, *MORE):
                session.execute(table.__table__.delete())  # type: ignore[attr-defined]
            work = Work(session, MONDAY, "test")
            owner = person(work)
            casa = home(work, owner=owner)
            self.home, self.contract = casa.id, contract(work, casa, "signature", date(2026, 1, 1)).id
            self.token = homes.invite(work, casa, owner)
            self.visitors = [meet(work, f"t{n}", "Somebody", "en").id for n in range(ATTEMPTS)]
            self.requests = [request(work, owner, casa).id for _ in range(ATTEMPTS)]
            keep(work, SAMPLE.tariff)

        await self.database.write(unit)

    async def race(self, deed: Deed) -> list[Any]:
        """Everybody at once: what came of each attempt."""

        async def attempt(number: int) -> Any:
            try:
                return await self.database.write(lambda session: deed(Work(session, MONDAY, "test"), number))
            except (Refusal, StaleDataError) as lost:
                return type(lost).__name__

        return await asyncio.gather(*(attempt(n) for n in range(ATTEMPTS)))

    async def count(self, query: Any) -> int:
        return await self.database.read(lambda session: session.scalar(query) or 0)


@pytest.fixture
async def racers(server_record: str) -> Any:
    database = PostgreSQL(server_record, POOL - 5)
    yield Racers(database)
    await database.close()


def breathe(work: Work) -> None:
    """The moment between looking and writing, long enough for everybody to look."""
    work.session.execute(text("SELECT pg_sleep(0.1)"))


# ── one slot ──

HELD = select(func.count()).select_from(Booking).where(Booking.state == BookingState.HELD)


async def test_one_of_many_gets_the_slot(racers: Racers, rounds: int) -> None:
    def deed(work: Work, number: int) -> bool:
        asked = work.session.get_one(Request, racers.requests[number])
        return bool(hold(work, asked, offer(work, None, START), MONDAY + timedelta(minutes=15)))

    for _ in range(rounds):
        await racers.line_up()
        came = await racers.race(deed)
        assert (came.count(True), came.count("SlotTaken")) == (1, ATTEMPTS - 1)
        assert await racers.count(HELD) == 1
        assert await racers.count(select(func.count()).select_from(Cell)) == 4


async def test_looking_first_whether_the_slot_is_free_gives_it_to_several(racers: Racers) -> None:
    def deed(work: Work, number: int) -> bool:
        numbers = range(cell(START), cell(START) + 4)
        taken = select(func.count()).select_from(Booking).where(Booking.starts_at == START)
        if work.session.scalar(taken):
            return False
        breathe(work)
        asked = work.session.get_one(Request, racers.requests[number])
        mine = hold(work, asked, offer(work, None, START + timedelta(days=number + 1)), MONDAY)
        mine.starts_at, mine.ends_at = START, START + timedelta(minutes=15 * len(numbers))
        return True

    await racers.line_up()
    assert (await racers.race(deed)).count(True) > 1
    assert await racers.count(select(func.count()).select_from(Booking).where(Booking.starts_at == START)) > 1


# ── four visits a year, and the last of them ──

ASIDE = select(func.count()).select_from(Entry).where(Entry.kind == EntryKind.RESERVE)
SUM = select(func.sum(Entry.quantity))
LEFT = select(Allotment.balance)


def reserved(racers: Racers) -> Deed:
    """Everybody books a visit that the plan includes."""

    def deed(work: Work, number: int) -> bool:
        signed = work.session.get_one(Contract, racers.contract)
        return ledger.reserve(work, account_of(signed), VISIT, racers.requests[number], f"quote:{number}")

    return deed


async def only_the_last_is_left(racers: Racers) -> None:
    """Three of the four visits are gone."""

    def unit(session: Session) -> None:
        account = account_of(session.get_one(Contract, racers.contract))
        ledger.adjust(Work(session, MONDAY, "test"), account, "visits", -3, "gone", "three")

    await racers.database.write(unit)


async def test_what_the_plan_includes_is_given_out_exactly(racers: Racers, rounds: int) -> None:
    for _ in range(rounds):
        await racers.line_up()
        came = await racers.race(reserved(racers))
        assert (came.count(True), came.count(False)) == (4, ATTEMPTS - 4)
        assert (await racers.count(LEFT), await racers.count(SUM), await racers.count(ASIDE)) == (0, 0, 4)


async def test_the_last_visit_has_one_winner(racers: Racers, rounds: int) -> None:
    for _ in range(rounds):
        await racers.line_up()
        await only_the_last_is_left(racers)
        came = await racers.race(reserved(racers))
        assert (came.count(True), came.count(False)) == (1, ATTEMPTS - 1)
        assert (await racers.count(LEFT), await racers.count(SUM), await racers.count(ASIDE)) == (0, 0, 1)


async def test_looking_first_what_is_left_gives_the_last_visit_to_several(racers: Racers) -> None:
    def deed(work: Work, number: int) -> bool:
        allotment = work.session.scalars(select(Allotment)).one()
        if not allotment.balance:
            return False
        breathe(work)
        allotment.balance -= 1
        entry = {"kind": EntryKind.RESERVE, "quantity": -1, "reason": "booked", "by": "test", "at": work.now}
        work.session.add(Entry(allotment_id=allotment.id, subject=f"quote:{number}", **entry))
        return True

    await racers.line_up()
    await only_the_last_is_left(racers)
    assert (await racers.race(deed)).count(True) > 1
    assert await racers.count(SUM) < 0 == await racers.count(LEFT)


def test_on_sqlite_the_last_visit_has_one_winner_too(record: Engine, full: bool) -> None:
    """Twenty connections; what is written there one after the other is looked at there one after the other, too."""
    engine = sqlite_engine(record.url, pool_size=20, max_overflow=0)
    with Session(engine) as session, session.begin():
        work = Work(session, MONDAY, "test")
        owner = person(work)
        casa = home(work, owner=owner)
        signed = contract(work, casa, "signature", date(2026, 1, 1)).id
        asked = request(work, owner, casa).id
        ledger.adjust(work, account_of(session.get_one(Contract, signed)), "visits", -3, "gone", "three")

    def attempt(number: int) -> bool:
        try:
            with Session(engine) as session, session.begin():
                account = account_of(session.get_one(Contract, signed))
                return ledger.reserve(Work(session, MONDAY, "test"), account, VISIT, asked, f"quote:{number}")
        except OperationalError as waited:  # SQLite's queue is not fair: who waits too long gives up, and has nothing
            if "locked" not in str(waited):
                raise
            return False

    with ThreadPoolExecutor(20) as crowd:
        came = list(crowd.map(attempt, range(1000 if full else 100)))
    assert came.count(True) == 1
    with Session(engine) as session:
        assert (session.scalar(LEFT), session.scalar(SUM), session.scalar(ASIDE)) == (0, 0, 1)
    engine.dispose()


# ── one invitation ──

LET_IN = select(func.count()).select_from(Person).where(Person.telegram.like("t%"), Person.name == "Marta")


async def test_an_invitation_that_was_passed_around_lets_one_in(racers: Racers, rounds: int) -> None:
    def deed(work: Work, number: int) -> bool:
        visitor = work.session.get_one(Person, racers.visitors[number])
        return bool(homes.enter(work, racers.token, visitor))

    for _ in range(rounds):
        await racers.line_up()
        came = await racers.race(deed)
        assert (came.count(True), came.count("InvitationNotGood")) == (1, ATTEMPTS - 1)
        assert await racers.count(LET_IN) == 1


async def test_looking_first_whether_it_was_used_lets_several_in(racers: Racers) -> None:
    def deed(work: Work, number: int) -> bool:
        invitation = work.session.scalars(select(Invitation)).one()
        if invitation.used_at is not None:
            return False
        breathe(work)
        invitation.used_at = work.now
        return True

    await racers.line_up()
    assert (await racers.race(deed)).count(True) > 1


# ── one request ──


async def test_of_many_who_take_a_request_at_once_one_has_it(racers: Racers, rounds: int) -> None:
    def deed(work: Work, number: int) -> bool:
        asked = work.session.get_one(Request, racers.requests[0])
        if asked.assignee is not None:
            return False
        breathe(work)
        requests.claim(work, asked, f"technician-{number}")
        work.session.flush()
        return True

    for _ in range(rounds):
        await racers.line_up()
        came = await racers.race(deed)
        assert came.count(True) == 1
        assert came.count("StaleDataError") >= POOL // 2
        winner = await racers.database.read(lambda s: s.get_one(Request, racers.requests[0]).assignee)
        assert winner == f"technician-{came.index(True)}"


async def test_without_the_version_several_are_told_that_they_have_it(racers: Racers) -> None:
    def deed(work: Work, number: int) -> bool:
        mine = Request.id == racers.requests[0]
        if work.session.scalar(select(Request.assignee).where(mine)) is not None:
            return False
        breathe(work)
        work.session.execute(update(Request).where(mine).values(assignee=f"technician-{number}"))
        return True

    await racers.line_up()
    assert (await racers.race(deed)).count(True) > 1
