"""Paying for an appointment: the invoice, whether it may be paid now, and money that came."""

from collections.abc import Iterable

import msgspec

from domain import bookings, leaving, money_events, orders, payments
from domain.appointments import Booking, BookingState
from domain.money import Money
from domain.orders import Order
from domain.paying_rules import Demand
from domain.payments import FeeRose, Received
from domain.people import by_telegram
from domain.quotes import Quote
from domain.requests import Request
from domain.work import Refusal
from handlers.cards.lines import label_of
from handlers.cards.request import booking_facts, headline, zone_of
from handlers.conversation import Handler, Step, Talk, button, standing
from handlers.homeowner import times
from handlers.homeowner.mine import mine
from handlers.homeowner.solving import current
from handlers.inbound import Checkout, Paid
from handlers.messages import Button, CheckoutAnswer, Fact, Homeowner, Invoice, Message, Outgoing
from handlers.refusals import phrase
from locales.text import Moment, Percent, Text, Value, own, t

MOST_LINES = 20  # an invoice is no price list: what is more becomes one line


def demanded(talk: Talk, booking: Booking, request: Request) -> Demand | None:
    """What is to be paid for it; nothing while the hold is over, which is said first."""
    over = booking.hold_until is not None and booking.hold_until <= talk.work.now
    if over or booking.state is not BookingState.HELD:
        return None
    return payments.demanded(talk.work, talk.company, booking, request)


def ask(talk: Talk, booking: Booking, request: Request, demand: Demand) -> Iterable[Outgoing]:
    """The question, then the invoice with its button: it can be paid as long as the time is kept."""
    fee = leaving.agreed_fee(talk.work, talk.company, booking, request)
    order = payments.ask(talk.work, booking, request, talk.who, demand, fee)
    yield from talk.go("solve.pay", booking=booking.id, order=order.id)
    yield _invoice(talk, order, booking, request)


def _invoice(talk: Talk, order: Order, booking: Booking, request: Request) -> Invoice:
    quote = bookings.quote_of(talk.work, booking)
    return Invoice(
        to=talk.me,
        order=order.order,
        title=t("pay.title", number=request.number),
        description=_description(talk, order, quote, booking),
        lines=tuple(_lines(talk, order, quote)),
        currency=order.currency,
        until=booking.hold_until,
    )


def _description(talk: Talk, order: Order, quote: Quote, booking: Booking) -> Text:
    request = talk.work.session.get_one(Request, booking.request_id)
    when = Moment(booking.starts_at, zone_of(talk.work, talk.company, request))
    tax = Money(order.tax_minor, order.currency)
    if order.amount < quote.total:
        return t("pay.about.part", what=t(f"help.{booking.help}"), when=when, total=quote.total, tax=tax)
    return t("pay.about", what=t(f"help.{booking.help}"), when=when, tax=tax)


def _lines(talk: Talk, order: Order, quote: Quote) -> Iterable[tuple[Value, int]]:
    """The price line by line; a part of it is one line."""
    lines: list[tuple[Value, int]] = [
        (label_of(talk.company, quote, line), line.amount.minor) for line in quote.lines if line.amount
    ]
    if not quote.tax_included:
        lines += [(t("line.tax", rate=Percent(x.percent)), x.amount.minor) for x in quote.taxes if x.amount]
    if (
        order.amount == quote.total
        and len(lines) <= MOST_LINES
        and sum(minor for _, minor in lines) == quote.total.minor
    ):
        return lines
    label = t("pay.line.deposit" if order.deposit else "pay.line.rest", total=quote.total)
    return [(t("line.total") if order.amount == quote.total else label, order.amount.minor)]


