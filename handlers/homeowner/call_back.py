"""He was not satisfied: when may we call him?"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from domain import recoveries
from handlers.cards import recovery as cards
from handlers.conversation import Handler, Talk
from handlers.homeowner.mine import NotYourRequest
from handlers.messages import Outgoing

LEFT = timedelta(minutes=30)  # a window that is nearly over is none


def chosen(talk: Talk) -> Iterable[Outgoing]:
    """He chose a half day; one that is over by now is offered no more."""
    one = recoveries.held(talk.work, talk.number("recovery"))
    if one.person_id != talk.who.id:
        raise NotYourRequest
    begins, until = (datetime.fromisoformat(str(talk.args[name])) for name in ("begins", "until"))
    if until - talk.work.now < LEFT and one.call_at is None:
        yield cards.offer(talk.work, talk.company, talk.me, one)
        return
    recoveries.choose_call(talk.work, one, begins, until)
    yield cards.chosen(talk.work, talk.company, talk.me, one, until)


PRESSES: dict[str, Handler] = {"recovery.call": chosen}
