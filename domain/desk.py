"""Deeds of the team's desk on a request: handing over, sorting anew, letting it rest, waiting, bringing together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from domain import bookings, desk_events, events, notes, requests
from domain.appointments import HoldGone
from domain.areas import Area, Urgency
from domain.calendar import OverAlready
from domain.notes import Direction, Note, Words
from domain.requests import NotNow, Request, State, Wish
from domain.work import Refusal, Work


class SameHands(Refusal):
    """He has it already."""


@dataclass(eq=False)
class NotThatOne(Refusal):
    """It cannot be brought together with that request: another customer's, itself, or finished."""

    number: str


@dataclass(eq=False)
class StillBooked(Refusal):
    """It has an appointment: that is to be moved or called off first."""

    number: str


def hand_over(work: Work, request: Request, to: str, by: str, told: Note | None = None) -> None:
    """Somebody else sees to it from now on; `told`: what he should know. Raises SameHands, NotNow."""
    if request.assignee == to:
        raise SameHands
    was = request.assignee
    requests.claim(work, request, to)
    if to != by:
        work.happened(desk_events.HandedOver(request.id, was, to, by, told.id if told is not None else None))


def sort(work: Work, request: Request, area: Area, urgency: Urgency) -> None:
    """It is about something else, or more or less urgent, than was thought. Raises NotNow."""
    if not request.running:
        raise NotNow(request.number, request.state)
    if request.area is not area:
        was, request.area = request.area, area
        work.happened(desk_events.AreaChanged(request.id, was, area))
    if urgency is Urgency.EMERGENCY:
        requests.raise_emergency(work, request)
    else:
        requests.change_urgency(work, request, urgency)


def reroute(work: Work, request: Request, channel: str) -> None:
    """Its card hangs in this channel from now on, while somebody still has to see to it."""
    if request.running and request.channel != channel:
        was, request.channel = request.channel, channel
        work.happened(desk_events.CardMoved(request.id, was))


def snooze(work: Work, request: Request, until: datetime) -> None:
    """It rests until then, or until he writes: nobody is reminded of it, and no promise stands still. Raises NotNow."""
    if not request.running:
        raise NotNow(request.number, request.state)
    if until <= work.now:
        raise OverAlready
    request.snoozed_until = until
    work.happened(desk_events.Snoozed(request.id, until))


def wake(work: Work, request: Request) -> bool:
    """It rests no more; whether it did."""
    if request.snoozed_until is None:
        return False
    request.snoozed_until = None
    work.happened(desk_events.Woken(request.id))
    return True


def wait_for_part(work: Work, request: Request, part: str, expected: date, minutes: int | None = None) -> None:
    """We wait for a part: the clocks that may stand do, and its day rings. Raises NotNow.

    An appointment that showed what is missing took place; one that is still to come makes no sense without the part.
    """
    if not request.running:
        raise NotNow(request.number, request.state)
    _end_appointments(work, request, minutes)
    if request.state is not State.WAITING_PARTS:
        requests.wait(work, request, "parts")
    request.part, request.part_on = part, expected
    work.happened(desk_events.PartAwaited(request.id, expected))


def part_is_here(work: Work, request: Request) -> None:
    """It goes on. Raises NotNow when we waited for none."""
    if request.state is not State.WAITING_PARTS:
        raise NotNow(request.number, request.state)
    requests.go_on(work, request)
    request.part = request.part_on = None


def solve(
    work: Work, request: Request, by: str, words: str, minutes: int | None, cause: str | None = None
) -> None:  # fmt: skip
    """It is solved: what was booked took place; an appointment that is still to come is not needed any more.

    Raises NotNow.
    """
    bookings.release_holds_of(work, request)
    _end_appointments(work, request, minutes)
    requests.resolve(work, request, by, words, minutes, cause)


def _end_appointments(work: Work, request: Request, minutes: int | None) -> None:
    for booking in bookings.booked_for(work, request):
        if booking.starts_at > work.now:
            bookings.cancel(work, booking, request)
        else:
            bookings.complete(work, booking, request, minutes)


