"""Waiting: who would come earlier if a time became free. One after another: by plan, then by how long one waits."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from domain import contracts
from domain.appointments import Booking, BookingState
from domain.company import Company
from domain.record import Short, Table, choice, impersonal
from domain.requests import Request
from domain.work import Work


class WaitingState(StrEnum):
    """How it stands with somebody who waits."""

    WAITING = "waiting"
    OFFERED = "offered"  # a time is kept for him
    SERVED = "served"
    LEFT = "left"


class Waiting(Table):
    """Somebody who would like an earlier time than he could have."""

    __tablename__ = "waiting"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), unique=True)
    work: Mapped[str] = impersonal(Short)  # the kind of work he waits for
    rank: Mapped[int]  # of his plan: the last in the company file comes first
    before: Mapped[datetime]  # what is not earlier than that is no help to him
    since: Mapped[datetime]
    state: Mapped[WaitingState] = mapped_column(choice(WaitingState), index=True)
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("bookings.id"))
    declined: Mapped[list[Any]] = impersonal()  # the starts he did not want, in seconds since 1970


def join(work: Work, company: Company, request: Request, kind: str, before: datetime) -> Waiting:
    """He waits from now on; who waits already keeps his place."""
    plan = contracts.terms(contracts.running(work, request.home_id))
    keys = [p.key for p in company.plans]
    known = of(work, request) or Waiting(request_id=request.id, since=work.now, declined=[])
    if known.state in (WaitingState.LEFT, WaitingState.SERVED):
        known.since, known.declined = work.now, []
    known.rank = keys.index(plan.key) + 1 if plan is not None and plan.key in keys else 0
    known.work, known.before, known.state, known.booking_id = kind, before, WaitingState.WAITING, None
    work.session.add(known)
    work.session.flush()
    return known


def of(work: Work, request: Request) -> Waiting | None:
    """His place, if he ever waited."""
    return work.session.scalar(select(Waiting).where(Waiting.request_id == request.id))


def waits(work: Work, request: Request) -> bool:
    """Whether he waits at this moment."""
    place = of(work, request)
    return place is not None and place.state in (WaitingState.WAITING, WaitingState.OFFERED)


def leave(work: Work, request: Request) -> None:
    """He does not wait any more."""
    place = of(work, request)
    if place is not None and place.state in (WaitingState.WAITING, WaitingState.OFFERED):
        place.state = WaitingState.LEFT


def in_line(work: Work) -> list[tuple[Waiting, Request]]:
    """Who waits and has no time kept for him, in the order in which they are asked."""
    asked = (
        select(Waiting, Request)
        .join(Request, Request.id == Waiting.request_id)
        .where(Waiting.state == WaitingState.WAITING, Waiting.before > work.now)
        .order_by(Waiting.rank.desc(), Waiting.since, Waiting.id)
    )
    return [(place, request) for place, request in work.session.execute(asked) if request.running]


def kept_for(place: Waiting, booking: Booking) -> None:
    """A time that became free is kept for him."""
    place.state, place.booking_id = WaitingState.OFFERED, booking.id


def kept(work: Work, booking: Booking) -> bool:
    """Whether a time is kept for somebody who waited for one."""
    mine = select(Waiting.id).where(Waiting.booking_id == booking.id)
    return work.session.scalars(mine).first() is not None


def let_pass(work: Work, booking: Booking) -> Waiting | None:
    """The time that was kept was not taken: he is in line again, but not for that time; who it was, if one waited."""
    place = work.session.scalar(
        select(Waiting).where(Waiting.booking_id == booking.id, Waiting.state == WaitingState.OFFERED)
    )
    if place is not None:
        place.state, place.booking_id = WaitingState.WAITING, None
        place.declined = [*place.declined, int(booking.starts_at.timestamp())]
    return place


def served(work: Work, booking: Booking, request: Request) -> None:
    """He has an appointment: he waits on only when it is later than what he waits for."""
    place = of(work, request)
    if place is not None and place.state is not WaitingState.LEFT and booking.starts_at < place.before:
        place.state = WaitingState.SERVED


def has_hold(work: Work, request: Request) -> bool:
    """Whether he is looking at a time at this moment: nothing is put over it."""
    held = select(Booking.id).where(
        Booking.request_id == request.id, Booking.state.in_((BookingState.HELD, BookingState.PAYING))
    )
    return work.session.scalars(held.limit(1)).first() is not None


def until(work: Work, company: Company, start: datetime) -> datetime:
    """How long a time is kept for who waited: the company's minutes, and never up to the start itself."""
    latest = start - timedelta(minutes=company.booking.notice_minutes) / 2
    return min(work.now + timedelta(minutes=company.booking.waiting_hold_minutes), max(latest, work.now))
