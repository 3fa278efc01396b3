"""Amounts a teammate fills in: read as he writes them, and within what he may say on his own word."""

from decimal import Decimal, InvalidOperation

from domain.money import Money
from domain.work import Refusal
from handlers import allowed
from handlers.conversation import Talk
from handlers.messages import FormErrors
from handlers.refusals import FormRefused, phrase
from locales.text import Text, t

MOST = 10**9  # of the currency's units: more is a slip


def amount_in(said: str, currency: str, *, least: int = 1) -> Money | None:
    """An amount as somebody writes it; nothing when it is none, has no such small change, or is below the least."""
    try:
        amount = Decimal(said.replace(",", ".").replace("\N{NO-BREAK SPACE}", "").strip())
    except InvalidOperation:
        return None
    if not amount.is_finite() or not 0 <= amount < MOST:
        return None
    money = Money.of(amount, currency)
    return money if money.amount == amount and money.minor >= least else None


def money_in(talk: Talk, field: str, said: str, wrong: Text | None = None, *, least: int = 1) -> Money:
    """The amount that was written in a field, in the company's currency. Raises FormRefused."""
    money = amount_in(said, talk.company.currency, least=least)
    if money is None:
        raise FormRefused(FormErrors({field: wrong or t("goodwill.wrong")}))
    return money


def own_word(talk: Talk, money: Money, field: str) -> None:
    """Whether so much may rest on his word alone. Raises FormRefused."""
    try:
        allowed.granted(talk, money)
    except Refusal as no:
        raise FormRefused(FormErrors({field: phrase(no)})) from None
