"""Waiting for an earlier time: asking for it, taking one that became free, letting it pass, waiting no more."""

from collections.abc import Iterable
from datetime import UTC, datetime

from domain import bookings, leaving, waiting
from domain.appointments import BalanceGone, Booking, BookingState, HoldGone
from domain.proposals import QuoteExpired
from domain.requests import Request
from handlers import freeing
from handlers.cards.menu import ways_on
from handlers.cards.request import headline
from handlers.conversation import Handler, Talk, standing
from handlers.homeowner import menu, paying, solve
from handlers.homeowner.mine import may_spend, mine
from handlers.homeowner.solving import job_of, while_running
from handlers.messages import Outgoing
from handlers.refusals import phrase
from locales.text import t


def join(talk: Talk, request: Request) -> Iterable[Outgoing]:
    """Tell him when something earlier becomes free; what he chooses from stays where it is."""
    before = datetime.fromtimestamp(talk.number("before"), UTC)
    waiting.join(talk.work, talk.company, request, job_of(talk, request).work, before)
    yield talk.say(t("waiting.joined"), buttons=((standing("freed.stop", "freed.stop", request=request.id),),))
    yield from talk.ask()


def _kept(talk: Talk) -> tuple[Booking, Request]:
    """The time that is kept for him. Raises HoldGone."""
    booking = talk.work.session.get(Booking, talk.number("booking"))
    if booking is None:
        raise HoldGone
    return booking, mine(talk, booking.request_id)


def take(talk: Talk) -> Iterable[Outgoing]:
    """He wants it: as it is when it costs him nothing more than he may agree to; the price was said with it."""
    booking, request = _kept(talk)
    if booking.state is not BookingState.HELD or not request.running:
        raise HoldGone
    if not may_spend(talk, bookings.quote_of(talk.work, booking).total):
        yield talk.say(t("solve.owner_decides"), buttons=ways_on())
        return
    moved = bool(bookings.booked_for(talk.work, request))
    demand = paying.demanded(talk, booking, request)
    if demand is not None and demand.how == "telegram":
        # What was being written goes with the request, as when he chooses a time from its card.
        menu.keep_lines(talk, request)
        menu.keep_files(talk, request)
        talk.draft.said = {"request": request.id}
        yield from paying.ask(talk, booking, request, demand)
        return
    try:
        leaving.confirm(talk.work, talk.company, booking, request)
    except (HoldGone, BalanceGone, QuoteExpired) as gone:
        yield talk.say(phrase(gone))
        yield from solve.offer(talk, request)
        return
    if talk.draft.said.get("request") == request.id:
        talk.end()
    yield solve.it_is_booked(talk, request, booking, moved=moved)
    if demand is not None:
        yield from paying.by_link(talk, booking, request, demand)


def decline(talk: Talk) -> Iterable[Outgoing]:
    """Not that one: it is offered to the next, and he waits on."""
    booking, request = _kept(talk)
    if booking.state is BookingState.HELD:
        bookings.release_holds_of(talk.work, request)
        waiting.let_pass(talk.work, booking)
        freeing.offer_all(talk)
    yield talk.say(t("waiting.goes_on", about=headline(request)), buttons=ways_on())


def stop(talk: Talk) -> Iterable[Outgoing]:
    """He does not wait any more."""
    request = mine(talk, talk.number("request"))
    place = waiting.of(talk.work, request)
    if place is not None and place.booking_id is not None:
        bookings.release_holds_of(talk.work, request)
    waiting.leave(talk.work, request)
    freeing.offer_all(talk)
    yield talk.say(t("waiting.stopped", about=headline(request)), buttons=ways_on())


PRESSES: dict[str, Handler] = {
    "waiting.join": while_running(join),
    "freed.take": take,
    "freed.decline": decline,
    "freed.stop": stop,
}
