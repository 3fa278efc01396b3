"""Rounding: half up, away from zero, and a whole shared out without losing a unit. Pure."""

from collections.abc import Mapping
from fractions import Fraction
from typing import TypeVar

K = TypeVar("K")


def half_up(amount: Fraction) -> int:
    """The nearest whole number; a half is rounded away from zero."""
    if amount.denominator == 1:
        return amount.numerator
    whole = (2 * abs(amount.numerator) + amount.denominator) // (2 * amount.denominator)
    return whole if amount >= 0 else -whole


def allotted(total: int, shares: Mapping[K, Fraction]) -> dict[K, Fraction]:
    """A rounded total shared out in whole units as near as possible to its exact shares."""
    if len(shares) == 1:
        return {key: Fraction(total) for key in shares}
    down = {key: amount.numerator // amount.denominator for key, amount in shares.items()}
    left = total - sum(down.values())
    by_rest = sorted(shares, key=lambda key: shares[key] - down[key], reverse=True)
    return {key: Fraction(down[key] + (1 if key in by_rest[:left] else 0)) for key in shares}
