"""A small company for the tests of slots: who works from when to when, and what is asked for. All of it in UTC."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

from domain.areas import Area
from domain.company import Company
from domain.declared import WEEKDAYS, Shift
from domain.need import Need
from domain.roads import Place, Roads
from domain.slots import Search
from domain.team import BookingRules, Member
from tests.domain.ground import SAMPLE
from tests.domain.slot_oracle import Visit
from tests.domain.slot_worlds import diaries_of

DAY = datetime(2026, 3, 3, tzinfo=UTC)  # a Tuesday
BEFORE = DAY - timedelta(days=1)
ROADS = Roads(otherwise=30)


def at(hour: float, day: int = 0) -> datetime:
    """An hour of that Tuesday, or so many days later."""
    return DAY + timedelta(days=day, hours=hour)


def shift(begin: float = 8, end: float = 18, **more: Any) -> Shift:
    """The same hours every day; 24 is midnight."""
    edges = (time(int(hour) % 24, round(hour % 1 * 60)) for hour in (begin, end))
    return Shift(**{"days": WEEKDAYS, "start": next(edges), "end": next(edges), "holidays": "also", **more})


def somebody(key: str = "ana", *shifts: Shift, **more: Any) -> Member:
    """A technician for lighting, from eight to six unless more is said."""
    usual = {"name": key.title(), "slack": f"U{key.upper()}", "roles": ("technician",), "skills": (Area.LIGHTING,)}
    return Member(key=key, shifts=shifts or (shift(),), **{**usual, **more})


def company(*team: Member, roads: Roads = ROADS, **changes: Any) -> Company:
    """The sample with this team, always open."""
    usual = {"team": team, "roads": roads, "closing_days": (), "time_zone": "UTC", "booking": BookingRules(prefer=())}
    return SAMPLE.model_copy(update={**usual, **changes})


def need(minutes: int = 60, place: Place | None = None, **more: Any) -> Need:
    """Something to do about lighting."""
    return Need(area=Area.LIGHTING, minutes=minutes, place=place, **more)


def visit(who: str, begin: float, end: float, place: Place | None = None, **more: Any) -> Visit:
    """Something in somebody's diary."""
    return Visit(who, at(begin), at(end), place, **more)


def searching(given: Company, wish: Need, *visits: Visit, now: datetime = BEFORE, **more: Any) -> Search:
    """A search on the day before."""
    return Search(given, wish, now, diaries_of(visits), **more)


def offered(search: Search, begin: float = 0, end: float = 24) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The starts between two hours, and who comes."""
    for slot in search.slots(at(begin), at(end)):
        yield f"{slot.start:%H:%M}", slot.people


def starts(search: Search, begin: float = 0, end: float = 24) -> list[str]:
    """The starts between two hours."""
    return [start for start, _ in offered(search, begin, end)]
