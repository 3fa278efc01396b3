"""Periods: which part of a contract's life a day lies in, what is carried from one to the next, what a part costs.

Pure. Periods are counted from an anchor day: a contract that began on the 31st has periods that begin on the last day
of shorter months.
"""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from domain.declared import MONTHS, Period, months_after
from domain.rounding import half_up


def period_start(begin: date, per: Period, today: date) -> date:
    """The first day of the period that `today` lies in, counted from `begin`."""
    months = MONTHS[per]
    passed = (today.year - begin.year) * 12 + today.month - begin.month
    passed -= passed % months
    start = months_after(begin, passed)
    return start if start <= today else months_after(begin, passed - months)


def period_end(begin: date, per: Period, today: date) -> date:
    """The first day of the period after the one that `today` lies in."""
    return first_from(begin, per, period_start(begin, per, today), after=True)


def first_from(begin: date, per: Period, day: date, *, after: bool = False) -> date:
    """The first day, from `day` on (or `after` it), on which a period begins."""
    months = MONTHS[per]
    passed = (day.year - begin.year) * 12 + day.month - begin.month
    passed -= passed % months + months
    while True:
        start = months_after(begin, passed)
        if start >= begin and (start > day or (start == day and not after)):
            return start
        passed += months


def starts(begin: date, per: Period, first: date, last: date) -> Iterator[date]:
    """The days from `first` to `last` (both are looked at) on which a period begins."""
    day = first_from(begin, per, first)
    while day <= last:
        yield day
        day = first_from(begin, per, day, after=True)


def carried(granted: int, rollover: int, left: int | None, untouched: int) -> int:
    """What comes along into a period: `left` of the last one that was used, then so many that nobody touched."""
    carry = 0 if left is None else min(left, rollover)
    for _ in range(untouched):
        more = min(granted + carry, rollover)
        if more == carry:
            break
        carry = more
    return carry


def part_of(minor: int, days: int, of: int) -> int:
    """The price of some days of a period, in whole minor units; all its days cost exactly the price."""
    return half_up(Fraction(minor) * days / of) if of else 0
