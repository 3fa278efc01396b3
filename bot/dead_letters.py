"""Dead letters: the team's card about a message that cannot be delivered, with a button to try again."""

import secrets
from collections.abc import Callable

import structlog
from sqlalchemy.orm import Session

from bot import outbox
from bot.clock import Clock
from bot.outbox import Cause, Parcel
from domain.company import Company
from handlers.conversation import standing
from handlers.messages import Channel, Fact, Message
from locales.text import t

log = structlog.get_logger("app")


def card(
    company: Callable[[], Company], clock: Clock, owner: str | None, session: Session, parcel: Parcel, error: str
) -> list[Parcel]:
    """A message is dead: the team hears of it; what cannot be told there either is only logged."""
    channels = company().channels
    where = channels.trouble or channels.requests
    if parcel.network == "slack" and parcel.key.startswith("dead."):
        log.error("the trouble channel cannot be reached", outbox=parcel.id, error=error)
        return []
    told = Message(
        to=Channel(where),
        title=t("trouble.outbound.title", number=str(parcel.id)),
        body=(t("trouble.outbound.body"),),
        facts=(Fact(t("trouble.what"), parcel.network), Fact(t("trouble.why"), error[:200])),
        buttons=((standing("trouble.retry", "trouble.retry", outbox=parcel.id),),),
    )
    key = f"dead.{parcel.id}.{secrets.token_hex(4)}"
    return outbox.put(session, [told], Cause(key, clock.now(), owner, company().team_language))
