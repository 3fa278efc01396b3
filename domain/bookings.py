"""Bookings: a slot that is held, then booked. No technician is ever in two places."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from domain import calendar, charges, contracts, events, ledger, occupancy, proposals, settling
from domain.appointments import (
    STANDING,
    BalanceGone,
    Booking,
    BookingDeed,
    BookingState,
    HoldGone,
    SlotTaken,
    advance_booking,
)
from domain.areas import Help
from domain.cases import Case
from domain.charges import About, Charge, ChargeKind
from domain.company import Company
from domain.coverage import Verdict
from domain.homes import Home
from domain.need import Need
from domain.pricing import Priced
from domain.proposals import Promise, QuoteDeed, QuoteState, StoredQuote
from domain.quotes import Quote
from domain.requests import Deed, Request, State, advance, go_on
from domain.rota import Span, cell
from domain.slots import Search, Slot, around
from domain.work import Work


@dataclass(frozen=True)
class Offer:
    """A slot with its price: what the homeowner taps."""

    slot: Slot
    need: Need
    help: Help
    priced: Priced
    tariff: int
    quote_until: datetime
    window: int = 0  # minutes
    agreed: StoredQuote | None = None  # the price that stands: we move it, and nothing else changes


def hold(work: Work, company: Company, request: Request, offer: Offer, until: datetime) -> Booking:
    """Keep a slot for somebody until he confirms. Raises SlotTaken."""
    release_holds_of(work, request)
    slot, need = offer.slot, offer.need
    block = need.block(cell(slot.start))
    occupancy.take_diaries(work, slot.people)
    _let_lapse(work, slot.people, around(block))
    search = Search(company, need, work.now, occupancy.diaries(work, but_for=request.id), calendar.entries(work))
    if not search.keeps(slot.people, slot.start):
        raise SlotTaken
    promise = Promise(offer.priced, offer.tariff, offer.quote_until)
    promised = offer.agreed or proposals.propose(work, request.id, promise, contracts.running(work, request.home_id))
    booking = Booking(
        request_id=request.id, quote_id=promised.id, help=offer.help, technician=slot.technician,
        starts_at=slot.start, ends_at=slot.end, window_minutes=offer.window, state=BookingState.HELD, hold_until=until,
        uid=f"{request.number}-{promised.id}",
    )  # fmt: skip
    work.session.add(booking)
    work.session.flush()
    if not occupancy.occupy(work, booking.id, request.id, slot.people, block, _where(work, request, offer)):
        raise SlotTaken
    work.happened(events.SlotHeld(booking.id, request.id))
    return booking


def _where(work: Work, request: Request, offer: Offer) -> Home | None:
    """The home one goes to."""
    if offer.help is not Help.VISIT or request.home_id is None:
        return None
    return work.session.get(Home, request.home_id)


def _let_lapse(work: Work, people: Sequence[str], days: Span) -> None:
    """What was held in these days and is over is free, also before its timer has rung: ways lead there no more.

    What somebody else has in his hands at this moment is left to him: we hold the diaries, and do not wait for him who
    may be waiting for them.
    """
    over = select(Booking).where(
        Booking.id.in_(occupancy.touching(people, days)), Booking.state == BookingState.HELD,
        Booking.hold_until <= work.now,
    ).with_for_update(skip_locked=True)  # fmt: skip
    for booking in work.session.scalars(over).all():
        expire(work, booking)


def confirm(work: Work, booking: Booking, request: Request) -> None:
    """Turn a hold into an appointment, and put aside what the plan pays. Raises HoldGone, QuoteExpired, BalanceGone."""
    held = booking.state is BookingState.HELD and (booking.hold_until is None or booking.hold_until > work.now)
    if not held and booking.state is not BookingState.PAYING:
        raise HoldGone
    stored = stored_quote(work, booking)
    with work.session.begin_nested():
        proposals.accept(work, stored)
        # What the appointment it replaces had put aside is there for this one; at the same price it stays aside.
        if stored.id not in (prices := [older.quote_id for older in booked_for(work, request)]):
            for older in prices:
                ledger.release(work, f"quote:{older}", "moved")
            put_aside(work, stored, request)
    moved = [_move(work, older, booking) for older in booked_for(work, request)]
    advance_booking(booking, BookingDeed.CONFIRM)
    booking.hold_until = None
    occupancy.fill(work, booking.id)
    if request.state is State.WAITING_HOMEOWNER:
        go_on(work, request)  # he chose a time instead of an answer: it is not his turn any more
    advance(request, Deed.BOOK)
    work.happened(events.Booked(booking.id, request.id, moved=bool(moved)))


def _move(work: Work, older: Booking, booking: Booking) -> Booking:
    """The appointment gives way to a later one: its calendar entry lives on in that one."""
    advance_booking(older, BookingDeed.MOVE)
    booking.uid, booking.sequence = older.uid, older.sequence + 1
    occupancy.vacate(work, older.id)
    work.happened(events.BookingMoved(older.id, older.request_id))
    return older


def begin_paying(work: Work, booking: Booking) -> None:
    """The money is on its way: from now on the slot is not freed by itself. Raises HoldGone."""
    if booking.state is BookingState.HELD and booking.hold_until and booking.hold_until <= work.now:
        raise HoldGone
    advance_booking(booking, BookingDeed.PAY)


def stop_paying(work: Work, booking: Booking) -> None:
    """No money came: the slot is free again. Raises HoldGone when it is not being paid."""
    if booking.state is not BookingState.PAYING:
        raise HoldGone
    _let_go(work, booking)
    work.happened(events.HoldExpired(booking.id, booking.request_id))


def put_aside(work: Work, stored: StoredQuote, request: Request) -> None:
    """Reserve what a price takes from the plan. Raises BalanceGone when it, or the contract itself, is gone."""
    uses = proposals.verdict_of(stored).uses
    contract = contracts.running(work, request.home_id)
    if not uses:
        return
    if contract is None or stored.contract_id not in (None, contract.id):
        raise BalanceGone
    if not ledger.reserve(work, contracts.account_of(contract), uses, request.id, stored.subject):
        raise BalanceGone


def expire(work: Work, booking: Booking) -> None:
    """Free a slot that nobody confirmed; anything else is left alone."""
    if booking.state is BookingState.HELD and booking.hold_until and booking.hold_until <= work.now:
        _let_go(work, booking)
        work.happened(events.HoldExpired(booking.id, booking.request_id))


def cancel(work: Work, booking: Booking, request: Request) -> None:
    """Call an appointment off: the slot is free again, the plan gets back what it paid."""
    advance_booking(booking, BookingDeed.CANCEL)
    booking.sequence += 1
    occupancy.vacate(work, booking.id)
    ledger.release(work, stored_quote(work, booking).subject)
    unbook(request)
    work.happened(events.BookingCancelled(booking.id, request.id))


def find_nobody(work: Work, booking: Booking, request: Request) -> None:
    """We were there, and nobody opened: the rest of the time is free, the plan gets back what was put aside."""
    if booking.starts_at > work.now:
        raise HoldGone
    advance_booking(booking, BookingDeed.FIND_NOBODY)
    booking.sequence += 1
    occupancy.leave_early(work, booking.id)
    ledger.release(work, stored_quote(work, booking).subject)
    unbook(request)
    work.happened(events.NobodyThere(booking.id, request.id))


def unbook(request: Request) -> None:
    """Nothing is booked for it any more: it is open again, and whoever has it keeps it."""
    if request.state is State.BOOKED:
        advance(request, Deed.UNBOOK)
        if request.assignee:
            advance(request, Deed.CLAIM)


def complete(work: Work, booking: Booking, request: Request, minutes: int | None) -> Charge | None:
    """It took place: what was put aside becomes what was used, and the work is charged. Raises HoldGone.

    Without `minutes` it took as long as was agreed; the charge is never more than the homeowner agreed to.
    """
    if booking.starts_at > work.now:
        raise HoldGone
    advance_booking(booking, BookingDeed.COMPLETE)
    stored = stored_quote(work, booking)
    spent = proposals.quote_of(stored).minutes if minutes is None else minutes
    levy = settling.settle(work, stored, minutes)
    occupancy.leave_early(work, booking.id)
    work.happened(events.WorkDone(booking.id, request.id, spent))
    words = {"work": proposals.quote_of(stored).work, "minutes": spent, "number": request.number}
    occasion, today = f"work:{booking.id}", work.now.date()
    about = About(ChargeKind.WORK, occasion, request.home_id, today, stored.contract_id, request.id, words=words)
    return charges.write(work, levy, about)


def release_holds_of(work: Work, request: Request) -> None:
    """One request holds one slot: what it held before is free again."""
    held = select(Booking).where(Booking.request_id == request.id, Booking.state == BookingState.HELD)
    for older in work.session.scalars(held).all():
        _let_go(work, older)


def _let_go(work: Work, booking: Booking) -> None:
    """A hold ends, and with it the price that was put for it."""
    advance_booking(booking, BookingDeed.EXPIRE)
    occupancy.vacate(work, booking.id)
    stored = stored_quote(work, booking)
    if stored.state is QuoteState.PROPOSED:
        proposals.settle(stored, QuoteDeed.EXPIRE)


def booked_for(work: Work, request: Request) -> list[Booking]:
    """The appointments of a request that stand."""
    standing = select(Booking).where(Booking.request_id == request.id, Booking.state.in_(STANDING))
    return list(work.session.scalars(standing.order_by(Booking.starts_at)))


def somebody_goes(work: Work, request: Request) -> bool:
    """Whether its next appointment is one to which somebody goes."""
    return any(booking.help is Help.VISIT for booking in booked_for(work, request)[:1])


def appointment_of(work: Work, request: Request) -> Booking | None:
    """The appointment one speaks about: the next that stands, else the last that was kept."""
    found = select(Booking).where(Booking.request_id == request.id, Booking.state.in_((*STANDING, BookingState.DONE)))
    return spoken_of(work.session.scalars(found.order_by(Booking.id)).all())


def spoken_of(found: Iterable[Booking]) -> Booking | None:
    """The one that is spoken of, among all of a request's."""
    dates = list(found)
    standing = min((b for b in dates if b.state in STANDING), key=lambda b: b.starts_at, default=None)
    kept = (b for b in dates if b.state is BookingState.DONE)
    return standing or max(kept, key=lambda b: b.starts_at, default=None)


def stored_quote(work: Work, booking: Booking) -> StoredQuote:
    """The price it stands on."""
    return work.session.get_one(StoredQuote, booking.quote_id)


def verdict_of(work: Work, booking: Booking) -> Verdict:
    """The ruling its price was made with."""
    return proposals.verdict_of(stored_quote(work, booking))


def quote_of(work: Work, booking: Booking) -> Quote:
    """The price as it was promised."""
    return proposals.quote_of(stored_quote(work, booking))


def case_of(work: Work, booking: Booking) -> Case | None:
    """The facts its price was made from, if they were kept."""
    return proposals.case_of(stored_quote(work, booking))
