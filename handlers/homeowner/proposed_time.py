"""We cannot come as agreed: he is asked for another time, at the price he agreed to. One tap, or other times."""

from collections.abc import Iterable
from datetime import UTC, datetime

from domain import dispatching, proposed_times
from domain.appointments import Booking, HoldGone, SlotTaken
from domain.proposed_times import ProposalState, ProposedTime
from domain.requests import Request
from domain.spreading import few
from handlers.cards.menu import menu_buttons
from handlers.cards.request import booking_facts, headline, who_is, zone_of
from handlers.conversation import Handler, Talk, rows, standing
from handlers.homeowner.mine import mine
from handlers.homeowner.solve import calendar_entry
from handlers.messages import LATE, Button, Fact, Homeowner, Importance, Message, Outgoing
from locales.text import Moment, t

PAGE = 6


def question(talk: Talk, chat: Homeowner, asked: ProposedTime, request: Request) -> Message:
    """Does another time suit him? With what he has now, and what it costs: never more. Edited when he has answered."""
    old, new = (talk.work.session.get_one(Booking, number) for number in (asked.booking_id, asked.held_id))
    zone = zone_of(talk.work, talk.company, request)
    until = Moment(asked.answer_by, zone)
    if asked.state is ProposalState.WITHDRAWN:
        return Message(to=chat, title=headline(request), body=(t("time.withdrawn"),), about=f"proposal:{asked.id}")
    agreed = asked.state is ProposalState.AGREED
    return Message(
        to=chat,
        title=headline(request),
        body=(t("time.settled"),) if agreed else (t("time.sorry"), t("time.ask", until=until)),
        facts=(
            Fact(t("time.old"), Moment(old.starts_at, zone)),
            *booking_facts(talk.work, talk.company, request, new),
        ),
        buttons=() if agreed else _answers(asked),
        about=f"proposal:{asked.id}",
        importance=Importance.CRITICAL,
        sorry_after=talk.work.now + LATE,
    )


def _answers(asked: ProposedTime) -> tuple[tuple[Button, ...], ...]:
    yes = Button(t("time.agree"), "time.agree", {"proposal": asked.id}, "primary", standing=True)
    others = standing("time.others", "time.others", proposal=asked.id, page=0)
    return ((yes, others), (standing("menu.human", "human.ask"),))


def confirmation(talk: Talk, chat: Homeowner, asked: ProposedTime, request: Request) -> Message:
    """It is moved: when, who, how much, and the calendar file that moves the entry he has."""
    booking = talk.work.session.get_one(Booking, asked.held_id)
    return Message(
        to=chat,
        title=t("time.moved"),
        body=(t("booked.body", name=who_is(talk.company, booking.technician)),),
        facts=booking_facts(talk.work, talk.company, request, booking),
        media=(calendar_entry(talk, request, booking),),
        buttons=menu_buttons(),
    )


def _meant(talk: Talk) -> tuple[ProposedTime, Request]:
    asked = talk.work.session.get_one(ProposedTime, talk.number("proposal"))
    return asked, mine(talk, asked.request_id)


def agree(talk: Talk) -> Iterable[Outgoing]:
    """Yes. If somebody was faster meanwhile, here are other times."""
    asked, request = _meant(talk)
    try:
        with talk.work.session.begin_nested():
            proposed_times.agree(talk.work, talk.company, asked, request)
    except (SlotTaken, HoldGone):
        yield talk.say(t("time.gone"))
        yield _other_times(talk, asked, request, 0)
        return
    yield from _done(talk, asked, request)


def take(talk: Talk) -> Iterable[Outgoing]:
    """Another time than the proposed one."""
    asked, request = _meant(talk)
    start = datetime.fromtimestamp(talk.number("start"), UTC)
    try:
        with talk.work.session.begin_nested():
            proposed_times.choose(talk.work, talk.company, asked, request, start)
    except (SlotTaken, HoldGone):
        yield talk.say(t("time.gone"))
        yield _other_times(talk, asked, request, 0)
        return
    yield from _done(talk, asked, request)


def _done(talk: Talk, asked: ProposedTime, request: Request) -> Iterable[Outgoing]:
    yield question(talk, talk.me, asked, request)
    yield confirmation(talk, talk.me, asked, request)


def others(talk: Talk) -> Iterable[Outgoing]:
    """Which times there are besides; what is kept for him stays kept while he looks."""
    asked, request = _meant(talk)
    old = talk.work.session.get_one(Booking, asked.booking_id)
    if asked.state not in proposed_times.OPEN or old.state != "booked":
        raise dispatching.TooLateToMove
    yield _other_times(talk, asked, request, talk.number("page"))


def _other_times(talk: Talk, asked: ProposedTime, request: Request, page: int) -> Message:
    old = talk.work.session.get_one(Booking, asked.booking_id)
    search, window = dispatching.times(talk.work, talk.company, old, request)
    found = few(search, window, PAGE, skip=page * PAGE, fits=lambda slot: slot.start != old.starts_at)
    choices = [
        Button(
            Moment(slot.start, window.zone, "short"),
            "time.take",
            {"proposal": asked.id, "start": int(slot.start.timestamp())},
            standing=True,
        )
        for slot in found
    ]
    more = (standing("solve.more", "time.others", proposal=asked.id, page=page + 1),) if len(found) == PAGE else ()
    return talk.say(
        t("time.others.ask" if found else "solve.slot.none"),
        title=headline(request),
        buttons=(*rows(choices), (*more, standing("menu.human", "human.ask"))),
    )


PRESSES: dict[str, Handler] = {"time.agree": agree, "time.others": others, "time.take": take}
