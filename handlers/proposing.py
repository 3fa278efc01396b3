"""What is said when more time is needed: the homeowner is asked for his yes, the team reads how it went."""

from collections.abc import Iterable

from domain import events
from domain.people import Person
from domain.proposals import StoredQuote, quote_of
from domain.quotes import Quote
from domain.requests import Request
from handlers.cards.request import headline, thread, who_is
from handlers.conversation import Talk, standing, to
from handlers.messages import Button, Message, Outgoing
from locales.text import Minutes, t


def _quotes(talk: Talk, number: int) -> tuple[Quote, Quote]:
    """The price that holds, and the new one."""
    stored = talk.work.session.get_one(StoredQuote, number)
    old = talk.work.session.get_one(StoredQuote, stored.replaces_id)
    return quote_of(old), quote_of(stored)


def proposed(talk: Talk, fact: events.QuoteProposed) -> Iterable[Outgoing]:
    """The homeowner is asked; the team sees that he is."""
    request = talk.work.session.get_one(Request, fact.request)
    old, new = _quotes(talk, fact.quote)
    yield Message(to=thread(request), body=(t("team.more.asked", now=new.total, was=old.total),))
    chat = to(talk.work.session.get_one(Person, request.person_id))
    if chat is None:
        return
    name = who_is(talk.company, fact.by)
    yes = Button(t("more.agree", now=new.total), "more.agree", {"quote": fact.quote}, "primary", standing=True)
    yield Message(
        to=chat,
        title=headline(request),
        body=(
            t("more.ask", name=name, time=Minutes(new.minutes), now=new.total, was=old.total),
            t("more.ceiling", was=old.total),
        ),
        buttons=(
            (yes, standing("more.decline", "more.decline", quote=fact.quote)),
            (standing("menu.human", "human.ask"),),
        ),
        about=f"quote:{fact.quote}",
    )


def accepted(talk: Talk, fact: events.QuoteAccepted) -> Iterable[Outgoing]:
    """The team hears yes."""
    request = talk.work.session.get_one(Request, fact.request)
    _, new = _quotes(talk, fact.quote)
    yield Message(to=thread(request), body=(t("team.more.agreed", now=new.total),), alert=True)


def refused(talk: Talk, fact: events.QuoteRefused) -> Iterable[Outgoing]:
    """The team hears no."""
    request = talk.work.session.get_one(Request, fact.request)
    old, _ = _quotes(talk, fact.quote)
    yield Message(to=thread(request), body=(t("team.more.declined", was=old.total),), alert=True)
