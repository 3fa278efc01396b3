"""Where something goes: its network, its target there, and the language it is said in."""

from handlers.messages import (
    Answer,
    CheckoutAnswer,
    Form,
    Homeowner,
    Message,
    Outgoing,
    Page,
    Recipient,
    Teammate,
)

FAST = "fast:"  # a target of its own: answers that cannot wait behind anything


def address(payload: Outgoing) -> tuple[str, str]:
    """The network and the target of something: order is kept per target, fast things have one of their own."""
    if isinstance(payload, Answer | CheckoutAnswer):
        return "telegram", f"{FAST}{payload.query}"
    if isinstance(payload, Form | Page):
        return "slack", f"{FAST}{payload.trigger or payload.user}"
    return place(payload.to)


def place(to: Recipient) -> tuple[str, str]:
    """The network and the target of a recipient."""
    if isinstance(to, Homeowner):
        return "telegram", to.chat
    return "slack", to.user if isinstance(to, Teammate) else to.id


def language(payload: Outgoing, team: str) -> str:
    if isinstance(payload, Message | Answer | CheckoutAnswer) and payload.language:
        return payload.language
    to = getattr(payload, "to", None)
    return to.language if isinstance(to, Homeowner) else team
