"""What the desk wants to hear of a send: how it went, where somebody asked for that, and who cannot be reached."""

import msgspec

from bot import late
from bot.channels.arrival import Arrival
from bot.channels.carrier import NotSent, Outcome
from bot.outbox import Mark, OutboxState, Parcel
from handlers.inbound import Delivered
from handlers.messages import Answer, Form, Homeowner, Message


def told(mark: Mark, parcel: Parcel, outcome: Outcome) -> list[Arrival]:
    """The rows it becomes in the inbox: one, or none."""
    payload = parcel.payload
    subject = payload.delivery if isinstance(payload, Message) else None
    gone = isinstance(outcome, NotSent) and outcome.gone
    if subject is None and not gone:
        return []
    chat = payload.to.chat if not isinstance(payload, (Answer, Form)) and isinstance(payload.to, Homeowner) else ""
    said = Delivered(
        subject=subject or "",
        ok=mark.state is OutboxState.SENT,
        gone=gone,
        late=outcome is late.TOO_LATE,
        chat=chat,
        reason=mark.error or "",
    )
    return [Arrival("delivery", f"{parcel.id}", subject or f"chat:{chat}", msgspec.to_builtins(said))]
