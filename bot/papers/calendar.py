"""A calendar file (RFC 5545): UID and SEQUENCE let a later file move or cancel the same entry."""

from datetime import datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone

from handlers.messages import Document
from locales.phrasebook import say
from locales.text import Moment


def draw(document: Document, language: str) -> bytes:
    """One appointment, with the zone it is in."""
    values = document.values
    cancelled = bool(values["cancelled"])
    entry = Event()
    entry.add("uid", str(values["uid"]))
    entry.add("sequence", values["sequence"])
    entry.add("dtstamp", _local(values["stamp"]))
    entry.add("dtstart", _local(values["start"]))
    entry.add("dtend", _local(values["end"]))
    entry.add("summary", say(values["summary"], language))
    entry.add("description", say(values["about"], language))
    entry.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//Aftercare//Aftercare//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "PUBLISH")
    start = values["start"]
    if isinstance(start, Moment):
        calendar.add_component(Timezone.from_tzinfo(ZoneInfo(start.zone)))
    calendar.add_component(entry)
    drawn: bytes = calendar.to_ical()
    return drawn


def _local(moment: object) -> datetime:
    if not isinstance(moment, Moment):
        raise TypeError("a calendar entry needs moments")
    return moment.at.astimezone(ZoneInfo(moment.zone))
