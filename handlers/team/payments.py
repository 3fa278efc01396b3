"""What the team decides about money: use it, give it back by hand, free the time, or note that it was paid."""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from domain import orders, payments
from domain.money import Money
from domain.orders import Order
from domain.work import Refusal
from handlers.conversation import Handler, Talk
from handlers.messages import Field, Form, FormErrors, Outgoing
from handlers.refusals import FormRefused
from handlers.team.requests import filled
from handlers.team.trouble import DispatchersOnly
from locales.text import t

LONGEST_REASON = 500  # characters


class NoSuchOrder(Refusal):
    """The order is not there."""


def _order(talk: Talk) -> Order:
    """The order a button or form names: money is for dispatchers and managers. Raises NoSuchOrder, DispatchersOnly."""
    if not {"dispatcher", "manager"} & set(talk.staff.roles):
        raise DispatchersOnly
    found = talk.work.session.get(Order, talk.number("order"))
    if found is None:
        raise NoSuchOrder
    held = orders.locked(talk.work, found.order)
    assert held is not None
    return held


def keep(talk: Talk) -> Iterable[Outgoing]:
    """It pays for the appointment, or for the next one."""
    payments.keep_it(talk.work, talk.company, _order(talk))
    return ()


def free(talk: Talk) -> Iterable[Outgoing]:
    """No money came: the time is free again."""
    payments.let_go(talk.work, _order(talk))
    return ()


def ask_back(talk: Talk) -> Iterable[Outgoing]:
    """Open the form: how much went back, how, and why."""
    order = _order(talk)
    left = orders.left(talk.work, order)
    fields = (
        Field("amount", t("payback.amount"), initial=f"{left.amount}"),
        Field(
            "how", t("payback.how"), "choice", initial="refunded",
            options=(("refunded", t("payback.refunded")), ("disputed", t("payback.disputed"))),
        ),
        Field("words", t("payback.words"), "lines", hint=t("payback.hint"), longest=LONGEST_REASON),
    )  # fmt: skip
    came = talk.came
    if came.trigger is not None:
        yield Form(
            trigger=came.trigger, user=came.sender.user, act="team.money.back.sent", args={"order": order.id},
            title=t("payback.title"), intro=(t("payback.intro", left=left),), fields=fields,
            submit=t("payback.submit"),
        )  # fmt: skip


def back(talk: Talk) -> Iterable[Outgoing]:
    """It went back by hand, or the bank took it."""
    order = _order(talk)
    amount, words = _amount(talk, order), _words(talk)
    try:
        payments.give_back(talk.work, order, amount, words, disputed=filled(talk).get("how") == "disputed")
    except orders.NotForThisOrder:
        left = orders.left(talk.work, order)
        raise FormRefused(FormErrors({"amount": t("payback.too_much", left=left)})) from None
    return ()


def _amount(talk: Talk, order: Order) -> Money:
    given = str(filled(talk).get("amount") or "").replace(",", ".").replace("\N{NO-BREAK SPACE}", "").strip()
    try:
        amount = Decimal(given)
        exact = Money.of(amount, order.currency) if amount.is_finite() and 0 < amount < 10**9 else None
    except InvalidOperation:
        exact = None
    if exact is None or exact.amount != amount:
        raise FormRefused(FormErrors({"amount": t("payback.amount_wrong")}))
    return exact


def ask_by_hand(talk: Talk) -> Iterable[Outgoing]:
    """Open the form: it was paid; how does one know?"""
    order, came = _order(talk), talk.came
    field = Field("words", t("payhand.words"), "lines", hint=t("payhand.hint"), longest=LONGEST_REASON)
    if came.trigger is not None:
        yield Form(
            trigger=came.trigger, user=came.sender.user, act="team.money.by_hand.sent", args={"order": order.id},
            title=t("payhand.title"), intro=(t("payhand.intro", amount=order.amount),), fields=(field,),
            submit=t("payhand.submit"),
        )  # fmt: skip


def by_hand(talk: Talk) -> Iterable[Outgoing]:
    """It was paid, as a person has seen."""
    order, words = _order(talk), _words(talk)
    if order.state in orders.ENDED:
        raise orders.NotForThisOrder
    came = payments.Received(order.order, order.amount, f"hand:{order.id}", reason=words)
    payments.receive(talk.work, talk.company, came)
    return ()


def _words(talk: Talk) -> str:
    words = str(filled(talk).get("words") or "").strip()
    if not words:
        raise FormRefused(FormErrors({"words": t("form.words_missing")}))
    return words


PRESSES: dict[str, Handler] = {
    "team.money.keep": keep,
    "team.money.free": free,
    "team.money.back": ask_back,
    "team.money.by_hand": ask_by_hand,
}
FORMS: dict[str, Handler] = {"team.money.back.sent": back, "team.money.by_hand.sent": by_hand}
