"""Totals: rounding and taxes, so that no cent is lost between the lines and what is paid. Pure."""

from decimal import Decimal
from fractions import Fraction

from babel.numbers import get_currency_precision

from domain.cases import Case
from domain.money import Money
from domain.quotes import Line, LineKind, Quote, TaxLine
from domain.rounding import half_up
from domain.sheet import Sheet
from domain.tariff import Tariff
from domain.taxes import rate_of, tax_of


def totalled(
    sheet: Sheet, tariff: Tariff, case: Case, *, billed: int, by_plan: Fraction, by_warranty: Fraction
) -> Quote:
    """The quote a sheet comes to. Where the rounded lines differ from the total, a line says by how much."""
    groups = _by_rate(sheet, tariff, case)
    taxes = tuple(_tax(sheet, percent, groups[percent], tariff.tax_included) for percent in sorted(groups) if percent)
    tax = sum(t.amount.minor for t in taxes)
    exact = sum(groups.values(), Fraction(0))
    if not tariff.tax_included:
        exact += _on_top(groups) if tariff.rounding == "total" else tax
    total = _to_unit(exact, tariff, sheet.currency)
    if not total:  # what is rounded to nothing has no tax in it
        taxes, tax = (), 0
    lines = list(sheet.lines)
    told = sum(line.amount.minor for line in lines) + (0 if tariff.tax_included else tax)
    if total != told:
        lines.append(Line(what=LineKind.ROUNDING, amount=Money(total - told, sheet.currency)))
    money = Money(total, sheet.currency)
    return Quote(
        work=case.work, minutes=case.minutes, billed=billed, lines=tuple(lines), taxes=taxes,
        tax_included=tariff.tax_included, net=money - Money(tax, sheet.currency), tax=Money(tax, sheet.currency),
        total=money, by_plan=sheet.money(by_plan), by_warranty=sheet.money(by_warranty),
    )  # fmt: skip


def _by_rate(sheet: Sheet, tariff: Tariff, case: Case) -> dict[Decimal, Fraction]:
    """What is to be paid by its tax rate."""
    groups: dict[Decimal, Fraction] = {}
    for (what, hours), amount in sheet.left.items():
        percent = rate_of(tariff, case, what, hours)
        groups[percent] = groups.get(percent, Fraction(0)) + amount
    return groups


def _tax(sheet: Sheet, percent: Decimal, of: Fraction, included: bool) -> TaxLine:
    return TaxLine(percent, sheet.money(of), sheet.money(tax_of(of, percent, included=included)))


def _on_top(groups: dict[Decimal, Fraction]) -> Fraction:
    return sum((tax_of(amount, percent, included=False) for percent, amount in groups.items()), Fraction(0))


def _to_unit(exact: Fraction, tariff: Tariff, currency: str) -> int:
    """The total rounded half up, once, to the unit the company declares (0.05 in Switzerland)."""
    if tariff.round_to is None:
        return half_up(exact)
    unit = Fraction(tariff.round_to) * 10 ** get_currency_precision(currency)
    return half_up(half_up(exact / unit) * unit)
