"""Advice: what the last twelve months of help would have cost under each plan. Pure, honest: also downgrades."""

from collections.abc import Iterable
from datetime import date

import msgspec

from domain.cases import Case
from domain.coverage import Balance, Ruling
from domain.declared import MONTHS, Period, months_after
from domain.labour import NoPrice
from domain.money import Money
from domain.periods import period_start
from domain.plans import Allowance, Plan
from domain.pricing import price
from domain.tariff import Tariff


class Used(msgspec.Struct, frozen=True):
    """Help that was had on a day, as it was priced."""

    on: date
    case: Case


class Year(msgspec.Struct, frozen=True):
    """Twelve months under a plan: its price, and what was to be paid besides."""

    plan: str
    fees: Money
    extra: Money

    @property
    def total(self) -> Money:
        """What the year would have cost."""
        return self.fees + self.extra


def year_under(
    tariff: Tariff,
    currency: str,
    zone: str,
    plan: Plan,
    used: Iterable[Used],
    today: date,
    period: Period | None = None,
) -> Year | None:
    """The last twelve months under a plan; None where it excludes something that was needed, or has no price for it."""
    begin = months_after(today, -12)
    extra = Money(0, currency)
    taken: dict[tuple[str, date], int] = {}
    for one in sorted((u for u in used if begin <= u.on <= today), key=lambda u: u.on):
        starts = {a.key: period_start(begin, a.per, one.on) for a in plan.includes}
        left = {a.key: _left(a, taken.get((a.key, starts[a.key]), 0)) for a in plan.includes}
        case = msgspec.structs.replace(one.case, plan=plan.key)
        try:
            priced = price(tariff, currency, zone, case, plan, left)
        except NoPrice:
            return None
        if priced.verdict.ruling is Ruling.EXCLUDED:
            return None
        for use in priced.verdict.uses:
            key = (use.allowance, starts[use.allowance])
            taken[key] = taken.get(key, 0) + use.units
        extra = extra + priced.quote.total
    return Year(plan.key, fees_of(plan, currency, period), extra)


def fees_of(plan: Plan, currency: str, period: Period | None = None) -> Money:
    """The price of a plan for twelve months, paid by that period where it can be, else by its first."""
    by = period if period in plan.prices else next(iter(plan.prices))
    return Money.of(plan.prices[by], currency).times(12 // MONTHS[by])


def _left(allowance: Allowance, taken: int) -> Balance:
    granted = allowance.granted
    return Balance(allowance.key, allowance.unit, granted, None if granted is None else max(granted - taken, 0))
