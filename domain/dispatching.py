"""Dispatching: who could come instead, and which other times there are, for an appointment that is agreed."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain import bookings, calendar, occupancy, offering, quoting
from domain.appointments import Booking, BookingState
from domain.choosing import Why
from domain.company import Company, Job
from domain.homes import Home
from domain.requests import Request
from domain.slots import Search, Slot
from domain.spreading import Window
from domain.team import Member
from domain.work import Refusal, Work


class TooLateToMove(Refusal):
    """It has begun, or does not stand any more."""


class NotYoursToMove(Refusal):
    """Technicians move their own appointments only."""


@dataclass(frozen=True)
class Swap:
    """Who would come instead, and what speaks for the newcomer."""

    people: tuple[str, ...]
    comes: str
    why: Why


def may_move(work: Work, member: Member, booking: Booking) -> bool:
    """Dispatchers and managers move anything, technicians their own."""
    return calendar.arranges(member) or member.key in occupancy.people_of(work, booking.id)


def still_ahead(work: Work, booking: Booking) -> None:
    """Raises TooLateToMove for what has begun, or does not stand."""
    if booking.state is not BookingState.BOOKED or booking.starts_at <= work.now:
        raise TooLateToMove


def searching(work: Work, company: Company, booking: Booking, request: Request) -> Search:
    """Looks for times for an appointment as it was agreed: as long, the same work."""
    return offering.search_for(work, company, request, job_of(work, company, booking, request))


def job_of(work: Work, company: Company, booking: Booking, request: Request) -> Job:
    """The work that was agreed, as long as it was agreed; also when the company does not offer it any more."""
    kind = bookings.quote_of(work, booking).work
    minutes = int((booking.ends_at - booking.starts_at) / timedelta(minutes=1))
    offered = next((job for job in quoting.jobs_for(work, company, request) if job.work == kind), None)
    if offered is not None:
        return offered.model_copy(update={"minutes": minutes})
    return Job(work=kind, minutes=minutes, technicians=max(1, len(occupancy.people_of(work, booking.id))))


def swaps(work: Work, company: Company, booking: Booking, request: Request) -> list[Swap]:
    """Who could come instead of whoever leads, at the same time; the preferred first."""
    still_ahead(work, booking)
    search = searching(work, company, booking, request)
    leads, *others = occupancy.people_of(work, booking.id)
    found = []
    for candidate in search.could_come(booking.starts_at):
        comes = candidate.member.key
        people = (comes, *others)
        if comes not in (leads, *others) and search.keeps(people, booking.starts_at):
            found.append(Swap(people, comes, candidate.why))
    return found


def times(work: Work, company: Company, booking: Booking, request: Request) -> tuple[Search, Window]:
    """What a new time is looked for with, and from when to when."""
    job = job_of(work, company, booking, request)
    return searching(work, company, booking, request), offering.window_of(
        company, job, work.now, _zone(work, company, request)
    )


def best(work: Work, company: Company, booking: Booking, request: Request) -> Slot | None:
    """The time one would propose: the same day as near as can be, else as soon as possible after it, else before."""
    search, window = times(work, company, booking, request)
    there = ZoneInfo(window.zone)
    day = booking.starts_at.astimezone(there).date()
    begins, ends = (datetime.combine(d, time(), there) for d in (day, day + timedelta(days=1)))
    that_day = [
        slot
        for slot in search.slots(max(window.first, begins), min(window.until, ends))
        if slot.start != booking.starts_at
    ]
    if that_day:
        return min(that_day, key=lambda slot: abs(slot.start - booking.starts_at))
    after = next(search.slots(max(window.first, ends), window.until), None)
    return after or next(search.slots(window.first, min(begins, window.until)), None)


def _zone(work: Work, company: Company, request: Request) -> str:
    home = work.session.get(Home, request.home_id) if request.home_id is not None else None
    return home.time_zone if home else company.time_zone
