"""The late policy: a message says itself what it is worth later. Sent, sent with an apology, or dropped and told."""

from datetime import datetime

import msgspec

from bot.channels.carrier import NotSent
from handlers.messages import Invoice, Message, Outgoing
from locales.text import t

TOO_LATE = NotSent("too late to be of use")


def over(payload: Outgoing, now: datetime) -> bool:
    """Whether the time for saying it is over: looked at again right before each try."""
    return isinstance(payload, Message | Invoice) and payload.until is not None and now > payload.until


def worded(payload: Outgoing, now: datetime) -> Outgoing:
    """What is said now: with an apology above it, if it leaves much later than it should."""
    if isinstance(payload, Message) and payload.sorry_after is not None and now > payload.sorry_after:
        return msgspec.structs.replace(payload, opening=t("late.sorry"))
    return payload
