"""Timers that rang. Each is a question: is it still true? Then it is said, else it is let go."""

from collections.abc import Iterable

from domain import bookings, contract_life, requests, surveys
from domain.bookings import Booking, BookingState
from domain.contracts import Contract
from domain.people import Person
from domain.requests import Note, Request, State
from handlers.cards.request import booking_facts, headline, zone_of
from handlers.conversation import Handler, Talk, standing, to
from handlers.homeowner import survey
from handlers.homeowner.arrive import gone
from handlers.inbound import Delivered, Due
from handlers.messages import Message, Outgoing
from handlers.reactions import copy
from locales.text import Moment, t


def _subject(talk: Talk) -> int:
    due = talk.inbound
    assert isinstance(due, Due)
    return int(due.subject.split(":")[1])


def hold(talk: Talk) -> Iterable[Outgoing]:
    """Is it still only held? Then it is free again."""
    bookings.expire(talk.work, talk.work.session.get_one(Booking, _subject(talk)))
    return ()


def reminder(talk: Talk) -> Iterable[Outgoing]:
    """Does the appointment still stand? Then he is reminded of it."""
    booking = talk.work.session.get_one(Booking, _subject(talk))
    request = talk.work.session.get_one(Request, booking.request_id)
    chat = to(talk.work.session.get_one(Person, request.person_id))
    stands = booking.state is BookingState.BOOKED and request.running
    if not stands or booking.starts_at <= talk.work.now or chat is None:
        return
    zone = zone_of(talk.work, talk.company, request)
    yield Message(
        to=chat,
        title=headline(request),
        body=(t(f"reminder.{booking.help}", at=Moment(booking.starts_at, zone)),),
        facts=booking_facts(talk.work, talk.company, request, booking),
        buttons=(
            (
                standing("request.move", "solve.ways", request=request.id),
                standing("request.cancel", "request.cancel", request=request.id),
            ),
            (standing("menu.human", "human.ask"),),
        ),
        until=booking.starts_at,
    )


def silence(talk: Talk) -> Iterable[Outgoing]:
    """Has nobody objected? Then it is closed."""
    request = talk.work.session.get_one(Request, _subject(talk))
    if request.state is State.RESOLVED:
        requests.close(talk.work, request)
    return ()


def ask_survey(talk: Talk) -> Iterable[Outgoing]:
    """Is it still finished, and can he be asked? Then he is, once."""
    request = talk.work.session.get_one(Request, _subject(talk))
    chat = to(talk.work.session.get_one(Person, request.person_id))
    if request.state not in (State.CONFIRMED, State.CLOSED) or chat is None:
        return
    if surveys.ask(talk.work, request) is not None:
        yield survey.question(talk, chat, request)


def contract(talk: Talk) -> Iterable[Outgoing]:
    """Does something of it begin or end today? Then it does, and what it costs is written down."""
    contract_life.roll(talk.work, talk.company, talk.work.session.get_one(Contract, _subject(talk)))
    return ()


def delivered(talk: Talk) -> Iterable[Outgoing]:
    """How a message went: the team's copy says so; who cannot be reached is noted."""
    went = talk.inbound
    assert isinstance(went, Delivered)
    if went.gone and went.chat:
        person = talk.work.session.query(Person).filter_by(telegram=went.chat).one_or_none()
        if person is not None:
            gone(talk, person)
    kind, _, number = went.subject.partition(":")
    note = talk.work.session.get(Note, int(number)) if kind == "note" else None
    if note is not None:
        request = talk.work.session.get_one(Request, note.request_id)
        status = t("team.delivered") if went.ok else t("team.not_delivered", reason=went.reason[:200])
        yield copy(request, note, status)


DUE: dict[str, Handler] = {
    "hold": hold,
    "reminder": reminder,
    "silence": silence,
    "survey": ask_survey,
    "contract": contract,
}
