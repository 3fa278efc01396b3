"""Hours as people name them: clock times, parts of the day, and spans between them."""

from datetime import time
from typing import Any

import msgspec

from handlers.understanding.when_rules import Atom, Found, Grammar, Made

HALF_DAY, DAY = 12 * 60, 24 * 60
NOON = 12 * 60
EARLY = 8  # up to here an hour without more is one of the afternoon
Span = tuple[int, int]  # minutes of the day
PARTS: dict[str, Span] = {
    name: (first * 60, last * 60)
    for name, first, last in (
        ("early_morning", 6, 9),
        ("morning", 6, 12),
        ("late_morning", 10, 12),
        ("noon", 12, 14),
        ("early_afternoon", 12, 15),
        ("afternoon", 12, 18),
        ("late_afternoon", 16, 18),
        ("evening", 18, 22),
        ("night", 22, 24),
        ("day_end", 16, 20),
        ("after_work", 17, 24),
        ("after_lunch", 14, 18),
        ("all_day", 0, 24),
        ("before_lunch", 0, 12),
    )
}


class Clock(msgspec.Struct, frozen=True):
    """A time of day in minutes; sure: no half of the day is left open."""

    at: int
    sure: bool

    def readings(self) -> list[int]:
        """What it means unless something else is said, then the other half of the day."""
        if self.sure:
            return [self.at]
        other = (self.at + HALF_DAY) % DAY
        return [other, self.at] if self.at < EARLY * 60 else [self.at, other]


class Hours(msgspec.Struct, frozen=True):
    """Some hours of a day: the likely reading first."""

    spans: tuple[Span, ...]
    exact: bool = False  # from a clock, not a part of the day
    also: "Hours | None" = None  # or these: at ten or eleven

    def within(self, other: "Hours") -> "Hours | None":
        """Both at once, None where nothing is left."""
        pairs = [(one, two) for one in self.spans for two in other.spans if max(one[0], two[0]) < min(one[1], two[1])]
        if not pairs:
            return None
        # Tonight from eight: of two readings the one that begins within the other hours.
        told, part = (0, 1) if self.exact else (1, 0)
        begun = (pair for pair in pairs if pair[part][0] <= pair[told][0] < pair[part][1])
        one, two = next(begun, pairs[0])
        also = other.also.within(self) if other.also else self.also
        return Hours(((max(one[0], two[0]), min(one[1], two[1])),), self.exact or other.exact, also)


