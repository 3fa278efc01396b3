"""Housekeeping: raw payloads, old buttons and timers that were taken back do not stay for ever."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import String, cast, delete, update
from sqlalchemy.orm import Session

from bot.inbox import InboxState, inbox
from bot.outbox import OutboxState, outbox
from handlers.messages import Message, Outgoing
from handlers.pipes import Keyboard
from scheduling import timers

PAYLOADS = timedelta(days=30)
BUTTONS = timedelta(days=400)  # a button stands as long as a contract's year may ask for it
TAKEN_BACK = timedelta(days=30)  # timers; those that have rung stay: they are why nothing rings twice


def tidy(session: Session, real: datetime, now: datetime) -> int:
    """Empty the payloads of what was done long ago and forget old buttons; returns how many rows were emptied."""
    old = real - PAYLOADS
    came = (
        update(inbox)
        .where(inbox.c.state == InboxState.DONE, inbox.c.received_at < old, cast(inbox.c.payload, String) != "{}")
        .values(payload={})
    )
    went = (
        update(outbox)
        .where(
            outbox.c.state.in_((OutboxState.SENT, OutboxState.DROPPED, OutboxState.REPLACED)),
            outbox.c.sent_at < now - PAYLOADS,
            cast(outbox.c.payload, String) != "{}",
        )
        .values(payload={})
    )
    emptied = sum(len(session.scalars(stale.returning(t.c.id)).all()) for stale, t in ((came, inbox), (went, outbox)))
    session.execute(delete(Keyboard).where(Keyboard.made_at < now - BUTTONS))
    timers.forget(session, now - TAKEN_BACK)
    return emptied


def is_secret(payload: Outgoing) -> bool:
    """Whether what it says may not stay written down."""
    return isinstance(payload, Message) and payload.secret


def forget(session: Session, rows: Sequence[int]) -> None:
    """Empty these payloads now: they have left, and what they said is nobody's any more."""
    if rows:
        session.execute(update(outbox).where(outbox.c.id.in_(rows)).values(payload={}))
