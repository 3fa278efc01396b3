"""Agenda: who is where when, for the day's screens and the calendars. One query for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from domain import calendar, occupancy
from domain.appointments import Booking, BookingState
from domain.calendar import CalendarEntry
from domain.company import Company
from domain.homes import Home
from domain.occupancy import Attendance
from domain.people import Person
from domain.reach import Appointment
from domain.requests import Request
from domain.rota import DAY, Span, bits, cell, moment, runs, working
from domain.team import Member
from domain.work import Work

SHOWN = (BookingState.PAYING, BookingState.BOOKED, BookingState.ON_THE_WAY, BookingState.DONE)


@dataclass(frozen=True)
class Visit:
    """An appointment in somebody's day."""

    booking: Booking
    request: Request
    person: Person
    home: Home | None
    road: int | None = None  # minutes from where he was before; none: from afar, or nobody knows


@dataclass(frozen=True)
class Workday:
    """Somebody's day: when he works, what is in it, and what is still free."""

    member: Member
    zone: str
    day: date
    works: tuple[Span, ...]
    visits: tuple[Visit, ...]
    entered: tuple[CalendarEntry, ...]
    elsewhere: tuple[Span, ...]  # what his other calendar says
    free: tuple[Span, ...]


def visits(work: Work, technician: str, first: datetime, until: datetime) -> list[Visit]:
    """Somebody's appointments that touch a stretch of time, in order."""
    asked = (
        select(Booking, Request, Person, Home)
        .join(Attendance, Attendance.booking_id == Booking.id)
        .join(Request, Request.id == Booking.request_id)
        .join(Person, Person.id == Request.person_id)
        .outerjoin(Home, Home.id == Request.home_id)
        .where(
            Attendance.technician == technician, Booking.state.in_(SHOWN), Booking.ends_at > first,
            Booking.starts_at < until,
        )
    )  # fmt: skip
    return [Visit(*row) for row in work.session.execute(asked.order_by(Booking.starts_at, Booking.id))]


def workday(work: Work, company: Company, member: Member, day: date) -> Workday:
    """Somebody's day, on the clock of his own wall."""
    zone = member.time_zone or company.time_zone
    there = ZoneInfo(zone)
    begins, ends = (datetime.combine(d, time(), there) for d in (day, day + timedelta(days=1)))
    edges = Span(cell(begins), cell(ends))
    block = Span(edges.first // DAY * DAY, -(-edges.until // DAY) * DAY)
    mask = working(company, member, block, calendar.entries(work, begins)) & bits((edges,), block)
    taken = [a for a in occupancy.diaries(work)(edges).get(member.key, ()) if a.until > edges.first]
    free = mask & ~bits(((a.first, a.until) for a in taken), block)
    own = visits(work, member.key, begins, ends)
    return Workday(
        member=member,
        zone=zone,
        day=day,
        works=tuple(runs(mask, block.first)),
        visits=tuple(with_roads(company, member, own)),
        entered=tuple(calendar.between(work, member.key, begins, ends)),
        elsewhere=_elsewhere(taken, edges),
        free=tuple(runs(free, block.first)),
    )


def _elsewhere(taken: Sequence[Appointment], edges: Span) -> tuple[Span, ...]:
    return tuple(Span(max(a.first, edges.first), min(a.until, edges.until)) for a in taken if not a.ours)


def with_roads(company: Company, member: Member, own: Sequence[Visit]) -> list[Visit]:
    """The same visits with the minutes on the road before each: from his base, then from one to the next."""
    at = member.base.place if member.base else None
    found = []
    for visit in own:
        home = visit.home if visit.booking.help == "visit" else None
        place = occupancy.place_of(home) if home else None
        road = company.roads.minutes(at, place) if at is not None and place is not None else None
        found.append(Visit(visit.booking, visit.request, visit.person, visit.home, road))
        at = place or at
    return found


def stretch(span: Span) -> tuple[datetime, datetime]:
    """From when to when some quarters are."""
    return moment(span.first), moment(span.until)
