"""How a payment goes: the bot is asked, answers in time or not, the provider charges the card or not."""

import asyncio
import secrets
from datetime import timedelta
from typing import Any

from sandbox.telegram.chats import Chat, Message, User
from sandbox.telegram.invoices import Invoice
from sandbox.telegram.state import State
from sandbox.telegram.till import Charge, Payment, card_named

TICK = 0.05  # how often the sandbox's clock is looked at while a charge is late


def begin(
    state: State, payer: User, invoice: Invoice, card: str, place: Chat | None, message: Message | None, tip: int = 0
) -> Payment:
    """Somebody confirms in the payment sheet; what follows happens by itself (`payment.task`)."""
    number = str(secrets.randbits(62) | 1 << 61)
    at = state.host.clock.now().timestamp()
    payment = Payment(number, at, payer, invoice, card_named(card), place, message, tip)
    state.till.payments[number] = payment
    payment.task = asyncio.create_task(goes(state, payment), name=f"payment {number}")
    return payment


async def goes(state: State, payment: Payment) -> None:
    ask(state, payment)
    late = state.host.delays.pre_checkout
    await state.host.changed.until(
        lambda: payment.ok is not None or payment.stage != "asking" or expired(state, payment) or None, late
    )
    if payment.ok is None:
        payment.fails("too_late")
        complain(state, payment)
    elif payment.ok:
        payment.stage = "charging"
        await charge(state, payment)
    state.host.changed.note()


def expired(state: State, payment: Payment) -> bool:
    return state.host.clock.now().timestamp() - payment.at > state.host.delays.pre_checkout


def ask(state: State, payment: Payment) -> None:
    """The pre-checkout query."""
    content = {"id": payment.id, "from": payment.payer.api(), **bill(payment, payment.total)}
    if state.host.faults.take_of_payment("query_lost", payment.payer.id):
        return
    payment.update_id = state.updates.push("pre_checkout_query", content)
    if payment.update_id is not None and state.host.faults.take_of_payment("query_twice", payment.payer.id):
        state.updates.redeliver(payment.update_id)


def bill(payment: Payment, amount: int) -> dict[str, Any]:
    """What query and payment say alike."""
    invoice = payment.invoice
    told = {"currency": invoice.currency, "total_amount": amount, "invoice_payload": invoice.payload}
    if invoice.needs:
        told["order_info"] = order_info(payment.payer, invoice.needs)
    return told


def order_info(payer: User, needs: tuple[str, ...]) -> dict[str, Any]:
    """What somebody fills in when the invoice asks for it."""
    address = {"country_code": "IT", "state": "", "city": "Milano", "street_line1": "Via Roma 1", "street_line2": ""}
    filled: dict[str, Any] = {
        "name": f"{payer.first_name} {payer.last_name}".strip(),
        "phone_number": payer.phone.removeprefix("+"),
        "email": f"{payer.id}@example.org",
        "shipping_address": {**address, "post_code": "20121"},
    }
    return {name: filled[name] for name in needs}


def complain(state: State, payment: Payment) -> None:
    """Note with the update that it was not answered, if the bot has taken it and no answer was lost on its way."""
    recording = state.host.recording
    tries = (c for c in recording.of("telegram", "answerPreCheckoutQuery") if c.fault is not None)
    if any(c.fields.get("pre_checkout_query_id") == payment.id for c in tries):
        return
    for call in recording.of("telegram", "pre_checkout_query"):
        taken = call.status is not None and 200 <= call.status < 300
        if call.fields.get("update_id") == payment.update_id and taken:
            call.problems.append(f"it was not answered within {state.host.delays.pre_checkout:g} s")
            return


async def charge(state: State, payment: Payment) -> None:
    """The provider's part."""
    clock, faults, payer = state.host.clock, state.host.faults, payment.payer.id
    if late := faults.take_of_payment("paid_late", payer):
        due = clock.now() + timedelta(seconds=late.seconds)
        while await state.host.changed.until(lambda: clock.now() >= due or None, TICK) is None:
            pass
    match payment.card:
        case "works":
            other = faults.take_of_payment("paid_other", payer)
            amount = payment.total if other is None or other.amount is None else other.amount
            for _ in range(2 if faults.take_of_payment("paid_twice", payer) else 1):
                succeed(state, payment, amount)
        case "declined":
            payment.fails("declined")
        case "no_funds":
            payment.fails("no_funds")
        case _:
            await asyncio.sleep(state.host.delays.provider)
            payment.fails("no_answer")


def succeed(state: State, payment: Payment, amount: int) -> None:
    """The money has moved: the bot is told in the payer's own chat with it, wherever the invoice was."""
    done = Charge(f"{payment.payer.id}_{secrets.token_hex(12)}", f"ch_{secrets.token_hex(12)}", amount)
    payment.charges.append(done)
    payment.stage = "paid"
    told = {
        **bill(payment, amount),
        "telegram_payment_charge_id": done.telegram_id,
        "provider_payment_charge_id": done.provider_id,
    }
    room = state.chats.all[payment.payer.id]
    if room.bot == "never":
        room.bot = "member"
    message = state.said_by(room, payment.payer, {"successful_payment": told})
    message.invoice = payment.invoice
    if payment.message is not None and payment.place is room:
        payment.message.receipt = True
    state.host.changed.note()
