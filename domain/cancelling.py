"""Cancelling: what an appointment costs that is called off late, or that nobody was there for. Pure."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from domain.cases import Case, fits
from domain.levies import Levy, levied
from domain.money import Money
from domain.quotes import Quote, TaxLine
from domain.rounding import half_up
from domain.tariff import Cancellation, Tariff


def cancellation_fee(
    tariff: Tariff, case: Case, quote: Quote, *, hours_before: Decimal = Decimal(0), no_show: bool = False
) -> Levy | None:
    """The fee of the first rule that fits, if one does; without a rule for a no-show it is the latest cancellation."""
    rule = next(_fitting(tariff, case, hours_before, no_show), None)
    if rule is None:
        return None
    if rule.fee is not None:
        return levied(tariff, Money.of(rule.fee, quote.total.currency), case)
    return _share(quote, Fraction(rule.percent or 0) / 100)


def _fitting(tariff: Tariff, case: Case, hours_before: Decimal, no_show: bool) -> Iterator[Cancellation]:
    hours = case.stretches[0].hours if case.stretches else None
    rules = [rule for rule in tariff.cancellation if fits(rule, case, hours=hours)]
    if no_show:
        yield from (rule for rule in rules if rule.no_show)
    yield from (rule for rule in rules if rule.within_hours is not None and hours_before < rule.within_hours)


def _share(quote: Quote, share: Fraction) -> Levy:
    def part(whole: Money) -> Money:
        return Money(half_up(whole.minor * share), whole.currency)

    rates = tuple(TaxLine(tax.percent, part(tax.of), part(tax.amount)) for tax in quote.taxes)
    return Levy(part(quote.total), part(quote.tax), rates)
