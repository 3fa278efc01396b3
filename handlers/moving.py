"""What is said when we cannot come as agreed: the homeowner is asked, or told who comes; the team reads how it went."""

from collections.abc import Iterable

from domain import arranging, calendar, events, moved, occupancy
from domain.appointments import Booking
from domain.calendar import CalendarEntry
from domain.people import Person
from domain.proposed_times import ProposedTime
from domain.requests import Request
from domain.team import Member
from handlers.cards.days import absence_card
from handlers.cards.menu import menu_buttons
from handlers.cards.request import booking_facts, headline, thread, who_is, zone_of
from handlers.conversation import Talk, reach, standing, to
from handlers.homeowner.proposed_time import confirmation, question
from handlers.homeowner.solve import calendar_entry
from handlers.messages import LATE, Channel, Fact, Importance, Message, Outgoing, Teammate
from locales.text import Listing, Moment, t


def swapped(talk: Talk, fact: moved.TechnicianSwapped) -> Iterable[Outgoing]:
    """The homeowner reads who comes now, with a fresh calendar file; so does the team, and whoever it concerns."""
    request, booking = _of(talk, fact)
    now, was = occupancy.people_of(talk.work, booking.id), fact.was
    come, stay_away = ([who_is(talk.company, key) for key in keys] for keys in (now, was))
    facts = booking_facts(talk.work, talk.company, request, booking)
    told = t("team.swapped", now=Listing(tuple(come)), was=Listing(tuple(stay_away)))
    yield Message(to=thread(request), body=(told,), facts=facts)
    for key in sorted({*now, *was} - {fact.by}):
        member = next((m for m in talk.company.team if m.key == key), None)
        if member is not None:
            phrase = t("team.yours_now" if key in now else "team.not_yours_now")
            yield Message(to=Teammate(member.slack), title=headline(request), body=(phrase,), facts=facts[:1])
    yield Message(
        to=reach(talk.work.session.get_one(Person, request.person_id)),
        owed=request.id,
        title=headline(request),
        body=(t("swap.told", name=Listing(tuple(come))),),
        facts=facts,
        media=(calendar_entry(talk, request, booking),),
        buttons=((standing("menu.human", "human.ask"),),),
        sorry_after=talk.work.now + LATE,
        until=booking.starts_at,
        delivery=f"booking:{booking.id}",
    )


def proposed(talk: Talk, fact: moved.TimeProposed) -> Iterable[Outgoing]:
    """He is asked, in one message; the thread sees that he is, and until when his answer is awaited."""
    asked, request = _asked(talk, fact.proposal)
    held = talk.work.session.get_one(Booking, asked.held_id)
    person = talk.work.session.get_one(Person, request.person_id)
    zone = zone_of(talk.work, talk.company, request)
    facts = booking_facts(talk.work, talk.company, request, held)
    chat = to(person)
    if chat is None:
        yield _task(talk, asked, request, "team.time.call")
        return
    until = Moment(asked.answer_by, zone, "short")
    yield Message(to=thread(request), body=(t("team.time.asked", name=person.name, until=until),), facts=facts)
    yield question(talk, chat, asked, request)


def agreed(talk: Talk, fact: moved.TimeAgreed) -> Iterable[Outgoing]:
    """What he said yes to on the phone he gets in writing; what he pressed himself is answered there."""
    if fact.by is None:
        return
    asked, request = _asked(talk, fact.proposal)
    chat = to(talk.work.session.get_one(Person, request.person_id))
    if chat is not None:
        yield question(talk, chat, asked, request)
        yield confirmation(talk, chat, asked, request)


def not_agreed(talk: Talk, fact: moved.TimeNotAgreed) -> Iterable[Outgoing]:
    """Somebody has to call him: the old time still stands."""
    asked, request = _asked(talk, fact.proposal)
    yield _task(talk, asked, request, "team.time.no_answer")


def withdrawn(talk: Talk, fact: moved.TimeWithdrawn) -> Iterable[Outgoing]:
    """The question needs no answer any more, and has no buttons."""
    asked, request = _asked(talk, fact.proposal)
    chat = to(talk.work.session.get_one(Person, request.person_id))
    if chat is not None:
        yield question(talk, chat, asked, request)


