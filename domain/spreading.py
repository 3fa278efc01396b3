"""Spreading: of all the times that can be kept, the few that one is shown. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.slots import Search, Slot

HOUR = timedelta(hours=1)
NOON = 13  # from then on it is the afternoon


@dataclass(frozen=True)
class Window:
    """From when up to when one may book, and the zone one speaks in."""

    first: datetime
    until: datetime
    zone: str


@dataclass(frozen=True)
class Wanted:
    """Which times one would like to see: any, those of a day, those in the evening, those that suit."""

    day: date | None = None
    evening_from: time | None = None
    suits: Callable[[datetime], bool] | None = None  # asked with the local start
    close: bool = False  # they may lie an hour apart, not only one in each half day


ANY = Wanted()


def few(
    search: Search,
    window: Window,
    count: int,
    *,
    skip: int = 0,
    wanted: Wanted = ANY,
    fits: Callable[[Slot], bool] = lambda _: True,
) -> list[Slot]:
    """A few well spread times: the first of each half day, of a day one an hour; `skip` of them later.

    `fits` has the last word about a time; then the next one takes its place.
    """
    local, found = ZoneInfo(window.zone), list[Slot]()
    seen: set[tuple[date, int]] = set()

    def welcome(start: datetime) -> bool:
        at = start.astimezone(local)
        if wanted.evening_from is not None and at.time() < wanted.evening_from:
            return False
        if wanted.suits is not None and not wanted.suits(at):
            return False
        if wanted.day is not None or wanted.close:
            return not found or start - found[-1].start >= HOUR
        return _half(at) not in seen

    first, until = _bounds(window, wanted, local)
    for slot in search.slots(first, until, welcome):
        if fits(slot):
            found.append(slot)
            seen.add(_half(slot.start.astimezone(local)))
            if len(found) == skip + count:
                break
    return found[skip:]


def days(search: Search, window: Window, count: int, *, skip: int = 0, wanted: Wanted = ANY) -> list[date]:
    """The next days that have a time; `skip` of them later."""
    local, found = ZoneInfo(window.zone), list[date]()

    def welcome(start: datetime) -> bool:
        at = start.astimezone(local)
        early = wanted.evening_from is not None and at.time() < wanted.evening_from
        return not early and (not found or at.date() != found[-1])

    for slot in search.slots(window.first, window.until, welcome):
        found.append(slot.start.astimezone(local).date())
        if len(found) == skip + count:
            break
    return found[skip:]


def _half(at: datetime) -> tuple[date, int]:
    return at.date(), at.hour >= NOON


def _bounds(window: Window, wanted: Wanted, local: ZoneInfo) -> tuple[datetime, datetime]:
    """The part of a window that a day takes."""
    if wanted.day is None:
        return window.first, window.until
    begin = datetime.combine(wanted.day, time(), local)
    end = datetime.combine(wanted.day + timedelta(days=1), time(), local)
    return max(window.first, begin), min(window.until, end)
