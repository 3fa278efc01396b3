"""Printed examples: what the company has published, worked out again by its own rules."""

from collections.abc import Iterator
from decimal import Decimal

from bot.company_file.parts import Finding, Path
from domain.company import PriceList, Published
from domain.declared import MONTHS
from domain.labour import NoPrice
from domain.money import Money
from domain.quotes import Line, Quote


def replay(prices: PriceList) -> Iterator[Finding]:
    """Every example that does not come out as it was printed."""
    for at, example in enumerate(prices.published):
        path: Path = ("published", at)
        if example.period is not None:
            yield from _of_plan(path, prices, example)
        elif example.allowance is not None:
            yield from _of_allowance(path, prices, example)
        else:
            yield from _of_work(path, prices, example)


def _of_work(path: Path, prices: PriceList, example: Published) -> Iterator[Finding]:
    try:
        priced = prices.answer(example)[-1]
        fee = prices.fee_for(example) if example.called_off else None
    except NoPrice as lacking:
        yield Finding(path, f"“{example.text}” has no price: {lacking}", "add what it lacks, or a rule that fits")
        return
    printed = Money.of(example.total or 0, prices.currency)
    with_tax = prices.tariff.tax_included if example.with_tax is None else example.with_tax
    if fee is not None:
        computed, way = fee.amount if with_tax else fee.amount - fee.tax, "the fee for calling off"
    else:
        computed, way = priced.quote.total if with_tax else priced.quote.net, _lines(priced.quote)
    if printed.amount != (example.total or 0) or printed != computed:
        yield _differs(path, example, str(example.total), _amount(computed), way)


def _of_plan(path: Path, prices: PriceList, example: Published) -> Iterator[Finding]:
    plan = prices.plan(example.plan) if example.plan in {p.key for p in prices.plans} else None
    if plan is None or example.period is None or example.period not in plan.prices:
        has = ", ".join(plan.prices) if plan else "nothing: name the plan"
        yield Finding((*path, "period"), f"there is no price for a {example.period}", f"the plan has: {has}")
        return
    each = plan.prices[example.period]
    if each * example.times != example.total:
        way = f"{example.times} × {each} a {example.period}"
        yield _differs(path, example, str(example.total), f"{each * example.times} {prices.currency}", way)


def _of_allowance(path: Path, prices: PriceList, example: Published) -> Iterator[Finding]:
    plan = prices.plan(example.plan) if example.plan in {p.key for p in prices.plans} else None
    allowance = plan.allowance(example.allowance or "") if plan else None
    if allowance is None or allowance.amount is None:
        what = f"“{example.text}” counts an allowance that has no number"
        yield Finding((*path, "allowance"), what, "name a plan and one of its allowances that has an amount")
        return
    computed = Decimal(allowance.amount) * MONTHS[example.per] / MONTHS[allowance.per]
    if computed != example.amount:
        way = f"{allowance.amount} {allowance.unit} a {allowance.per}"
        yield _differs(path, example, str(example.amount), f"{computed.normalize():f} a {example.per}", way)


def _differs(path: Path, example: Published, printed: str, computed: str, way: str) -> Finding:
    what = f"“{example.text}” is printed as {printed}, the rules give {computed} ({way})"
    field = "amount" if example.allowance else "total"
    return Finding((*path, field), what, "correct what is printed, or the rule")


def _lines(quote: Quote) -> str:
    """The computation in one line, as one writes it on paper."""
    told = [_line(line) for line in quote.lines if line.amount or line.what != "rounding"]
    taxes = [] if quote.tax_included else [f"tax {tax.percent:f} % {tax.amount.amount}" for tax in quote.taxes]
    return "; ".join([*told, *taxes])


def _line(line: Line) -> str:
    name = " ".join(str(word) for word in (line.what.value, line.key, line.grade, line.hours) if word)
    many = f"{line.heads} × " if line.heads > 1 and line.unit == "minute" else ""
    of = f" {many}{line.quantity.normalize():f} {line.unit}" if line.quantity is not None and line.unit else ""
    per = {"minute": " an hour"}.get(line.unit or "", "")
    rate = f" at {line.unit_price.amount}{per}" if line.unit_price is not None else ""
    return f"{name}{of}{rate} = {line.amount.amount}"


def _amount(money: Money) -> str:
    return f"{money.amount} {money.currency}"