def stands(talk: Talk, fact: moved.TimeStands) -> Iterable[Outgoing]:
    """We come as agreed after all: he reads it, and so does the team; whom we cannot write to is called."""
    asked, request = _asked(talk, fact.proposal)
    booking = talk.work.session.get_one(Booking, asked.booking_id)
    person = talk.work.session.get_one(Person, request.person_id)
    facts = booking_facts(talk.work, talk.company, request, booking)
    yield Message(to=thread(request), body=(t("team.time.stands", name=person.name),), facts=facts[:1])
    yield Message(
        to=reach(person),
        owed=request.id,
        title=headline(request),
        body=(t("time.stands"),),
        facts=facts,
        buttons=menu_buttons(),
        sorry_after=talk.work.now + LATE,
        until=booking.starts_at,
    )


def _task(talk: Talk, asked: ProposedTime, request: Request, key: str) -> Message:
    person = talk.work.session.get_one(Person, request.person_id)
    zone = zone_of(talk.work, talk.company, request)
    old, new = (talk.work.session.get_one(Booking, number) for number in (asked.booking_id, asked.held_id))
    facts = (
        Fact(t("time.old"), Moment(old.starts_at, zone)),
        Fact(t("time.new"), Moment(new.starts_at, zone)),
        Fact(t("booking.with"), who_is(talk.company, new.technician)),
    )
    called = standing("team.time.agreed", "dispatch.agreed", proposal=asked.id)
    return Message(
        to=thread(request),
        title=headline(request),
        body=(t(key, name=person.name, phone=person.phone or "–"),),
        facts=facts,
        buttons=((called, standing("team.move", "team.move", request=request.id)),),
        alert=True,
        importance=Importance.CRITICAL,
    )


def nothing_found(talk: Talk, fact: moved.NoTimeFound) -> Iterable[Outgoing]:
    """We found nothing to propose: somebody has to."""
    request, booking = _of(talk, fact)
    person = talk.work.session.get_one(Person, request.person_id)
    yield Message(
        to=thread(request),
        title=headline(request),
        body=(t("team.time.nothing", name=person.name, phone=person.phone or "–"),),
        facts=booking_facts(talk.work, talk.company, request, booking)[:2],
        buttons=((standing("team.move", "team.move", request=request.id),),),
        alert=True,
    )


def away_then(talk: Talk, fact: events.Booked) -> Iterable[Outgoing]:
    """An appointment was confirmed after its day was closed, or somebody was away: it was being paid just then."""
    request, booking = _of(talk, fact)
    people = occupancy.people_of(talk.work, booking.id)
    key = calendar.who_is_away(talk.work, people, booking.starts_at, booking.ends_at)
    if key is not None:
        yield Message(
            to=thread(request),
            body=(t("team.away_then", name=who_is(talk.company, key)),),
            buttons=((standing("team.move", "team.move", request=request.id),),),
            alert=True,
        )


def entered(talk: Talk, fact: moved.CalendarEntered) -> Iterable[Outgoing]:
    """What lies in an absence is told to the dispatchers, in the channel for requests."""
    entry = talk.work.session.get_one(CalendarEntry, fact.entry)
    if arranging.affected(talk.work, entry):
        yield absence_card(talk, entry, Channel(talk.company.channels.requests))


def taken_back(talk: Talk, fact: moved.CalendarTakenBack) -> Iterable[Outgoing]:
    """The dispatchers' list of what lay in it asks for nothing any more."""
    entry = talk.work.session.get_one(CalendarEntry, fact.entry)
    if arranging.affected(talk.work, entry):
        yield absence_card(talk, entry, Channel(talk.company.channels.requests))


def unreachable(talk: Talk, fact: moved.OutsideUnreachable) -> Iterable[Outgoing]:
    """One line for the team: what his other calendar said last still holds."""
    yield calendar_trouble(talk.company.channels.trouble or talk.company.channels.requests, talk.company.team, fact)


def calendar_trouble(channel: str, team: Iterable[Member], fact: moved.OutsideUnreachable) -> Message:
    """The line itself: also said where no inbound brought it about."""
    name = next((m.name for m in team if m.key == fact.technician), fact.technician)
    return Message(to=Channel(channel), body=(t("trouble.outside", name=name, why=fact.problem),))


def _of(talk: Talk, fact: events.OfBooking) -> tuple[Request, Booking]:
    session = talk.work.session
    return session.get_one(Request, fact.request), session.get_one(Booking, fact.booking)


def _asked(talk: Talk, number: int) -> tuple[ProposedTime, Request]:
    asked = talk.work.session.get_one(ProposedTime, number)
    return asked, talk.work.session.get_one(Request, asked.request_id)
