"""Taxes: the rate that fits, and the tax in an amount or on it. Pure."""

from decimal import Decimal
from fractions import Fraction

from domain.cases import Case, fits
from domain.tariff import Tariff, What


def rate_of(tariff: Tariff, case: Case, what: What, hours: str | None = None) -> Decimal:
    """The percent for what a line is for: the first entry that fits; none is 0."""
    return next((t.percent for t in tariff.taxes if what in t.on and fits(t, case, hours=hours)), Decimal(0))


def tax_of(amount: Fraction, percent: Decimal, *, included: bool) -> Fraction:
    """The tax in an amount (`included`), or on it, exact."""
    share = Fraction(percent)
    return amount * share / (100 + share) if included else amount * share / 100
