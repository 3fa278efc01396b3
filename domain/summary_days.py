"""The days a summary is about: a week, month, quarter or year of the company's calendar, or the last so many. Pure.

A day begins when the company's wall clock shows midnight, whatever the clocks were changed to that night.
"""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import msgspec

DAY = timedelta(days=1)
MONTHS = {"month": 1, "quarter": 3, "year": 12}
BY_WEEK = timedelta(days=125)  # up to so many days are drawn week by week, more of them month by month


class Each(StrEnum):
    """A part of the calendar."""

    WEEK = "week"  # Monday to Sunday
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Days(msgspec.Struct, frozen=True):
    """From a moment until before another one; `each` says which part of the calendar it is, if it is one."""

    since: datetime
    until: datetime
    zone: str
    each: Each | None = None

    @property
    def first(self) -> date:
        """The first day, on the company's calendar."""
        return self.since.astimezone(ZoneInfo(self.zone)).date()

    @property
    def last(self) -> date:
        """The last day."""
        return (self.until - timedelta(microseconds=1)).astimezone(ZoneInfo(self.zone)).date()

    @property
    def count(self) -> int:
        """How many days, rounded: the last thirty reach from a moment to a moment."""
        return round((self.until - self.since) / DAY)

    @property
    def rolling(self) -> bool:
        """From a moment to a moment, and not from midnight to midnight."""
        return self.each is None and self.since != midnight(self.first, self.zone)


def lately(now: datetime, zone: str, days: int = 30) -> Days:
    """The last so many days, up to this moment."""
    return Days(now - days * DAY, now, zone)


def between(first: date, last: date, zone: str) -> Days:
    """From a day to another one, both of them in it."""
    return Days(midnight(first, zone), midnight(last + DAY, zone), zone)


def of(each: Each, day: date, zone: str) -> Days:
    """The week, month, quarter or year a day is in."""
    first = _first(each, day)
    return Days(midnight(first, zone), midnight(_next(each, first), zone), zone, each)


def before(days: Days) -> Days:
    """As much as that, just before it."""
    if days.each is not None:
        return of(days.each, days.first - DAY, days.zone)
    if not days.rolling:
        return between(days.first - days.count * DAY, days.first - DAY, days.zone)
    return Days(days.since - (days.until - days.since), days.since, days.zone)


def parts(days: Days) -> tuple[Days, ...]:
    """Its weeks, or its months when there are many; they follow one another, and the first and last may be shorter."""
    each = Each.WEEK if days.until - days.since <= BY_WEEK else Each.MONTH
    found: list[Days] = []
    at = days.since
    while at < days.until:
        whole = of(each, at.astimezone(ZoneInfo(days.zone)).date(), days.zone)
        until = min(whole.until, days.until)
        found.append(Days(at, until, days.zone, each))
        at = until
    return tuple(found)


def midnight(day: date, zone: str) -> datetime:
    """When a day begins there."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def _first(each: Each, day: date) -> date:
    if each is Each.WEEK:
        return day - day.weekday() * DAY
    months = MONTHS[each]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def _next(each: Each, first: date) -> date:
    if each is Each.WEEK:
        return first + 7 * DAY
    later = first.month - 1 + MONTHS[each]
    return date(first.year + later // 12, later % 12 + 1, 1)
