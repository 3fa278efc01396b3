"""The card of a request: the homeowner's, and the team's. Edited in place, always current."""

from datetime import timedelta

import msgspec

from domain import occupancy, storms
from domain.appointments import Booking
from domain.areas import Area, Intent, Urgency
from domain.bookings import appointment_of, quote_of
from domain.company import Company
from domain.homes import Home
from domain.notes import Note
from domain.people import Person
from domain.requests import Request, State
from domain.work import Work
from handlers.cards import clocks
from handlers.cards.lines import amount_or_free
from handlers.conversation import standing, to
from handlers.inbound import File
from handlers.messages import Attached, Button, Channel, Fact, Message, Part, Said
from locales.text import Listing, Minutes, Span, Text, Value, t

LONGEST = 1200  # characters


def about(request: Request) -> str:
    """The identity of a request's card."""
    return f"request:{request.id}"


TO_THE_TEAM = (
    Intent.HUMAN, Intent.CONTRACT, Intent.BILLING, Intent.UPGRADE, Intent.FEEDBACK, Intent.COMPLAINT,
)  # fmt: skip


def excerpt(story: str) -> str:
    """As much of a story as a card can show; the whole of it stays in the record."""
    return story if len(story) <= LONGEST else f"{story[:LONGEST]}…"


def headline(request: Request) -> Text:
    """The request's number and what it is about."""
    if request.intent in TO_THE_TEAM:
        return t(f"request.headline.{request.intent}", number=request.number)
    if request.area is Area.OTHER and request.urgency is Urgency.EMERGENCY:
        return t("request.headline", number=request.number, area=t("urgency.emergency"))
    return t("request.headline", number=request.number, area=t(f"area.{request.area}"))


def zone_of(work: Work, company: Company, request: Request) -> str:
    """The time zone people speak in about a request."""
    home = home_of(work, request)
    return home.time_zone if home else company.time_zone


def home_of(work: Work, request: Request) -> Home | None:
    """The home it is about."""
    return work.session.get(Home, request.home_id) if request.home_id is not None else None


def appointment(work: Work, company: Company, request: Request) -> tuple[Fact, ...]:
    """When who comes (or calls), or came, and for how much: nothing when nothing is booked."""
    booked = appointment_of(work, request)
    return booking_facts(work, company, request, booked) if booked else ()


def appointment_span(work: Work, company: Company, request: Request) -> Span | None:
    """When somebody comes (or calls), as one says it; nothing when nothing is booked."""
    booked = appointment_of(work, request)
    if booked is None:
        return None
    zone = zone_of(work, company, request)
    return Span(*booked.window, zone) if booked.window_minutes else Span(booked.starts_at, booked.ends_at, zone)


def booking_facts(work: Work, company: Company, request: Request, booking: Booking) -> tuple[Fact, ...]:
    """The lines of one booking."""
    zone = zone_of(work, company, request)
    price = amount_or_free(quote_of(work, booking))
    return (
        *_when(booking, zone),
        Fact(t("booking.with"), whoever(work, company, booking)),
        Fact(t("booking.price"), price or t("price.included")),
    )


def _when(booking: Booking, zone: str) -> tuple[Fact, ...]:
    """When it begins and ends; where we arrive within a window, when we arrive and how long it takes at most."""
    label = t(f"help.{booking.help}")
    if not booking.window_minutes:
        return (Fact(label, Span(booking.starts_at, booking.ends_at, zone)),)
    takes = Minutes((booking.ends_at - booking.starts_at) // timedelta(minutes=1))
    return (Fact(label, t("booking.arrival", window=Span(*booking.window, zone))), Fact(t("booking.takes"), takes))


def whoever(work: Work, company: Company, booking: Booking) -> Value:
    """Who comes: everybody, by name."""
    people = occupancy.people_of(work, booking.id) or (booking.technician,)
    names = tuple(who_is(company, key) for key in people)
    return names[0] if len(names) == 1 else Listing(names)


def who_is(company: Company, key: str) -> str:
    """A teammate's name; somebody who left keeps his key."""
    return next((m.name for m in company.team if m.key == key), key)


def for_homeowner(work: Work, company: Company, request: Request) -> Message | None:
    """The homeowner's card; nothing when he cannot be reached."""
    person = work.session.get_one(Person, request.person_id)
    chat = to(person)
    if chat is None:
        return None
    body: list[Part] = [Said(excerpt(request.story))] if request.story else []
    if request.resolution and request.state in (State.RESOLVED, State.CONFIRMED, State.CLOSED):
        body += [t("request.resolution"), Said(request.resolution)]
    if storms.around(work, request) is not None:
        body.append(t("storm.known"))
    facts = [Fact(t("request.status"), t(f"state.{request.state}"))]
    if request.assignee:
        facts.append(Fact(t("request.assignee"), who_is(company, request.assignee)))
    zone = zone_of(work, company, request)
    owed = () if appointment_of(work, request) else clocks.for_homeowner(work, company, request, zone)
    word = clocks.given_word(work, request, zone)
    return Message(
        to=chat,
        title=headline(request),
        body=tuple(body),
        facts=(*facts, *owed, *word, *appointment(work, company, request)),
        buttons=_homeowner_buttons(request),
        about=about(request),
    )


def _homeowner_buttons(request: Request) -> tuple[tuple[Button, ...], ...]:
    if request.state is State.RESOLVED:
        return (
            (
                standing("solved.yes", "solved.yes", request=request.id),
                standing("solved.no", "solved.no", request=request.id),
            ),
        )
    if not request.running:
        again = () if request.home_id is None else (standing("menu.report", "report.start"),)
        return ((*again, standing("menu.home", "menu.home")),)
    book = "request.move" if request.state is State.BOOKED else "request.book"
    first = () if request.intent is not Intent.PROBLEM else (standing(book, "solve.ways", request=request.id),)
    return (
        (*first, standing("request.cancel", "request.cancel", request=request.id)),
        (standing("menu.human", "human.ask"),),
    )


def thread(request: Request) -> Channel:
    """The thread under the team's card."""
    return Channel(request.channel, thread=about(request))


def relayed(request: Request, note: Note) -> Message:
    """The homeowner's words or file, as the team reads them in the thread."""
    file = msgspec.convert(note.file, File) if note.file else None
    said = (Said(note.words),) if note.words else ()
    return Message(
        to=thread(request),
        body=(t("team.wrote" if file is None else f"team.sent.{file.kind}", name=note.author), *said),
        media=(Attached("telegram", file),) if file else (),
        about=f"note:{note.id}",
    )