def _ask_to_pay(talk: Talk) -> Message:
    request = current(talk)
    booking = talk.work.session.get_one(Booking, int(talk.draft.said["booking"]))
    order = talk.work.session.get_one(Order, int(talk.draft.said["order"]))
    if booking.state not in (BookingState.HELD, BookingState.PAYING):
        return times.ask(talk)  # it is not kept any more
    zone = zone_of(talk.work, talk.company, request)
    until = Moment(booking.hold_until or talk.work.now, zone, "time")
    fee = Money(order.fee_minor, order.currency)
    return talk.say(
        *((t("solve.move.fee", fee=fee),) if fee else ()),
        t("pay.ask", until=until),
        title=headline(request),
        facts=(*booking_facts(talk.work, talk.company, request, booking), *_now(talk, booking, order)),
        buttons=((button("solve.other_time", "solve.other_time"),), (standing("menu.human", "human.ask"),)),
    )


def _now(talk: Talk, booking: Booking, order: Order) -> tuple[Fact, ...]:
    """What is paid now, where that is not the price that stands above it."""
    if order.amount == bookings.quote_of(talk.work, booking).total:
        return ()
    return (Fact(t("pay.deposit" if order.deposit else "pay.due"), order.amount),)


def by_link(talk: Talk, booking: Booking, request: Request, demand: Demand) -> Iterable[Outgoing]:
    """It stands, and is paid as the company says; the team notes when it was."""
    order = payments.ask(talk.work, booking, request, talk.who, demand)
    link = talk.company.payment.link
    yield talk.say(
        *((t("pay.link", how=own(link)),) if link is not None else ()),
        facts=(
            Fact(t("pay.deposit" if order.deposit else "pay.due"), order.amount),
            Fact(t("pay.order"), order.number),
        ),
    )


def checkout(talk: Talk) -> Iterable[Outgoing]:
    """May he pay it now? Yes: from now on the time is not given away. No: he reads why."""
    asked = talk.inbound
    assert isinstance(asked, Checkout)
    known = by_telegram(talk.work, asked.sender.user)
    spoken = (asked.sender.language or "")[:2]
    language = known.language if known else spoken if spoken in talk.company.languages else talk.company.languages[0]
    seen = len(talk.work.events)
    words = None
    try:
        with talk.work.session.begin_nested():
            amount = Money(asked.amount, asked.currency)
            payments.begin_payment(talk.work, talk.company, asked.order, amount, asked.sender.user, asked.query)
    except Refusal as no:
        del talk.work.events[seen:]
        words = phrase(no)
        order = orders.locked(talk.work, asked.order)
        if isinstance(no, FeeRose) and order is not None:
            talk.work.happened(money_events.FeeRose(order.id, order.request_id or 0, no.fee.minor))
    yield CheckoutAnswer(query=asked.query, words=words, language=language)


def paid(talk: Talk) -> Iterable[Outgoing]:
    """Money came. What is said about it is said to whoever booked: the facts see to that."""
    came = talk.inbound
    assert isinstance(came, Paid)
    amount = Money(came.amount, came.currency)
    payer = came.sender.user
    payments.receive(talk.work, talk.company, Received(came.order, amount, came.charge, came.provider, payer))
    return ()


def agree(talk: Talk) -> Iterable[Outgoing]:
    """He agrees to what giving up his time costs by now: he may pay. It costs more again: he is asked again."""
    order = talk.work.session.get_one(Order, talk.number("order"))
    request = mine(talk, order.request_id or 0)
    try:
        payments.agree_to_fee(talk.work, talk.company, order, talk.number("fee"))
    except FeeRose as no:
        yield fee_question(talk.me, order, request, no.fee)
        return
    booking = talk.work.session.get_one(Booking, order.booking_id)
    yield talk.say(t("pay.fee.agreed"), title=headline(request))
    yield msgspec.structs.replace(_invoice(talk, order, booking, request), until=None)


def fee_question(to: Homeowner, order: Order, request: Request, fee: Money) -> Message:
    """Giving up his time costs more by now than he was told: does he still want the other one?"""
    return Message(
        to=to,
        title=headline(request),
        body=(t("solve.move.fee", fee=fee), t("pay.fee.ask")),
        buttons=(
            (Button(t("pay.fee.agree"), "pay.agree", {"order": order.id, "fee": fee.minor}, standing=True),),
            (standing("menu.human", "human.ask"),),
        ),
    )


PRESSES: dict[str, Handler] = {"pay.agree": agree}
STEPS = {"solve.pay": Step(_ask_to_pay)}
