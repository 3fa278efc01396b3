"""What is said on the day of an appointment, and when a time became free: to the homeowner, and in the thread."""

from collections.abc import Iterable

from sqlalchemy import select

from domain import events
from domain.appointments import Booking, BookingState
from domain.charges import Charge
from domain.people import Person
from domain.requests import Request
from handlers.cards.request import booking_facts, headline, thread, whoever, zone_of
from handlers.conversation import Talk, reach, standing
from handlers.messages import LATE, Message, Outgoing
from locales.text import Moment, Span, Text, Value, t


def _told(talk: Talk, request: Request, *body: Text, **more: object) -> Iterable[Message]:
    """A message to the homeowner about an appointment; who cannot be reached is called."""
    person = talk.work.session.get_one(Person, request.person_id)
    later = talk.work.now + LATE
    yield Message(to=reach(person), title=headline(request), body=body, sorry_after=later, owed=request.id, **more)  # type: ignore[arg-type]


def _both(talk: Talk, fact: events.OfBooking) -> tuple[Booking, Request, str]:
    request = talk.work.session.get_one(Request, fact.request)
    return talk.work.session.get_one(Booking, fact.booking), request, zone_of(talk.work, talk.company, request)


def _arrival(booking: Booking, zone: str) -> Value:
    """When we arrive: a window where one was agreed, else a moment."""
    begin, end = booking.window
    return Span(begin, end, zone) if end > begin else Moment(begin, zone, "time")


def set_out(talk: Talk, fact: events.TechnicianSetOut) -> Iterable[Outgoing]:
    """He is on the way."""
    booking, request, zone = _both(talk, fact)
    at = Moment(booking.expected_at or booking.starts_at, zone, "time")
    yield Message(to=thread(request), body=(t("team.under_way", at=at),))
    yield from _told(
        talk, request, t("under_way", name=whoever(talk.work, talk.company, booking), at=at),
        buttons=((standing("menu.human", "human.ask"),),), until=booking.ends_at,
    )  # fmt: skip


def running_late(talk: Talk, fact: events.RunningLate) -> Iterable[Outgoing]:
    """He hears of the new time, and may choose another one without a fee."""
    booking, request, zone = _both(talk, fact)
    arrival = _arrival(booking, zone)
    yield Message(to=thread(request), body=(t("team.running_late", arrival=arrival),))
    free = (t("running_late.free"),) if booking.late(talk.work.now) else ()
    yield from _told(
        talk, request, t("running_late", name=whoever(talk.work, talk.company, booking), arrival=arrival), *free,
        buttons=(
            (
                standing("request.move", "solve.ways", request=request.id),
                standing("request.cancel", "request.cancel", request=request.id),
            ),
            (standing("menu.human", "human.ask"),),
        ),
        until=booking.ends_at,
    )  # fmt: skip


def nobody_there(talk: Talk, fact: events.NobodyThere) -> Iterable[Outgoing]:
    """We were at the door: what it costs, and how to go on."""
    booking, request, zone = _both(talk, fact)
    paid = talk.work.session.scalar(select(Charge).where(Charge.occasion == f"cancellation:{booking.id}"))
    at = Moment(booking.expected_at or booking.starts_at, zone)
    fee = (t("nobody_there.fee", fee=paid.amount),) if paid is not None else ()
    yield Message(to=thread(request), body=(t("team.nobody_there"), *fee))
    yield from _told(
        talk, request, t("nobody_there", at=at), *fee,
        buttons=((standing("request.book", "solve.ways", request=request.id),), (standing("menu.human", "human.ask"),)),
    )  # fmt: skip


def freed(talk: Talk, fact: events.SlotFreed) -> Iterable[Outgoing]:
    """A time became free and is kept for him."""
    request = talk.work.session.get_one(Request, fact.request)
    booking = talk.work.session.get_one(Booking, fact.booking)
    if booking.state is not BookingState.HELD or booking.hold_until is None:
        return
    until = Moment(booking.hold_until, zone_of(talk.work, talk.company, request), "time")
    yield from _told(
        talk, request, t("freed", until=until),
        facts=booking_facts(talk.work, talk.company, request, booking),
        buttons=(
            (
                standing("freed.take", "freed.take", booking=booking.id),
                standing("freed.decline", "freed.decline", booking=booking.id),
            ),
            (
                standing("freed.stop", "freed.stop", request=request.id),
                standing("menu.human", "human.ask"),
            ),
        ),
        until=booking.hold_until,
    )  # fmt: skip
