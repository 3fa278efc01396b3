"""Quotes: a price with every line and why. Pure values; `domain.pricing` makes them."""

from decimal import Decimal
from enum import StrEnum

import msgspec

from domain.money import Money


class LineKind(StrEnum):
    """What a line of a quote is for."""

    FREE = "free"  # minutes that cost nothing
    BASE = "base"
    LABOUR = "labour"
    REGION = "region"
    COMPLEXITY = "complexity"
    CAP = "cap"
    MINIMUM = "minimum"
    FEE = "fee"
    TRAVEL = "travel"
    PARTS = "parts"
    ADJUSTMENT = "adjustment"
    DISCOUNT = "discount"  # the plan's
    WARRANTY = "warranty"
    PLAN = "plan"  # paid by the plan
    CREDIT = "credit"
    FIXED = "fixed"  # a price of somebody's own, in place of all those above
    EXTRA = "extra"  # what a person named and priced
    ROUNDING = "rounding"


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line: `quantity` of `unit` at `unit_price` is `amount`; `key`, `hours` and `grade` say why."""

    what: LineKind
    amount: Money
    key: str | None = None
    quantity: Decimal | None = None
    unit: str | None = None  # minute, person, km, percent, day, visit
    unit_price: Money | None = None  # an hour's, where the unit is the minute
    hours: str | None = None
    grade: str | None = None
    heads: int = 1
    step: int | None = None


class TaxLine(msgspec.Struct, frozen=True):
    """The tax at one rate, in or on the amount it is taken from."""

    percent: Decimal
    of: Money
    amount: Money


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """A price with every line and why. The lines (and taxes, where they come on top) sum to `total`."""

    work: str
    minutes: int
    billed: int
    lines: tuple[Line, ...]
    taxes: tuple[TaxLine, ...]
    tax_included: bool
    net: Money  # without tax
    tax: Money
    total: Money  # with tax
    by_plan: Money
    by_warranty: Money
