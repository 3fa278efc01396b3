"""More time, or other work: a new price for an appointment. Without a tap on it the old one is the ceiling."""

from sqlalchemy import select

from domain import bookings, contracts, events, ledger, proposals
from domain.bookings import Booking, BookingState, HoldGone
from domain.proposals import Promise, QuoteDeed, QuoteState, StoredQuote
from domain.requests import Request
from domain.work import Work


def propose(work: Work, booking: Booking, request: Request, promise: Promise, by: str) -> StoredQuote:
    """Put a new price for an appointment that stands; one that was put before is not open any more. Raises HoldGone."""
    if booking.state is not BookingState.BOOKED:
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
    mine = select(Booking).where(Booking.quote_id == quote, Booking.state == BookingState.BOOKED)
    booking = work.session.scalars(mine).one_or_none()
    if booking is None:
        raise HoldGone
    return booking
