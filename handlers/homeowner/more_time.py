"""A new price for more time: agreed to by one tap, or not; without a tap the old price holds."""

from collections.abc import Iterable

from domain import more_time
from domain.appointments import BalanceGone
from domain.proposals import QuoteExpired, StoredQuote, quote_of
from domain.requests import Request
from handlers.cards.menu import ways_on
from handlers.conversation import Handler, Talk, standing
from handlers.homeowner.mine import may_spend, mine
from handlers.messages import Outgoing
from handlers.refusals import phrase
from locales.text import t


def _meant(talk: Talk) -> tuple[StoredQuote, Request]:
    stored = talk.work.session.get_one(StoredQuote, talk.number("quote"))
    return stored, mine(talk, stored.request_id)


def agree(talk: Talk) -> Iterable[Outgoing]:
    """Yes: this is the price from now on."""
    stored, request = _meant(talk)
    total = quote_of(stored).total
    if not may_spend(talk, total):
        yield talk.say(t("solve.owner_decides"), buttons=((standing("menu.human", "human.ask"),),))
        return
    try:
        more_time.agree(talk.work, stored, request)
    except (QuoteExpired, BalanceGone) as gone:
        yield talk.say(phrase(gone), buttons=ways_on())
        more_time.again(talk.work, talk.company.time_zone, stored, request)
        return
    yield talk.say(t("more.agreed", price=total), buttons=((standing("menu.home", "menu.home"),),))


def decline(talk: Talk) -> Iterable[Outgoing]:
    """No: what was agreed to before stands."""
    stored, request = _meant(talk)
    more_time.decline(talk.work, stored, request)
    yield talk.say(
        t("more.declined"), buttons=((standing("menu.home", "menu.home"), standing("menu.human", "human.ask")),)
    )


PRESSES: dict[str, Handler] = {"more.agree": agree, "more.decline": decline}
