"""Bookings: a slot that is held, then booked. No technician is ever in two places."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from domain import contracts, events
from domain.areas import Help
from domain.coverage import Verdict
from domain.record import Short, Table, choice, impersonal
from domain.requests import Deed, Request, State, advance
from domain.slots import Slot, cell
from domain.tariff import Quote
from domain.work import Refusal, Work


class BookingState(StrEnum):
    """The life of a booking."""

    HELD = "held"
    BOOKED = "booked"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    DONE = "done"


class StoredQuote(Table):
    """A price as it was promised: every line, the tariff it was made with, and until when it holds."""

    __tablename__ = "quotes"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), index=True)
    tariff_id: Mapped[int] = mapped_column(ForeignKey("tariffs.id"))
    verdict: Mapped[dict[str, Any]] = impersonal()
    body: Mapped[dict[str, Any]] = impersonal()
    total_minor: Mapped[int]
    currency: Mapped[str] = impersonal(Short)
    expires_at: Mapped[datetime]
    created_at: Mapped[datetime]


class Booking(Table):
    """An appointment, remote or on site."""

    __tablename__ = "bookings"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), index=True)
    quote_id: Mapped[int] = mapped_column(ForeignKey("quotes.id"))
    help: Mapped[Help] = mapped_column(choice(Help))
    technician: Mapped[str] = impersonal(Short)
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    state: Mapped[BookingState] = mapped_column(choice(BookingState))
    hold_until: Mapped[datetime | None]
    uid: Mapped[str] = impersonal(Short, unique=True)  # the calendar entry's
    sequence: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Cell(Table):
    """A quarter hour of a technician: the primary key is what makes a double booking impossible."""

    __tablename__ = "cells"

    technician: Mapped[str] = mapped_column(Short, primary_key=True, info={"personal": False})
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"), index=True)


@dataclass(eq=False)
class SlotTaken(Refusal):
    """Somebody was faster."""


@dataclass(eq=False)
class HoldGone(Refusal):
    """The slot was kept for a while, and the while is over."""


@dataclass(eq=False)
class BalanceGone(Refusal):
    """What the plan included was used up meanwhile: the price is another one now."""


@dataclass(frozen=True)
class Offer:
    """A slot with its price: what the homeowner taps."""

    slot: Slot
    verdict: Verdict
    quote: Quote
    tariff: int
    quote_until: datetime


def hold(work: Work, request: Request, offer: Offer, until: datetime) -> Booking:
    """Keep a slot for somebody until he confirms. Raises SlotTaken."""
    release_holds_of(work, request)
    promised = StoredQuote(
        request_id=request.id,
        tariff_id=offer.tariff,
        verdict=msgspec.to_builtins(offer.verdict),
        body=msgspec.to_builtins(offer.quote),
        total_minor=offer.quote.total.minor,
        currency=offer.quote.total.currency,
        expires_at=offer.quote_until,
        created_at=work.now,
    )
    work.session.add(promised)
    work.session.flush()
    booking = Booking(
        request_id=request.id,
        quote_id=promised.id,
        help=offer.verdict.help,
        technician=offer.slot.technician,
        starts_at=offer.slot.start,
        ends_at=offer.slot.end,
        state=BookingState.HELD,
        hold_until=until,
        uid=f"{request.number}-{promised.id}",
    )
    work.session.add(booking)
    work.session.flush()
    _occupy(work, booking)
    work.happened(events.SlotHeld(booking.id, request.id))
    return booking


def confirm(work: Work, booking: Booking, request: Request) -> None:
    """Turn a hold into an appointment, and take what the plan pays. Raises HoldGone, BalanceGone."""
    if booking.state is not BookingState.HELD or (booking.hold_until and booking.hold_until <= work.now):
        raise HoldGone
    verdict = verdict_of(work, booking)
    contract = contracts.running(work, request.home_id)
    with work.session.begin_nested():
        # What the appointment it replaces had taken is there for this one.
        for older in booked_for(work, request):
            contracts.give_back(work, f"booking:{older.id}")
        if contract is not None and not contracts.take(work, contract, verdict, request.id, f"booking:{booking.id}"):
            raise BalanceGone
    for older in booked_for(work, request):
        cancel(work, older, request)
    booking.state = BookingState.BOOKED
    booking.hold_until = None
    advance(request, Deed.BOOK)
    work.happened(events.Booked(booking.id, request.id))


def expire(work: Work, booking: Booking) -> None:
    """Free a slot that nobody confirmed; anything else is left alone."""
    if booking.state is BookingState.HELD and booking.hold_until and booking.hold_until <= work.now:
        booking.state = BookingState.EXPIRED
        _vacate(work, booking)
        work.happened(events.HoldExpired(booking.id, booking.request_id))


def cancel(work: Work, booking: Booking, request: Request) -> None:
    """Call an appointment off: the slot is free again, the plan gets back what it paid."""
    if booking.state is not BookingState.BOOKED:
        raise HoldGone
    booking.state = BookingState.CANCELLED
    booking.sequence += 1
    _vacate(work, booking)
    contracts.give_back(work, f"booking:{booking.id}")
    if request.state is State.BOOKED:
        advance(request, Deed.UNBOOK)
        if request.assignee:
            advance(request, Deed.CLAIM)
    work.happened(events.BookingCancelled(booking.id, request.id))


def done(work: Work, booking: Booking) -> None:
    """What it was for is solved: what is left of its time is free, what the plan paid stays paid.

    The times stay as they were promised; when it really ended is the request's `resolved_at`.
    """
    if booking.state is not BookingState.BOOKED or booking.starts_at > work.now:
        raise HoldGone
    booking.state = BookingState.DONE
    left = (Cell.booking_id == booking.id) & (Cell.number > cell(work.now))
    work.session.execute(delete(Cell).where(left))
    work.happened(events.BookingDone(booking.id, booking.request_id))


def release_holds_of(work: Work, request: Request) -> None:
    """One request holds one slot: what it held before is free again."""
    held = select(Booking).where(Booking.request_id == request.id, Booking.state == BookingState.HELD)
    for older in work.session.scalars(held).all():
        older.state = BookingState.EXPIRED
        _vacate(work, older)


def booked_for(work: Work, request: Request) -> list[Booking]:
    """The appointments of a request that stand."""
    standing = select(Booking).where(Booking.request_id == request.id, Booking.state == BookingState.BOOKED)
    return list(work.session.scalars(standing.order_by(Booking.starts_at)))


def appointment_of(work: Work, request: Request) -> Booking | None:
    """The appointment one speaks about: the next that stands, else the last that was kept."""
    standing = booked_for(work, request)
    if standing:
        return standing[0]
    kept = select(Booking).where(Booking.request_id == request.id, Booking.state == BookingState.DONE)
    return work.session.scalar(kept.order_by(Booking.starts_at.desc()).limit(1))


def busy(work: Work, window: tuple[datetime, datetime]) -> dict[str, list[int]]:
    """Every occupied quarter hour in a window, by technician."""
    between = select(Cell.technician, Cell.number).where(Cell.number >= cell(window[0]), Cell.number < cell(window[1]))
    taken: dict[str, list[int]] = {}
    for technician, number in work.session.execute(between):
        taken.setdefault(technician, []).append(number)
    return taken


def verdict_of(work: Work, booking: Booking) -> Verdict:
    """The ruling its price was made with."""
    stored = work.session.get_one(StoredQuote, booking.quote_id)
    return msgspec.convert(stored.verdict, Verdict)


def quote_of(work: Work, booking: Booking) -> Quote:
    """The price as it was promised."""
    stored = work.session.get_one(StoredQuote, booking.quote_id)
    return msgspec.convert(stored.body, Quote)


def _occupy(work: Work, booking: Booking) -> None:
    """Take the cells: the primary key has one winner."""
    numbers = _cells(booking)
    over = select(Booking.id).where(Booking.state == BookingState.HELD, Booking.hold_until <= work.now)
    work.session.execute(
        delete(Cell).where(Cell.technician == booking.technician, Cell.number.in_(numbers), Cell.booking_id.in_(over))
    )
    try:
        with work.session.begin_nested():
            work.session.add_all(Cell(technician=booking.technician, number=n, booking_id=booking.id) for n in numbers)
    except IntegrityError as taken:
        raise SlotTaken from taken


def _vacate(work: Work, booking: Booking) -> None:
    work.session.execute(delete(Cell).where(Cell.booking_id == booking.id))


def _cells(booking: Booking) -> list[int]:
    return list(range(cell(booking.starts_at), cell(booking.ends_at - timedelta(microseconds=1)) + 1))
