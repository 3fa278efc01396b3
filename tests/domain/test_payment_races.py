"""The sweeper and the payment meet: a slot is never both freed and paid, and an order is paid once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from bot.database import sqlite_engine
from bot.postgresql import PostgreSQL
from domain import bookings, deciding, payments
from domain.appointments import Booking, BookingState
from domain.money import Money
from domain.occupancy import Cell
from domain.orders import Movement, Order, PaymentState
from domain.receipts import Receipt
from domain.record import metadata
from domain.requests import Request
from domain.work import Refusal, Work
from tests.domain.ground import MONDAY
from tests.domain.racing import ATTEMPTS, POOL, Racers, breathe
from tests.domain.till import PAID, QUARTER, asked, held, ordered

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("races")]

EARLY = MONDAY + QUARTER - timedelta(seconds=1)
LATE = MONDAY + QUARTER
UNDER_WAY = ((BookingState.PAYING, PaymentState.PAYING), (BookingState.HELD, PaymentState.ASKED))


@pytest.fixture
def rounds(full: bool) -> int:
    """1,000 races in full size, else 40."""
    return 1000 // ATTEMPTS if full else 1


class Till(Racers):
    """As many people as there are attempts, each asked to pay for an appointment of his own."""

    async def line_up(self) -> None:
        def unit(session: Session) -> list[tuple[int, str]]:
            for table in reversed(metadata.sorted_tables):
                session.execute(table.delete())
            work, made = Work(session, MONDAY, "test"), []
            for number in range(ATTEMPTS):
                wish, who = asked(work, f"P{number}")
                visit = held(work, wish, hours=24 + 2 * number)
                made.append((visit.id, ordered(work, visit, wish, who).order))
            return made

        self.asked: list[tuple[int, str]] = await self.database.write(unit)

    async def read(self, query: Any) -> list[Any]:
        found: list[Any] = await self.database.read(lambda session: list(session.execute(query)))
        return found


@pytest.fixture
async def till(server_record: str) -> Any:
    database = PostgreSQL(server_record, POOL - 5)
    yield Till(database)
    await database.close()


def receives(work: Work, key: str, charge: str) -> Movement | None:
    order = work.session.scalars(select(Order).where(Order.order == key)).one()
    return payments.receive(work, PAID, payments.Received(key, order.amount, charge))


def freed_or_paid(session: Session) -> None:
    """Each slot is either free or paid for, and each order paid at most once."""
    session.expire_all()
    for order in session.scalars(select(Order)):
        booking = session.get_one(Booking, order.booking_id)
        cells = session.scalar(select(func.count()).select_from(Cell).where(Cell.booking_id == booking.id))
        moved = session.scalar(select(func.count()).select_from(Movement).where(Movement.order_id == order.id))
        if order.state is PaymentState.PAID:
            assert (booking.state, cells, moved) == (BookingState.BOOKED, 4, 1)
        elif booking.state is BookingState.EXPIRED:
            assert (cells, moved) == (0, 0)
        else:
            assert (booking.state, order.state) in UNDER_WAY
            assert moved == 0


async def test_of_sweeper_and_payment_one_comes_first(till: Till, rounds: int) -> None:
    """Pre-checkout a second before the hold is over, the sweeper a second after, the money at the same moment."""

    def sweeps(work: Work, number: int) -> bool:
        booking = work.session.get_one(Booking, till.asked[number][0])
        work.now = LATE
        bookings.expire(work, booking)
        payments.lapse(work, booking)
        work.session.flush()
        return booking.state is BookingState.EXPIRED

    def begins(work: Work, number: int) -> bool:
        work.now = EARLY
        order = work.session.scalars(select(Order).where(Order.order == till.asked[number][1])).one()
        payments.begin_payment(work, PAID, order.order, order.amount, "7001", "q")
        work.session.flush()
        return True

    def pays(work: Work, number: int) -> bool:
        work.now = LATE
        return receives(work, till.asked[number][1], f"c{number}") is not None

    deeds = (sweeps, begins, pays)
    for _ in range(rounds):
        await till.line_up()

        def deed(work: Work, number: int) -> bool:
            return deeds[number % 3](work, number // 3)

        for shift in range(3):
            await till.race(lambda work, n, shift=shift: deed(work, (n + shift) % ATTEMPTS))
        # What lost a race is tried again, as the desk does.
        for number in range(ATTEMPTS // 3):
            await till.database.write(lambda s, n=number: pays(Work(s, LATE, "test"), n))
        await till.database.read(freed_or_paid)
        states = await till.read(select(Order.state, func.count()).group_by(Order.state))
        assert dict(states)[PaymentState.PAID] >= ATTEMPTS // 3


async def test_an_order_that_many_pay_at_once_is_paid_once(till: Till, rounds: int) -> None:
    def deed(work: Work, number: int) -> bool:
        return receives(work, till.asked[0][1], f"c{number}") is not None

    for _ in range(rounds):
        await till.line_up()
        came = await till.race(deed)
        taken = came.count(True)
        states = dict(await till.read(select(Order.state, func.count()).group_by(Order.state)))
        assert states[PaymentState.PAID] == 1
        assert states.get(PaymentState.STRAY, 0) == taken - 1 > 0
        assert await till.count(select(func.count()).select_from(Receipt)) == 1
        assert await till.count(select(func.count()).select_from(Movement)) == taken


async def test_what_many_processes_are_told_of_one_charge_came_once(till: Till, rounds: int) -> None:
    def deed(work: Work, number: int) -> bool:
        return receives(work, till.asked[0][1], "the same") is not None

    for _ in range(rounds):
        await till.line_up()
        came = await till.race(deed)
        assert came.count(True) == 1
        assert await till.count(select(func.sum(Movement.amount_minor))) == 11000


async def test_receipts_of_many_at_once_have_no_gap(till: Till, rounds: int) -> None:
    def deed(work: Work, number: int) -> bool:
        return receives(work, till.asked[number][1], f"c{number}") is not None

    for _ in range(rounds):
        await till.line_up()
        came = await till.race(deed)
        numbers = sorted(n for (n,) in await till.read(select(Receipt.number)))
        assert numbers == list(range(1, came.count(True) + 1))


async def test_what_many_decide_about_money_for_no_order_happens_once(till: Till, rounds: int) -> None:
    """Some give it back, others say which request it belongs to: it is not there twice."""

    def comes(session: Session) -> int:
        work = Work(session, MONDAY, "test")
        came = payments.receive(work, PAID, payments.Received("nobody's", Money(11000, "EUR"), "lost"))
        assert came is not None
        return came.id

    for _ in range(rounds):
        await till.line_up()
        lost = await till.database.write(comes)

        def deed(work: Work, number: int, lost: int = lost) -> bool:
            came = deciding.held_for_deciding(work, lost)
            assert came is not None
            if number % 2:
                deciding.give_back_unknown(work, came, came.amount, "by hand")
            else:
                booking = work.session.get_one(Booking, till.asked[number][0])
                deciding.belongs_to(work, PAID, came, work.session.get_one(Request, booking.request_id))
            return True

        assert (await till.race(deed)).count(True) == 1
        decided = select(func.sum(Movement.amount_minor)).where(Movement.order_id.is_(None))
        assert await till.count(decided) == 0


async def test_looking_first_whether_it_was_paid_pays_it_several_times(till: Till) -> None:
    def deed(work: Work, number: int) -> bool:
        mine = Order.order == till.asked[0][1]
        if work.session.scalar(select(Order.state).where(mine)) is PaymentState.PAID:
            return False
        breathe(work)
        work.session.execute(update(Order).where(mine).values(state=PaymentState.PAID))
        return True

    await till.line_up()
    assert (await till.race(deed)).count(True) > 1


async def test_without_the_version_a_slot_is_freed_and_paid(till: Till) -> None:
    def deed(work: Work, number: int) -> bool:
        mine = Booking.id == till.asked[0][0]
        if work.session.scalar(select(Booking.state).where(mine)) is not BookingState.HELD:
            return False
        work.session.execute(text("SELECT pg_sleep(0.1)"))
        after = BookingState.EXPIRED if number % 2 else BookingState.BOOKED
        work.session.execute(update(Booking).where(mine).values(state=after))
        return True

    await till.line_up()
    assert (await till.race(deed)).count(True) > 1


def test_on_sqlite_sweeper_and_payment_do_not_both_win(record: Engine, full: bool) -> None:
    engine = sqlite_engine(record.url, pool_size=20, max_overflow=0)
    races = 200 if full else 40
    with Session(engine) as session, session.begin():
        work, made = Work(session, MONDAY, "test"), []
        for number in range(races):
            wish, who = asked(work, f"P{number}")
            visit = held(work, wish, hours=24 + 2 * number)
            made.append((visit.id, ordered(work, visit, wish, who).order))

    def attempt(number: int) -> None:
        booking, key = made[number // 2]
        try:
            with Session(engine) as session, session.begin():
                work = Work(session, LATE, "test")
                if number % 2:
                    receives(work, key, key)
                else:
                    bookings.expire(work, session.get_one(Booking, booking))
                    payments.lapse(work, session.get_one(Booking, booking))
        except (StaleDataError, Refusal):
            pass
        except OperationalError as waited:
            if "locked" not in str(waited):
                raise

    with ThreadPoolExecutor(20) as crowd:
        list(crowd.map(attempt, range(2 * races)))
    with Session(engine) as session:
        freed_or_paid(session)
        assert session.scalar(select(func.count()).select_from(Movement))
    engine.dispose()