def end_visit(work: Work, request: Request, by: str, minutes: int | None) -> None:
    """The appointment took place and did not solve it: it goes on. Raises HoldGone when none has begun."""
    begun = [booking for booking in bookings.booked_for(work, request) if booking.starts_at <= work.now]
    if not begun:
        raise HoldGone
    for booking in begun:
        bookings.complete(work, booking, request, minutes)
        bookings.unbook(request)
        work.happened(desk_events.NotSolvedThere(booking.id, request.id, by))


def merge(work: Work, request: Request, into: Request) -> None:
    """Two reports of the same: one goes on, the other ends in it. Raises NotThatOne, StillBooked, NotNow."""
    same_person = into.person_id == request.person_id or (into.home_id and into.home_id == request.home_id)
    if into.id == request.id or not same_person or not into.running:
        raise NotThatOne(into.number)
    if bookings.booked_for(work, request):
        raise StillBooked(request.number)
    bookings.release_holds_of(work, request)
    requests.advance(request, requests.Deed.CANCEL)
    request.merged_into_id, request.ended_at, request.talks = into.id, work.now, None
    work.happened(desk_events.RequestMerged(request.id, into.id))


def reopen(work: Work, request: Request, by: str) -> None:
    """A finished one goes on; one that was called off, too, and one that had ended in another. Raises NotNow."""
    if request.state is not State.CANCELLED:
        requests.reopen(work, request, by)
        return
    into = request.merged_into_id
    requests.advance(request, requests.Deed.TAKE_UP)
    request.merged_into_id = request.ended_at = None
    work.happened(events.RequestReopened(request.id, by))
    if into is not None:
        work.happened(desk_events.RequestUnmerged(request.id, into))


def split(work: Work, request: Request, wish: Wish) -> Request:
    """Something else was in it, too: that becomes a request of its own."""
    fresh = requests.open_request(work, request.person_id, request.home_id, wish)
    work.happened(desk_events.RequestSplit(fresh.id, request.id))
    return fresh


def note(work: Work, request: Request, author: str, words: str) -> Note:
    """A note for the team alone."""
    kept = notes.add_note(work, request, Words(Direction.INTERNAL, author, words))
    work.happened(desk_events.Noted(request.id, kept.id))
    return kept


def ask(work: Work, request: Request, said: Words, answers: Sequence[str], by: str, *, at_once: bool) -> Note:
    """A question to the homeowner, with answers he can press; when it leaves, it is his turn."""
    question = notes.send(work, request, said, by, at_once=at_once)
    question.answers = list(answers)
    return question


def his_turn(work: Work, request: Request, note: Note) -> None:
    """Words have left for him: where they are a question that he has not answered, we wait for him."""
    if _is_open(note) and (request.state, requests.Deed.ASK) in requests.LIFE:
        requests.wait(work, request, "customer", note.id)


def not_asked(work: Work, request: Request, note: Note) -> None:
    """Words never reached him, or are out of his chat again: nobody waits for an answer to them."""
    if _is_open(note):
        requests.not_asked(work, request, note.id)


def _is_open(note: Note) -> bool:
    return note.answers is not None and note.answered is None


def has_answered(work: Work, request: Request) -> None:
    """He has answered a teammate in another way: it goes on. Raises NotNow when nobody waited for him."""
    if request.state is not State.WAITING_HOMEOWNER:
        raise NotNow(request.number, request.state)
    requests.go_on(work, request)


def answered(work: Work, question: Note, request: Request, number: int, author: str) -> Note | None:
    """He pressed one of the answers; a second press does nothing. The answer, if it is one."""
    choices = question.answers or []
    if question.answered is not None or not 0 <= number < len(choices):
        return None
    question.answered = number
    words = Words(Direction.FROM_HOMEOWNER, author, str(choices[number]), source=f"answer:{question.id}")
    return notes.add_note(work, request, words)


def merged_into(work: Work, request: Request) -> list[Request]:
    """The requests that ended in this one."""
    return list(work.session.scalars(select(Request).where(Request.merged_into_id == request.id).order_by(Request.id)))
