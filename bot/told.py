"""What the desk wants to hear of a send: how it went, where somebody asked for that, and who cannot be reached."""

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import late
from bot.addresses import FAST
from bot.channels.arrival import Arrival
from bot.channels.carrier import NotSent, Outcome
from bot.outbox import Mark, OutboxState, Parcel, outbox
from handlers import phoning
from handlers.inbound import Delivered
from handlers.messages import Answer, CheckoutAnswer, Form, Homeowner, Message, Page


def told(mark: Mark, parcel: Parcel, outcome: Outcome) -> list[Arrival]:
    """The rows it becomes in the inbox: one, or none."""
    payload = parcel.payload
    subject = payload.delivery if isinstance(payload, Message) else None
    gone = isinstance(outcome, NotSent) and outcome.gone
    if subject is None and not gone:
        return []
    to = None if isinstance(payload, Answer | CheckoutAnswer | Form | Page) else payload.to
    chat = to.chat if isinstance(to, Homeowner) else ""
    said = Delivered(
        subject=subject or "",
        ok=mark.state is OutboxState.SENT,
        gone=gone,
        late=outcome is late.TOO_LATE,
        chat=chat,
        reason=mark.error or "",
        owed=payload.owed if gone and isinstance(payload, Message) else None,
        unsaid=phoning.unsaid(payload) if gone and isinstance(payload, Message) and payload.owed else {},
    )
    return [Arrival("delivery", f"{parcel.id}", subject or f"chat:{chat}", msgspec.to_builtins(said))]


def answered(session: Session, query: str) -> bool:
    """Whether the answer to “may I pay?” has left."""
    gone = select(outbox.c.id).where(outbox.c.target == f"{FAST}{query}", outbox.c.state == OutboxState.SENT)
    return session.scalar(gone.limit(1)) is not None
