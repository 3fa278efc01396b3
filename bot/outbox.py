"""The outbox: what shall go out, written in the same transaction as what caused it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import (
    JSON,
    Column,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    bindparam,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.orm import Session

from bot.addresses import address, language
from bot.clock import real
from domain.prepared import Prepared
from domain.record import Name, Short, UTCDateTime, choice, metadata
from handlers.messages import (
    Button,
    Channel,
    Edit,
    Form,
    Importance,
    Message,
    Outgoing,
    Page,
)
from handlers.pipes import Card, make_keyboard, remote_of
from scheduling.ranks import Rank

LEASE = timedelta(seconds=30)
NOBODY = "nobody"  # holds a row that was dead: free for all, yet it may have left before


class OutboxState(StrEnum):
    """The life of something that goes out."""

    NEW = "new"
    SENT = "sent"
    DROPPED = "dropped"  # low value, and nobody knows or it is too late
    REPLACED = "replaced"  # a later one about the same thing took its place before it left
    DEAD = "dead"  # it cannot be delivered; `retry` brings it back


STANDING = text("state = 'new'")  # said in the statement itself: only so a partial index will do
_PLAIN = {"personal": False}

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Short, nullable=False, unique=True, info=_PLAIN),
    Column("network", Short, nullable=False, info=_PLAIN),
    Column("target", Name, nullable=False, info={"personal": True}),  # the order is kept within it
    Column("payload", JSON, nullable=False, info={"personal": True}),
    Column("language", Short, nullable=False, info=_PLAIN),
    Column("importance", choice(Importance), nullable=False),
    Column("rank", SmallInteger, nullable=False, server_default="0"),  # which leaves first: scheduling.ranks
    Column("about", Name, info=_PLAIN),
    Column("keyboard", Short, info=_PLAIN),
    Column("state", choice(OutboxState), nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("not_before", UTCDateTime),
    Column("lease_until", UTCDateTime),
    Column("owner", Short, info=_PLAIN),
    Column("remote", Name, info={"personal": True}),
    Column("error", Text, info=_PLAIN),
    Column("inbox_id", Integer),
    Column("created_at", UTCDateTime, nullable=False),
    Column("sent_at", UTCDateTime),
    Index("ix_outbox_new", "target", "id", sqlite_where=STANDING),
    Index("ix_outbox_rank", "rank", "id", sqlite_where=STANDING),
)


@dataclass
class Parcel:
    """A row of the outbox in the hands of the process that shall send it."""

    id: int
    key: str
    network: str
    target: str
    payload: Outgoing
    language: str
    about: str | None
    keyboard: str | None
    remote: str | None  # where its card hangs already
    thread: str | None  # where the head of its thread hangs
    rank: int = Rank.WAITED_FOR
    attempts: int = 0
    suspect: bool = False  # somebody may have sent it before he died
    aside: bool = False  # its words have arrived: what follows them waits beside the line
    not_before: datetime | None = None


@dataclass(frozen=True)
class Cause:
    """Why something goes out: `key` is unique for ever, so that a repeated try writes the same rows."""

    key: str
    at: datetime
    owner: str | None  # the process that will send it; none: whoever is free
    team_language: str
    inbox_id: int | None = None
    rank: Rank = Rank.WAITED_FOR


_given = [column for column in outbox.c if column.name not in ("id", "remote", "error", "sent_at")]
_fresh = Prepared(insert(outbox).values({column: bindparam(column.key) for column in _given}).returning(outbox.c.id))


def put(session: Session, said: Iterable[Outgoing], cause: Cause) -> list[Parcel]:
    """Write down what shall go out, leased to this process, and return it ready to be sent at once."""
    parcels = []
    for number, payload in enumerate(said):
        row = _row(session, payload, cause, number)
        [(made,)] = _fresh.all(session, **row)
        parcels.append(parcel(session, {"id": made, **row}))
    return parcels


def _row(session: Session, payload: Outgoing, cause: Cause, number: int) -> dict[str, Any]:
    network, target = address(payload)
    message = payload if isinstance(payload, Message) else None
    now = real()
    if message is not None and message.wait and message.about:
        _replace(session, target, message.about)
    return {
        "key": f"{cause.key}.{number}",
        "network": network,
        "target": target,
        "payload": msgspec.to_builtins(payload),
        "language": language(payload, cause.team_language),
        "importance": Importance.LOW if isinstance(payload, Edit) else payload.importance,
        "rank": cause.rank,
        "about": message.about if message else None,
        "keyboard": keyboard(session, payload, target, cause.at),
        "state": OutboxState.NEW,
        "attempts": 0,
        "lease_until": now + LEASE if cause.owner else None,
        "owner": cause.owner,
        "inbox_id": cause.inbox_id,
        "created_at": cause.at,
        "not_before": now + timedelta(seconds=message.wait) if message and message.wait else None,
    }


def parcel(session: Session, row: Mapping[str, Any], *, suspect: bool = False) -> Parcel:
    """A row of the outbox as the sender wants it."""
    payload = msgspec.convert(row["payload"], Outgoing)
    fresh = isinstance(payload, Message) and payload.fresh
    to = payload.to if isinstance(payload, Message) else None
    head = to.thread if isinstance(to, Channel) else None
    return Parcel(
        id=row["id"],
        key=row["key"],
        network=row["network"],
        target=row["target"],
        payload=payload,
        language=row["language"],
        about=row["about"],
        keyboard=row["keyboard"],
        remote=None if fresh or not row["about"] else remote_of(session, row["target"], row["about"]),
        thread=remote_of(session, row["target"], head) if head else None,
        rank=row["rank"],
        attempts=row["attempts"],
        suspect=suspect,
        not_before=row["not_before"],
    )


def keyboard(session: Session, payload: Outgoing, target: str, at: datetime) -> str | None:
    """The token of the buttons (or of the form), bound to where they will be seen."""
    if isinstance(payload, Form):
        return make_keyboard(session, payload.user, None, [Button("", payload.act, payload.args, standing=True)], at)
    if isinstance(payload, Page):
        return make_keyboard(session, payload.user, None, payload.buttons, at)
    if isinstance(payload, Message) and (payload.buttons or payload.menu):
        shown = [*(b for row in payload.buttons for b in row), *payload.menu]
        return make_keyboard(session, target, payload.turn, shown, at)
    return None


def _replace(session: Session, target: str, about: str) -> None:
    """What still gathers is replaced by its successor."""
    session.execute(
        update(outbox)
        .where(
            outbox.c.target == target,
            outbox.c.about == about,
            outbox.c.state == OutboxState.NEW,
            outbox.c.not_before > real(),
        )
        .values(state=OutboxState.REPLACED)
    )


@dataclass(frozen=True)
class Mark:
    """What became of a parcel."""

    id: int
    state: OutboxState
    at: datetime
    remote: str | None = None
    error: str | None = None


_mark = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(
        state=bindparam("to"),
        sent_at=bindparam("at"),
        remote=bindparam("there"),
        error=bindparam("why"),
        lease_until=None,
    )
)


def mark(session: Session, marks: Sequence[Mark]) -> None:
    """Note what became of some parcels, in one go."""
    session.execute(
        _mark,
        [
            {"row": m.id, "to": m.state, "at": m.at, "there": m.remote, "why": m.error}
            for m in sorted(marks, key=lambda mark: mark.id)
        ],
    )


def hang(session: Session, target: str, about: str, remote: str) -> None:
    """Remember where a card hangs."""
    card = session.get(Card, (target, about))
    if card is None:
        session.add(Card(target=target, about=about, remote=remote))
    else:
        card.remote = remote


def postpone(session: Session, row: int, attempts: int, error: str) -> None:
    """Note a try that did not work."""
    session.execute(update(outbox).where(outbox.c.id == row).values(attempts=attempts, error=error[:2000]))


def standing(session: Session, row: int) -> bool:
    """Whether a row still wants to leave (it may have been replaced while it waited)."""
    return session.scalar(select(outbox.c.state).where(outbox.c.id == row)) == OutboxState.NEW


def asked(session: Session, most: int) -> int:
    """How many questions of ours wait to leave for homeowners; nobody counts further than `most`."""
    ours = select(outbox.c.id).where(STANDING, text(f"rank = {int(Rank.OURS)}"), outbox.c.network == "telegram")
    return session.scalar(select(func.count()).select_from(ours.limit(most).subquery())) or 0


def revive(session: Session, row: int | None = None) -> int:
    """Bring dead letters back (`retry`): one, or all; returns how many."""
    dead = outbox.c.state == OutboxState.DEAD
    fresh = {"state": OutboxState.NEW, "attempts": 0, "lease_until": None, "error": None}
    back = update(outbox).where(dead if row is None else dead & (outbox.c.id == row)).values(owner=NOBODY, **fresh)
    return len(session.scalars(back.returning(outbox.c.id)).all())


def backlog(session: Session) -> dict[str, int]:
    """How many rows stand in each state."""
    counted = select(outbox.c.state, func.count()).group_by(outbox.c.state)
    return {str(state): count for state, count in session.execute(counted)}