def as_time(minutes: int) -> time | None:
    """Minutes of the day as a time; None is the end of the day."""
    return None if minutes >= DAY else time(minutes // 60, minutes % 60)


def clock(atom: Atom) -> Clock | None:
    """What an atom says as a clock time."""
    if atom.kind == "time":
        return atom.value  # type: ignore[no-any-return]
    if atom.kind in ("noon", "midnight"):
        return Clock(NOON if atom.kind == "noon" else DAY, True)
    hour = int(atom.value)
    sure = hour > 12 or str(atom.value).startswith("0")
    return Clock(hour * 60, sure) if hour <= 24 else None


def _time(hour: Any, minute: Any = 0) -> Made:
    found = int(hour) * 60 + int(minute)
    return ("time", Clock(found, int(hour) > 12 or str(hour).startswith("0"))) if found <= DAY else None


def _digital(found: Found, _: Any) -> Made:
    hour, minute = (atom.value for atom in found.every("digits"))
    return _time(hour, minute) if len(minute) == 2 and int(minute) < 60 and len(hour) <= 2 else None


def _with_h(found: Found, _: Any) -> Made:
    numbers = [int(atom.value) for atom in found.every("digits", "number")]
    hour, minute = (*numbers, 0)[:2]
    first = found.every("digits", "number")[0].value
    return _time(first, minute) if hour <= 24 and minute < 60 else None


def _past(found: Found, _: Any) -> Made:
    """Half past two, las dos y media, quatre heures moins le quart."""
    hours = [atom for atom in found.atoms if atom.kind in ("digits", "number", "noon", "midnight")]
    at = clock(hours[0])
    if at is None:
        return None
    if len(hours) > 1:
        minutes = int(hours[1].value)
        if minutes >= 60:
            return None
    else:
        minutes = 30 if found.has("half") else 15
    minutes = -minutes if found.has("minus", "to_hour", "a") else minutes
    return "time", Clock((at.at + minutes) % DAY, at.sure)


def _halved(found: Found, _: Any) -> Made:
    """A time with the half of the day it is in."""
    atom = next(one for one in found.atoms if one.kind in ("time", "digits", "number"))
    at = clock(atom)
    if at is None or at.at > 13 * 60 - 1:
        return ("time", at) if at and found.has("part") else None
    hour = at.at % HALF_DAY
    part = found.one("part")
    if part is None:
        return "time", Clock(hour if found.has("am") else hour + HALF_DAY, True)
    morning = PARTS[part][1] <= NOON
    return "time", Clock(at.at if morning else hour + HALF_DAY, True)


def _sure_hour(found: Found, _: Any) -> Made:
    at = clock(next(one for one in found.atoms if one.kind in ("time", "digits", "number")))
    return ("time", at) if at else None


def _nothing(_: Found, __: Any) -> Made:
    return "thing", None


TIMES = Grammar(
    (
        ("digits.dot_in.digits.dot_in.digits.(dot_in.digits)+", _nothing),
        ("digits.colon_in.digits.h?", _digital),
        ("digits.dot_in.digits(?!dot_in|thing|unit)", _digital),
        ("half.past_hour?.N", _past),
        ("quarter.(past_hour|a|to_hour|minus).N", _past),
        ("(N|noon).h?.minus.(the|the_day|number)?.quarter", _past),
        ("(N|noon).h?.minus.N", _past),
        ("(N|noon).h?.(and.the?)?.(half|quarter)", _past),
        ("h.N(?!thing|unit)", _with_h),
        ("N.h.(digits(?!thing|unit|slash))?", _with_h),
        ("(?<=at)N.h?.and.number(?!h|month|of)", _past),
    )
)
HALVES = Grammar(
    (
        ("(time|N).(am|pm)", _halved),
        ("(time|(?<=at|the_hour)N).h?.SMALL{0,2}.part", _halved),
        ("digits.in_.the_day.part", _halved),
        ("N.oclock", _sure_hour),
        ("ore.N(?!thing|unit)", _sure_hour),
        ("(?<=at|the_hour)N.ore", _sure_hour),
    )
)


def cut_after(at: int, edge: str) -> Span | None:
    """The hours on one side of a time, or around it."""
    spans = {
        "at": (at, at + 60),
        "around": (at - 60, at + 60),
        "after": (at, DAY),
        "from": (at, DAY),
        "before": (0, at),
        "by": (0, at),
        "until": (0, at),
    }
    since, until = spans[edge]
    since, until = max(since, 0), min(until, DAY)
    return (since, until) if since < until else None


def hours_at(at: Clock, edge: str) -> Hours | None:
    """A time with the small word before it."""
    spans = [span for one in at.readings() if (span := cut_after(one, edge))]
    return Hours(tuple(spans), True) if spans else None


def hours_between(begin: Clock, end: Clock) -> Hours | None:
    """From one time to another: of the readings, the one in which they follow each other."""
    for since in begin.readings() if not (end.sure and end.at == NOON) else [begin.at]:
        later = [until for until in sorted({end.at, *end.readings()}) if until > since]
        if later:
            likely = (since, later[0])
            other = ((since - HALF_DAY) % DAY, (later[0] - HALF_DAY) % DAY)
            unsure = not begin.sure and not end.sure and other[0] < other[1]
            return Hours((likely, other) if unsure else (likely,), True)
    return None
