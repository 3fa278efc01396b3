"""Timers that rang. Each is a question: is it still true? Then it is said, else it is let go."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from domain import (
    bookings,
    campaigns,
    commitments,
    contract_life,
    desk,
    desk_events,
    events,
    looking,
    notes,
    promised,
    proposed_times,
    recoveries,
    referrals,
    requests,
)
from domain.appointments import Booking, BookingState
from domain.commitments import Outcome
from domain.contracts import Contract
from domain.homes import Home, members_of
from domain.notes import Note
from domain.orders import Order
from domain.people import Person
from domain.requests import Request, State
from handlers import briefs, commitments_told, money, phoning, referred_told, relaying
from handlers.cards.request import booking_facts, headline, thread, zone_of
from handlers.conversation import Handler, Talk, reach, standing, to
from handlers.homeowner import coming_back
from handlers.homeowner.arrive import gone
from handlers.inbound import Delivered, Due
from handlers.management import satisfaction
from handlers.messages import LATE, Message, Outgoing, Teammate
from locales.text import Moment, Text, t


def _subject(talk: Talk) -> int:
    due = talk.inbound
    assert isinstance(due, Due)
    return int(due.subject.split(":")[1])


def hold(talk: Talk) -> Iterable[Outgoing]:
    """Is it still only held? Then it is free again."""
    bookings.expire(talk.work, talk.work.session.get_one(Booking, _subject(talk)))
    return ()


def reminder(talk: Talk) -> Iterable[Outgoing]:
    """Does the appointment still stand? Then he is reminded of it; and if it is too late for that, the team is."""
    due = talk.inbound
    assert isinstance(due, Due)
    booking = talk.work.session.get_one(Booking, _subject(talk))
    request = talk.work.session.get_one(Request, booking.request_id)
    stands = booking.state is BookingState.BOOKED and not proposed_times.moved_by_us(talk.work, booking)
    if not stands or not request.running:
        return
    if booking.starts_at <= talk.work.now:
        yield not_reminded(talk, booking)
        return
    zone = zone_of(talk.work, talk.company, request)
    words, until = _when(booking, talk.work.now, zone)
    yield Message(
        to=reach(talk.work.session.get_one(Person, request.person_id)),
        title=headline(request),
        body=(words,),
        facts=booking_facts(talk.work, talk.company, request, booking),
        buttons=(
            (
                standing("request.move", "solve.ways", request=request.id),
                standing("request.cancel", "request.cancel", request=request.id),
            ),
            (standing("menu.human", "human.ask"),),
        ),
        sorry_after=due.at + LATE,
        until=until,
        delivery=f"booking:{booking.id}",
        owed=request.id,
    )


def soon(talk: Talk) -> Iterable[Outgoing]:
    """Does it still stand? Then he is asked whether all is ready for us."""
    due = talk.inbound
    assert isinstance(due, Due)
    booking = talk.work.session.get_one(Booking, _subject(talk))
    request = talk.work.session.get_one(Request, booking.request_id)
    chat = to(talk.work.session.get_one(Person, request.person_id))
    if booking.state is not BookingState.BOOKED or chat is None or booking.starts_at <= talk.work.now:
        return
    yield Message(
        to=chat,
        title=headline(request),
        body=(t(f"soon.{booking.help}"),),
        facts=booking_facts(talk.work, talk.company, request, booking)[:2],
        buttons=(
            (
                standing("soon.ready", "soon.ready", request=request.id),
                standing("soon.tell", "soon.tell", request=request.id),
            ),
            (standing("menu.human", "human.ask"),),
        ),
        until=booking.starts_at,
    )


def _when(booking: Booking, now: datetime, zone: str) -> tuple[Text, datetime]:
    """That it is tomorrow, or today already, as they say there; and how long that will be true."""
    at, there = Moment(booking.starts_at, zone), ZoneInfo(zone)
    day = booking.starts_at.astimezone(there).date()
    if now.astimezone(there).date() < day:
        return t(f"reminder.{booking.help}", at=at), datetime.combine(day, time(), there).astimezone(UTC)
    return t(f"reminder.today.{booking.help}", at=at), booking.starts_at


def not_reminded(talk: Talk, booking: Booking) -> Message:
    """The team is told that he was not reminded, so that somebody calls him."""
    request = talk.work.session.get_one(Request, booking.request_id)
    person = talk.work.session.get_one(Person, request.person_id)
    return Message(
        to=thread(request),
        body=(t("team.not_reminded", name=person.name, phone=person.phone or "–"),),
        facts=booking_facts(talk.work, talk.company, request, booking)[:1],
    )


def answer(talk: Talk) -> Iterable[Outgoing]:
    """Has he still not answered whether another time suits him? Then somebody calls him."""
    proposed_times.unanswered(talk.work, talk.work.session.get_one(proposed_times.ProposedTime, _subject(talk)))
    return ()


def silence(talk: Talk) -> Iterable[Outgoing]:
    """Has nobody objected? Then it is closed."""
    request = talk.work.session.get_one(Request, _subject(talk))
    if request.state is State.RESOLVED:
        requests.close(talk.work, request)
    return ()


def contract(talk: Talk) -> Iterable[Outgoing]:
    """Does something of it begin or end today? Then it does, and what it costs is written down."""
    contract_life.roll(talk.work, talk.company, talk.work.session.get_one(Contract, _subject(talk)))
    return ()


def look(talk: Talk) -> Iterable[Outgoing]:
    """Is there an occasion to come back to this home? Then it is planned."""
    home = talk.work.session.get(Home, _subject(talk))
    if home is not None:
        looking.look(talk.work, talk.company, home)
    return ()


def paying(talk: Talk) -> Iterable[Outgoing]:
    """Is money still on its way? Then a person looks whether it came."""
    return money.stuck(talk, talk.work.session.get_one(Order, _subject(talk)))


def delivered(talk: Talk) -> Iterable[Outgoing]:
    """How a message went: the team's copy says so; who cannot be reached is noted."""
    went = talk.inbound
    assert isinstance(went, Delivered)
    if went.gone and went.chat:
        person = talk.work.session.query(Person).filter_by(telegram=went.chat).one_or_none()
        if person is not None:
            gone(talk, person)
    if went.owed is not None:
        yield phoning.call(talk, went.owed, went.unsaid)
    kind, _, number = went.subject.partition(":")
    if kind == "note":
        note = notes.held(talk.work, int(number))
        notes.went(note, ok=went.ok)
        yield from relaying.went(talk, note, went)
    if kind == "prompt":
        yield from coming_back.went(talk, went)
    if kind == "booking" and went.late:
        yield not_reminded(talk, talk.work.session.get_one(Booking, int(number)))


