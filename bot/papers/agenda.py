"""A technician's calendar (RFC 5545), drawn the same every time nothing has changed."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone

from bot.papers.entries import Drawn, Line
from locales.phrasebook import say


def draw(agenda: Drawn, language: str) -> bytes:
    """All its lines, in the zone of whoever reads it."""
    there = ZoneInfo(agenda.zone)
    calendar = Calendar()
    calendar.add("prodid", "-//Aftercare//Aftercare//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", say(agenda.name, language))
    calendar.add("x-wr-timezone", agenda.zone)
    calendar.add("x-published-ttl", "PT15M")
    calendar.add_component(Timezone.from_tzinfo(there))
    for line in agenda.lines:
        calendar.add_component(_event(line, there, language))
    drawn: bytes = calendar.to_ical()
    return drawn


def _event(line: Line, there: ZoneInfo, language: str) -> Event:
    entry = Event()
    entry.add("uid", line.uid)
    entry.add("sequence", line.sequence)
    entry.add("dtstamp", line.stamp.astimezone(UTC).replace(microsecond=0))
    start, end = (at.astimezone(there) for at in (line.start, line.end))
    if _midnight(start) and _midnight(end) and end > start:
        entry.add("dtstart", start.date())  # whole days
        entry.add("dtend", end.date())
    else:
        entry.add("dtstart", start)
        entry.add("dtend", end)
    entry.add("summary", say(line.summary, language))
    if line.location:
        entry.add("location", line.location)
    if line.about:
        entry.add("description", "\n".join(say(part, language) for part in line.about))
    entry.add("status", "CONFIRMED")
    return entry


def _midnight(at: datetime) -> bool:
    return (at.hour, at.minute, at.second) == (0, 0, 0)
