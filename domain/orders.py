"""Orders and movements: what was asked for, and every amount that came, went, or was set against a charge.

An order is paid once. Movements are only ever added; those of money sum to what was paid.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Text, func, select
from sqlalchemy.orm import Mapped, mapped_column

from domain.appointments import Booking
from domain.money import Money
from domain.record import Name, Short, Table, choice, impersonal, personal
from domain.work import Refusal, Work


class PaymentState(StrEnum):
    """The life of an order."""

    ASKED = "asked"
    PAYING = "paying"  # the network was told to go on: nobody frees the slot but a person
    PAID = "paid"
    STRAY = "stray"  # money came that pays for nothing: a person decides
    FAILED = "failed"  # the slot went back before money came
    REFUNDED = "refunded"  # all of it went back


class OrderDeed(StrEnum):
    """What can be done to an order."""

    BEGIN = "begin"
    PAY = "pay"
    PUT_ASIDE = "put_aside"
    KEEP = "keep"
    LET_GO = "let_go"
    GIVE_BACK = "give_back"
    REGAIN = "regain"


OPEN = (PaymentState.ASKED, PaymentState.PAYING)
ENDED = (PaymentState.PAID, PaymentState.STRAY, PaymentState.REFUNDED)

LIFE: dict[tuple[PaymentState, OrderDeed], PaymentState] = {
    **{(s, OrderDeed.BEGIN): PaymentState.PAYING for s in OPEN},
    **{(s, OrderDeed.PAY): PaymentState.PAID for s in (*OPEN, PaymentState.FAILED)},
    **{(s, OrderDeed.PUT_ASIDE): PaymentState.STRAY for s in (*OPEN, PaymentState.FAILED)},
    (PaymentState.STRAY, OrderDeed.KEEP): PaymentState.PAID,
    **{(s, OrderDeed.LET_GO): PaymentState.FAILED for s in OPEN},
    **{(s, OrderDeed.GIVE_BACK): PaymentState.REFUNDED for s in (PaymentState.PAID, PaymentState.STRAY)},
    (PaymentState.REFUNDED, OrderDeed.REGAIN): PaymentState.STRAY,
}


class Order(Table):
    """What was asked for one appointment; its number on the way is a secret that nobody can guess."""

    __tablename__ = "payments"
    __table_args__ = (CheckConstraint("amount_minor > 0", "amount_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    quote_id: Mapped[int] = mapped_column(ForeignKey("quotes.id"), index=True)
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("bookings.id"), index=True)
    request_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))  # who booked; another may pay
    order: Mapped[str] = impersonal(Short, unique=True)  # the invoice's payload
    charge: Mapped[str | None] = impersonal(Name, unique=True)  # the network's id of the charge that paid it
    how: Mapped[str] = impersonal(Short, server_default="telegram")
    deposit: Mapped[bool] = mapped_column(default=False, server_default="0")
    amount_minor: Mapped[int]
    tax_minor: Mapped[int] = mapped_column(default=0, server_default="0")  # the tax in it
    # What it costs to give up the time before, as he was told when he was asked: no more is charged.
    fee_minor: Mapped[int] = mapped_column(default=0, server_default="0")
    currency: Mapped[str] = impersonal(Short)
    state: Mapped[PaymentState] = mapped_column(choice(PaymentState))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("payments.id"))  # what came before: moved, or paid again
    payer: Mapped[str | None] = personal(Name)  # who was last told to go on, as the network knows him
    asked_at: Mapped[datetime | None]
    paying_since: Mapped[datetime | None]
    paid_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def amount(self) -> Money:
        """What is asked for."""
        return Money(self.amount_minor, self.currency)

    @property
    def number(self) -> str:
        """The number that the team and the accountant quote."""
        return f"P{self.id:05d}"


class MovementKind(StrEnum):
    """What an amount did."""

    CHARGED = "charged"  # came: the whole price, or what nobody asked for
    DEPOSIT = "deposit"  # came: a part of the price
    REFUNDED = "refunded"  # went back, by hand with the provider
    DISPUTED = "disputed"  # was taken back by the payer's bank
    CREDITED = "credited"  # was set against the charge for the work
    FEE = "fee"  # was set against the fee for calling off late


MONEY = (MovementKind.CHARGED, MovementKind.DEPOSIT, MovementKind.REFUNDED, MovementKind.DISPUTED)
USE = (MovementKind.CREDITED, MovementKind.FEE)


class Movement(Table):
    """One amount: positive when it came, negative when it went back or was used. Never changed."""

    __tablename__ = "movements"
    __table_args__ = (CheckConstraint("amount_minor <> 0", "amount_moves"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    occasion: Mapped[str] = impersonal(Name, unique=True)  # one movement for each, whoever writes it how often
    order_id: Mapped[int | None] = mapped_column(ForeignKey("payments.id"), index=True)  # none: for no order of ours
    kind: Mapped[MovementKind] = mapped_column(choice(MovementKind))
    amount_minor: Mapped[int]
    tax_minor: Mapped[int]
    currency: Mapped[str] = impersonal(Short)
    charge: Mapped[str | None] = impersonal(Name, unique=True)  # the network's id
    provider_charge: Mapped[str | None] = impersonal(Name)
    payer: Mapped[str | None] = personal(Name)
    charge_id: Mapped[int | None] = mapped_column(ForeignKey("charges.id"))  # what it was set against
    of_id: Mapped[int | None] = mapped_column(ForeignKey("movements.id"), index=True)  # what it decides about
    reason: Mapped[str] = personal(Text)
    by: Mapped[str] = impersonal(Short)
    at: Mapped[datetime] = mapped_column(index=True)

    @property
    def amount(self) -> Money:
        """The amount."""
        return Money(self.amount_minor, self.currency)


class NotForThisOrder(Refusal):
    """The order stands where this makes no sense: it was paid, let go or given back meanwhile."""


def advance_order(order: Order, deed: OrderDeed) -> None:
    """Change the state by the life table. Raises NotForThisOrder."""
    after = LIFE.get((order.state, deed))
    if after is None:
        raise NotForThisOrder
    order.state = after


def paid(work: Work, order: Order) -> Money:
    """What was paid for an order and not given back."""
    return _sum(work, order, MONEY)


def taken(work: Work, order: Order) -> Money:
    """What the payer's bank has taken back and not given again."""
    took = _sum(work, order, (MovementKind.DISPUTED,))
    return Money(-took.minor, took.currency)


