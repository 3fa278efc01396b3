"""Deciding about money: what the team does with what pays for nothing, and with what goes back. By hand."""

import secrets

from sqlalchemy import func, select

from domain import bookings, crediting, money_events, orders, payments, receipts
from domain.appointments import Booking, BookingState
from domain.company import Company
from domain.money import Money
from domain.orders import Movement, MovementKind, NotForThisOrder, Order, OrderDeed, PaymentState, advance_order
from domain.proposals import StoredQuote
from domain.requests import Request
from domain.work import Refusal, Work


class NothingToPay(Refusal):
    """Nothing was ever booked for that request, or its price is in another currency."""


def let_go(work: Work, order: Order) -> None:
    """No money came: the slot is free again. Raises NotForThisOrder."""
    advance_order(order, OrderDeed.LET_GO)
    payments.free(work, order)
    work.happened(money_events.OrderLetGo(order.id, order.request_id or 0))


def keep_it(work: Work, company: Company, order: Order) -> None:
    """Money that paid for nothing pays after all: its appointment, or the next one. Raises NotForThisOrder."""
    if not usable(work, order):
        raise NotForThisOrder
    advance_order(order, OrderDeed.KEEP)
    booking = work.session.get(Booking, order.booking_id) if order.booking_id is not None else None
    if booking is not None and booking.state is BookingState.PAYING:
        payments.books(work, company, order)
    came = orders.came_for(work, order)
    receipts.issue(work, came, company.time_zone)
    work.happened(money_events.MoneyKept(order.id, order.request_id or 0, came.id))


def usable(work: Work, order: Order) -> bool:
    """Whether what came can pay for the appointment at all: not in another currency."""
    return work.session.get_one(StoredQuote, order.quote_id).currency == order.currency


def give_back(work: Work, order: Order, amount: Money, reason: str, *, disputed: bool = False) -> Movement:
    """Money went back by hand: never more than is left; or the bank took it, also what was used.

    Raises NotForThisOrder.
    """
    left = orders.left(work, order)
    most = orders.paid(work, order) if disputed else left
    if order.state not in (PaymentState.PAID, PaymentState.STRAY) or amount.minor <= 0 or amount > most:
        raise NotForThisOrder
    if amount > left:
        _use_less(work, order, (amount - left).minor)
    number = len(work.session.scalars(select(Movement.id).where(Movement.order_id == order.id)).all())
    movement = orders.add(work, order, Movement(
        occasion=f"back:{order.id}:{number}", kind=MovementKind.DISPUTED if disputed else MovementKind.REFUNDED,
        amount_minor=-amount.minor, currency=order.currency, reason=reason,
    ))  # fmt: skip
    if order.state is PaymentState.STRAY:
        payments.free(work, order)
    if not orders.paid(work, order):
        advance_order(order, OrderDeed.GIVE_BACK)
    work.happened(money_events.MoneyGivenBack(order.id, order.request_id or 0, movement.id))
    return movement


def _use_less(work: Work, order: Order, minor: int) -> None:
    """What the bank took cannot have paid for anything: those charges are owed again, the last one first."""
    used = select(Movement.charge_id, Movement.kind, func.sum(Movement.amount_minor)).where(
        Movement.order_id == order.id, Movement.charge_id.is_not(None)
    )
    each = work.session.execute(used.group_by(Movement.charge_id, Movement.kind).order_by(Movement.charge_id.desc()))
    for charge, kind, total in each.all():
        less = min(minor, -int(total))
        if less > 0:
            minor -= less
            orders.add(work, order, Movement(
                occasion=orders.again(work, order, f"owed:{charge}"), kind=kind, amount_minor=less,
                currency=order.currency, charge_id=charge,
            ))  # fmt: skip


