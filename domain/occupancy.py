"""Occupancy: who is taken when, in the record. Nobody is ever in two places, nor anywhere he could not have come to.

Two guards: the primary key of `cells` has one winner for each quarter hour of a person; and whoever changes somebody's
day holds that person's `diaries` row first, so that what is looked at (ways, appointments a day) is still so when it is
written.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import ForeignKey, Select, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from domain import outside
from domain.homes import Home
from domain.reach import Appointment
from domain.record import Short, Table
from domain.roads import Place
from domain.rota import Span, cell
from domain.slots import Diaries
from domain.work import Work


class Cell(Table):
    """A quarter hour of a technician: the primary key is what makes a double booking impossible."""

    __tablename__ = "cells"

    technician: Mapped[str] = mapped_column(Short, primary_key=True, info={"personal": False})
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"), index=True)


class Attendance(Table):
    """Somebody who comes to an appointment, and the quarters it takes of his day; gone when it is off."""

    __tablename__ = "attendances"

    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"), primary_key=True, autoincrement=False)
    technician: Mapped[str] = mapped_column(Short, primary_key=True, info={"personal": False})
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), index=True)
    first: Mapped[int]  # quarter hours since 1970 (UTC)
    until: Mapped[int] = mapped_column(index=True)
    home_id: Mapped[int | None] = mapped_column(ForeignKey("homes.id"))  # none: it is done from afar
    lead: Mapped[bool]


class Diary(Table):
    """A technician's diary: held by whoever writes into it."""

    __tablename__ = "diaries"

    technician: Mapped[str] = mapped_column(Short, primary_key=True, info={"personal": False})
    changes: Mapped[int] = mapped_column(default=0)


def take_diaries(work: Work, people: Iterable[str]) -> None:
    """Hold the diaries of these people until the transaction ends; in one order, so that no two wait in a ring."""
    for key in sorted(set(people)):
        turned = update(Diary).where(Diary.technician == key).values(changes=Diary.changes + 1).returning(Diary.changes)
        while work.session.execute(turned).first() is None:
            with suppress(IntegrityError), work.session.begin_nested():  # somebody else may begin it at this moment
                work.session.execute(insert(Diary).values(technician=key, changes=0))


def diaries(work: Work, but_for: int | None = None) -> Diaries:
    """Everybody's appointments, as the search asks for them; `but_for`: without those of a request that is moved."""

    def during(span: Span) -> Mapping[str, Sequence[Appointment]]:
        found: dict[str, list[Appointment]] = {}
        for who, first, until, *where in work.session.execute(_during(span, but_for)):
            found.setdefault(who, []).append(Appointment(first, until, _place(*where)))
        return outside.among(work, span, found)

    return during


def _during(span: Span, but_for: int | None) -> Select[*tuple[Any, ...]]:
    seen = (Attendance.technician, Attendance.first, Attendance.until)
    where = (Home.id, Home.zone, Home.region, Home.latitude, Home.longitude)
    asked = (
        select(*seen, *where)
        .outerjoin(Home, Home.id == Attendance.home_id)
        .where(Attendance.until > span.first, Attendance.first < span.until)
        .order_by(Attendance.technician, Attendance.first)
    )
    return asked if but_for is None else asked.where(Attendance.request_id != but_for)


def place_of(home: Home) -> Place:
    """Where a home is, as the roads know it."""
    return _place(home.id, home.zone, home.region, home.latitude, home.longitude)  # type: ignore[return-value]


def _place(
    home: int | None, zone: str | None, region: str | None, north: float | None, east: float | None
) -> Place | None:
    if home is None:
        return None
    return Place(zone or region, (north, east) if north is not None and east is not None else None, home)


def known_in(work: Work, home_id: int | None) -> frozenset[str]:
    """Who has been in that home."""
    if home_id is None:
        return frozenset()
    been = select(Attendance.technician).where(Attendance.home_id == home_id, Attendance.until <= cell(work.now))
    return frozenset(work.session.scalars(been.distinct()))


def occupy(work: Work, booking_id: int, request_id: int, people: Sequence[str], block: Span, home: Home | None) -> bool:
    """Take a block of quarters of these people's days, all or none; whether it worked.

    Quarters of an appointment of the same request are left to it until it is moved: then `fill` takes them over.
    """
    own = _quarters_of(work, request_id)
    rows = [Cell(technician=key, number=number, booking_id=booking_id)
            for key in people for number in range(*block) if (key, number) not in own]  # fmt: skip
    work.session.add_all(
        Attendance(booking_id=booking_id, technician=key, request_id=request_id, first=block.first, until=block.until,
                   home_id=home.id if home else None, lead=key == people[0])
        for key in people
    )  # fmt: skip
    work.session.flush()
    try:
        with work.session.begin_nested():
            work.session.add_all(rows)
    except IntegrityError:
        return False
    return True


def fill(work: Work, booking_id: int) -> None:
    """Take over the quarters that an appointment of the same request has left."""
    taken = select(Cell.technician, Cell.number).where(Cell.booking_id == booking_id)
    have = {(technician, number) for technician, number in work.session.execute(taken)}
    for who in work.session.scalars(select(Attendance).where(Attendance.booking_id == booking_id)):
        work.session.add_all(
            Cell(technician=who.technician, number=number, booking_id=booking_id)
            for number in range(who.first, who.until)
            if (who.technician, number) not in have
        )
    work.session.flush()


def _quarters_of(work: Work, request_id: int) -> set[tuple[str, int]]:
    asked = (
        select(Cell.technician, Cell.number)
        .join(Attendance, (Attendance.booking_id == Cell.booking_id) & (Attendance.technician == Cell.technician))
        .where(Attendance.request_id == request_id)
    )
    return {(technician, number) for technician, number in work.session.execute(asked)}


def vacate(work: Work, booking_id: int) -> None:
    """Give all the quarters of an appointment back."""
    work.session.execute(delete(Cell).where(Cell.booking_id == booking_id))
    work.session.execute(delete(Attendance).where(Attendance.booking_id == booking_id))


def leave_early(work: Work, booking_id: int) -> None:
    """It is done: what is left of its quarters is free again, and who was there stays written down."""
    now = cell(work.now)
    work.session.execute(delete(Cell).where(Cell.booking_id == booking_id, Cell.number > now))
    ended = update(Attendance).where(Attendance.booking_id == booking_id, Attendance.until > now + 1)
    work.session.execute(ended.values(until=now + 1))


def people_of(work: Work, booking_id: int) -> tuple[str, ...]:
    """Who comes to an appointment; the first of them leads."""
    asked = select(Attendance.technician).where(Attendance.booking_id == booking_id)
    return tuple(work.session.scalars(asked.order_by(Attendance.lead.desc(), Attendance.technician)))


def coming_for(work: Work, request_id: int) -> frozenset[str]:
    """Who comes for a request, by what stands or is kept for it."""
    asked = select(Attendance.technician).where(Attendance.request_id == request_id, Attendance.until > cell(work.now))
    return frozenset(work.session.scalars(asked))


def touching(people: Sequence[str], block: Span) -> Select[int]:
    """The bookings that take some of these quarters of these people's days."""
    return select(Attendance.booking_id).where(
        Attendance.technician.in_(people), Attendance.until > block.first, Attendance.first < block.until
    )
