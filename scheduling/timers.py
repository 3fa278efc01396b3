"""Timers: promises to come back, as rows. Unique for (kind, subject, occurrence), claimed by a conditional update.

What is to come stands in partial indexes of its own: what rang long ago costs nothing, however much it is.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import (
    CheckConstraint,
    CursorResult,
    Index,
    SmallInteger,
    UniqueConstraint,
    bindparam,
    column,
    delete,
    func,
    insert,
    literal,
    literal_column,
    select,
    text,
    union_all,
    update,
)
from sqlalchemy import Table as Rows
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.prepared import UNLESS_IT_IS_THERE, Prepared
from domain.record import Name, Short, Table, choice, impersonal
from domain.work import Work
from scheduling.ranks import Rank, rank_of


class TimerState(StrEnum):
    """The life of a timer."""

    SET = "set"
    RUNG = "rung"
    CLEARED = "cleared"


# Said in the statement itself, never given as a value: only so a database knows that a partial index will do.
_SET = text("state = 'set'")


class Timer(Table):
    """One promise to come back about `subject` at `due_at`; `occurrence` tells repeated ones apart."""

    __tablename__ = "timers"
    __table_args__ = (
        UniqueConstraint("subject", "kind", "occurrence"),  # in this order: what a subject has is found by it, too
        CheckConstraint(column("rank").in_([literal_column(str(int(rank))) for rank in Rank]), "known_rank"),
        Index("ix_timers_due", "rank", "due_at", sqlite_where=_SET),
        Index("ix_timers_cleared", "due_at", sqlite_where=text("state = 'cleared'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = impersonal(Short)
    subject: Mapped[str] = impersonal(Short)
    occurrence: Mapped[str] = impersonal(Name)
    due_at: Mapped[datetime]
    state: Mapped[TimerState] = mapped_column(choice(TimerState), default=TimerState.SET)
    # Which goes first; a default of the table's own, for an older program that still writes to it.
    rank: Mapped[int] = mapped_column(SmallInteger, default=Rank.PROMISED, server_default="1")


@dataclass(frozen=True)
class Rung:
    """A timer that was claimed: it rings once."""

    kind: str
    subject: str
    occurrence: str
    due_at: datetime
    rank: int


_rows = cast(Rows, Timer.__table__)
_key = tuple(_rows.c[name] == bindparam(f"the_{name}") for name in ("subject", "kind", "occurrence"))
_given = ("kind", "subject", "occurrence", "due_at", "rank")
_new = select(
    *(bindparam(f"the_{name}", type_=_rows.c[name].type) for name in _given),
    literal(TimerState.SET, _rows.c.state.type),
).where(~select(_rows.c.id).where(*_key).exists())
_new = _new.suffix_with(UNLESS_IT_IS_THERE)  # another process sets the same one at this moment
_put = Prepared(insert(_rows).from_select([*_given, "state"], _new, include_defaults=False))
_again = Prepared(
    update(_rows)
    .where(*_key, _rows.c.state != TimerState.RUNG)
    .values(due_at=bindparam("the_due_at"), rank=bindparam("the_rank"), state=TimerState.SET)
)
_move = Prepared(
    update(_rows).where(*_key, _SET, _rows.c.due_at != bindparam("the_due_at")).values(due_at=bindparam("the_due_at"))
)
_standing = update(_rows).where(_rows.c.subject == bindparam("of"), _SET).values(state=TimerState.CLEARED)
_clear_all, _clear = Prepared(_standing), Prepared(_standing.where(_rows.c.kind == bindparam("the_kind")))


def put(work: Work, kind: str, subject: str, occurrence: str, due_at: datetime, rank: Rank | None = None) -> None:
    """Set a timer; the same promise twice is one timer, and only one that has not rung can be moved.

    `rank` is that of its kind where none is given.
    """
    given = {"the_kind": kind, "the_subject": subject, "the_occurrence": occurrence, "the_due_at": due_at}
    given["the_rank"] = rank_of(kind) if rank is None else rank
    if not _put.done(work.session, **given):
        _again.done(work.session, **given)


def move(work: Work, kind: str, subject: str, occurrence: str, due_at: datetime) -> None:
    """Another time for a timer that stands; none is set where there is none."""
    _move.done(work.session, the_kind=kind, the_subject=subject, the_occurrence=occurrence, the_due_at=due_at)


def keep(work: Work, subject: str, occurrences: Collection[str], *kinds: str) -> None:
    """Take back a subject's timers of these kinds that are still to come, but for these occurrences."""
    coming = update(_rows).where(_rows.c.subject == subject, _SET, _rows.c.due_at > work.now)
    others = coming.where(_rows.c.kind.in_(kinds), _rows.c.occurrence.not_in(occurrences))
    work.session.execute(others.values(state=TimerState.CLEARED))


