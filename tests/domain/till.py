"""A company that is paid in Telegram, and people who pay it."""

from datetime import timedelta
from itertools import count

from sqlalchemy import func, select

from domain import orders, payments
from domain.appointments import Booking
from domain.contracts import running
from domain.money import Money
from domain.orders import Movement, Order
from domain.paying_rules import Payment
from domain.people import Person
from domain.requests import Request
from domain.work import Work
from tests.domain.ground import ALWAYS, hold, home, offer, person, request

PAID = ALWAYS.model_copy(update={"payment": Payment(how="telegram")})
QUARTER = timedelta(minutes=15)
NUMBERS = count(1)


def asked(work: Work, name: str = "Marta") -> tuple[Request, Person]:
    """Somebody with a home and something that does not work."""
    who = person(work, name)
    return request(work, who, home(work, f"H{next(NUMBERS)}", who)), who


def held(work: Work, wish: Request, hours: int = 24, technician: str = "ana") -> Booking:
    """A visit that is kept for a quarter of an hour."""
    made = offer(work, running(work, wish.home_id), work.now + timedelta(hours=hours), technician)
    return hold(work, wish, made, work.now + QUARTER)


def ordered(work: Work, booking: Booking, wish: Request, who: Person) -> Order:
    """He is asked to pay for it."""
    demand = payments.demanded(work, PAID, booking, wish)
    assert demand is not None
    return payments.ask(work, booking, wish, who, demand)


def begins(work: Work, order: Order, payer: str = "7001", amount: Money | None = None) -> Order:
    """The network asks whether it may be paid."""
    return payments.begin_payment(work, PAID, order.order, amount or order.amount, payer, f"q{next(NUMBERS)}")


def pays(work: Work, order: Order, charge: str = "c1", amount: Money | None = None) -> Movement | None:
    """The network says that it was."""
    return payments.receive(work, PAID, payments.Received(order.order, amount or order.amount, charge, "ch", "7001"))


def told(work: Work, name: str) -> list[object]:
    """The facts of that name."""
    return [fact for fact in work.events if type(fact).__name__ == name]


def all_of(work: Work, order: Order) -> tuple[int, int]:
    """What was paid for an order, and what of it is left, in cents."""
    return orders.paid(work, order).minor, orders.left(work, order).minor


def money_in_house(work: Work) -> int:
    """All movements together, in cents."""
    return int(work.session.scalar(select(func.sum(Movement.amount_minor))) or 0)
