"""What the program could not do: the team tries again with one tap."""

from collections.abc import Iterable

from handlers.conversation import Handler, Talk
from handlers.messages import Message, Outgoing, Teammate
from locales.text import t


def retry(talk: Talk) -> Iterable[Outgoing]:
    """Bring a dead letter back."""
    talk.revive = ("inbox", talk.number("inbox")) if "inbox" in talk.args else ("outbox", talk.number("outbox"))
    place = talk.came.place
    yield Message(
        to=Teammate(talk.came.sender.user, place.chat if place.kind == "channel" else None),
        body=(t("trouble.retrying"),),
    )


PRESSES: dict[str, Handler] = {"trouble.retry": retry}
