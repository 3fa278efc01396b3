"""Paying rules: whether, how and how much is asked for before an appointment. Declared in the company file; pure."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from domain.declared import Amount, Keys, Value, Words
from domain.money import Money

How = Literal["telegram", "link", "next_invoice"]


@dataclass(frozen=True)
class Demand:
    """What is to be paid before an appointment stands (or, by a link, soon after): never nothing."""

    how: Literal["telegram", "link"]
    amount: Money
    deposit: bool  # a part of the price; the rest goes on the next invoice


class Payment(Value):
    """How customers pay for help."""

    how: How = "next_invoice"
    deposit: Annotated[int, Field(ge=1, le=100)] = 100  # percent of the price that is asked for; 100: all of it
    next_invoice: Keys = ()  # plans that pay on the next invoice, however the others pay
    link: Words | None = None  # where and how to pay, in the company's own words
    least: Amount = Decimal(1)  # the smallest amount the payment provider takes
    most: Amount | None = None  # the largest one

    @model_validator(mode="after")
    def _can_be_done(self) -> "Payment":
        if self.how == "link" and self.link is None:
            raise ValueError("customers are to pay by a link, and there is none; add link = { en = “…” }")
        if self.most is not None and self.most < self.least:
            raise ValueError("most is smaller than least; exchange them")
        return self

    def without_telegram(self) -> "Payment":
        """The same where Telegram has no payment provider for us: by the link, if there is one."""
        if self.how != "telegram":
            return self
        return self.model_copy(update={"how": "link" if self.link is not None else "next_invoice"})

    def demand(self, plan: str | None, total: Money, had: Money) -> Demand | None:
        """What to ask for before an appointment of that price: `had` was paid before, for the one it replaces.

        Nothing where it goes on the next invoice: by the plan, or for its being too small (or large) for the provider.
        """
        if self.how == "next_invoice" or plan in self.next_invoice or not total:
            return None
        least = Money.of(self.least, total.currency)
        wanted = total if self.deposit == 100 else max(self._part(total), min(least, total))
        asked = wanted - had
        if asked.minor <= 0 or asked < least:
            return None
        if self.how == "telegram" and self.most is not None and asked > Money.of(self.most, total.currency):
            return None
        return Demand(self.how, asked, wanted < total)

    def _part(self, total: Money) -> Money:
        part = (Decimal(total.minor) * self.deposit / 100).to_integral_value(ROUND_CEILING)
        return Money(int(part), total.currency)
