"""Amounts a teammate fills in: read as he writes them, and within what he may say on his own word."""

from decimal import Decimal, InvalidOperation

from domain.money import Money
from domain.work import Refusal
from handlers import allowed
from handlers.conversation import Talk
from handlers.messages import FormErrors
from handlers.refusals import FormRefused, phrase
from locales.text import Text, t


def money_in(talk: Talk, field: str, said: str, wrong: Text | None = None) -> Money:
    """The amount that was written in a field, in the company's currency. Raises FormRefused."""
    refused = FormRefused(FormErrors({field: wrong or t("goodwill.wrong")}))
    try:
        money = Money.of(Decimal(said.strip().replace(",", ".")), talk.company.currency)
    except (InvalidOperation, ValueError):
        raise refused from None
    if money.minor <= 0:
        raise refused
    return money


def own_word(talk: Talk, money: Money, field: str) -> None:
    """Whether so much may rest on his word alone. Raises FormRefused."""
    try:
        allowed.granted(talk, money)
    except Refusal as no:
        raise FormRefused(FormErrors({field: phrase(no)})) from None
