"""Working time: which hours a moment lies in, and how many minutes of each lie ahead. Pure.

Slots, prices and promises share it. A timetable is a list of entries in a zone; the first that fits a local minute
names its hours. Minutes run along the real clock: the day on which an hour comes twice is 25 hours long.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from importlib import import_module
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec
from pydantic import BeforeValidator, Field, model_validator

from domain.declared import WEEKDAYS, Key, Value, Weekday, Words, listed

DAY = 24 * 60
MINUTE = timedelta(minutes=1)
CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)")


class Stretch(msgspec.Struct, frozen=True):
    """So many minutes in a row that lie in the same hours."""

    hours: str
    minutes: int


class Holidays(Value):
    """Public holidays of a country, and of one of its regions (ISO 3166-2 subdivision), from the `holidays` library."""

    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    subdivision: str | None = None
    also: tuple[date, ...] = ()
    never: tuple[date, ...] = ()  # days of the library's list on which we work as usual

    @model_validator(mode="after")
    def _known(self) -> "Holidays":
        try:
            if (self.country, self.subdivision) not in _learnt:
                public(self.country, self.subdivision, 2026)
        except NotImplementedError:
            where = f"{self.country}-{self.subdivision}" if self.subdivision else self.country
            what = f"“{where}” has no holidays we know"
            remedy = "write the ISO code of a country or of one of its regions, or list the days in `also`"
            raise ValueError(f"{what}; {remedy}") from None
        return self

    def on(self, day: date) -> bool:
        """Whether that day is one."""
        return day in self.also or (day not in self.never and day in public(self.country, self.subdivision, day.year))


_learnt: dict[tuple[str, str | None], dict[int, frozenset[date]]] = {}


def learn(country: str, subdivision: str | None, year: int, days: frozenset[date]) -> None:
    """Take over holidays that were looked up elsewhere: the library is not loaded for them."""
    _learnt.setdefault((country, subdivision), {})[year] = days


def public(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    """The public holidays of a year. Raises NotImplementedError for a place the library does not know."""
    known = _learnt.get((country, subdivision), {}).get(year)
    return known if known is not None else _looked_up(country, subdivision, year)


@lru_cache(maxsize=512)
def _looked_up(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    library = import_module("holidays")  # 10 MB: only for a company that names a country
    return frozenset(library.country_holidays(country, subdiv=subdivision, years=year))


def _range(given: object) -> object:
    """Hours as people write them, or the minutes of the day as they are stored."""
    if isinstance(given, str):
        start, _, end = given.replace("–", "-").partition("-")
        found = (_minute(start), _minute(end))
    elif isinstance(given, list | tuple) and len(given) == 2 and all(isinstance(minute, int) for minute in given):
        found = (given[0], given[1])
    else:
        found = (-1, -1)
    begin, finish = found
    if not (0 <= begin < DAY and 0 <= finish <= DAY and begin != finish):
        raise ValueError(
            f"“{given}” are no hours; write them like 08:30-12:00; an end before the start is on the next day"
        )
    return found


def _minute(text: str) -> int:
    """The minute of the day that a clock shows; -1 when it is none."""
    clock = CLOCK.fullmatch(text.strip())
    minute = int(clock[1]) * 60 + int(clock[2]) if clock else -1
    return minute if minute <= DAY else -1


Range = Annotated[tuple[int, int], BeforeValidator(_range)]  # minutes of the day; an end before the start is tomorrow's


class Hours(Value):
    """Some hours of the week: on `days`, within `ranges` (local time), and whether they hold on public holidays."""

    key: Key
    name: Words | None = None
    days: Annotated[tuple[Weekday, ...], BeforeValidator(listed), Field(min_length=1)] = WEEKDAYS
    ranges: Annotated[tuple[Range, ...], BeforeValidator(listed), Field(min_length=1)] = ((0, DAY),)
    holidays: Literal["never", "also", "only"] = "never"

    def begin_on(self, day: date, holiday: bool) -> bool:
        """Whether ranges of this entry begin on that day."""
        if self.holidays == "only" or (holiday and self.holidays == "never"):
            return holiday and self.holidays == "only"
        return WEEKDAYS[day.weekday()] in self.days or (holiday and self.holidays == "also")


class Timetable(Value):
    """Named hours in a zone: the first entry that fits names them, `otherwise` where none does."""

    zone: str
    entries: tuple[Hours, ...] = ()
    otherwise: str = "outside"
    holidays: Holidays | None = None
    closed: tuple[tuple[date, date], ...] = ()  # first and last day on which nothing begins

    @cached_property
    def _local(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @cached_property
    def _drawn(self) -> dict[date, tuple[tuple[int, str], ...]]:
        return {}

    def at(self, moment: datetime) -> str:
        """The hours a moment lies in."""
        # By way of UTC: a time that the clocks skip is the one they show instead.
        local = moment.astimezone(UTC).astimezone(self._local)
        now = local.hour * 60 + local.minute
        found = self.otherwise
        for begin, key in self._day(local.date()):
            if begin > now:
                break
            found = key
        return found

    def split(self, start: datetime, minutes: int) -> tuple[Stretch, ...]:
        """The hours that `minutes` lie in, in order, from the minute of `start` on."""
        first = start.astimezone(UTC).replace(second=0, microsecond=0)
        return tuple(
            Stretch(hours, (end - begin) // MINUTE)
            for hours, begin, end in self.stretches(first, first + timedelta(minutes=minutes))
        )

    def stretches(self, start: datetime, end: datetime) -> Iterator[tuple[str, datetime, datetime]]:
        """The hours between two moments as (hours, from, until), in UTC, in order; neighbours differ."""
        at, hours = start.astimezone(UTC), None
        begun = at
        while at < end:
            now = self.at(at)
            if hours is not None and now != hours:
                yield hours, begun, at
                begun = at
            hours = now
            at = self._next(at)
        if hours is not None:
            yield hours, begun, end.astimezone(UTC)

    def _next(self, at: datetime) -> datetime:
        """The next moment (UTC) at which other hours may begin."""
        at = at.replace(second=0, microsecond=0)
        local = at.astimezone(self._local)
        now, day = local.hour * 60 + local.minute, local.date()
        ahead = next((begin for begin, _ in self._day(day) if begin > now), DAY)
        wall = datetime.combine(day, time(0)) + timedelta(minutes=ahead)
        same = local.utcoffset()
        goal = (wall - (same or timedelta())).replace(tzinfo=UTC)
        if goal.astimezone(self._local).utcoffset() == same:
            return goal
        return self._turn(at, goal)

    def _turn(self, at: datetime, before: datetime) -> datetime:
        """The minute at which the clocks are changed between two moments: the wall's minutes have no rest there."""
        old = at.astimezone(self._local).utcoffset()
        low, high = 0, max((before - at) // MINUTE, 1)
        while high - low > 1:
            middle = (low + high) // 2
            same = (at + middle * MINUTE).astimezone(self._local).utcoffset() == old
            low, high = (middle, high) if same else (low, middle)
        return at + high * MINUTE

    def _day(self, day: date) -> tuple[tuple[int, str], ...]:
        """The (first minute, hours) of a local day, in order; the first begins at 0."""
        drawn = self._drawn.get(day)
        if drawn is None:
            if len(self._drawn) > 4096:
                self._drawn.clear()
            drawn = self._drawn[day] = self._draw(day)
        return drawn

    def _draw(self, day: date) -> tuple[tuple[int, str], ...]:
        covered: list[tuple[int, int, str]] = []
        yesterday = day - timedelta(days=1)
        for entry in self.entries:
            if self._open(entry, day):
                covered += [(a, b if a < b else DAY, entry.key) for a, b in entry.ranges]
            if self._open(entry, yesterday):
                covered += [(0, b, entry.key) for a, b in entry.ranges if b <= a and b > 0]
        edges = sorted({0, *(a for a, _, _ in covered), *(b for _, b, _ in covered if b < DAY)})
        named = [(edge, next((key for a, b, key in covered if a <= edge < b), self.otherwise)) for edge in edges]
        return tuple(pair for number, pair in enumerate(named) if number == 0 or named[number - 1][1] != pair[1])

    def _open(self, entry: Hours, day: date) -> bool:
        """Whether ranges of an entry begin on a day."""
        holiday = self.holidays is not None and self.holidays.on(day)
        return entry.begin_on(day, holiday) and not any(first <= day <= last for first, last in self.closed)
