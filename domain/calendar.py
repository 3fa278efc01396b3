"""The team's calendar: what is entered over the company file. Absences, extra shifts, days on which all is closed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import Index, Select, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from domain import moved, occupancy
from domain.company import Company
from domain.record import Name, Short, Table, choice, impersonal, personal
from domain.rota import Entries, Span, cell, next_cell
from domain.team import Member
from domain.work import Refusal, Work

LONGEST = timedelta(days=366)
ARRANGERS = frozenset({"dispatcher", "manager"})


class EntryKind(StrEnum):
    """What an entry says."""

    AWAY = "away"  # somebody does not work
    EXTRA = "extra"  # somebody works besides his shifts
    CLOSED = "closed"  # nobody works


class CalendarEntry(Table):
    """One entry; what is taken back stays written down."""

    __tablename__ = "calendar_entries"
    __table_args__ = (Index("ix_calendar_entries_ends_at", "ends_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[EntryKind] = mapped_column(choice(EntryKind))
    technician: Mapped[str | None] = impersonal(Short)  # none: everybody
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    reason: Mapped[str] = personal(Name)
    entered_by: Mapped[str] = impersonal(Short)
    entered_at: Mapped[datetime]
    removed_by: Mapped[str | None] = impersonal(Short)
    removed_at: Mapped[datetime | None]

    @property
    def span(self) -> Span:
        """Its quarters: of an absence all that it touches, of a shift those that lie in it."""
        if self.kind is EntryKind.EXTRA:
            return Span(next_cell(self.starts_at), cell(self.ends_at))
        return Span(cell(self.starts_at), next_cell(self.ends_at))


@dataclass(frozen=True)
class Wish:
    """What shall be entered."""

    kind: EntryKind
    technician: str | None
    starts_at: datetime
    ends_at: datetime
    reason: str = ""


class EndsTooEarly(Refusal):
    """It would be over before it begins."""


class OverAlready(Refusal):
    """What is over cannot be entered or taken back."""


class TooLong(Refusal):
    """Longer than a year: a mistyped date, most likely."""


class NotYourCalendar(Refusal):
    """Technicians enter their own absence; the rest is for dispatchers and managers."""


class TakenBackAlready(Refusal):
    """Somebody has taken it back before."""


def arranges(member: Member) -> bool:
    """Whether he arranges other people's days."""
    return bool(ARRANGERS & set(member.roles))


def may_enter(member: Member, kind: EntryKind, technician: str | None) -> bool:
    """Technicians may enter their own absence; dispatchers and managers anything."""
    return arranges(member) or (kind is EntryKind.AWAY and technician == member.key)


def stretch(first: date, last: date, hours: tuple[time | None, time | None], zone: str) -> tuple[datetime, datetime]:
    """From a day to a day in somebody's zone: whole days, unless it says from and until what time."""
    there, (begins, ends) = ZoneInfo(zone), hours
    start = datetime.combine(first, begins or time(), there)
    until = datetime.combine(last, ends, there) if ends else datetime.combine(last + timedelta(days=1), time(), there)
    return start, until


def enter(work: Work, company: Company, wish: Wish, by: Member) -> CalendarEntry:
    """Write it down; from now on it holds for every time that is offered or kept.

    Raises NotYourCalendar, EndsTooEarly, OverAlready, TooLong.
    """
    if not may_enter(by, wish.kind, wish.technician):
        raise NotYourCalendar
    if wish.ends_at <= wish.starts_at:
        raise EndsTooEarly
    if wish.ends_at <= work.now:
        raise OverAlready
    if wish.ends_at - wish.starts_at > LONGEST:
        raise TooLong
    # Whoever keeps a slot holds the diary of those who come: either he sees this entry, or it sees his slot.
    occupancy.take_diaries(work, _whose(company, wish.technician))
    entry = CalendarEntry(
        kind=wish.kind, technician=wish.technician, starts_at=wish.starts_at, ends_at=wish.ends_at,
        reason=wish.reason, entered_by=by.key, entered_at=work.now,
    )  # fmt: skip
    work.session.add(entry)
    work.session.flush()
    work.once.clear()
    work.happened(moved.CalendarEntered(entry.id))
    return entry


def _whose(company: Company, technician: str | None) -> Iterable[str]:
    return (m.key for m in company.team if "technician" in m.roles and technician in (None, m.key))


def take_back(work: Work, entry: CalendarEntry, by: Member) -> None:
    """It does not hold any more. Raises NotYourCalendar, TakenBackAlready, OverAlready."""
    if not may_enter(by, entry.kind, entry.technician):
        raise NotYourCalendar
    if entry.removed_at is not None:
        raise TakenBackAlready
    if entry.ends_at <= work.now:
        raise OverAlready
    entry.removed_by, entry.removed_at = by.key, work.now
    work.once.clear()
    work.happened(moved.CalendarTakenBack(entry.id))


def ahead(work: Work, technician: str | None = None, most: int = 50) -> list[CalendarEntry]:
    """What holds from now on, in order; of one technician: his own, and the days on which all is closed."""
    held = _held(work.now).order_by(CalendarEntry.starts_at, CalendarEntry.id).limit(most)
    if technician is not None:
        held = held.where(or_(CalendarEntry.technician == technician, CalendarEntry.technician.is_(None)))
    return list(work.session.scalars(held))


def between(work: Work, technician: str, first: datetime, until: datetime) -> list[CalendarEntry]:
    """What is entered for somebody (or for all) in a stretch of time, over or not."""
    mine = or_(CalendarEntry.technician == technician, CalendarEntry.technician.is_(None))
    held = select(CalendarEntry).where(
        CalendarEntry.removed_at.is_(None), CalendarEntry.ends_at > first, CalendarEntry.starts_at < until, mine
    )
    return list(work.session.scalars(held.order_by(CalendarEntry.starts_at, CalendarEntry.id)))


def who_is_away(work: Work, people: Iterable[str], first: datetime, until: datetime) -> str | None:
    """Who of these people does not work at some time in between, by what is entered."""
    for who in people:
        if any(entry.kind is not EntryKind.EXTRA for entry in between(work, who, first, until)):
            return who
    return None


def _held(since: datetime) -> Select[CalendarEntry]:
    return select(CalendarEntry).where(CalendarEntry.removed_at.is_(None), CalendarEntry.ends_at > since)


def closed(work: Work) -> list[tuple[datetime, datetime]]:
    """When all was, is or will be closed, by what is entered."""
    kept = select(CalendarEntry).where(CalendarEntry.kind == EntryKind.CLOSED, CalendarEntry.removed_at.is_(None))
    return [(entry.starts_at, entry.ends_at) for entry in work.session.scalars(kept)]


def entries(work: Work, since: datetime | None = None) -> Entries:
    """All that holds from today on (or since then), as the search takes it."""
    closed: list[Span] = []
    each: dict[EntryKind, dict[str, list[Span]]] = {EntryKind.AWAY: {}, EntryKind.EXTRA: {}}
    for entry in work.session.scalars(_held(since or work.now).order_by(CalendarEntry.id)):
        if entry.kind is EntryKind.CLOSED or entry.technician is None:
            closed.append(entry.span)
        else:
            each[entry.kind].setdefault(entry.technician, []).append(entry.span)
    away, extra = (
        {who: tuple(spans) for who, spans in each[k].items()} for k in (EntryKind.AWAY, EntryKind.EXTRA)
    )  # fmt: skip
    return Entries(tuple(closed), away, extra)
