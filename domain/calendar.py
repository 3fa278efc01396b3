"""The team's calendar: what is entered over the company file. Absences, extra shifts, days on which all is closed."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, select
from sqlalchemy.orm import Mapped, mapped_column

from domain.record import Name, Short, Table, choice, impersonal, personal
from domain.rota import Entries, Span, cell, next_cell
from domain.work import Work


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


def entries(work: Work) -> Entries:
    """All that holds from today on, as the search takes it. An absence takes every quarter it touches."""
    held = select(CalendarEntry).where(CalendarEntry.removed_at.is_(None), CalendarEntry.ends_at > work.now)
    closed: list[Span] = []
    each: dict[EntryKind, dict[str, list[Span]]] = {EntryKind.AWAY: {}, EntryKind.EXTRA: {}}
    for entry in work.session.scalars(held.order_by(CalendarEntry.id)):
        if entry.kind is EntryKind.EXTRA:
            span = Span(next_cell(entry.starts_at), cell(entry.ends_at))
        else:
            span = Span(cell(entry.starts_at), next_cell(entry.ends_at))
        if entry.kind is EntryKind.CLOSED or entry.technician is None:
            closed.append(span)
        else:
            each[entry.kind].setdefault(entry.technician, []).append(span)
    away, extra = (
        {who: tuple(spans) for who, spans in each[k].items()} for k in (EntryKind.AWAY, EntryKind.EXTRA)
    )  # fmt: skip
    return Entries(tuple(closed), away, extra)
