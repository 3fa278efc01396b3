"""Where the card of a request hangs, when it is about something else than was thought, or more urgent."""

from collections.abc import Iterable

from domain import desk, desk_events, events
from domain.requests import Request
from domain.routing import channel_for
from handlers.cards.request import about, headline, home_of, thread
from handlers.conversation import Talk
from handlers.messages import Button, Channel, Message, Outgoing
from handlers.pipes import remote_of
from locales.text import t

SLACK = "https://slack.com/app_redirect"  # opens Slack at a channel, or at a message of it


def rerouted(talk: Talk, fact: desk_events.AreaChanged | events.UrgencyChanged) -> Iterable[Outgoing]:
    """Is another channel right for it now? Then it is there from now on."""
    request = talk.work.session.get_one(Request, fact.request)
    home = home_of(talk.work, request)
    desk.reroute(talk.work, request, channel_for(talk.work, talk.company, home, request.area, request.urgency))
    return ()


def card_moved(talk: Talk, fact: desk_events.CardMoved) -> Iterable[Outgoing]:
    """Each channel says where the other card hangs; only the one that is current has what can be done."""
    request = talk.work.session.get_one(Request, fact.request)
    there = Button(t("routed.show"), url=f"{SLACK}?channel={request.channel}")
    yield Message(
        to=Channel(fact.was),
        title=headline(request),
        body=(t("routed.away"),),
        buttons=((there,),),
        about=about(request),
    )
    before = remote_of(talk.work.session, fact.was, about(request))
    if before is not None:
        link = Button(t("routed.before"), url=f"{SLACK}?channel={fact.was}&message_ts={before}")
        yield Message(to=thread(request), body=(t("routed.here"),), buttons=((link,),))
