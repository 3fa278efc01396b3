"""Under way: what happens on the day of an appointment. Setting out, being late. Each is said with a new window."""

from datetime import timedelta

from domain import events
from domain.appointments import STANDING, Booking, BookingDeed, BookingState, HoldGone, advance_booking
from domain.work import Work


def set_out(work: Work, booking: Booking, minutes: int) -> None:
    """Somebody is on the way and will be there in so many minutes. Raises HoldGone."""
    advance_booking(booking, BookingDeed.SET_OUT)
    booking.set_out_at = work.now
    booking.expected_at = work.now + timedelta(minutes=minutes)
    work.happened(events.TechnicianSetOut(booking.id, booking.request_id))


def be_late(work: Work, booking: Booking, minutes: int) -> None:
    """We shall be so many minutes later than was said last. Raises HoldGone."""
    if booking.state not in STANDING:
        raise HoldGone
    before = booking.expected_at or booking.starts_at
    on_the_way = booking.state is BookingState.ON_THE_WAY
    booking.expected_at = max(before, work.now if on_the_way else before) + timedelta(minutes=minutes)
    work.happened(events.RunningLate(booking.id, booking.request_id))
