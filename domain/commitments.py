"""Commitments: what somebody of the team said he would do, until when, and whether it was kept."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, ForeignKey, Select, Text, UniqueConstraint, and_, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from domain import desk_events
from domain.calendar import OverAlready
from domain.record import Name, Short, Table, choice, impersonal, personal
from domain.requests import NotNow, Request, State
from domain.work import Refusal, Work

USUAL = time(10)  # when nothing is said
CLOCK = re.compile(r"(?<![\d.,:])([01]?\d|2[0-3])(?:\s?h|[:.h]([0-5]\d))(?!\w|[.,]\d)", re.IGNORECASE)
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


class Outcome(StrEnum):
    """What became of it."""

    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    WITHDRAWN = "withdrawn"  # it was never meant so, or is not wanted any more: it counts nowhere


class Commitment(Table):
    """One sentence of a teammate's that was pinned."""

    __tablename__ = "commitments"
    __table_args__ = (UniqueConstraint("source"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), index=True)
    words: Mapped[str] = personal(Text)
    due_at: Mapped[datetime] = mapped_column(index=True)
    keeper: Mapped[str] = impersonal(Short)  # the teammate who is to keep it
    told: Mapped[bool]  # whether the homeowner knows of it
    source: Mapped[str | None] = impersonal(Name)  # the message it was said in
    made_by: Mapped[str] = impersonal(Short)
    made_at: Mapped[datetime]
    missed_at: Mapped[datetime | None]  # it got another time when this one was over: in time it was not kept
    outcome: Mapped[Outcome] = mapped_column(choice(Outcome), default=Outcome.OPEN)
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str | None] = impersonal(Short)  # who said so; none: what became of the request did


@dataclass(frozen=True)
class Wish:
    """What shall be pinned."""

    words: str
    due_at: datetime
    keeper: str
    told: bool = False
    source: str | None = None
    his_own: bool = False  # he asked for it himself: he is not told what he knows


class PinnedAlready(Refusal):
    """What was said in that message is pinned."""


class DueAlready(Refusal):
    """Its time is over: now it was kept or not, and cannot be withdrawn."""


@dataclass(eq=False)
class AnsweredAlready(Refusal):
    """Somebody has said what became of it; his key."""

    name: str
    outcome: Outcome


def pin(work: Work, request: Request, wish: Wish, by: str) -> Commitment:
    """From now on it is watched. Raises OverAlready, PinnedAlready, NotNow for what is called off."""
    if request.state is State.CANCELLED:
        raise NotNow(request.number, request.state)
    if wish.due_at <= work.now:
        raise OverAlready
    made = Commitment(
        request_id=request.id, words=wish.words, due_at=wish.due_at, keeper=wish.keeper, told=wish.told,
        source=wish.source, made_by=by, made_at=work.now, outcome=Outcome.OPEN,
    )  # fmt: skip
    try:
        with work.session.begin_nested():
            work.session.add(made)
    except IntegrityError:  # somebody else has pinned that message at this moment
        raise PinnedAlready from None
    work.happened(desk_events.CommitmentMade(request.id, made.id, by, made.told and not wish.his_own))
    return made


def pinned(work: Work, source: str) -> bool:
    """Whether what was said in that message is pinned."""
    return work.session.scalar(select(Commitment.id).where(Commitment.source == source)) is not None


def of_source(work: Work, source: str) -> Commitment | None:
    """What was pinned of that, while it is open."""
    return next(iter(_held(work, (Commitment.source == source) & _OPEN)), None)


def give(one: Commitment, keeper: str) -> None:
    """Somebody else is to keep it."""
    one.keeper = keeper


def held(work: Work, commitment: int) -> Commitment:
    """One as it is now; until the end of the transaction nobody else changes it."""
    (found,) = _held(work, Commitment.id == commitment)
    return found


def keep(work: Work, one: Commitment, by: str) -> None:
    """It was kept. Raises AnsweredAlready."""
    _settle(work, one, Outcome.KEPT, by)


def break_(work: Work, one: Commitment, by: str) -> None:
    """It was not. Raises AnsweredAlready."""
    _settle(work, one, Outcome.BROKEN, by)


def withdraw(work: Work, one: Commitment, by: str) -> None:
    """It does not hold any more. Raises AnsweredAlready, DueAlready."""
    if one.outcome is Outcome.OPEN and one.due_at <= work.now:
        raise DueAlready
    _settle(work, one, Outcome.WITHDRAWN, by)


def move(work: Work, one: Commitment, due_at: datetime, by: str) -> None:
    """It will be then; the same time again is no news. Raises AnsweredAlready, OverAlready.

    If its time was over, it was not kept in time, whatever comes.
    """
    _still_open(one)
    if due_at <= work.now:
        raise OverAlready
    was = one.due_at
    if due_at == was:
        return
    if was <= work.now:
        one.missed_at = one.missed_at or was
    one.due_at = due_at
    work.happened(desk_events.CommitmentMoved(one.request_id, one.id, was, by))


