"""Moving an appointment: somebody else at the same time is told, another time is asked for."""

from collections.abc import Iterable
from datetime import UTC, datetime

from domain import arranging, bookings, dispatching, proposed_times
from domain.appointments import Booking, BookingState, SlotTaken
from domain.arranging import Arranged
from domain.calendar import CalendarEntry, NotYourCalendar, TakenBackAlready, arranges
from domain.company import Company
from domain.dispatching import NotYoursToMove, TooLateToMove
from domain.proposed_times import ProposedTime
from domain.requests import Request
from domain.slots import Slot
from domain.spreading import few
from domain.work import Refusal
from handlers.cards.days import absence_card, reasons
from handlers.cards.request import who_is, zone_of
from handlers.conversation import Handler, Talk
from handlers.messages import Channel, Field, FormErrors, Message, Outgoing, Teammate
from handlers.refusals import FormRefused
from handlers.team.requests import filled, form, request_of
from locales.text import Listing, Moment, Text, Value, t

TIMES = 40  # that one can choose from


class NowhereToMove(Refusal):
    """Nobody else could come then, and no other time is free."""


def _booking(talk: Talk, request: Request) -> Booking:
    found = next((b for b in bookings.booked_for(talk.work, request) if b.state is BookingState.BOOKED), None)
    if found is None:
        raise TooLateToMove
    if not dispatching.may_move(talk.work, talk.staff, found):
        raise NotYoursToMove
    return found


def ask(talk: Talk) -> Iterable[Outgoing]:
    """Open the form: who could come instead, then the next times, with who and why."""
    request = request_of(talk)
    booking = _booking(talk, request)
    options = (*_swaps(talk, booking, request), *_times(talk, booking, request))
    if not options:
        raise NowhereToMove
    zone = zone_of(talk.work, talk.company, request)
    now = t("move.intro", when=Moment(booking.starts_at, zone), name=who_is(talk.company, booking.technician))
    fields = (Field("choice", t("move.choice"), "choice", hint=t("move.hint"), options=options),)
    return form(talk, request, "move", (now,), fields)


def _swaps(talk: Talk, booking: Booking, request: Request) -> list[tuple[str, Value]]:
    found = dispatching.swaps(talk.work, talk.company, booking, request)
    return [
        (f"swap|{swap.comes}", t("move.swap", name=who_is(talk.company, swap.comes), why=reasons(swap.why)))
        for swap in found
    ]


def _times(talk: Talk, booking: Booking, request: Request) -> list[tuple[str, Value]]:
    search, window = dispatching.times(talk.work, talk.company, booking, request)
    found = few(search, window, TIMES, fits=lambda slot: slot.start != booking.starts_at)
    return [(f"time|{int(slot.start.timestamp())}", _label(talk.company, slot, window.zone)) for slot in found]


def _label(company: Company, slot: Slot, zone: str) -> Text:
    names = Listing(tuple(who_is(company, key) for key in slot.people), "plain")
    when = Moment(slot.start, zone, "short")
    return t("move.time", when=when, name=names, why=reasons(slot.why) if slot.why else "–")


def sent(talk: Talk) -> Iterable[Outgoing]:
    """Swap, or ask the homeowner: as it was chosen."""
    request = request_of(talk)
    booking = _booking(talk, request)
    kind, _, chosen = str(filled(talk).get("choice") or "").partition("|")
    try:
        if kind == "swap":
            _swap(talk, booking, request, chosen)
        else:
            _propose(talk, booking, request, chosen)
    except SlotTaken:
        raise FormRefused(FormErrors({"choice": t("move.gone")})) from None
    return ()


def _swap(talk: Talk, booking: Booking, request: Request, comes: str) -> None:
    found = dispatching.swaps(talk.work, talk.company, booking, request)
    people = next((swap.people for swap in found if swap.comes == comes), None)
    if people is None:
        raise SlotTaken
    arranging.swap(talk.work, talk.company, booking, request, people, talk.staff.key)


def _propose(talk: Talk, booking: Booking, request: Request, chosen: str) -> None:
    search, _ = dispatching.times(talk.work, talk.company, booking, request)
    slot = search.at(datetime.fromtimestamp(int(chosen), UTC)) if chosen.isdecimal() else None
    if slot is None:
        raise SlotTaken
    proposed_times.propose(talk.work, talk.company, booking, request, slot, talk.staff.key)


def propose_all(talk: Talk) -> Iterable[Outgoing]:
    """All that lies in an absence, in one go; pressed twice, nobody is asked twice."""
    entry = talk.work.session.get_one(CalendarEntry, talk.number("entry"))
    if not arranges(talk.staff) and entry.technician != talk.staff.key:
        raise NotYourCalendar
    if entry.removed_at is not None:
        raise TakenBackAlready
    done = arranging.arrange(talk.work, talk.company, entry, talk.staff.key)
    told = _told(done)
    place = talk.came.place
    if place.chat != talk.company.channels.requests:
        where = place.chat if place.kind == "channel" else None
        yield Message(to=Teammate(talk.came.sender.user, where), body=told)
    yield absence_card(talk, entry, Channel(talk.company.channels.requests), told)


def _told(done: Arranged) -> tuple[Text, ...]:
    """What became of them, only what there is to tell."""
    said = (
        (done.swapped, t("absence.done.swapped", number=done.swapped)),
        (done.proposed, t("absence.done.proposed", number=done.proposed)),
        (done.asked, t("absence.done.asked", number=done.asked)),
        (done.without, t("absence.done.without", number=done.without)),
    )
    return tuple(text for number, text in said if number) or (t("absence.none"),)


def agreed(talk: Talk) -> Iterable[Outgoing]:
    """He said yes on the phone."""
    asked = talk.work.session.get_one(ProposedTime, talk.number("proposal"))
    request = talk.work.session.get_one(Request, asked.request_id)
    old = talk.work.session.get_one(Booking, asked.booking_id)
    if not dispatching.may_move(talk.work, talk.staff, old):
        raise NotYoursToMove
    proposed_times.agree(talk.work, talk.company, asked, request, talk.staff.key)
    return ()


PRESSES: dict[str, Handler] = {"team.move": ask, "dispatch.all": propose_all, "dispatch.agreed": agreed}
FORMS: dict[str, Handler] = {"team.move.sent": sent}
