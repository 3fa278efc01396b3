"""When somebody can be called: half days in which we work and he is awake. Pure."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from domain.worktime import Worktime

NOON = time(13)  # what begins before it is a morning
NOTICE = timedelta(hours=1)  # nobody sits beside the telephone
LEAST = timedelta(hours=1)  # shorter than that it is no window
AHEAD = timedelta(days=14)
HALF_HOUR = timedelta(minutes=30)


class Window(NamedTuple):
    """From when until when."""

    begins: datetime
    until: datetime


def windows(
    working: Worktime, zone: str, theirs: str, awake: tuple[time, time], now: datetime, most: int = 3
) -> list[Window]:
    """The next half days of the company (in `zone`) in which somebody in the zone `theirs` may be called."""
    found: dict[tuple[object, bool], Window] = {}
    there = ZoneInfo(zone)
    for begun, until in working.open(now + NOTICE, now + AHEAD):
        for half in _halves(begun, until, there):
            for window in _awake(half, theirs, awake):
                local = half.begins.astimezone(there)
                key = (local.date(), local.time() < NOON)
                known = found.get(key, window)
                found[key] = Window(min(known.begins, window.begins), max(known.until, window.until))
    rounded = (Window(_up(window.begins), window.until) for window in found.values())
    return sorted(window for window in rounded if window.until - window.begins >= LEAST)[:most]


def _halves(begun: datetime, until: datetime, there: ZoneInfo) -> Iterator[Window]:
    """A stretch, cut wherever it is noon."""
    day = begun.astimezone(there).date()
    while begun < until:
        noon = datetime.combine(day, NOON, there).astimezone(UTC)
        night = datetime.combine(day + timedelta(days=1), time(), there).astimezone(UTC)
        for cut in (noon, night):
            if begun < min(cut, until):
                yield Window(begun, min(cut, until))
                begun = min(cut, until)
        day += timedelta(days=1)


def _awake(window: Window, theirs: str, awake: tuple[time, time]) -> Iterable[Window]:
    """The parts of it that lie in his daytime."""
    there = ZoneInfo(theirs)
    first, last = window.begins.astimezone(there).date(), window.until.astimezone(there).date()
    for day in {first, last}:
        rises, sleeps = (datetime.combine(day, clock, there).astimezone(UTC) for clock in awake)
        begins, until = max(window.begins, rises), min(window.until, sleeps)
        if begins < until:
            yield Window(begins, until)


def _up(at: datetime) -> datetime:
    """The next half hour."""
    past = (at - datetime.min.replace(tzinfo=UTC)) % HALF_HOUR
    return at + (HALF_HOUR - past) % HALF_HOUR