def _still_open(one: Commitment) -> None:
    if one.outcome is not Outcome.OPEN:
        raise AnsweredAlready(one.settled_by or "", one.outcome)


def _settle(work: Work, one: Commitment, outcome: Outcome, by: str | None) -> None:
    """Once; the same word of the same person again is no news."""
    if by is not None and (one.outcome, one.settled_by) == (outcome, by):
        return
    _still_open(one)
    one.outcome, one.settled_at, one.settled_by = outcome, work.now, by
    work.happened(desk_events.CommitmentSettled(one.request_id, one.id, outcome.value, by))


# ── what becomes of the request ──


def solved(work: Work, request: Request) -> None:
    """It is solved: what was promised for later is kept. Of what was due before, somebody still has to say."""
    for one in _open_of(work, request):
        if one.due_at > work.now:
            _settle(work, one, Outcome.KEPT, None)


def not_solved(work: Work, request: Request) -> None:
    """It is not solved after all: what was kept by solving it is open again."""
    by_solving = (Commitment.outcome == Outcome.KEPT) & Commitment.settled_by.is_(None)
    for one in _held(work, (Commitment.request_id == request.id) & by_solving):
        one.outcome, one.settled_at = Outcome.OPEN, None
        work.happened(desk_events.CommitmentReopened(request.id, one.id))


def called_off(work: Work, request: Request) -> None:
    """It is not wanted any more: nothing of it is owed."""
    for one in _open_of(work, request):
        _settle(work, one, Outcome.WITHDRAWN, None)


def go_over(work: Work, request: Request, into: Request) -> None:
    """It ended in another request: what was promised holds there."""
    for one in _open_of(work, request):
        one.request_id = into.id
        work.happened(desk_events.CommitmentWentOver(into.id, one.id))


# ── who looks ──


def open_for(work: Work, request: Request) -> list[Commitment]:
    """What is open for a request, what is due first above."""
    return list(work.session.scalars(_in_order((Commitment.request_id == request.id) & _OPEN)))


def kept_by(work: Work, keeper: str) -> list[tuple[Commitment, Request]]:
    """What somebody is to keep, what is due first above, each with its request."""
    found = list(work.session.scalars(_in_order((Commitment.keeper == keeper) & _OPEN)))
    about = select(Request).where(Request.id.in_({one.request_id for one in found}))
    requests = {request.id: request for request in work.session.scalars(about)}
    return [(one, requests[one.request_id]) for one in found]


@dataclass(frozen=True)
class Counted:
    """How many were due in a time, how many of these were kept in time; what is open now, and what nobody answered."""

    due: int
    kept: int
    open: int
    unanswered: int


def counted(work: Work, since: datetime, until: datetime | None = None) -> Counted:
    """What was promised for a time up to now (or until then), or was settled before it was due."""
    counts = select(func.count()).select_from(Commitment)
    at = func.coalesce(Commitment.missed_at, Commitment.due_at)
    when = at >= since if until is None or until >= work.now else and_(at >= since, at < until)
    over = or_(Commitment.due_at <= work.now, Commitment.missed_at.is_not(None))
    kept = Commitment.outcome == Outcome.KEPT
    due = or_(kept, Commitment.outcome == Outcome.BROKEN, _OPEN & over)

    def number(*which: ColumnElement[bool]) -> int:
        return work.session.scalar(counts.where(*which)) or 0

    return Counted(
        due=number(when, due),
        kept=number(when, kept, Commitment.missed_at.is_(None)),
        open=number(_OPEN),
        unanswered=number(_OPEN, Commitment.due_at <= work.now),
    )


_OPEN = Commitment.outcome == Outcome.OPEN


def _in_order(which: ColumnElement[bool]) -> Select[Commitment]:
    return select(Commitment).where(which).order_by(Commitment.due_at, Commitment.id)


def _held(work: Work, which: ColumnElement[bool]) -> list[Commitment]:
    """Two who say something of the same one at the same moment: the second waits, and sees what the first has said."""
    work.session.flush()
    return list(work.session.scalars(_in_order(which).with_for_update().execution_options(populate_existing=True)))


def _open_of(work: Work, request: Request) -> Iterable[Commitment]:
    return _held(work, (Commitment.request_id == request.id) & _OPEN)


# ── when ──


def hour_in(words: str) -> time:
    """The hour that stands in a sentence in digits (`10:30`, `14h`, or its only number when that can be an hour)."""
    if found := CLOCK.search(words):
        return time(int(found[1]), int(found[2] or 0))
    numbers = NUMBER.findall(words)
    only = int(numbers[0]) if len(numbers) == 1 and numbers[0].isascii() and numbers[0].isdecimal() else 0
    return time(only) if 7 <= only <= 20 else USUAL


def moment(day: date, hour: time, zone: str) -> datetime:
    """What a wall clock shows there, as a moment; an hour that is skipped in spring moves forward by the gap."""
    return datetime.combine(day, hour, ZoneInfo(zone)).astimezone(UTC)
