"""People race on PostgreSQL: one winner each, and without its guard the same race has several. Slots elsewhere."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.database import sqlite_engine
from bot.postgresql import PostgreSQL
from domain import homes, ledger, requests
from domain.allotments import Allotment, Entry, EntryKind
from domain.contracts import Contract, account_of
from domain.coverage import Use
from domain.homes import Invitation
from domain.people import Person
from domain.requests import Request
from domain.work import Work
from tests.domain.ground import MONDAY, contract, home, person, request
from tests.domain.racing import ATTEMPTS, POOL, Deed, Racers, breathe

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("races")]

VISIT = (Use("visits", "visits", 4, 1, 60, ("labour",)),)


@pytest.fixture
def rounds(full: bool) -> int:
    """1,000 attempts in full size, else one round."""
    return 1000 // ATTEMPTS if full else 1


@pytest.fixture
async def racers(server_record: str) -> Any:
    database = PostgreSQL(server_record, POOL - 5)
    yield Racers(database)
    await database.close()


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
