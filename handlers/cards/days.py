"""Days as the team reads them: what is entered, which visits lie in it, hours, and why somebody would come."""

from datetime import time, timedelta
from zoneinfo import ZoneInfo

from domain import arranging, calendar
from domain.appointments import Booking
from domain.calendar import CalendarEntry
from domain.choosing import Why
from domain.company import Company
from domain.homes import Home
from domain.people import Person
from domain.requests import Request
from domain.work import Work
from handlers.cards.request import headline, who_is, zone_of
from handlers.conversation import Talk, standing
from handlers.messages import Channel, Fact, Message, Teammate
from locales.text import Day, Listing, Minutes, Moment, Text, Value, t

MOST = 20  # lines of a list


def zone_for(company: Company, technician: str | None) -> str:
    """The zone somebody's days are meant in."""
    member = next((m for m in company.team if m.key == technician), None)
    return (member.time_zone if member else None) or company.time_zone


def whose(company: Company, entry: CalendarEntry) -> Value:
    """Whom an entry is about."""
    return t("calendar.everybody") if entry.technician is None else who_is(company, entry.technician)


def spoken(company: Company, entry: CalendarEntry) -> Value:
    """From when to when an entry is; whole days as days."""
    zone = zone_for(company, entry.technician)
    start, end = (at.astimezone(ZoneInfo(zone)) for at in (entry.starts_at, entry.ends_at))
    if start.time() == end.time() == time():
        first, last = start.date(), end.date() - timedelta(days=1)
        return Day(first) if first == last else t("calendar.span", start=Day(first), end=Day(last))
    return t("calendar.span", start=Moment(entry.starts_at, zone, "short"), end=Moment(entry.ends_at, zone, "short"))


def entry_fact(company: Company, entry: CalendarEntry, *, reason: bool) -> Fact:
    """One line of what is entered; its reason only for whoever may know it."""
    label = t("calendar.line", kind=t(f"calendar.kind.{entry.kind}"), who=whose(company, entry))
    when = spoken(company, entry)
    return Fact(label, t("calendar.because", when=when, reason=entry.reason) if reason and entry.reason else when)


def visit_fact(work: Work, company: Company, booking: Booking) -> Fact:
    """One appointment in a list: when, which, whose, where."""
    request = work.session.get_one(Request, booking.request_id)
    person = work.session.get_one(Person, request.person_id)
    home = work.session.get(Home, request.home_id) if request.home_id is not None else None
    zone = zone_of(work, company, request)
    place = t("team.place", home=home.name, city=home.city) if home else t("team.stranger")
    what = t("day.line", about=headline(request), name=person.name, place=place)
    return Fact(Moment(booking.starts_at, zone, "short"), what)


def absence_card(talk: Talk, entry: CalendarEntry, to: Channel | Teammate, done: tuple[Text, ...] = ()) -> Message:
    """Which appointments lie in an absence, with one button for all of them; `done`: what became of it."""
    found = arranging.affected(talk.work, entry) if entry.removed_at is None else []
    lines = [visit_fact(talk.work, talk.company, booking) for booking in found[:MOST]]
    many = len(found)
    return Message(
        to=to,
        title=t("absence.title", who=whose(talk.company, entry)),
        body=(
            t("absence.when", kind=t(f"calendar.kind.{entry.kind}"), when=spoken(talk.company, entry)),
            *done,
            *_visits(talk.company, entry, many, told=bool(done)),
        ),
        facts=tuple(lines),
        buttons=((standing("absence.propose", "dispatch.all", entry=entry.id),),) if many else (),
        about=f"calendar:{entry.id}" if isinstance(to, Channel) else None,
    )


def _visits(company: Company, entry: CalendarEntry, many: int, *, told: bool) -> tuple[Text, ...]:
    """How many lie in it; that none does is no news after what became of them."""
    if entry.removed_by is not None:
        return (t("absence.taken_back", name=who_is(company, entry.removed_by)),)
    if many:
        return (t("absence.visits", many),)
    return () if told else (t("absence.none"),)


def reasons(why: Why) -> Value:
    """What speaks for somebody, shortly."""
    said: list[Value] = [t("why.road", time=Minutes(why.road))]
    if why.knows:
        said.append(t("why.knows"))
    if why.load:
        said.append(t("why.load", time=Minutes(why.load)))
    return Listing(tuple(said), "plain")


def may_see(talk: Talk, entry: CalendarEntry) -> bool:
    """Why somebody is away is his own business, and that of those who arrange the days."""
    return calendar.arranges(talk.staff) or entry.technician == talk.staff.key
