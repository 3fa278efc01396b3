"""What is said of a price a teammate made: the homeowner is asked for his yes, the team reads how it went."""

from collections.abc import Iterable

from domain import events
from domain.people import Person
from domain.proposals import StoredQuote, quote_of
from domain.quotes import Quote
from domain.requests import Request
from handlers.cards.lines import amount_or_free, quote_facts
from handlers.cards.names import work_label
from handlers.cards.request import headline, thread, who_is, zone_of
from handlers.conversation import Talk, reach, standing
from handlers.messages import LATE, Button, Importance, Message, Outgoing, Part
from locales.text import Minutes, Moment, Text, t


def _quotes(talk: Talk, number: int) -> tuple[StoredQuote, Quote | None, Quote]:
    """The new price, the one that holds until then, if any, and what is new."""
    stored = talk.work.session.get_one(StoredQuote, number)
    old = talk.work.session.get_one(StoredQuote, stored.replaces_id) if stored.replaces_id is not None else None
    return stored, quote_of(old) if old is not None else None, quote_of(stored)


def proposed(talk: Talk, fact: events.QuoteProposed) -> Iterable[Outgoing]:
    """The homeowner is asked; the team sees that he is."""
    request = talk.work.session.get_one(Request, fact.request)
    stored, old, new = _quotes(talk, fact.quote)
    yield Message(to=thread(request), body=(_asked(old, new),))
    yes = Button(
        t("more.agree", now=amount_or_free(new)), "more.agree", {"quote": fact.quote}, "primary", standing=True
    )
    yield Message(
        to=reach(talk.work.session.get_one(Person, request.person_id)),
        owed=request.id,
        title=headline(request),
        body=_put(talk, fact.by, old, new),
        facts=quote_facts(talk.company, new),
        footer=t("price.holds", until=Moment(stored.expires_at, zone_of(talk.work, talk.company, request))),
        buttons=(
            (yes, standing("more.decline", "more.decline", quote=fact.quote)),
            (standing("menu.human", "human.ask"),),
        ),
        about=f"quote:{fact.quote}",
        importance=Importance.CRITICAL,
        sorry_after=talk.work.now + LATE,
    )


def _asked(old: Quote | None, new: Quote) -> Text:
    if old is None:
        return t("team.price.asked", now=amount_or_free(new))
    return t("team.more.asked", now=amount_or_free(new), was=old.total)


def _put(talk: Talk, by: str, old: Quote | None, new: Quote) -> tuple[Part, ...]:
    """What he is asked, and what happens if he does not answer."""
    name = who_is(talk.company, by)
    if old is None:
        work = work_label(talk.company, new.work)
        return (t("price.ask", name=name, work=work, time=Minutes(new.minutes), now=amount_or_free(new)),)
    if not new.total:
        return (t("more.ask_free", name=name, time=Minutes(new.minutes), was=old.total),)
    said = "more.ask" if new.minutes > old.minutes else "more.ask_other"
    return (
        t(said, name=name, time=Minutes(new.minutes), now=new.total, was=old.total),
        t("more.ceiling", was=old.total),
    )


def accepted(talk: Talk, fact: events.QuoteAccepted) -> Iterable[Outgoing]:
    """The team hears yes."""
    request = talk.work.session.get_one(Request, fact.request)
    _, _, new = _quotes(talk, fact.quote)
    yield Message(to=thread(request), body=(t("team.more.agreed", now=amount_or_free(new)),), alert=True)


def refused(talk: Talk, fact: events.QuoteRefused) -> Iterable[Outgoing]:
    """The team hears no."""
    request = talk.work.session.get_one(Request, fact.request)
    _, old, new = _quotes(talk, fact.quote)
    no = t("team.more.declined", was=old.total) if old else t("team.price.declined", price=amount_or_free(new))
    yield Message(to=thread(request), body=(no,), alert=True)
