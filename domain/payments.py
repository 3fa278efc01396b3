"""Payments: asking for money, hearing that it comes, and what it does then. None is kept silently."""

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import select

from domain import bookings, crediting, leaving, money_events, offering, orders, proposals, quoting, receipts
from domain.appointments import STANDING, BalanceGone, Booking, BookingState, HoldGone, SlotTaken
from domain.bookings import Offer
from domain.company import Company
from domain.contracts import running
from domain.levies import Levy
from domain.money import Money
from domain.orders import ENDED, OPEN, Movement, MovementKind, Order, OrderDeed, PaymentState, advance_order
from domain.paying_rules import Demand
from domain.people import Person
from domain.pricing import Priced
from domain.proposals import QuoteExpired, QuoteSettled
from domain.requests import NotNow, Request
from domain.work import Refusal, Work

PATIENCE = timedelta(minutes=15)  # a payment under way that nobody hears of any more is looked at by a person
ONE_AT_A_TIME = timedelta(minutes=2)  # meanwhile nobody else is let in: both would be charged
AGAIN = timedelta(hours=1)  # how long the price of a slot that is taken again holds: until the same transaction ends


class OrderGone(Refusal):
    """The time is not kept any more, or we do not know the order."""


class OrderPaid(Refusal):
    """It was paid before."""


class OrderBusy(Refusal):
    """Somebody else is paying it at this moment."""


class OrderDiffers(Refusal):
    """The amount or the currency is not the one that was asked for."""


@dataclass(eq=False)
class FeeRose(Refusal):
    """Giving up the time before costs more by now than he was told: he is asked anew before he is charged."""

    fee: Money


GONE = (HoldGone, SlotTaken, BalanceGone, QuoteExpired, QuoteSettled, NotNow, OrderGone)


@dataclass(frozen=True)
class Received:
    """Money that came: for which order, how much, and as what the networks know it."""

    order: str
    amount: Money
    charge: str  # the network's id: what is told twice has the same one
    provider: str | None = None
    payer: str | None = None
    reason: str = ""  # how, when it was entered by hand


def demanded(work: Work, company: Company, booking: Booking, request: Request) -> Demand | None:
    """What is to be paid before (or, by a link, soon after) an appointment stands; nothing: the next invoice."""
    contract = running(work, request.home_id)
    total = bookings.quote_of(work, booking).total
    before = orders.had(work, request.id, total.currency)
    return company.payment.demand(None if contract is None else contract.plan, total, before)


def ask(
    work: Work, booking: Booking, request: Request, person: Person, demand: Demand, fee: Levy | None = None
) -> Order:
    """The order for a demand; for the same booking and amount it is the one that stands.

    `fee`: what it costs to give up the time before, as he is told now.
    """
    told = 0 if fee is None else fee.amount.minor
    mine = select(Order).where(Order.booking_id == booking.id, Order.state.in_(orders.OPEN))
    for known in work.session.scalars(mine):
        if known.amount == demand.amount:
            known.fee_minor = told
            return known
    quote = bookings.quote_of(work, booking)
    before = orders.paid_for(work, request.id)
    order = Order(
        quote_id=booking.quote_id, booking_id=booking.id, request_id=request.id, person_id=person.id,
        order=secrets.token_urlsafe(18), how=demand.how, deposit=demand.deposit, state=PaymentState.ASKED,
        amount_minor=demand.amount.minor, currency=demand.amount.currency, asked_at=work.now, fee_minor=told,
        tax_minor=orders.share(quote.tax.minor, demand.amount.minor, quote.total.minor),
        replaces_id=before[-1].id if before else None,
    )  # fmt: skip
    work.session.add(order)
    work.session.flush()
    work.happened(money_events.PaymentAsked(order.id, request.id))
    return order


