"""The sheet a quote is written on: what is to be paid so far, by what it is for and the hours it lies in. Pure.

Every line changes these buckets by what is written down, so the lines always sum to the total: by whole units where
each line is rounded, else by exact fractions of minor units.
"""

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

import msgspec

from domain.money import Money
from domain.quotes import Line, LineKind
from domain.rounding import allotted, half_up
from domain.tariff import What

Bucket = tuple[What, str]  # what it is for, the hours it lies in


NOTHING = Fraction(0)


class Sheet:
    """A quote being written."""

    def __init__(self, currency: str, *, whole: bool) -> None:
        self.currency = currency
        self.whole = whole  # each line is rounded, and what follows starts from what is written
        self.left: defaultdict[Bucket, Fraction] = defaultdict(Fraction)
        self.lines: list[Line] = []

    def money(self, amount: Fraction) -> Money:
        """An exact amount as one reads it."""
        return Money(half_up(amount), self.currency)

    def write(
        self, what: LineKind, amounts: dict[Bucket, Fraction], why: "Why | None" = None, *, zero: bool = False
    ) -> Fraction:
        """Write a line with what it adds to each bucket; its sum. A line of nothing is left out unless `zero`."""
        total = next(iter(amounts.values())) if len(amounts) == 1 else sum(amounts.values(), NOTHING)
        if self.whole:
            total = Fraction(half_up(total))
            amounts = allotted(int(total), amounts)
        for bucket, amount in amounts.items():
            self.left[bucket] += amount
        if total or zero:
            given = why or Why()
            price = None if given.price is None else self.money(given.price)
            line = Line(
                what=what, amount=self.money(total), key=given.key, quantity=given.quantity, unit=given.unit,
                unit_price=price, hours=given.hours, grade=given.grade, heads=given.heads, step=given.step,
            )  # fmt: skip
            self.lines.append(line)
        return total


class Why(msgspec.Struct, frozen=True):
    """What a line says besides its amount; `price` is the exact price of one unit."""

    key: str | None = None
    quantity: Decimal | None = None
    unit: str | None = None
    price: Fraction | None = None
    hours: str | None = None
    grade: str | None = None
    heads: int = 1
    step: int | None = None
