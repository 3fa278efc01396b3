"""How satisfied are they? The summary managers read."""

from collections.abc import Iterable

from msgspec.structs import replace

from handlers.cards import commitment
from handlers.cards.satisfaction import facts, lately
from handlers.conversation import Talk
from handlers.messages import Message, Outgoing, Teammate
from locales.text import t

DAYS = 30


def show(talk: Talk) -> Iterable[Outgoing]:
    """The last thirty days, for the manager who asks and nobody else."""
    found = lately(talk.work, DAYS)
    promises, *rest = commitment.summary(commitment.lately(talk.work, DAYS))
    place = talk.came.place
    yield Message(
        to=Teammate(talk.came.sender.user, place.chat if place.kind == "channel" else None),
        title=t("summary.title", DAYS),
        body=() if found.answered else (t("summary.nothing"),),
        facts=(*facts(found), replace(promises, apart=True), *rest),
    )