def begin_payment(work: Work, company: Company, key: str, amount: Money, payer: str, query: str) -> Order:
    """May it be paid now? Then its slot is not freed by itself any more.

    Raises OrderGone, OrderPaid, OrderBusy, OrderDiffers, FeeRose.
    """
    order = orders.locked(work, key)
    if order is None or order.state is PaymentState.FAILED:
        raise OrderGone
    if order.state in ENDED:
        raise OrderPaid
    if amount != order.amount:
        raise OrderDiffers
    since = order.paying_since
    if since is not None and order.payer != payer and work.now - since < ONE_AT_A_TIME:
        raise OrderBusy
    booking, request = meant(work, order)
    if not request.running:
        raise OrderGone
    _told_what_it_costs(work, company, order)
    try:
        bookings.begin_paying(work, booking)
    except HoldGone:
        raise OrderGone from None
    advance_order(order, OrderDeed.BEGIN)
    order.payer, order.paying_since = payer, work.now
    work.happened(money_events.PayingBegan(order.id, request.id, query))
    return order


def _told_what_it_costs(work: Work, company: Company, order: Order) -> None:
    """As long as the time is kept for him, the fee he was told holds. Raises FeeRose when it is higher after that."""
    booking, request = meant(work, order)
    fee = leaving.agreed_fee(work, company, booking, request)
    over = booking.state is BookingState.PAYING and booking.hold_until and booking.hold_until <= work.now
    if over and fee is not None and fee.amount.minor > order.fee_minor:
        raise FeeRose(fee.amount)


def agree_to_fee(work: Work, company: Company, order: Order, told: int) -> None:
    """He agrees to the fee he was told now. Raises OrderGone, and FeeRose when it is higher again."""
    booking, request = meant(work, order)
    if order.state not in OPEN or booking.state is not BookingState.PAYING:
        raise OrderGone
    fee = leaving.agreed_fee(work, company, booking, request)
    if fee is not None and fee.amount.minor > told:
        raise FeeRose(fee.amount)
    order.fee_minor = max(order.fee_minor, told)


def receive(work: Work, company: Company, came: Received) -> Movement | None:
    """Money came: it is written down, and the appointment stands; else a person decides. Told twice, it came once."""
    order = orders.locked(work, came.order)
    if work.session.scalar(select(Movement.id).where(Movement.charge == came.charge)) is not None:
        return None
    why = _pays(work, company, order, came)
    if order is not None and (why == "twice" or came.amount.currency != order.currency):
        order = _one_more(work, order, came)
    kind = MovementKind.DEPOSIT if order is not None and order.deposit and why is None else MovementKind.CHARGED
    movement = orders.add(work, order, Movement(
        occasion=f"paid:{came.charge}"[:200], kind=kind, amount_minor=came.amount.minor,
        currency=came.amount.currency, charge=came.charge, provider_charge=came.provider, payer=came.payer,
        reason=came.reason,
    ))  # fmt: skip
    if order is not None:
        order.charge, order.paid_at = came.charge, work.now
        advance_order(order, OrderDeed.PAY if why is None else OrderDeed.PUT_ASIDE)
    if why is not None:
        work.happened(money_events.MoneyAstray(movement.id, why))
    elif order is not None:
        _stands(work, company, order, movement)
    return movement


def _stands(work: Work, company: Company, order: Order, movement: Movement) -> None:
    """It is paid: the receipt, and what is too much."""
    receipts.issue(work, movement, company.time_zone)
    booking, request = meant(work, order)
    work.happened(money_events.OrderPaid(order.id, request.id, movement.id))
    if booking.state is BookingState.DONE:
        crediting.done(work, booking)
    elif orders.had(work, request.id, order.currency) > bookings.quote_of(work, booking).total:
        work.happened(money_events.MoneyLeft(request.id))


def _pays(work: Work, company: Company, order: Order | None, came: Received) -> str | None:
    """Whether it pays for its appointment, which stands then; else why it does not."""
    if order is None:
        return "unknown"
    if order.state in ENDED:
        return "twice"
    if came.amount != order.amount:
        return "amount"
    return None if books(work, company, order) else "gone"


