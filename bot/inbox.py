"""The inbox: what came in, kept before anybody is told that we have it, and done exactly once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import (
    JSON,
    Column,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    case,
    func,
    select,
    text,
    update,
)
from sqlalchemy.orm import Session

from bot.channels.arrival import Arrival
from bot.database import insert_into
from domain.prepared import Prepared
from domain.record import Name, Short, UTCDateTime, choice, metadata
from handlers.messages import FormAnswer
from scheduling.ranks import Rank

ATTEMPTS = 8
CRASHES = 3
TIMER = "timer"  # the source of what the alarm clock rings


class InboxState(StrEnum):
    """The life of something that came in."""

    NEW = "new"
    DONE = "done"
    QUARANTINED = "quarantined"  # cannot be read, or three processes died over it
    DEAD = "dead"  # eight tries failed; `retry` brings it back


_NEW = "state = 'new'"
_PLAIN = {"personal": False}

inbox = Table(
    "inbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Short, nullable=False, info=_PLAIN),
    Column("external_id", Name, nullable=False, info=_PLAIN),
    Column("conversation", Name, nullable=False, info={"personal": True}),
    Column("payload", JSON, nullable=False, info={"personal": True}),
    Column("state", choice(InboxState), nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("started", Integer, nullable=False, default=0),  # tries after a crash that were begun and not ended
    Column("received_at", UTCDateTime, nullable=False),
    Column("not_before", UTCDateTime),
    Column("done_at", UTCDateTime),
    Column("error", Text, info=_PLAIN),
    Column("answer", JSON, info=_PLAIN),  # what was answered at once (forms), for the same question asked twice
    UniqueConstraint("source", "external_id"),
    Index("ix_inbox_new", "conversation", "id", sqlite_where=text(_NEW)),
)


class Waiting(NamedTuple):
    """What the desk wants to know of a row."""

    id: int
    source: str
    external_id: str
    conversation: str
    payload: dict[str, Any]
    not_before: datetime | None

    @property
    def rank(self) -> Rank:
        """How soon what is said to it must leave: a timer knows its own, for everything else somebody waits."""
        if self.source != TIMER:
            return Rank.WAITED_FOR
        return Rank(self.payload.get("rank", Rank.PROMISED))


class Found(NamedTuple):
    """What a sweep wants to know of a conversation that waits."""

    since: datetime
    rung: bool  # nothing but timers, and each for the first time


_earliest = Prepared(
    select(*(inbox.c[name] for name in Waiting._fields))
    .where(inbox.c.conversation == bindparam("of"), inbox.c.state == InboxState.NEW)
    .order_by(inbox.c.id)
    .limit(2)
)
_done = Prepared(
    update(inbox)
    .where(inbox.c.id == bindparam("row"), inbox.c.state == InboxState.NEW)
    .values(state=InboxState.DONE, done_at=bindparam("at"), answer=bindparam("said"))
)
_mine = Prepared(select(func.pg_try_advisory_xact_lock(func.hashtextextended(bindparam("of", type_=String), 0))))
_first_ring = (inbox.c.source == TIMER) & inbox.c.not_before.is_(None)
_waiting = (
    select(inbox.c.conversation, func.min(inbox.c.received_at), func.min(case((_first_ring, 1), else_=0)))
    .where(text(_NEW), func.coalesce(inbox.c.not_before, bindparam("at")) <= bindparam("at"))
    .group_by(inbox.c.conversation)
    .order_by(func.min(inbox.c.id))
)


@cache
def _fresh(dialect: str) -> Any:
    fresh = insert_into(dialect, inbox).on_conflict_do_nothing(index_elements=["source", "external_id"])
    return fresh.returning(inbox.c.id)


def accept(session: Session, arrivals: Sequence[Arrival], at: datetime) -> list[int]:
    """Write arrivals down; what we have already is not written twice. Returns the ids of the new rows."""
    if not arrivals:
        return []
    rows = [
        {
            "source": a.source,
            "external_id": a.external_id,
            "conversation": a.conversation,
            "payload": a.payload,
            "state": InboxState.NEW,
            "attempts": 0,
            "started": 0,
            "received_at": at,
        }
        for a in arrivals
    ]
    return list(session.scalars(_fresh(session.get_bind().dialect.name), rows))


def earliest(session: Session, conversation: str) -> tuple[Waiting | None, bool]:
    """The next row of a conversation, and whether another waits behind it."""
    rows = _earliest.all(session, of=conversation)
    return (Waiting(*rows[0]) if rows else None), len(rows) > 1


def done(session: Session, row: int, at: datetime, answer: Any | None = None) -> bool:
    """Mark a row done; False when somebody else did it."""
    return bool(_done.done(session, row=row, at=at, said=answer))


def mine(session: Session, conversation: str) -> bool:
    """PostgreSQL: whether the conversation is ours for the length of this transaction."""
    found = _mine.first(session, of=conversation)
    return bool(found and found[0])


def answered(session: Session, arrival: Arrival) -> FormAnswer | None:
    """What was answered to the same question before."""
    same = select(inbox.c.answer).where(inbox.c.source == arrival.source, inbox.c.external_id == arrival.external_id)
    answer = session.scalar(same)
    return msgspec.convert(answer, FormAnswer) if answer else None


def waiting(session: Session, at: datetime) -> dict[str, Found]:
    """The conversations that have something to do, and since when."""
    return {of: Found(since, bool(rung)) for of, since, rung in session.execute(_waiting, {"at": at})}


def fail(session: Session, row: int, at: datetime, error: str, *, final: int = ATTEMPTS) -> InboxState:
    """Count a failed try: later again, or dead after `final` of them."""
    tries: int = session.execute(select(inbox.c.attempts).where(inbox.c.id == row)).scalar_one() + 1
    state = InboxState.DEAD if tries >= final else InboxState.NEW
    pause = timedelta(seconds=0.05 * 2**tries)
    # We are alive, so this was no crash: those are counted apart.
    _set(session, row, attempts=tries, state=state, error=error[:2000], not_before=at + pause, started=0)
    return state


def quarantine(session: Session, row: int, error: str) -> None:
    """Put a row aside for good, kept for whoever wants to look."""
    _set(session, row, state=InboxState.QUARANTINED, error=error[:2000])


def begin_again(session: Session, row: int, until: datetime | None) -> bool:
    """Note before a try that follows a crash; False when it was tried too often and is put aside.

    `until` then nobody else tries it, where there is anybody else.
    """
    started: int = session.execute(select(inbox.c.started).where(inbox.c.id == row)).scalar_one() + 1
    if started >= CRASHES:
        quarantine(session, row, f"the program died {CRASHES} times over it")
        return False
    _set(session, row, started=started, **({"not_before": until} if until else {}))
    return True


def _set(session: Session, row: int, **values: Any) -> None:
    session.execute(update(inbox).where(inbox.c.id == row).values(**values))


def revive(session: Session, row: int | None = None) -> list[str]:
    """Bring dead or quarantined rows back (`retry`): one, or all; returns their conversations."""
    asleep = inbox.c.state.in_((InboxState.DEAD, InboxState.QUARANTINED))
    chosen = asleep if row is None else asleep & (inbox.c.id == row)
    back = update(inbox).where(chosen).values(state=InboxState.NEW, attempts=0, started=0, not_before=None)
    return sorted(set(session.scalars(back.returning(inbox.c.conversation))))
