"""The methods about money."""

import secrets

from sandbox.telegram import invoices
from sandbox.telegram.checkout import expired
from sandbox.telegram.editing import TOO_LATE
from sandbox.telegram.errors import bad_request
from sandbox.telegram.reading import Asked
from sandbox.telegram.sending import Content, deliver
from sandbox.telegram.state import State


def send_invoice(state: State, asked: Asked) -> Content:
    invoice = invoices.read(asked.fields)
    state.chat(asked.fields.get("chat_id"))
    invoices.check_keyboard(asked.fields.get("reply_markup"))
    message = deliver(state, asked, {"invoice": invoice.api(), "reply_markup": invoice.keyboard()})
    message.invoice = invoice
    return message.raw


def create_invoice_link(state: State, asked: Asked) -> str:
    invoice = invoices.read(asked.fields)
    link = f"https://t.me/${secrets.token_urlsafe(16)}"
    state.till.links[link] = invoice
    return link


def answer_pre_checkout_query(state: State, asked: Asked) -> bool:
    ok = asked.fields.get("ok") is True
    words = "" if ok else invoices.required(asked.fields, "error_message")
    payment = state.till.payments.get(str(asked.fields.get("pre_checkout_query_id")))
    if payment is None:
        raise bad_request(TOO_LATE)
    if payment.heard:
        asked.wrong("this pre-checkout query was answered before")
    if payment.ok is not None or payment.stage != "asking" or expired(state, payment):
        raise bad_request(TOO_LATE)
    payment.ok = ok
    payment.heard = asked.call is None or asked.call.fault in (None, "slow")
    if not ok:
        payment.fails("refused", words)
    state.host.changed.note()
    return True


def refund_star_payment(state: State, asked: Asked) -> bool:
    """There are no stars here, and what a provider charged is given back by the provider only."""
    charge = invoices.required(asked.fields, "telegram_payment_charge_id")
    if state.till.charged(charge):
        asked.wrong("a provider's payment cannot be refunded through the Bot API")
    raise bad_request("CHARGE_ID_INVALID")


METHODS = {
    "sendInvoice": send_invoice,
    "createInvoiceLink": create_invoice_link,
    "answerPreCheckoutQuery": answer_pre_checkout_query,
    "refundStarPayment": refund_star_payment,
}