def clear(work: Work, subject: str, *kinds: str) -> None:
    """Take back the timers of a subject (all kinds if none is named)."""
    if not kinds:
        _clear_all.done(work.session, of=subject)
    for kind in kinds:
        _clear.done(work.session, of=subject, the_kind=kind)


def _due(rank: Rank, dialect: str) -> Any:
    """One statement that finds and marks what is due of one rank; on PostgreSQL past what others hold."""
    found = select(_rows.c.id).where(_SET, _rows.c.rank == literal_column(str(int(rank))))
    found = found.where(_rows.c.due_at <= bindparam("now")).order_by(_rows.c.due_at).limit(bindparam("most"))
    if dialect == "postgresql":
        # An array: with IN, a statement made ready once reads the whole table (docs/decisions/0018-many-timers.md).
        held = func.array(found.with_for_update(skip_locked=True).scalar_subquery())
        mine = _rows.c.id == func.any(held)
    else:
        mine = _rows.c.id.in_(found)
    rung = update(_rows).where(mine, _SET).values(state=TimerState.RUNG)
    return rung.returning(_rows.c.kind, _rows.c.subject, _rows.c.occurrence, _rows.c.due_at, _rows.c.rank)


_claims = {(rank, dialect): _due(rank, dialect) for rank in Rank for dialect in ("sqlite", "postgresql")}


def claim(session: Session, now: datetime, limit: int = 100, ranks: Collection[Rank] = tuple(Rank)) -> list[Rung]:
    """Claim what is due, rank by rank, of one rank the oldest first.

    Whoever else looks at the same moment gets other rows or none.
    """
    claimed: list[Rung] = []
    dialect = session.get_bind().dialect.name
    for rank in sorted(ranks):
        if left := limit - len(claimed):
            found = session.execute(_claims[rank, dialect], {"now": now, "most": left})
            claimed += sorted((Rung(*row) for row in found), key=lambda rung: rung.due_at)
    return claimed


_firsts = union_all(
    *(
        select(
            select(_rows.c.due_at)
            .where(_SET, _rows.c.rank == literal_column(str(int(rank))))
            .order_by(_rows.c.due_at)
            .limit(literal_column("1"))
            .scalar_subquery()
            .label("due_at")
        )
        for rank in Rank
    )
).subquery()
_next_due = select(func.min(_firsts.c.due_at))


def next_due(session: Session) -> datetime | None:
    """When the next timer rings: the earliest of each rank's first."""
    first: datetime | None = session.scalar(_next_due)
    return first


def forget(session: Session, before: datetime, limit: int = 5_000) -> int:
    """Forget timers that were taken back and would have rung before then; how many.

    What has rung is never forgotten: it is what keeps the same promise from ringing a second time.
    """
    old = select(_rows.c.id).where(text("state = 'cleared'"), _rows.c.due_at < before).limit(limit)
    return cast(CursorResult[Any], session.execute(delete(_rows).where(_rows.c.id.in_(old)))).rowcount
