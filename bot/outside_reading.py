"""Reads somebody's other calendar: when he is busy, and nothing else. Repeated events are told by a library."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar

from domain.rota import Span, cell, next_cell

OURS = "@aftercare"  # our own entries, should he have them there as well
MOST = 20_000  # events of a calendar
TOO_OFTEN = {"SECONDLY", "MINUTELY"}  # nobody's appointments: it would only keep us busy
FREE = {"FREE", "WORKINGELSEWHERE"}


class NoCalendar(ValueError):  # noqa: N818 (an outcome)
    """What stands there is no calendar."""


def busy(content: bytes, zone: str, first: datetime, until: datetime) -> list[Span]:
    """The quarters in which a calendar says that he is busy. Days and floating times are those of his zone.

    Raises NoCalendar.
    """
    there = ZoneInfo(zone)
    try:
        calendar = _sound(Calendar.from_ical(content))
        found = recurring_ical_events.of(calendar, skip_bad_series=True).between(
            first.astimezone(there), until.astimezone(there)
        )
        return [span for event in found if _takes_time(event) and (span := _span(event, there))]
    except Exception as unreadable:  # whatever stands in a file of somebody else's
        raise NoCalendar(type(unreadable).__name__) from unreadable


def _sound(calendar: Any) -> Any:
    """Without what repeats senselessly often; a file of so many events is no one's calendar."""
    events = calendar.walk("VEVENT")
    if len(events) > MOST:
        raise NoCalendar("too many events")
    for event in events:
        rules = event.get("RRULE")
        for rule in rules if isinstance(rules, list) else [rules] if rules else []:
            if TOO_OFTEN & {str(f).upper() for f in rule.get("FREQ", ())}:
                calendar.subcomponents.remove(event)
                break
    return calendar


def _takes_time(event: Any) -> bool:
    return not (
        str(event.get("STATUS", "")).upper() == "CANCELLED"
        or str(event.get("TRANSP", "")).upper() == "TRANSPARENT"
        or str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper() in FREE
        or str(event.get("UID", "")).endswith(OURS)
    )


def _span(event: Any, there: ZoneInfo) -> Span | None:
    start, end = (event[name].dt if name in event else None for name in ("DTSTART", "DTEND"))
    if start is None:
        return None
    if end is None:
        end = start + timedelta(days=1) if not isinstance(start, datetime) else start
    begins, ends = _moments((start, end), there)
    return Span(cell(begins), next_cell(ends)) if ends > begins else None


def _moments(edges: Iterable[date], there: ZoneInfo) -> list[datetime]:
    found = []
    for at in edges:
        if not isinstance(at, datetime):
            at = datetime.combine(at, time())
        found.append((at.replace(tzinfo=there) if at.tzinfo is None else at).astimezone(UTC))
    return found
