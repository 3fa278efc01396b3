"""Timers: promises to come back, as rows. Unique for (kind, subject, occurrence), claimed by a conditional update."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint, func, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.record import Name, Short, Table, choice, impersonal
from domain.work import Work


class TimerState(StrEnum):
    """The life of a timer."""

    SET = "set"
    RUNG = "rung"
    CLEARED = "cleared"


class Timer(Table):
    """One promise to come back about `subject` at `due_at`; `occurrence` tells repeated ones apart."""

    __tablename__ = "timers"
    __table_args__ = (
        UniqueConstraint("kind", "subject", "occurrence"),
        Index("ix_timers_due", "due_at", sqlite_where=text("state = 'set'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = impersonal(Short)
    subject: Mapped[str] = impersonal(Short, index=True)
    occurrence: Mapped[str] = impersonal(Name)
    due_at: Mapped[datetime]
    state: Mapped[TimerState] = mapped_column(choice(TimerState), default=TimerState.SET)


@dataclass(frozen=True)
class Rung:
    """A timer that was claimed: it rings once."""

    kind: str
    subject: str
    occurrence: str
    due_at: datetime


def put(work: Work, kind: str, subject: str, occurrence: str, due_at: datetime) -> None:
    """Set a timer; the same promise twice is one timer, and only one that has not rung can be moved."""
    same = select(Timer).where(Timer.kind == kind, Timer.subject == subject, Timer.occurrence == occurrence)
    timer = work.session.scalar(same)
    if timer is None:
        work.session.add(Timer(kind=kind, subject=subject, occurrence=occurrence, due_at=due_at))
    elif timer.state is not TimerState.RUNG:
        timer.due_at, timer.state = due_at, TimerState.SET


def move(work: Work, kind: str, subject: str, occurrence: str, due_at: datetime) -> None:
    """Another time for a timer that stands; none is set where there is none."""
    same = update(Timer).where(Timer.kind == kind, Timer.subject == subject, Timer.occurrence == occurrence)
    work.session.execute(same.where(Timer.state == TimerState.SET, Timer.due_at != due_at).values(due_at=due_at))


def keep(work: Work, subject: str, occurrences: Collection[str], *kinds: str) -> None:
    """Take back a subject's timers of these kinds that are still to come, but for these occurrences."""
    coming = update(Timer).where(Timer.subject == subject, Timer.state == TimerState.SET, Timer.due_at > work.now)
    others = coming.where(Timer.kind.in_(kinds), Timer.occurrence.not_in(occurrences))
    work.session.execute(others.values(state=TimerState.CLEARED))


def clear(work: Work, subject: str, *kinds: str) -> None:
    """Take back the timers of a subject (all kinds if none is named)."""
    standing = update(Timer).where(Timer.subject == subject, Timer.state == TimerState.SET)
    work.session.execute(
        (standing.where(Timer.kind.in_(kinds)) if kinds else standing).values(state=TimerState.CLEARED)
    )


def claim(session: Session, now: datetime, limit: int = 100) -> list[Rung]:
    """Claim what is due, oldest first: whoever else looks at the same moment gets other rows or none."""
    due = select(Timer.id).where(Timer.state == TimerState.SET, Timer.due_at <= now).order_by(Timer.due_at).limit(limit)
    if session.get_bind().dialect.name == "postgresql":
        due = due.with_for_update(skip_locked=True)
    ids = list(session.scalars(due))
    if not ids:
        return []
    claimed = session.execute(
        update(Timer)
        .where(Timer.id.in_(ids), Timer.state == TimerState.SET)
        .values(state=TimerState.RUNG)
        .returning(Timer.kind, Timer.subject, Timer.occurrence, Timer.due_at)
    )
    return sorted((Rung(*row) for row in claimed), key=lambda rung: rung.due_at)


def next_due(session: Session) -> datetime | None:
    """When the next timer rings."""
    return session.scalar(select(func.min(Timer.due_at)).where(Timer.state == TimerState.SET))
