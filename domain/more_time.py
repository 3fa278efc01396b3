"""More time, or other work: a new price for an appointment. Without a tap on it the old one is the ceiling."""

from datetime import timedelta

from msgspec.structs import replace
from sqlalchemy import select

from domain import bookings, contracts, events, ledger, proposals
from domain.appointments import STANDING, Booking, HoldGone
from domain.labour import NoPrice
from domain.pricing import price
from domain.proposals import Promise, QuoteDeed, QuoteState, StoredQuote
from domain.requests import Request
from domain.stored import tariff_of
from domain.work import Work


def promised(work: Work, zone: str, booking: Booking, request: Request, minutes: int) -> Promise | None:
    """The price of so many minutes by the tariff an appointment was made with; none where it cannot be said.

    `zone`: the company's time zone.
    """
    stored = bookings.stored_quote(work, booking)
    case = proposals.case_of(stored)
    if case is None:
        return None
    contract = contracts.running(work, request.home_id)
    left = contracts.balances(work, contract, but_for=request.id)
    tariff = tariff_of(work, stored.tariff_id)
    longer = replace(case, minutes=minutes, stretches=())
    try:
        priced = price(tariff, stored.currency, zone, longer, contracts.terms(contract), left)
    except NoPrice:
        return None
    return Promise(priced, stored.tariff_id, work.now + timedelta(days=tariff.quote_valid_days))


def propose(work: Work, booking: Booking, request: Request, promise: Promise, by: str) -> StoredQuote:
    """Put a new price for an appointment that stands; one that was put before is not open any more. Raises HoldGone."""
    if booking.state not in STANDING:
        raise HoldGone
    for older in open_for(work, booking):
        proposals.settle(older, QuoteDeed.EXPIRE)
    contract = contracts.running(work, request.home_id)
    stored = proposals.propose(work, request.id, promise, contract, replaces=booking.quote_id)
    work.happened(events.QuoteProposed(request.id, stored.id, by))
    return stored


def agree(work: Work, stored: StoredQuote, request: Request) -> None:
    """The homeowner taps the new amount: from now on it is the ceiling. A second tap does nothing.

    Raises QuoteExpired, QuoteSettled, BalanceGone, HoldGone.
    """
    with work.session.begin_nested():
        if not proposals.accept(work, stored):
            return
        booking = _standing_on(work, stored.replaces_id)
        ledger.release(work, bookings.stored_quote(work, booking).subject, "replaced")
        bookings.put_aside(work, stored, request)
        booking.quote_id = stored.id
    work.happened(events.QuoteAccepted(request.id, stored.id))


def again(work: Work, zone: str, stored: StoredQuote, request: Request) -> None:
    """A price that cannot be agreed to any more is put anew, as it is now. Raises HoldGone."""
    booking = _standing_on(work, stored.replaces_id)
    fresh = promised(work, zone, booking, request, proposals.quote_of(stored).minutes)
    if fresh is not None:
        propose(work, booking, request, fresh, booking.technician)


def decline(work: Work, stored: StoredQuote, request: Request) -> None:
    """The homeowner does not want it: what he agreed to stands. A second tap does nothing. Raises QuoteSettled."""
    if stored.state is QuoteState.REFUSED:
        return
    proposals.settle(stored, QuoteDeed.REFUSE)
    work.happened(events.QuoteRefused(request.id, stored.id))


def open_for(work: Work, booking: Booking) -> list[StoredQuote]:
    """The new prices of an appointment that nobody has answered."""
    mine = select(StoredQuote).where(StoredQuote.replaces_id == booking.quote_id)
    return list(work.session.scalars(mine.where(StoredQuote.state == QuoteState.PROPOSED).order_by(StoredQuote.id)))


def _standing_on(work: Work, quote: int | None) -> Booking:
    """The appointment that stands on a price."""
    mine = select(Booking).where(Booking.quote_id == quote, Booking.state.in_(STANDING))
    booking = work.session.scalars(mine).one_or_none()
    if booking is None:
        raise HoldGone
    return booking
