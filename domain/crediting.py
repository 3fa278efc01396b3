"""Crediting: what was paid before is set against what is owed after; what is too much is a person's task."""

from sqlalchemy import func, select

from domain import money_events, orders
from domain.appointments import Booking, BookingState
from domain.charges import Charge
from domain.orders import Movement, MovementKind
from domain.work import Work


def done(work: Work, booking: Booking) -> None:
    """It took place: what was paid goes towards the charge for the work."""
    _against(work, booking, f"work:{booking.id}", MovementKind.CREDITED)


def called_off(work: Work, booking: Booking) -> None:
    """It did not take place: what was paid goes towards the fee, if there is one."""
    _against(work, booking, f"cancellation:{booking.id}", MovementKind.FEE)


def again(work: Work, booking: Booking) -> None:
    """What was owed again is paid again."""
    if booking.state is BookingState.DONE:
        done(work, booking)
    elif booking.state in (BookingState.CANCELLED, BookingState.NO_ACCESS):
        called_off(work, booking)


def _against(work: Work, booking: Booking, occasion: str, kind: MovementKind) -> None:
    mine = orders.paid_for(work, booking.request_id)
    charge = work.session.scalar(select(Charge).where(Charge.occasion == occasion))
    if charge is not None:
        owed = charge.amount_minor - _used(work, charge)
        for order in mine:
            use = min(owed, orders.left(work, order).minor)
            if use > 0 and order.currency == charge.currency:
                owed -= use
                orders.add(work, order, Movement(
                    occasion=orders.again(work, order, f"{kind}:{charge.id}"), kind=kind, amount_minor=-use,
                    currency=order.currency, charge_id=charge.id,
                ))  # fmt: skip
    if any(orders.left(work, order) for order in mine):
        work.happened(money_events.MoneyLeft(booking.request_id))


def _used(work: Work, charge: Charge) -> int:
    """What was set against a charge before (minor units)."""
    asked = select(func.sum(Movement.amount_minor)).where(Movement.charge_id == charge.id)
    return -int(work.session.scalar(asked) or 0)
