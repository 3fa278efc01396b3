"""An appointment in somebody's day: when, which, whose, where, how far, and what was said about it."""

from datetime import datetime
from itertools import islice

from msgspec.structs import replace
from sqlalchemy import select

from domain.agenda import Visit
from domain.areas import Help
from domain.notes import Direction, Note
from domain.requests import Request
from domain.work import Work
from handlers.cards.request import headline
from handlers.messages import Fact
from locales.text import Minutes, Moment, Text, Value, t

NOTES = 3
LONGEST = 200  # characters of a note, in a list


def visit_facts(visit: Visit, zone: str) -> list[Fact]:
    """The way there, then when, which, whose, where, and his phone."""
    booking, home = visit.booking, visit.home
    where: Value = t("day.remote")
    if booking.help is Help.VISIT and home is not None:
        where = t("day.address", address=home.address, postcode=home.postcode, city=home.city)
    who = t("day.person", name=visit.person.name, phone=visit.person.phone or "–")
    lines = [Fact(t("day.road"), Minutes(visit.road))] if visit.road else []
    lines.append(Fact(hours(booking.starts_at, booking.ends_at, zone), headline(visit.request)))
    first, latest = booking.window
    if first < latest != booking.ends_at:
        lines.append(Fact(t("day.arrive"), hours(first, latest, zone)))
    lines += [Fact(t("day.where"), where), Fact(t("day.who"), who)]
    return [replace(lines[0], apart=True), *lines[1:]]


def note_facts(work: Work, request: Request) -> list[Fact]:
    """What he wrote first and last, and what the team has noted since."""
    notes = work.session.scalars(select(Note).where(Note.request_id == request.id).order_by(Note.id.desc())).all()
    ours = list(islice((n for n in notes if n.direction is Direction.INTERNAL and n.words), NOTES))
    his = list(islice((n for n in notes if n.direction is Direction.FROM_HOMEOWNER and n.words), 1))
    lines = [Fact(t("brief.story"), shortened(request.story))] if request.story else []
    said = sorted([*ours, *his], key=lambda note: note.id)
    return lines + [Fact(t("brief.note", name=note.author), shortened(note.words)) for note in said]


def shortened(words: str, most: int = LONGEST) -> str:
    """As much of it as a line of a list can show."""
    one = " ".join(words.split())
    return one if len(one) <= most else f"{one[:most].rstrip()}…"


def hours(start: datetime, end: datetime, zone: str) -> Text:
    """From when to when, on one day."""
    return t("day.hours", start=Moment(start, zone, "time"), end=Moment(end, zone, "time"))
