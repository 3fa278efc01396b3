"""From 0003 to now: what an older program noted about payments and appointments means the same to this one."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select, text
from sqlalchemy.orm import Session

from bot import schema, settings
from domain import deciding, orders, payments
from domain.appointments import Booking, BookingState
from domain.money import Money
from domain.occupancy import people_of
from domain.orders import Movement, MovementKind, Order, PaymentState
from domain.people import Person
from domain.requests import Request
from domain.work import Work
from tests.domain.till import PAID
from tests.rules.test_migration import NOON, OLD_QUOTE, older
from tests.rules.test_record import inside

# Its price and its appointment, for each payment: one that was booked, one that is still held, one without any.
BOOKED, HELD, NOTHING = 7, 8, 9
pytestmark = pytest.mark.slow  # `make check` proves that migrations and models agree, `make test` what they keep

BOOKINGS = {
    5: (BOOKED, "moved"), 6: (BOOKED, "done"), 7: (HELD, "no_access"), 8: (HELD, "paying"),
}  # fmt: skip
PAYMENTS: dict[int, dict[str, Any]] = {
    1: {"quote_id": BOOKED, "state": "paid", "charge": "ch1", "paid_at": NOON},
    2: {"quote_id": BOOKED, "state": "paid", "charge": None, "paid_at": None},
    3: {"quote_id": HELD, "state": "refunded", "charge": "ch3", "paid_at": NOON},
    4: {"quote_id": NOTHING, "state": "asked", "charge": None, "paid_at": None},
    5: {"quote_id": HELD, "state": "paying", "charge": None, "paid_at": None},
    6: {"quote_id": HELD, "state": "failed", "charge": None, "paid_at": None},
}


def _put(connection: Connection, table: str, **values: Any) -> None:
    sqlite = connection.dialect.name == "sqlite"
    values = {k: json.dumps(v) if isinstance(v, dict) else v for k, v in values.items()}
    values = {k: v.isoformat(sep=" ") if isinstance(v, datetime) and sqlite else v for k, v in values.items()}
    columns, blanks = ", ".join(f'"{name}"' for name in values), ", ".join(f":{name}" for name in values)
    connection.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({blanks})"), values)


def written(connection: Connection) -> None:
    """What a program of 0003 wrote, over what one of 0001 had left."""
    connection.execute(text("DELETE FROM bookings"))
    _put(
        connection, "quotes", id=NOTHING, request_id=1, tariff_id=1, asked={}, verdict={}, body=OLD_QUOTE | {"net": {}},
        total_minor=1800, currency="EUR", state="proposed", expires_at=NOON, created_at=NOON, version=1,
    )  # fmt: skip
    for number, (quote, state) in BOOKINGS.items():
        starts = NOON + timedelta(hours=number)
        _put(
            connection, "bookings", id=number, request_id=1, quote_id=quote, help="remote", technician="ana",
            starts_at=starts, ends_at=starts + timedelta(hours=1), window_minutes=30, set_out_at=NOON, expected_at=None,
            state=state, hold_until=NOON, uid="u", sequence=number, version=2,
        )  # fmt: skip
        _put(
            connection, "attendances", booking_id=number, technician="ana", request_id=1, first=number,
            until=number + 4, home_id=1, lead=True,
        )  # fmt: skip
    for number, row in PAYMENTS.items():
        _put(
            connection, "payments", person_id=1, order=f"order{number}", amount_minor=1800, currency="EUR",
            version=1, **row,
        )  # fmt: skip


def all_bookings(connection: Connection) -> list[Any]:
    return list(connection.execute(text("SELECT * FROM bookings ORDER BY id")).all())


@pytest.fixture
def before(database_url: str) -> str:
    """A database of 0003 with payments in it."""
    url = settings.database_url(database_url)
    schema.migrate(url, "0001")
    inside(database_url, older)
    schema.migrate(url, "0003")
    inside(database_url, written)
    return database_url


@pytest.mark.parametrize("revision", ["0004", "0005", "head"])
def test_every_appointment_is_as_it_was(before: str, revision: str) -> None:
    was = inside(before, all_bookings)
    schema.migrate(settings.database_url(before), revision)
    assert inside(before, all_bookings) == was
    assert len(was) == len(BOOKINGS)


def test_the_program_reads_its_appointments(before: str) -> None:
    schema.migrate(settings.database_url(before))

    def unit(connection: Connection) -> None:
        with Session(connection) as session:
            work = Work(session, NOON, "test")
            found = {booking.id: booking for booking in session.scalars(select(Booking))}
            assert {n: b.state.value for n, b in found.items()} == {n: state for n, (_, state) in BOOKINGS.items()}
            assert (found[5].starts_at, found[5].window_minutes, found[5].sequence) == (
                NOON + timedelta(hours=5),
                30,
                5,
            )
            assert people_of(work, 5) == ("ana",)

    inside(before, unit)


def test_every_payment_is_an_order_with_its_movements(before: str) -> None:
    schema.migrate(settings.database_url(before))

    def unit(connection: Connection) -> None:
        with Session(connection) as session:
            work = Work(session, NOON, "test")
            found = list(session.scalars(select(Order).order_by(Order.id)))
            assert [o.state.value for o in found] == [row["state"] for row in PAYMENTS.values()]
            assert {(o.request_id, o.how, o.deposit, o.tax_minor, o.fee_minor) for o in found} == {
                (1, "telegram", False, 300, 0)
            }
            assert [o.booking_id for o in found] == [6, 6, 8, None, 8, 8]  # the newest of its price
            money = [(orders.paid(work, o).minor, orders.left(work, o).minor) for o in found]
            assert money == [(1800, 1800), (1800, 1800), (0, 0), (0, 0), (0, 0), (0, 0)]
            assert orders.had(work, 1, "EUR") == Money(3600, "EUR")
            moved = session.scalars(select(Movement).order_by(Movement.id)).all()
            assert [(m.order_id, m.kind.value, m.tax_minor, m.charge) for m in moved] == [
                (1, "charged", 300, "ch1"),
                (2, "charged", 300, None),
                (3, "charged", 300, "ch3"),
                (3, "refunded", -300, None),
            ]
            assert {m.at for m in moved} == {NOON}

    inside(before, unit)


def test_money_that_comes_afterwards_is_told_apart_and_can_be_settled(before: str) -> None:
    schema.migrate(settings.database_url(before))

    def unit(connection: Connection) -> None:
        with Session(connection, expire_on_commit=False) as session:
            work = Work(session, datetime(2026, 3, 2, 13, tzinfo=UTC), "test")

            def comes(number: int, charge: str) -> Movement | None:
                came = payments.Received(f"order{number}", Money(1800, "EUR"), charge)
                return payments.receive(work, PAID, came)

            assert comes(1, "ch1") is None  # the network tells it once more
            again, gone = comes(1, "ch7"), comes(4, "ch8")
            assert again is not None
            assert gone is not None
            for movement in (again, gone):
                order = session.get_one(Order, movement.order_id)
                assert order.state is PaymentState.STRAY
                deciding.give_back(work, order, Money(1800, "EUR"), "by hand")
                assert order.state is PaymentState.REFUNDED
            old = session.get_one(Order, 2)
            took = deciding.give_back(work, old, Money(800, "EUR"), "The bank's", disputed=True)
            assert (took.kind, took.tax_minor) == (MovementKind.DISPUTED, -133)
            session.flush()

    inside(before, unit)


def test_a_payment_that_is_under_way_is_let_go(before: str) -> None:
    schema.migrate(settings.database_url(before))

    def unit(connection: Connection) -> None:
        with Session(connection) as session:
            work = Work(session, NOON, "test")
            for number in (4, 5):
                deciding.let_go(work, session.get_one(Order, number))
            assert session.get_one(Order, 5).state is PaymentState.FAILED
            assert (session.get_one(Person, 1).name, session.get_one(Request, 1).number) == ("Marta", "1001")
            assert session.get_one(Booking, 8).state is BookingState.EXPIRED
            assert people_of(work, 8) == ()

    inside(before, unit)