def came_again(work: Work, order: Order, amount: Money, reason: str) -> Movement:
    """The bank gave back what it had taken: it pays again for what it had paid for. Raises NotForThisOrder."""
    if amount.minor <= 0 or amount > orders.taken(work, order):
        raise NotForThisOrder
    movement = orders.add(work, order, Movement(
        occasion=orders.again(work, order, "again"), kind=MovementKind.DISPUTED, amount_minor=amount.minor,
        currency=order.currency, reason=reason,
    ))  # fmt: skip
    if order.state is PaymentState.REFUNDED:
        advance_order(order, OrderDeed.REGAIN)
        if receipts.receipt_of(work, orders.came_for(work, order).id) is not None:
            advance_order(order, OrderDeed.KEEP)
    for booking in work.session.scalars(select(Booking).where(Booking.request_id == order.request_id)).all():
        crediting.again(work, booking)
    work.happened(money_events.MoneyCameAgain(order.id, order.request_id or 0))
    return movement


# Money for no order of ours.


def undecided(work: Work, movement: Movement) -> Money:
    """What of money for no order of ours nobody has decided about yet."""
    decided = select(func.sum(Movement.amount_minor)).where(Movement.of_id == movement.id, Movement.order_id.is_(None))
    return Money(movement.amount_minor + int(work.session.scalar(decided) or 0), movement.currency)


def held_for_deciding(work: Work, number: int) -> Movement | None:
    """Money for no order of ours, held until the transaction ends: two who decide come one after the other."""
    mine = select(Movement).where(Movement.id == number, Movement.order_id.is_(None), Movement.of_id.is_(None))
    held: Movement | None = work.session.scalar(mine.with_for_update())
    return held


def give_back_unknown(work: Work, came: Movement, amount: Money, reason: str, *, disputed: bool = False) -> Movement:
    """Money for no order of ours went back by hand, or the bank took it. Raises NotForThisOrder."""
    if amount.minor <= 0 or amount > undecided(work, came):
        raise NotForThisOrder
    kind = MovementKind.DISPUTED if disputed else MovementKind.REFUNDED
    movement = orders.add(work, None, _about(work, came, kind, -amount.minor, reason))
    work.happened(money_events.UnknownSettled(came.id, movement.id))
    return movement


def belongs_to(work: Work, company: Company, came: Movement, request: Request) -> Order:
    """What is left of such money pays for a request: its appointment, or its next one. It gets an order of its own.

    Raises NotForThisOrder, NothingToPay.
    """
    left = undecided(work, came)
    if left.minor <= 0:
        raise NotForThisOrder
    mine = select(Booking).where(Booking.request_id == request.id).order_by(Booking.id.desc())
    booking = work.session.scalars(mine).first()
    quote = None if booking is None else bookings.quote_of(work, booking)
    if booking is None or quote is None or quote.total.currency != left.currency:
        raise NothingToPay
    order = Order(
        quote_id=booking.quote_id, booking_id=booking.id, request_id=request.id, person_id=request.person_id,
        order=secrets.token_urlsafe(18), state=PaymentState.STRAY, amount_minor=left.minor, currency=left.currency,
        tax_minor=orders.share(quote.tax.minor, left.minor, quote.total.minor), asked_at=work.now, paid_at=work.now,
        payer=came.payer, charge=came.charge,
    )  # fmt: skip
    work.session.add(order)
    work.session.flush()
    gone = orders.add(work, None, _about(work, came, MovementKind.CHARGED, -left.minor, request.number))
    orders.add(work, order, _about(work, came, MovementKind.CHARGED, left.minor, request.number))
    keep_it(work, company, order)
    work.happened(money_events.UnknownSettled(came.id, gone.id))
    return order


def _about(work: Work, came: Movement, kind: MovementKind, minor: int, reason: str) -> Movement:
    """A movement that decides about money for no order of ours."""
    number = work.session.scalar(select(func.count()).where(Movement.of_id == came.id))
    return Movement(
        occasion=f"about:{came.id}:{number}", kind=kind, amount_minor=minor, currency=came.currency,
        provider_charge=came.provider_charge, payer=came.payer, of_id=came.id, reason=reason,
    )  # fmt: skip
