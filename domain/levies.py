"""Levies: a single amount with its tax, as the tariff declares it. Pure."""

from decimal import Decimal
from fractions import Fraction

import msgspec

from domain.cases import Case, fits
from domain.money import Money
from domain.quotes import Quote, TaxLine
from domain.rounding import half_up
from domain.tariff import Tariff, What


class Levy(msgspec.Struct, frozen=True):
    """What is to be paid: `amount` with the tax in it."""

    amount: Money
    tax: Money
    rates: tuple[TaxLine, ...] = ()


def levied(tariff: Tariff, price: Money, case: Case, what: What = "fees") -> Levy:
    """A price (negative: a credit) with the tax in or on it, at the first rate that fits."""
    percent = next((tax.percent for tax in tariff.taxes if what in tax.on and fits(tax, case)), Decimal(0))
    share, minor = Fraction(percent), Fraction(price.minor)
    exact = minor * share / (100 + share) if tariff.tax_included else minor * share / 100
    tax = Money(half_up(exact), price.currency)
    amount = price if tariff.tax_included else price + tax
    return Levy(amount, tax, (TaxLine(percent, price, tax),) if percent else ())


def of_quote(quote: Quote) -> Levy:
    """What a quote comes to."""
    return Levy(quote.total, quote.tax, quote.taxes)
