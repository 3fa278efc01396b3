"""What is said when the team does something with a request: in its thread, to whom it concerns, to the homeowner."""

from collections.abc import Iterable

from domain import desk_events, events
from domain.appointments import Booking
from domain.charges import Charge
from domain.money import Money
from domain.notes import Note
from domain.people import Person
from domain.requests import Request
from handlers.cards.request import booking_facts, excerpt, headline, thread, who_is, zone_of
from handlers.conversation import Talk, reach, standing, to
from handlers.messages import LATE, Button, Importance, Message, Outgoing, Said, Teammate
from locales.text import Day, Moment, Text, t


def _request(talk: Talk, fact: events.OfRequest) -> Request:
    return talk.work.session.get_one(Request, fact.request)


def _homeowner(talk: Talk, request: Request, words: Text) -> Iterable[Outgoing]:
    chat = to(talk.work.session.get_one(Person, request.person_id))
    if chat is not None:
        buttons = ((standing("menu.human", "human.ask"),),)
        yield Message(to=chat, title=headline(request), body=(words,), buttons=buttons)


def handed_over(talk: Talk, fact: desk_events.HandedOver) -> Iterable[Outgoing]:
    """The new one reads it in his direct messages, where he sees what it is and can answer."""
    request = _request(talk, fact)
    member = next((m for m in talk.company.team if m.key == fact.to), None)
    told = talk.work.session.get_one(Note, fact.note) if fact.note is not None else None
    if member is not None:
        yield Message(
            to=Teammate(member.slack),
            title=headline(request),
            body=(
                t("hand_over.yours", name=who_is(talk.company, fact.by)),
                *((Said(excerpt(request.story)),) if request.story else ()),
                *((t("note.done", name=told.author), Said(told.words)) if told is not None else ()),
            ),
            buttons=((standing("team.reply", "team.reply", request=request.id),),),
            importance=Importance.CRITICAL,
        )


def area_changed(talk: Talk, fact: desk_events.AreaChanged) -> Iterable[Outgoing]:
    """The thread keeps what it was before."""
    request = _request(talk, fact)
    said = t("sort.done", was=t(f"area.{fact.before}"), now=t(f"area.{fact.after}"))
    yield Message(to=thread(request), body=(said,))


def snoozed(talk: Talk, fact: desk_events.Snoozed) -> Iterable[Outgoing]:
    """The thread says until when it rests."""
    until = Moment(fact.until, talk.company.time_zone)
    yield Message(to=thread(_request(talk, fact)), body=(t("snooze.done", until=until),))


def woken(talk: Talk, fact: desk_events.Woken) -> Iterable[Outgoing]:
    """Whoever has it is told; nobody has it: everybody who is there."""
    request = _request(talk, fact)
    member = next((m for m in talk.company.team if m.key == request.assignee), None)
    yield Message(to=thread(request), body=(t("snooze.over"),), alert=member is None)
    if member is not None:
        yield Message(to=Teammate(member.slack), title=headline(request), body=(t("snooze.over"),))


def part_awaited(talk: Talk, fact: desk_events.PartAwaited) -> Iterable[Outgoing]:
    """Both know what is waited for, and until when."""
    request = _request(talk, fact)
    told = t("part.awaited", part=request.part or "–", day=Day(fact.expected, "short"))
    yield Message(to=thread(request), body=(told,))
    buttons = ((standing("menu.human", "human.ask"),),)
    words = t("part.told", day=Day(fact.expected, "short"))
    person = talk.work.session.get_one(Person, request.person_id)
    yield Message(to=reach(person), title=headline(request), body=(words,), buttons=buttons, owed=request.id)


def not_solved_there(talk: Talk, fact: desk_events.NotSolvedThere) -> Iterable[Outgoing]:
    """Both know that it took place, and that it goes on."""
    request = talk.work.session.get_one(Request, fact.request)
    name = who_is(talk.company, fact.by)
    yield Message(to=thread(request), body=(t("visit_over.done", name=name),))
    yield from _homeowner(talk, request, t("visit_over.told", name=name))


