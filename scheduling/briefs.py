"""Briefs: one at the start of every technician's working day, one at its end. Each once a day, in his own zone."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain import calendar
from domain.company import Company
from domain.rota import DAY, Entries, Span, cell, moment, runs, working
from domain.team import Member
from domain.work import Work
from scheduling import timers

MORNING = "brief"  # what his day brings
EVENING = "evening"  # what is still open when it ends

AHEAD = 8  # days


def plan(work: Work, company: Company, technician: str | None = None) -> None:
    """Set the timers of the coming days, for one technician or all; what was entered meanwhile moves them.

    A day that has begun already is not planned any more: nobody gets his morning at noon.
    """
    entered = calendar.entries(work)
    for member in company.team:
        if "technician" in member.roles and technician in (None, member.key):
            _plan(work, company, member, entered)


def _plan(work: Work, company: Company, member: Member, entered: Entries) -> None:
    subject = f"member:{member.key}"
    planned: set[str] = set()
    for day, start, end in shifts(company, member, work.now, entered):
        if start > work.now:
            timers.put(work, MORNING, subject, day.isoformat(), start)
            timers.put(work, EVENING, subject, day.isoformat(), end)
        elif end > work.now:
            timers.move(work, EVENING, subject, day.isoformat(), end)
        planned.add(day.isoformat())
    timers.keep(work, subject, planned, MORNING, EVENING)


def shifts(
    company: Company, member: Member, since: datetime, entered: Entries
) -> Iterator[tuple[date, datetime, datetime]]:
    """His working days from yesterday on (a night ends today): the date on his wall, when he begins and ends."""
    there = ZoneInfo(member.time_zone or company.time_zone)
    today = since.astimezone(there).date()
    first, last = (datetime.combine(today + timedelta(days=n), time(), there) for n in (-1, AHEAD + 1))
    block = Span(cell(first) // DAY * DAY, -(-cell(last) // DAY) * DAY)
    days: dict[date, list[Span]] = {}
    for span in runs(working(company, member, block, entered), block.first):
        days.setdefault(moment(span.first).astimezone(there).date(), []).append(span)
    for day, spans in days.items():
        if today - timedelta(days=1) <= day < today + timedelta(days=AHEAD):
            yield day, moment(spans[0].first), moment(spans[-1].until)
