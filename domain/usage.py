"""Usage: the help a home has had, as it was priced."""

from datetime import datetime

import msgspec
from sqlalchemy import and_, or_, select

from domain.advice import Used
from domain.bookings import STANDING, Booking, BookingState
from domain.cases import Case
from domain.proposals import StoredQuote
from domain.requests import Request
from domain.work import Work


def used_since(work: Work, home: int, since: datetime) -> list[Used]:
    """Appointments that took place since a moment, oldest first."""
    took_place = or_(Booking.state == BookingState.DONE, and_(Booking.state.in_(STANDING), Booking.ends_at <= work.now))
    rows = work.session.execute(
        select(Booking.starts_at, StoredQuote.asked)
        .join(StoredQuote, StoredQuote.id == Booking.quote_id)
        .join(Request, Request.id == Booking.request_id)
        .where(Request.home_id == home, Booking.starts_at >= since, took_place)
        .order_by(Booking.starts_at)
    )
    return [Used(at.date(), msgspec.convert(asked, Case)) for at, asked in rows if asked]