def send(talk: Talk) -> Iterable[Outgoing]:
    """Has nobody taken the words back? Then they leave."""
    notes.leave(talk.work, notes.held(talk.work, _subject(talk)))
    return ()


def promise(talk: Talk) -> Iterable[Outgoing]:
    """Has so much of a promised time really passed? Then whoever is to know is told, once; else we look again later."""
    request = talk.work.session.get_one(Request, _subject(talk))
    found = promised.due_warnings(talk.work, talk.company, request)
    for clock, percent in found:
        talk.work.happened(events.PromiseWarned(request.id, clock.what, clock.began, percent))
    if not found and any(clock.live for clock in promised.standing(talk.work, talk.company, request)):
        talk.work.happened(desk_events.ClocksLookedAt(request.id))
    return ()


def snoozed(talk: Talk) -> Iterable[Outgoing]:
    """Does it still rest? Then not any more."""
    request = talk.work.session.get_one(Request, _subject(talk))
    if request.snoozed_until is not None and request.snoozed_until <= talk.work.now:
        desk.wake(talk.work, request)
    return ()


def part(talk: Talk) -> Iterable[Outgoing]:
    """Do we still wait for the part that was expected by now? Then whoever has it looks where it is."""
    request = talk.work.session.get_one(Request, _subject(talk))
    today = talk.work.now.astimezone(ZoneInfo(talk.company.time_zone)).date()
    if request.state is not State.WAITING_PARTS or request.part_on is None or request.part_on > today:
        return
    buttons = ((standing("part.here", "team.part_here", request=request.id), standing("part.later", "team.part",
                                                                                     request=request.id)),)  # fmt: skip
    said = t("part.due", part=request.part or "–")
    yield Message(to=thread(request), body=(said,), buttons=buttons, alert=request.assignee is None)
    member = next((m for m in talk.company.team if m.key == request.assignee), None)
    if member is not None:
        yield Message(to=Teammate(member.slack), title=headline(request), body=(said,), buttons=buttons)


