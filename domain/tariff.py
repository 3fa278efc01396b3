"""Tariff: what help costs, line by line. Pure; the flat hourly tariff."""

from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from enum import StrEnum

import msgspec

from domain.areas import Help
from domain.company import Plan, Tariff
from domain.coverage import Ruling, Verdict
from domain.money import Money


class What(StrEnum):
    """What a line of a quote is for."""

    LABOUR = "labour"
    PLAN = "plan"  # paid by the plan
    DISCOUNT = "discount"
    TAX = "tax"


class Line(msgspec.Struct, frozen=True):
    """One line of a quote: so many minutes (or percent) of something, at a price, and its amount."""

    what: What
    quantity: int
    unit_price: Money
    amount: Money


class Quote(msgspec.Struct, frozen=True):
    """A price with every line and why; `total` is what the homeowner pays, tax included."""

    help: Help
    minutes: int
    lines: tuple[Line, ...]
    total: Money
    tax: Money
    by_plan: Money


def quote(tariff: Tariff, currency: str, plan: Plan | None, verdict: Verdict, minutes: int) -> Quote:
    """The price of `minutes` of help under a verdict: started steps, the plan's share, its discount, tax."""
    hour = Money.of(tariff.remote_hour if verdict.help is Help.REMOTE else tariff.visit_hour, currency)
    billed = _steps(minutes, tariff.step_minutes)
    labour = hour.times(Decimal(billed) / 60)
    lines = [Line(What.LABOUR, billed, hour, labour)]
    by_plan = _plan_share(verdict, billed, hour, labour)
    if by_plan:
        lines.append(Line(What.PLAN, verdict.used, hour, Money(-by_plan.minor, currency)))
    net = labour - by_plan
    if plan is not None and plan.discount and net:
        off = net.times(Decimal(plan.discount) / 100)
        lines.append(Line(What.DISCOUNT, plan.discount, net, Money(-off.minor, currency)))
        net = net - off
    tax, total = _tax(net, tariff)
    if tax:
        lines.append(Line(What.TAX, int(tariff.tax_percent), net, tax))
    return Quote(verdict.help, billed, tuple(lines), total, tax, by_plan)


def _steps(minutes: int, step: int) -> int:
    return int((Decimal(minutes) / step).to_integral_value(ROUND_CEILING)) * step


def _plan_share(verdict: Verdict, billed: int, hour: Money, labour: Money) -> Money:
    if verdict.ruling is Ruling.INCLUDED:
        return labour
    if verdict.ruling is Ruling.PARTLY:
        return hour.times(Decimal(min(verdict.used, billed)) / 60)
    return Money(0, labour.currency)


def _tax(net: Money, tariff: Tariff) -> tuple[Money, Money]:
    """The tax in or on an amount, and the amount with it."""
    percent = tariff.tax_percent
    if tariff.tax_included:
        inside = (net.minor * percent / (100 + percent)).quantize(Decimal(1), ROUND_HALF_UP)
        return Money(int(inside), net.currency), net
    on_top = net.times(percent / 100)
    return on_top, net + on_top
