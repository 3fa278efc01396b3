"""How satisfied are they? The summary managers read."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

from domain.surveys import satisfaction
from handlers.conversation import Talk
from handlers.messages import Fact, Message, Outgoing, Teammate
from locales.text import Percent, t

DAYS = 30


def show(talk: Talk) -> Iterable[Outgoing]:
    """The last thirty days, for the manager who asks and nobody else."""
    found = satisfaction(talk.work, talk.work.now - timedelta(days=DAYS))
    place = talk.came.place
    facts = [Fact(t("summary.asked"), found.asked), Fact(t("summary.answered"), found.answered)]
    if found.mean is not None:
        facts += [
            Fact(t("summary.rate"), Percent(Decimal(round(100 * found.answered / found.asked)))),
            Fact(t("summary.mean"), t("summary.of_five", mean=f"{found.mean:.1f}")),
            *(Fact(t("summary.score", score=str(s)), found.scores.get(s, 0)) for s in range(5, 0, -1)),
        ]
    yield Message(
        to=Teammate(talk.came.sender.user, place.chat if place.kind == "channel" else None),
        title=t("summary.title", DAYS),
        body=() if found.answered else (t("summary.nothing"),),
        facts=tuple(facts),
    )
