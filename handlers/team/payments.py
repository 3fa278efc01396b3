"""What the team decides about money: use it, give it back by hand, free the time, or note that it was paid."""

from collections.abc import Iterable

from domain import deciding, orders, payments
from domain.money import Money
from domain.orders import Order
from domain.work import Refusal
from handlers.conversation import Handler, Talk
from handlers.messages import Field, Form, FormErrors, Outgoing, Plain
from handlers.refusals import FormRefused
from handlers.team.amounts import amount_in
from handlers.team.requests import filled
from locales.text import t

LONGEST_REASON = 500  # characters


class NoSuchOrder(Refusal):
    """The order is not there."""


def _order(talk: Talk) -> Order:
    """The order a button or form names. Raises NoSuchOrder."""
    found = talk.work.session.get(Order, talk.number("order"))
    if found is None:
        raise NoSuchOrder
    held = orders.locked(talk.work, found.order)
    assert held is not None
    return held


def keep(talk: Talk) -> Iterable[Outgoing]:
    """It pays for the appointment, or for the next one."""
    deciding.keep_it(talk.work, talk.company, _order(talk))
    return ()


def free(talk: Talk) -> Iterable[Outgoing]:
    """No money came: the time is free again."""
    deciding.let_go(talk.work, _order(talk))
    return ()


def ask_back(talk: Talk) -> Iterable[Outgoing]:
    """Open the form: how much went back, how, and why."""
    order = _order(talk)
    yield from back_form(talk, orders.left(talk.work, order), "team.money.back.sent", order=order.id)


def back_form(talk: Talk, left: Money, act: str, **args: Plain) -> Iterable[Outgoing]:
    """The form: how much went back, how, and why."""
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
            trigger=came.trigger, user=came.sender.user, act=act, args=args, title=t("payback.title"),
            intro=(t("payback.intro", left=left),), fields=fields, submit=t("payback.submit"),
        )  # fmt: skip


def back(talk: Talk) -> Iterable[Outgoing]:
    """It went back by hand, or the bank took it."""
    order = _order(talk)
    amount, words, disputed = amount_of(talk, order.currency), words_of(talk), bank_took_it(talk)
    try:
        deciding.give_back(talk.work, order, amount, words, disputed=disputed)
    except orders.NotForThisOrder:
        most = (orders.paid if disputed else orders.left)(talk.work, order)
        raise too_much(most) from None
    return ()


def ask_again(talk: Talk) -> Iterable[Outgoing]:
    """Open the form: how much has the bank given back?"""
    order, came = _order(talk), talk.came
    taken = orders.taken(talk.work, order)
    fields = (
        Field("amount", t("payback.amount"), initial=f"{taken.amount}"),
        Field("words", t("payback.words"), "lines", hint=t("payhand.hint"), longest=LONGEST_REASON),
    )
    if came.trigger is not None:
        yield Form(
            trigger=came.trigger, user=came.sender.user, act="team.money.again.sent", args={"order": order.id},
            title=t("payagain.title"), intro=(t("payagain.intro", taken=taken),), fields=fields,
            submit=t("payback.submit"),
        )  # fmt: skip


def again(talk: Talk) -> Iterable[Outgoing]:
    """The bank gave back what it had taken."""
    order = _order(talk)
    amount, words = amount_of(talk, order.currency), words_of(talk)
    try:
        deciding.came_again(talk.work, order, amount, words)
    except orders.NotForThisOrder:
        raise too_much(orders.taken(talk.work, order)) from None
    return ()


def bank_took_it(talk: Talk) -> bool:
    """Whether it was not us who gave it back."""
    return filled(talk).get("how") == "disputed"


def too_much(left: Money) -> FormRefused:
    """What is said to an amount that is not there."""
    return FormRefused(FormErrors({"amount": t("payback.too_much", left=left)}))


def amount_of(talk: Talk, currency: str) -> Money:
    """The amount that was written into the form. Raises FormRefused."""
    money = amount_in(str(filled(talk).get("amount") or ""), currency)
    if money is None:
        raise FormRefused(FormErrors({"amount": t("payback.amount_wrong")}))
    return money


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
    order, words = _order(talk), words_of(talk)
    if order.state in orders.ENDED:
        raise orders.NotForThisOrder
    came = payments.Received(order.order, order.amount, f"hand:{order.id}", reason=words)
    payments.receive(talk.work, talk.company, came)
    return ()


def words_of(talk: Talk) -> str:
    """The reason that was written into the form. Raises FormRefused."""
    words = str(filled(talk).get("words") or "").strip()
    if not words:
        raise FormRefused(FormErrors({"words": t("form.words_missing")}))
    return words


PRESSES: dict[str, Handler] = {
    "team.money.keep": keep,
    "team.money.free": free,
    "team.money.back": ask_back,
    "team.money.by_hand": ask_by_hand,
    "team.money.again": ask_again,
}
FORMS: dict[str, Handler] = {
    "team.money.back.sent": back,
    "team.money.by_hand.sent": by_hand,
    "team.money.again.sent": again,
}