def commitment_soon(talk: Talk) -> Iterable[Outgoing]:
    """Is it still open, and still ahead? Then whoever is to keep it is told."""
    one = commitments.held(talk.work, _subject(talk))
    if one.outcome is Outcome.OPEN and one.due_at > talk.work.now:
        yield from commitments_told.soon(talk, one)


def commitment(talk: Talk) -> Iterable[Outgoing]:
    """Has nobody said yet whether it was kept? Then somebody is asked, for the first time or again."""
    due = talk.inbound
    assert isinstance(due, Due)
    one = commitments.held(talk.work, _subject(talk))
    if one.outcome is Outcome.OPEN and one.due_at <= talk.work.now:
        number = due.occurrence.partition(" ")[2]
        talk.work.happened(desk_events.CommitmentAsked(one.request_id, one.id, int(number or 1)))
    return ()


def recovery(talk: Talk) -> Iterable[Outgoing]:
    """Has so much of its time really passed, and is it not made good? Then whoever is to know is told, once."""
    recoveries.warn(talk.work, talk.company, recoveries.held(talk.work, _subject(talk)))
    return ()


def recovery_end(talk: Talk) -> Iterable[Outgoing]:
    """Has he still not said whether it is all right now? Then nobody can say that it is."""
    recoveries.silent(talk.work, recoveries.held(talk.work, _subject(talk)))
    return ()


def referral(talk: Talk) -> Iterable[Outgoing]:
    """Has somebody who came by a friend's link signed this contract? Then it is noted."""
    signed = talk.work.session.get_one(Contract, _subject(talk))
    people = [person.id for person in members_of(talk.work, signed.home_id)]
    for one in referrals.waiting_for(talk.work, signed, people):
        referrals.signed(talk.work, one, signed)
    return ()


def thanks(talk: Talk) -> Iterable[Outgoing]:
    """Has nobody thanked whoever sent him? Then we do."""
    return referred_told.thanks(talk, _subject(talk))


def talked(talk: Talk) -> Iterable[Outgoing]:
    """Has nobody said anything since a teammate did? Then the assistant answers again."""
    request = talk.work.session.get_one(Request, _subject(talk))
    quiet = talk.work.now - timedelta(hours=talk.company.desk.talk_hours)
    last = talk.work.session.scalar(select(func.max(Note.at)).where(Note.request_id == request.id))
    if last is not None and last > quiet:
        talk.work.happened(desk_events.TalkGoesOn(request.id, last))
    elif request.talks is not None:
        request.talks = None
        talk.work.happened(desk_events.HandedBack(request.id))
    return ()


def campaign(talk: Talk) -> Iterable[Outgoing]:
    """Does it still run? Then the next people have their moment."""
    campaigns.go_on(talk.work, talk.company, campaigns.held(talk.work, _subject(talk)))
    return ()


DUE: dict[str, Handler] = {
    "promise": promise,
    "snooze": snoozed,
    "part": part,
    "send": send,
    "talk": talked,
    "commitment_soon": commitment_soon,
    "commitment": commitment,
    "recovery": recovery,
    "recovery_end": recovery_end,
    "referral": referral,
    "thanks": thanks,
    "brief": briefs.morning,
    "evening": briefs.evening,
    "hold": hold,
    "reminder": reminder,
    "soon": soon,
    "answer": answer,
    "silence": silence,
    "prompt": coming_back.due,
    "look": look,
    "campaign": campaign,
    "contract": contract,
    "paying": paying,
    "digest": satisfaction.digest,
    "wrong": satisfaction.wrong,
}
