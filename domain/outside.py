"""Outside calendars: what a technician's own calendar says is busy for us, and is nobody's business beyond that.

Only when is kept, never what. The address lets anybody read the calendar: it is a secret, and never written to a log.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Text, delete, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from domain import moved
from domain.reach import Appointment
from domain.record import Name, Short, Table, impersonal, personal
from domain.rota import Span, cell
from domain.work import Work

UNREACHABLE = timedelta(days=1)  # then the team is told, once
KEPT_BEHIND = timedelta(days=2)


class OutsideCalendar(Table):
    """Somebody's other calendar, and how reading it went."""

    __tablename__ = "outside_calendars"

    technician: Mapped[str] = mapped_column(Short, primary_key=True, info={"personal": False})
    address: Mapped[str | None] = personal(Text)  # none: the settings name it
    set_by: Mapped[str] = impersonal(Short)
    set_at: Mapped[datetime]
    checked_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]  # the last time it could be read
    failing_since: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    problem: Mapped[str | None] = impersonal(Name)


class OutsideBusy(Table):
    """Some quarters in which somebody's other calendar says that he is busy."""

    __tablename__ = "outside_busy"

    technician: Mapped[str] = mapped_column(Short, primary_key=True, info={"personal": False})
    first: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    until: Mapped[int] = mapped_column(index=True)


@dataclass(frozen=True)
class ToRead:
    """A calendar whose turn it is."""

    technician: str
    address: str


def name(work: Work, technician: str, address: str | None, by: str) -> None:
    """From now on this is his other calendar; no address: the settings name it. Another address begins anew."""
    known = work.session.get(OutsideCalendar, technician)
    if known is not None and known.address == address:
        return
    if known is not None:
        forget(work, technician)
    work.session.add(OutsideCalendar(technician=technician, address=address, set_by=by, set_at=work.now))
    work.session.flush()


def forget(work: Work, technician: str) -> bool:
    """His other calendar does not count any more; whether it did."""
    work.session.execute(delete(OutsideBusy).where(OutsideBusy.technician == technician))
    gone = delete(OutsideCalendar).where(OutsideCalendar.technician == technician).returning(OutsideCalendar.technician)
    return work.session.execute(gone).first() is not None


def claim(work: Work, named: Mapping[str, str], pause: timedelta) -> list[ToRead]:
    """The calendars to be read now, each claimed by one process: those of the record, and those of the settings."""
    for technician in named:
        if work.session.get(OutsideCalendar, technician) is None:
            name(work, technician, None, "settings")
    mine = OutsideCalendar.address.is_not(None) | OutsideCalendar.technician.in_(tuple(named))
    due = or_(OutsideCalendar.checked_at.is_(None), OutsideCalendar.checked_at <= work.now - pause)
    claimed = update(OutsideCalendar).where(mine, due).values(checked_at=work.now)
    rows = work.session.execute(claimed.returning(OutsideCalendar.technician, OutsideCalendar.address)).all()
    # What the settings say wins: there the operator can change it without anybody's command.
    found = ((technician, named.get(technician) or address) for technician, address in sorted(rows, key=lambda r: r[0]))
    return [ToRead(technician, address) for technician, address in found if address]


def drop_unnamed(work: Work, named: Iterable[str]) -> None:
    """What the settings named once and do not name any more does not count."""
    gone = select(OutsideCalendar.technician).where(
        OutsideCalendar.address.is_(None), OutsideCalendar.technician.not_in(tuple(named))
    )
    for technician in work.session.scalars(gone).all():
        forget(work, technician)


def read(work: Work, technician: str, busy: Iterable[Span]) -> None:
    """It could be read: this is how it stands now."""
    known = work.session.get(OutsideCalendar, technician)
    if known is None:
        return  # taken away meanwhile
    work.session.execute(delete(OutsideBusy).where(OutsideBusy.technician == technician))
    behind = cell(work.now - KEPT_BEHIND)
    work.session.add_all(
        OutsideBusy(technician=technician, first=first, until=until) for first, until in merged(busy) if until > behind
    )
    known.read_at, known.failing_since, known.told_at, known.problem = work.now, None, None, None


def unread(work: Work, technician: str, problem: str) -> None:
    """It could not be read: the last good state holds; after a day the team is told, once."""
    known = work.session.get(OutsideCalendar, technician)
    if known is None:
        return
    known.failing_since, known.problem = known.failing_since or work.now, problem[:200]
    if known.told_at is None and work.now - known.failing_since >= UNREACHABLE:
        known.told_at = work.now
        work.happened(moved.OutsideUnreachable(technician, problem[:200]))


def merged(busy: Iterable[Span]) -> list[Span]:
    """The same quarters without overlaps, in order."""
    found: list[Span] = []
    for span in sorted(span for span in busy if span.until > span.first):
        if found and span.first <= found[-1].until:
            found[-1] = Span(found[-1].first, max(found[-1].until, span.until))
        else:
            found.append(span)
    return found


def during(work: Work, span: Span) -> dict[str, list[Span]]:
    """Who is busy elsewhere in a span."""
    found: dict[str, list[Span]] = {}
    asked = select(OutsideBusy.technician, OutsideBusy.first, OutsideBusy.until).where(
        OutsideBusy.until > span.first, OutsideBusy.first < span.until
    )
    for who, first, until in work.session.execute(asked.order_by(OutsideBusy.technician, OutsideBusy.first)):
        found.setdefault(who, []).append(Span(first, until))
    return found


def among(work: Work, span: Span, diaries: dict[str, list[Appointment]]) -> dict[str, list[Appointment]]:
    """The diaries with what is busy elsewhere put among our own appointments."""
    for who, busy in during(work, span).items():
        own = diaries.get(who, [])
        diaries[who] = sorted([*own, *clipped(own, busy)], key=lambda appointment: appointment.first)
    return diaries


def clipped(own: Sequence[Appointment], busy: Iterable[Span]) -> list[Appointment]:
    """What is left of the busy quarters beside his own appointments: nobody is taken twice."""
    left: list[Appointment] = []
    for first, until in busy:
        at = first
        for taken in own:
            if taken.until <= at or taken.first >= until:
                continue
            if taken.first > at:
                left.append(Appointment(at, taken.first, ours=False))
            at = taken.until
        if at < until:
            left.append(Appointment(at, until, ours=False))
    return left
