"""Digests: what managers read of the last week and the last month, each once, on the company's wall clock."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from domain import summaries_today
from domain.company import Company
from domain.work import Work
from scheduling import timers
from scheduling.daytime import at_local

DIGEST = "digest"  # the week, or the month, that is over
WRONG = "wrong"  # something is wrong today
SUBJECT = "company"

MORNING = time(9)
AHEAD = 8  # days


def plan(work: Work, company: Company) -> None:
    """Set the timers of the coming days; one whose moment is over is not set any more."""
    planned = set()
    today = work.now.astimezone(ZoneInfo(company.time_zone)).date()
    for day in (today + timedelta(days=n) for n in range(AHEAD)):
        due = at_local(day, MORNING, company.time_zone)
        for occurrence in occurrences(day):
            planned.add(occurrence)
            if due > work.now:
                timers.put(work, DIGEST, SUBJECT, occurrence, due)
    timers.keep(work, SUBJECT, planned, DIGEST)


def occurrences(day: date) -> Iterator[str]:
    """What is told on that day: on Mondays of the week, on the first of the month."""
    if day.weekday() == 0:
        yield f"week {day.isoformat()}"
    if day.day == 1:
        yield f"month {day.isoformat()}"


def look(work: Work, company: Company) -> None:
    """Something happened that may be the last straw: once a day somebody is told."""
    if summaries_today.today(work, company).wrong:
        timers.put(work, WRONG, SUBJECT, company.today(work.now).isoformat(), work.now)
