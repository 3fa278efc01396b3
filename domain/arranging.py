"""Arranging: somebody else comes at the same time; and all that an absence concerns, in one go."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import select

from domain import bookings, calendar, moved, occupancy, proposed_times
from domain.appointments import Booking, BookingState, SlotTaken
from domain.areas import Help
from domain.calendar import CalendarEntry, EntryKind
from domain.company import Company
from domain.dispatching import best, searching, still_ahead
from domain.homes import Home
from domain.occupancy import Attendance
from domain.requests import Request
from domain.rota import cell
from domain.work import Refusal, Work


class SamePeople(Refusal):
    """They come already."""


def swap(work: Work, company: Company, booking: Booking, request: Request, people: Sequence[str], by: str) -> None:
    """Others come, at the same time and price. Raises TooLateToMove, SamePeople, SlotTaken."""
    still_ahead(work, booking)
    was = occupancy.people_of(work, booking.id)
    if set(was) == set(people):
        raise SamePeople
    occupancy.take_diaries(work, (*was, *people))
    proposed_times.withdraw(work, booking)
    bookings.release_holds_of(work, request)
    search = searching(work, company, booking, request)
    if not search.keeps(people, booking.starts_at):
        raise SlotTaken
    home = work.session.get(Home, request.home_id) if booking.help is Help.VISIT and request.home_id else None
    occupancy.vacate(work, booking.id)
    block = search.need.block(cell(booking.starts_at))
    if not occupancy.occupy(work, booking.id, request.id, people, block, home):
        raise SlotTaken
    booking.technician, booking.sequence = people[0], booking.sequence + 1
    work.happened(moved.TechnicianSwapped(booking.id, request.id, was, by))


@dataclass(frozen=True)
class Arranged:
    """What became of the appointments that an absence concerns."""

    swapped: int = 0
    proposed: int = 0
    asked: int = 0  # were asked before
    without: int = 0  # nothing was found: a task for the team


def affected(work: Work, entry: CalendarEntry) -> list[Booking]:
    """The appointments ahead that lie in an absence, or on a closing day, in order."""
    return _in(work, entry, BookingState.BOOKED, BookingState.PAYING)


def _in(work: Work, entry: CalendarEntry, *states: BookingState) -> list[Booking]:
    if entry.kind is EntryKind.EXTRA:
        return []
    first, until = entry.span
    there = select(Attendance.booking_id).where(Attendance.until > first, Attendance.first < until)
    if entry.technician is not None:
        there = there.where(Attendance.technician == entry.technician)
    found = select(Booking).where(Booking.id.in_(there), Booking.state.in_(states), Booking.starts_at > work.now)
    return list(work.session.scalars(found.order_by(Booking.starts_at, Booking.id)))


def let_holds_go(work: Work, entry: CalendarEntry) -> None:
    """What is only held in an absence cannot be confirmed any more: it is free, and who looked at it is told."""
    for held in _in(work, entry, BookingState.HELD):
        held.hold_until = work.now
        bookings.expire(work, held)
        asked = proposed_times.keeps_for_answer(work, held.id)
        if asked is not None:
            proposed_times.unanswered(work, asked)


def let_stand(work: Work, entry: CalendarEntry) -> int:
    """It is taken back: who was asked for another time because of it keeps the one he has. How many do."""
    stand = 0
    for booking in affected(work, entry):
        people = occupancy.people_of(work, booking.id)
        if calendar.who_is_away(work, people, booking.starts_at, booking.ends_at) is None:
            stand += proposed_times.let_stand(work, booking, entry.entered_at)
    return stand


def arrange(work: Work, company: Company, entry: CalendarEntry, by: str) -> Arranged:
    """Swap where somebody else can come at that time; ask about another time for the rest, each once."""
    concerned = [b for b in affected(work, entry) if b.state is BookingState.BOOKED]
    if concerned:  # all diaries at once, in order: two who arrange at the same moment do not wait in a ring
        occupancy.take_diaries(work, (m.key for m in company.team if "technician" in m.roles))
    count = {"swapped": 0, "proposed": 0, "asked": 0, "without": 0}
    for booking in concerned:
        count[_arranged(work, company, booking, by)] += 1
    return Arranged(**count)


def _arranged(work: Work, company: Company, booking: Booking, by: str) -> str:
    if proposed_times.open_for(work, booking) is not None:
        return "asked"
    request = work.session.get_one(Request, booking.request_id)
    same = searching(work, company, booking, request).at(booking.starts_at)
    if same is not None and set(same.people) != set(occupancy.people_of(work, booking.id)):
        with suppress(SlotTaken), work.session.begin_nested():
            swap(work, company, booking, request, same.people, by)
            return "swapped"
    slot = best(work, company, booking, request)
    if slot is None:
        work.happened(moved.NoTimeFound(booking.id, request.id))
        return "without"
    proposed_times.propose(work, company, booking, request, slot, by)
    return "proposed"
