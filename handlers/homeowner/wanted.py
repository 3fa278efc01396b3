"""Wanted: he said yes to what we proposed by ourselves. A request is opened for it, and he is shown times for it."""

from collections.abc import Iterable

from domain import bookings
from domain.areas import Area, Intent, Urgency
from domain.homes import Home
from domain.prompts import Prompt
from domain.requests import Request, Wish, open_request
from domain.routing import channel_for
from handlers.cards.menu import menu_buttons
from handlers.cards.request import booking_facts, headline
from handlers.cards.verdict import Terms, judged, open_to_him, write_down
from handlers.conversation import Talk, standing
from handlers.homeowner import menu, solve, times
from handlers.homeowner.mine import may_spend, mine
from handlers.homeowner.solving import too_late
from handlers.messages import Outgoing


def work_for(talk: Talk, prompt: Prompt, kind: str, area: Area, story: str) -> Iterable[Outgoing]:
    """A request for a kind of work in his home, with its times and its price for him; a second yes shows it again."""
    before = begun(talk, prompt)
    if before is not None:
        return again(talk, before, kind)
    home = talk.work.session.get(Home, prompt.home_id) if prompt.home_id is not None else None
    channel = channel_for(talk.work, talk.company, home, area, Urgency.NORMAL)
    wish = Wish(Intent.VISIT, area, Urgency.NORMAL, story, channel)
    request = open_request(talk.work, talk.who.id, prompt.home_id, wish)
    write_down(talk.work, talk.company, request)
    prompt.request_id = request.id
    return offered(talk, request, kind)


def begun(talk: Talk, prompt: Prompt) -> Request | None:
    """The request that a yes has led to; who only wanted to talk about it may want it now."""
    before = mine(talk, prompt.request_id) if prompt.request_id is not None else None
    return None if before is None or before.intent is Intent.HUMAN else before


def again(talk: Talk, request: Request, kind: str) -> Iterable[Outgoing]:
    """The request that a yes led to, as it stands now."""
    if not request.running:
        return too_late(talk, request)
    booked = bookings.appointment_of(talk.work, request)
    if booked is None:
        return offered(talk, request, kind)
    change = (
        standing("request.move", "solve.ways", request=request.id),
        standing("request.cancel", "request.cancel", request=request.id),
    )
    facts = booking_facts(talk.work, talk.company, request, booked)
    return (talk.say(title=headline(request), facts=facts, buttons=(change, *menu_buttons())),)


def offered(talk: Talk, request: Request, kind: str) -> Iterable[Outgoing]:
    """Times for that kind of work; where it is not for him to choose it, all that can be done."""
    bookings.release_holds_of(talk.work, request)
    # A report that was not sent yet: its words and files are not lost.
    menu.keep_lines(talk, request)
    menu.keep_files(talk, request)
    talk.draft.said = {"request": request.id}
    ways = open_to_him(judged(Terms.of(talk.work, talk.company, request)))
    if any(way.job.work == kind and may_spend(talk, way.priced.quote.total, request.home_id) for way in ways):
        return times.shown(talk, request, kind)
    return solve.offer(talk, request)
