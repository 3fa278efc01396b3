"""Leaving an appointment late, or not being there: what it costs. And what help cost that did not solve it."""

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select

from domain import bookings, charges, events, proposals, proposed_times, waiting
from domain.appointments import Booking, BookingState
from domain.cancelling import cancellation_fee
from domain.cases import Case
from domain.charges import About, Charge, ChargeKind
from domain.company import Company
from domain.levies import Levy, at_most
from domain.money import Money
from domain.requests import Request
from domain.stored import tariff_of
from domain.work import Work


def fee_now(work: Work, booking: Booking, request: Request, *, no_show: bool = False) -> Levy | None:
    """What it costs to call an appointment off now, by the tariff it was agreed with: said before the tap.

    Nothing when we are late; as late as can be when somebody is on the way already.
    """
    if not no_show and booking.late(work.now):
        return None
    if proposed_times.moved_by_us(work, booking):
        return None  # we could not come as agreed, and asked him for another time
    stored = bookings.stored_quote(work, booking)
    quote = proposals.quote_of(stored)
    case = proposals.case_of(stored) or Case(work=quote.work, minutes=quote.minutes, area=request.area)
    under_way = booking.state is BookingState.ON_THE_WAY
    ahead = timedelta() if under_way else max(booking.starts_at - work.now, timedelta())
    hours = Decimal(int(ahead / timedelta(seconds=1))) / 3600
    return cancellation_fee(tariff_of(work, stored.tariff_id), case, quote, hours_before=hours, no_show=no_show)


def call_off(work: Work, booking: Booking, request: Request, *, no_show: bool = False) -> Charge | None:
    """The homeowner calls it off, or was not there: the fee that holds at this moment is charged. Raises HoldGone."""
    fee = fee_now(work, booking, request, no_show=no_show)
    (bookings.find_nobody if no_show else bookings.cancel)(work, booking, request)
    return _charged(work, booking, request, fee, no_show=no_show)


def move_fee(work: Work, company: Company, request: Request) -> Levy | None:
    """What it costs to give up the appointment of a request for another time, as the company declares."""
    standing = bookings.booked_for(work, request)
    if company.booking.move_costs == "nothing" or not standing:
        return None
    return fee_now(work, standing[0], request)


def agreed_fee(work: Work, company: Company, booking: Booking, request: Request) -> Levy | None:
    """What agreeing to a time costs now, for the one that is given up: said before the tap."""
    if waiting.kept(work, booking):
        return None  # it was we who asked him whether he would like another time
    return move_fee(work, company, request)


def confirm(
    work: Work, company: Company, booking: Booking, request: Request, told: Money | None = None
) -> Charge | None:
    """He agrees to a time; what it costs to give up the one before is charged. Raises as `bookings.confirm` does.

    `told`: the fee he was told when he agreed, where that was earlier: no more than that is charged.
    """
    older, fee = next(iter(bookings.booked_for(work, request)), None), agreed_fee(work, company, booking, request)
    if told is not None and fee is not None:
        fee = at_most(fee, told)
    bookings.confirm(work, booking, request)
    return _charged(work, older, request, fee) if older is not None else None


def _charged(
    work: Work, booking: Booking, request: Request, fee: Levy | None, *, no_show: bool = False
) -> Charge | None:
    if fee is None:
        return None
    words = {"number": request.number, "no_show": no_show, "at": booking.starts_at.isoformat()}
    about = About(ChargeKind.CANCELLATION, f"cancellation:{booking.id}", request.home_id, work.now.date(),
                  request=request.id, words=words)  # fmt: skip
    charge = charges.write(work, fee, about)
    if charge is not None:
        work.happened(events.CalledOffLate(booking.id, request.id, charge.id))
    return charge


def paid_before(work: Work, request: Request) -> tuple[Money, str, int] | None:
    """What was charged for the last help that did not solve a request: the amount, its work, and how many days ago.

    For the case of what follows (`Case.paid_before`, `paid_for`, `paid_days_ago`); once it was credited it is nothing.
    """
    done = select(Booking).where(Booking.request_id == request.id, Booking.state == BookingState.DONE)
    for booking in work.session.scalars(done.order_by(Booking.id.desc())):
        case = bookings.case_of(work, booking)
        if case is not None and case.paid_before is not None:
            return None
        charge = work.session.scalar(select(Charge).where(Charge.occasion == f"work:{booking.id}"))
        if charge is not None:
            ago, quote = (work.now.date() - charge.written_at.date()).days, bookings.quote_of(work, booking)
            # As the tariff writes its prices: what is credited comes off an amount with or without tax.
            tax = 0 if quote.tax_included else charge.tax_minor
            return Money(charge.amount_minor - tax, charge.currency), quote.work, ago
    return None