def left(work: Work, order: Order) -> Money:
    """What of it was not set against a charge either."""
    return _sum(work, order, tuple(MovementKind))


def _sum(work: Work, order: Order, kinds: Iterable[MovementKind]) -> Money:
    asked = select(func.sum(Movement.amount_minor)).where(Movement.order_id == order.id, Movement.kind.in_(kinds))
    return Money(int(work.session.scalar(asked) or 0), order.currency)


def had(work: Work, request: int, currency: str) -> Money:
    """What was paid for a request's appointments and is still there for the next one."""
    return sum((left(work, order) for order in paid_for(work, request)), Money(0, currency))


def paid_for(work: Work, request: int) -> list[Order]:
    """The orders of a request that are paid, oldest first."""
    mine = select(Order).where(Order.request_id == request, Order.state == PaymentState.PAID)
    return list(work.session.scalars(mine.order_by(Order.id)))


def locked(work: Work, key: str) -> Order | None:
    """The order with that payload, held until the transaction ends: two who pay it at once come one after the other.

    Its appointment is held before it: everybody takes the two in this order, so that no two wait for each other.
    """
    mine = Order.order == key
    booking = work.session.scalar(select(Order.booking_id).where(mine))
    if booking is not None:
        work.session.scalar(_fresh(select(Booking).where(Booking.id == booking)))
    held: Order | None = work.session.scalar(_fresh(select(Order).where(mine)))
    return held


def _fresh(asked: Any) -> Any:
    return asked.with_for_update().execution_options(populate_existing=True)


def came_for(work: Work, order: Order) -> Movement:
    """The one movement by which its money came."""
    came = (Movement.amount_minor > 0, Movement.kind.in_((MovementKind.CHARGED, MovementKind.DEPOSIT)))
    return work.session.scalars(select(Movement).where(Movement.order_id == order.id, *came)).one()


def add(work: Work, order: Order | None, movement: Movement) -> Movement:
    """Write a movement, with the share of the tax it has in its order."""
    movement.order_id = None if order is None else order.id
    movement.tax_minor = 0 if order is None else _tax(work, order, movement)
    movement.at, movement.by, movement.reason = work.now, work.actor[:64], (movement.reason or "")[:2000]
    work.session.add(movement)
    work.session.flush()
    return movement


def _tax(work: Work, order: Order, movement: Movement) -> int:
    """The tax in a movement, so that the taxes of all of them sum to the tax in their sum: no cent is lost on the way.

    What moves money, and what is set against charges, are two sums.
    """
    kinds = MONEY if movement.kind in MONEY else USE
    before = _sum(work, order, kinds).minor
    return tax_in(order, before + movement.amount_minor) - tax_in(order, before)


def tax_in(order: Order, minor: int) -> int:
    """The tax in a part of an order's amount: rounded half up, the same for what comes and what goes."""
    tax = share(order.tax_minor, abs(minor), order.amount_minor)
    return tax if minor > 0 else -tax


def share(of: int, part: int, whole: int) -> int:
    """As much of an amount as a part is of a whole, rounded half up."""
    return (2 * of * part + whole) // (2 * whole)


def again(work: Work, order: Order, occasion: str) -> str:
    """An occasion that may come back: the same words with the next number."""
    number = work.session.scalar(select(func.count()).where(Movement.order_id == order.id))
    return f"{occasion}:{order.id}:{number}"
