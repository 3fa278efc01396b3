"""Totals: rounding and taxes, so that no cent is lost between the lines and what is paid. Pure."""

from decimal import Decimal
from fractions import Fraction

from babel.numbers import get_currency_precision

from domain.cases import Case, fits
from domain.money import Money
from domain.quotes import Line, LineKind, Quote, TaxLine
from domain.rounding import allotted, half_up
from domain.sheet import Sheet
from domain.tariff import EVERYTHING, Tariff, What


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
    total = _to_unit(half_up(exact), tariff, sheet.currency)
    lines = [line for line, _ in sheet.lines]
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
    """What is to be paid by its tax rate: whole units where lines are rounded, exact where the total is."""
    percents = {what: _percent(tariff, case, what) for what in EVERYTHING}
    groups: dict[Decimal, Fraction] = {}
    for line, split in sheet.lines:
        shares = allotted(line.amount.minor, split) if tariff.rounding == "line" else split
        for what, amount in shares.items():
            groups[percents[what]] = groups.get(percents[what], Fraction(0)) + amount
    return groups


def _percent(tariff: Tariff, case: Case, what: What) -> Decimal:
    return next((tax.percent for tax in tariff.taxes if what in tax.on and fits(tax, case)), Decimal(0))


def _tax(sheet: Sheet, percent: Decimal, of: Fraction, included: bool) -> TaxLine:
    share = Fraction(percent)
    amount = of * share / (100 + share) if included else of * share / 100
    return TaxLine(percent, sheet.money(of), sheet.money(amount))


def _on_top(groups: dict[Decimal, Fraction]) -> Fraction:
    return sum((amount * Fraction(percent) / 100 for percent, amount in groups.items()), Fraction(0))


def _to_unit(minor: int, tariff: Tariff, currency: str) -> int:
    """The total rounded half up to the unit the company declares (0.05 in Switzerland)."""
    if tariff.round_to is None:
        return minor
    unit = Fraction(tariff.round_to) * 10 ** get_currency_precision(currency)
    return half_up(half_up(Fraction(minor) / unit) * unit)
