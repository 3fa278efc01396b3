"""Levies: a single amount with its tax, as the tariff declares it. Pure."""

from fractions import Fraction

import msgspec

from domain.cases import Case
from domain.money import Money
from domain.quotes import Quote, TaxLine
from domain.rounding import half_up
from domain.tariff import Tariff, What
from domain.taxes import rate_of, tax_of


class Levy(msgspec.Struct, frozen=True):
    """What is to be paid: `amount` with the tax in it."""

    amount: Money
    tax: Money
    rates: tuple[TaxLine, ...] = ()


def levied(tariff: Tariff, price: Money, case: Case, what: What = "fees") -> Levy:
    """A price (negative: a credit) with the tax in or on it, at the first rate that fits."""
    percent = rate_of(tariff, case, what)
    tax = Money(half_up(tax_of(Fraction(price.minor), percent, included=tariff.tax_included)), price.currency)
    amount = price if tariff.tax_included else price + tax
    return Levy(amount, tax, (TaxLine(percent, price, tax),) if percent else ())


def of_quote(quote: Quote) -> Levy:
    """What a quote comes to."""
    return Levy(quote.total, quote.tax, quote.taxes)


def at_most(levy: Levy, most: Money) -> Levy | None:
    """A levy that is not higher than an amount, its tax in proportion; nothing when nothing of it is left."""
    if levy.amount <= most:
        return levy
    if most.minor <= 0:
        return None
    share = Fraction(most.minor, levy.amount.minor)

    def part(whole: Money) -> Money:
        return Money(half_up(whole.minor * share), whole.currency)

    rates = tuple(TaxLine(tax.percent, part(tax.of), part(tax.amount)) for tax in levy.rates)
    return Levy(most, part(levy.tax), rates)
