"""The lines of a quote as one reads them: what, how much of it, at which price, and why."""

from collections.abc import Callable
from decimal import Decimal

from domain.company import PriceList
from domain.quotes import Line, LineKind, Quote
from domain.tariff import Tariff
from handlers.cards.names import hours_label, named, work_label
from handlers.messages import Fact
from locales.text import Listing, Minutes, Number, Percent, Value, own, t


def quote_facts(company: PriceList, quote: Quote) -> tuple[Fact, ...]:
    """Every line, then taxes and the total."""
    lines = [Fact(label_of(company, quote, line), line.amount) for line in quote.lines]
    said = "line.tax.inside" if quote.tax_included else "line.tax"
    taxes = [Fact(t(said, rate=Percent(tax.percent)), tax.amount) for tax in quote.taxes if tax.amount]
    total = Fact(t("line.total"), amount_or_free(quote))
    return (*lines, total, *taxes) if quote.tax_included else (*lines, *taxes, total)


def amount_or_free(quote: Quote) -> Value:
    """What it comes to; a price of somebody's own may be nothing at all."""
    free = not quote.total and any(line.what is LineKind.FIXED for line in quote.lines)
    return t("price.no_charge") if free else quote.total


def label_of(company: PriceList, quote: Quote, line: Line) -> Value:
    """What a line is for, in words."""
    words = WORDS[line.what](company, line)
    more = _details(company, quote, line)
    return t("line.with", what=words, details=Listing(more, "plain")) if more else words


def _details(company: PriceList, quote: Quote, line: Line) -> tuple[Value, ...]:
    """Which hours, whom and how many: said where it is not the usual."""
    tariff = company.tariff
    found: list[Value] = []
    if line.hours is not None and line.hours != _usual(tariff) and line.what is not LineKind.ADJUSTMENT:
        found.append(hours_label(tariff, line.hours))
    if line.grade is not None and len({x.grade for x in quote.lines if x.grade}) > 1:
        found.append(named({g.key: g.name for g in tariff.grades}, line.grade))
    if line.heads > 1:
        found.append(t("line.people", line.heads))
    return tuple(found)


def _usual(tariff: Tariff) -> str:
    return tariff.hours[0].key if tariff.hours else tariff.otherwise


def _time(line: Line) -> Minutes:
    return Minutes(int(line.quantity or 0))


def _labour(_company: PriceList, line: Line) -> Value:
    return t("line.labour", time=_time(line), price=line.unit_price or line.amount)


def _base(_company: PriceList, line: Line) -> Value:
    return t("line.base.covers", time=_time(line)) if line.unit == "minute" else t("line.base")


def _travel(_company: PriceList, line: Line) -> Value:
    quantity = line.quantity or Decimal(0)
    if line.unit == "km":
        return t("line.travel.km", km=Number(quantity), price=line.unit_price or line.amount)
    if line.unit == "minute":
        return t("line.travel.time", time=_time(line))
    return t("line.travel.zone", zone=line.key or "") if line.unit == "zone" else t("line.travel")


def _fee(company: PriceList, line: Line) -> Value:
    name = next((f.name for f in company.tariff.fees if f.key == line.key and f.name), None)
    return own(name) if name is not None else t("line.fee")


def _adjustment(company: PriceList, line: Line) -> Value:
    rules = [a for a in company.tariff.adjustments if a.key == line.key and a.percent == line.quantity]
    fitting = [a for a in rules if line.hours is None or line.hours in a.hours] or rules
    name = next((a.name for a in fitting if a.name), None)
    rate = Percent(abs(line.quantity or Decimal(0)))
    if name is not None:
        return t("line.adjustment", name=own(name), rate=rate)
    return t("line.surcharge" if (line.quantity or 0) > 0 else "line.discount", rate=rate)


def _warranty(company: PriceList, line: Line) -> Value:
    name = next((w.name for w in company.tariff.warranties if w.kind == line.key and w.name), None)
    return own(name) if name is not None else t("line.warranty")


def _region(company: PriceList, line: Line) -> Value:
    return t("line.region", region=named({r.key: r.name for r in company.tariff.regions}, line.key or ""))


def _complexity(company: PriceList, line: Line) -> Value:
    return t("line.complexity", kind=named({c.key: c.name for c in company.tariff.complexities}, line.key or ""))


WORDS: dict[LineKind, Callable[[PriceList, Line], Value]] = {
    LineKind.FREE: lambda _, line: t("line.free", time=_time(line)),
    LineKind.BASE: _base,
    LineKind.LABOUR: _labour,
    LineKind.REGION: _region,
    LineKind.COMPLEXITY: _complexity,
    LineKind.CAP: lambda *_: t("line.cap"),
    LineKind.MINIMUM: lambda _, line: t("line.minimum", price=line.unit_price or line.amount),
    LineKind.FEE: _fee,
    LineKind.TRAVEL: _travel,
    LineKind.PARTS: lambda *_: t("line.parts"),
    LineKind.ADJUSTMENT: _adjustment,
    LineKind.DISCOUNT: lambda _, line: t("line.plan_discount", rate=Percent(abs(line.quantity or Decimal(0)))),
    LineKind.WARRANTY: _warranty,
    LineKind.PLAN: lambda *_: t("line.plan"),
    LineKind.CREDIT: lambda company, line: t("line.credit", work=work_label(company, line.key or "")),
    LineKind.FIXED: lambda _, line: t("line.fixed_for", why=line.key) if line.key else t("line.fixed"),
    LineKind.EXTRA: lambda _, line: line.key or t("line.parts"),
    LineKind.ROUNDING: lambda *_: t("line.rounding"),
}
