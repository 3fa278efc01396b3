"""A price a teammate made: agreed to by one tap, or not; without a tap nothing changes."""

from collections.abc import Iterable

from domain import quoting
from domain.appointments import BalanceGone
from domain.proposals import QuoteExpired, StoredQuote, quote_of
from domain.requests import Request
from handlers.cards.lines import amount_or_free
from handlers.cards.menu import ways_on
from handlers.cards.request import thread
from handlers.conversation import Handler, Talk, standing
from handlers.homeowner import menu, times
from handlers.homeowner.mine import may_spend, mine
from handlers.messages import Message, Outgoing
from handlers.refusals import phrase
from locales.text import t


def _meant(talk: Talk) -> tuple[StoredQuote, Request]:
    stored = talk.work.session.get_one(StoredQuote, talk.number("quote"))
    return stored, mine(talk, stored.request_id)


def agree(talk: Talk) -> Iterable[Outgoing]:
    """Yes: this is the price from now on; where nothing is booked yet he chooses a time."""
    stored, request = _meant(talk)
    total = quote_of(stored).total
    if not may_spend(talk, total):
        yield talk.say(t("solve.owner_decides"), buttons=((standing("menu.human", "human.ask"),),))
        return
    try:
        quoting.agree(talk.work, stored, request)
    except (QuoteExpired, BalanceGone) as gone:
        yield from _too_late(talk, stored, request, gone)
        return
    if stored.replaces_id is not None:
        said = t("more.agreed", price=total) if total else t("more.agreed_free")
        yield talk.say(said, buttons=((standing("menu.home", "menu.home"),),))
        return
    yield talk.say(t("price.agreed", price=amount_or_free(quote_of(stored))))
    menu.keep_lines(talk, request)
    menu.keep_files(talk, request)
    talk.draft.said = {"request": request.id}
    yield from times.shown(talk, request, quote_of(stored).work)


def _too_late(
    talk: Talk, stored: StoredQuote, request: Request, gone: QuoteExpired | BalanceGone
) -> Iterable[Outgoing]:
    """It is put anew where it can be; else the team makes another one."""
    if quoting.again(talk.work, talk.company.time_zone, stored, request):
        yield talk.say(phrase(gone), buttons=ways_on())
        return
    yield talk.say(t("price.over"), buttons=ways_on())
    yield Message(to=thread(request), body=(t("team.price.over", price=quote_of(stored).total),), alert=True)


def decline(talk: Talk) -> Iterable[Outgoing]:
    """No: what was agreed to before stands."""
    stored, request = _meant(talk)
    quoting.decline(talk.work, stored, request)
    said = t("more.declined") if stored.replaces_id is not None else t("price.declined")
    yield talk.say(said, buttons=((standing("menu.home", "menu.home"), standing("menu.human", "human.ask")),))


PRESSES: dict[str, Handler] = {"more.agree": agree, "more.decline": decline}