def merged(talk: Talk, fact: desk_events.RequestMerged) -> Iterable[Outgoing]:
    """The thread that goes on has the other one's story; the homeowner knows which one counts."""
    request, into = _request(talk, fact), talk.work.session.get_one(Request, fact.into)
    yield Message(to=thread(request), body=(t("merge.away", into=headline(into)),))
    story = (Said(excerpt(request.story)),) if request.story else ()
    yield Message(to=thread(into), body=(t("merge.here", one=headline(request)), *story))
    yield from _homeowner(talk, into, t("merge.told", number=request.number))


def unmerged(talk: Talk, fact: desk_events.RequestUnmerged) -> Iterable[Outgoing]:
    """Both threads name each other; the homeowner knows that both count."""
    request, other = _request(talk, fact), talk.work.session.get_one(Request, fact.into)
    yield Message(to=thread(request), body=(t("unmerge.here", one=headline(other)),))
    yield Message(to=thread(other), body=(t("unmerge.away", one=headline(request)),))
    yield from _homeowner(talk, request, t("unmerge.told", number=other.number))


def split(talk: Talk, fact: desk_events.RequestSplit) -> Iterable[Outgoing]:
    """Both threads name each other; the homeowner sees his new request's card."""
    request, origin = _request(talk, fact), talk.work.session.get_one(Request, fact.of)
    yield Message(to=thread(origin), body=(t("split.away", one=headline(request)),))
    yield Message(to=thread(request), body=(t("split.here", one=headline(origin)),))


def noted(talk: Talk, fact: desk_events.Noted) -> Iterable[Outgoing]:
    """It stands in the thread."""
    note = talk.work.session.get_one(Note, fact.note)
    yield Message(to=thread(_request(talk, fact)), body=(t("note.done", name=note.author), Said(note.words)))


def goodwill(talk: Talk, fact: desk_events.GoodwillGiven) -> Iterable[Outgoing]:
    """Both read how much and why."""
    request, charge = _request(talk, fact), talk.work.session.get_one(Charge, fact.charge)
    amount = Money(-charge.amount_minor, charge.currency)
    why = Said(str(charge.words["values"].get("why", "")))
    yield Message(to=thread(request), body=(t("goodwill.done", name=who_is(talk.company, fact.by), amount=amount), why))
    chat = to(talk.work.session.get_one(Person, request.person_id))
    if chat is not None:
        buttons = ((standing("menu.human", "human.ask"),),)
        body = (t("goodwill.told", amount=amount), why)
        yield Message(to=chat, title=headline(request), body=body, buttons=buttons)


def time_offered(talk: Talk, fact: desk_events.TimeOffered) -> Iterable[Outgoing]:
    """A time chosen by the team is kept for him: one tap makes it stand; whom we cannot write to is called."""
    request, booking = _request(talk, fact), talk.work.session.get_one(Booking, fact.booking)
    person = talk.work.session.get_one(Person, request.person_id)
    facts = booking_facts(talk.work, talk.company, request, booking)
    until = Moment(booking.hold_until or booking.starts_at, zone_of(talk.work, talk.company, request))
    if to(person) is not None:
        yield Message(to=thread(request), body=(t("book.asked", name=person.name, until=until),), facts=facts)
    yes = Button(t("book.take"), "freed.take", {"booking": booking.id}, "primary", standing=True)
    no = standing("book.decline", "offered.decline", booking=booking.id)
    yield Message(
        to=reach(person),
        title=headline(request),
        body=(t("book.offer", name=who_is(talk.company, fact.by), until=until),),
        facts=facts,
        buttons=((yes, no), (standing("request.book", "solve.ways", request=request.id),),
                 (standing("menu.human", "human.ask"),)),
        about=f"offered:{booking.id}",
        importance=Importance.CRITICAL,
        sorry_after=talk.work.now + LATE,
        until=booking.hold_until,
        owed=request.id,
    )  # fmt: skip


def time_declined(talk: Talk, fact: desk_events.TimeDeclined) -> Iterable[Outgoing]:
    """The team looks for another one."""
    yield Message(to=thread(_request(talk, fact)), body=(t("book.declined"),), alert=True)


def urgency_changed(talk: Talk, fact: events.UrgencyChanged) -> Iterable[Outgoing]:
    """The thread keeps what it was before."""
    said = t("urgency.done", was=t(f"urgency.{fact.was}"), now=t(f"urgency.{fact.now}"))
    yield Message(to=thread(_request(talk, fact)), body=(said,))