def books(work: Work, company: Company, order: Order) -> bool:
    """Make the appointment of an order stand, once more if its slot went back and is still free."""
    seen = len(work.events)
    try:
        with work.session.begin_nested():
            _book(work, company, order)
    except GONE:
        del work.events[seen:]
    else:
        return True
    free(work, order)
    return False


def free(work: Work, order: Order) -> None:
    """The time that was being paid for is free again."""
    booking = None if order.booking_id is None else work.session.get_one(Booking, order.booking_id)
    if booking is not None and booking.state is BookingState.PAYING:
        bookings.stop_paying(work, booking)


def _book(work: Work, company: Company, order: Order) -> None:
    booking, request = meant(work, order)
    if order.how == "link" and booking.state in (*STANDING, BookingState.DONE):
        return
    if not request.running:
        raise NotNow(request.number, request.state)
    over = booking.hold_until is not None and booking.hold_until <= work.now
    if booking.state is BookingState.EXPIRED or (booking.state is BookingState.HELD and over):
        booking = _hold_again(work, company, booking, request)
        order.booking_id, order.quote_id = booking.id, booking.quote_id
    _only(work, booking)
    leaving.confirm(work, company, booking, request, Money(order.fee_minor, order.currency))


def _only(work: Work, booking: Booking) -> None:
    """One request has one appointment: what was being paid for another time is free again (its money is a task)."""
    mine = select(Booking).where(Booking.request_id == booking.request_id, Booking.state == BookingState.PAYING)
    for other in work.session.scalars(mine.where(Booking.id != booking.id)).all():
        bookings.stop_paying(work, other)


def _hold_again(work: Work, company: Company, booking: Booking, request: Request) -> Booking:
    """The same slot at the same price, by the same person if he can. Raises HoldGone, SlotTaken."""
    stored = bookings.stored_quote(work, booking)
    case, quote = proposals.case_of(stored), proposals.quote_of(stored)
    job = next((job for job in quoting.jobs_for(work, company, request) if job.work == quote.work), None)
    if case is None or job is None or booking.starts_at <= work.now or bookings.booked_for(work, request):
        raise HoldGone
    search = offering.search_for(work, company, request, job)
    search = replace(search, need=replace(search.need, same=frozenset({booking.technician})))
    slot = search.at(booking.starts_at)
    if slot is None:
        raise SlotTaken
    until = work.now + AGAIN
    # The price was agreed to with the tariff of its day; what is written down is that price.
    priced = Priced(case, proposals.verdict_of(stored), quote)
    made = Offer(slot, search.need, booking.help, priced, stored.tariff_id, until, booking.window_minutes)
    return bookings.hold(work, company, request, made, until)


def _one_more(work: Work, order: Order, came: Received) -> Order:
    """What is paid once more has an order of its own: each is paid once."""
    again = Order(
        quote_id=order.quote_id, booking_id=order.booking_id, request_id=order.request_id, person_id=order.person_id,
        order=secrets.token_urlsafe(18), how=order.how, deposit=order.deposit, state=PaymentState.ASKED,
        amount_minor=came.amount.minor, currency=came.amount.currency, asked_at=work.now, replaces_id=order.id,
        tax_minor=orders.share(order.tax_minor, came.amount.minor, order.amount_minor), payer=came.payer,
    )  # fmt: skip
    work.session.add(again)
    work.session.flush()
    return again


def meant(work: Work, order: Order) -> tuple[Booking, Request]:
    """The appointment and the request of an order. Raises OrderGone for one that an older program wrote."""
    if order.booking_id is None:
        raise OrderGone
    booking = work.session.get_one(Booking, order.booking_id)
    return booking, work.session.get_one(Request, booking.request_id)


def lapse(work: Work, booking: Booking) -> None:
    """The slot of a hold went back: what was asked for it is not asked for any more."""
    mine = select(Order).where(Order.booking_id == booking.id, Order.state.in_(OPEN))
    for order in work.session.scalars(mine).all():
        advance_order(order, OrderDeed.LET_GO)
