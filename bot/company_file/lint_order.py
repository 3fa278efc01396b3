"""Rules and tiers that are never reached, because something before them always comes first."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from bot.company_file.parts import Finding, Path
from domain.company import PriceList
from domain.plans import Exclusion
from domain.tariff import EVERYTHING, NO_PLAN, Cancellation, Labour, Rule, Tariff, Tax

NAMED = ("work", "area", "brand", "grade", "hours", "region", "zone", "complexity", "plan", "warranty")
FROM = ("minutes_over", "technicians_over", "km_over")
UP_TO = ("notice_under_hours", "minutes_up_to", "km_up_to")
Names = dict[str, frozenset[str]]
Before = Callable[[Any, Any], bool]  # whether the first rule keeps the second from ever being reached


def order(prices: PriceList) -> Iterator[Finding]:
    """Rules that an earlier one hides, and tiers that hold for nobody."""
    tariff, every = prices.tariff, _every(prices)

    def hides(before: Rule, after: Rule) -> bool:
        return wider(before, after, every)

    def same_key(before: Any, after: Any) -> bool:
        return bool(before.key == after.key) and hides(before, after)

    lists: list[tuple[Path, Sequence[Any], Before]] = [
        (("tariff", "labour"), tariff.labour, hides),
        (("tariff", "travel"), tariff.travel, hides),
        (("tariff", "fees"), tariff.fees, same_key),
        (("tariff", "adjustments"), tariff.adjustments, same_key),
        (("tariff", "cancellation"), tariff.cancellation, lambda a, b: _sooner(a, b) and hides(a, b)),
        (("tariff", "taxes"), tariff.taxes, lambda a, b: set(b.on) <= set(a.on) and hides(a, b)),
        (("tariff", "credits"), tariff.credits, lambda a, b: (a.of, a.to) == (b.of, b.to)),
    ]
    for at, plan in enumerate(prices.plans):
        lists.append((("plans", at, "discounts"), plan.discounts, hides))
        lists.append((("plans", at, "excludes"), plan.excludes, _excludes))
        lists += [(("plans", at, "includes", n, "counts"), a.counts, hides) for n, a in enumerate(plan.includes)]
    for path, rules, hidden in lists:
        yield from _hidden(path, rules, hidden)
    for at, rule in enumerate(tariff.labour):
        yield from _tiers(("tariff", "labour", at), rule)
    yield from _taxed_twice(tariff, every)


def _every(prices: PriceList) -> Names:
    """All the names there are: a condition that lists all of them is none."""
    tariff = prices.tariff
    hours = [entry.key for entry in tariff.hours]
    return {
        "work": frozenset(kind.key for kind in tariff.work),
        "grade": frozenset(grade.key for grade in tariff.grades),
        "hours": frozenset([*hours, tariff.otherwise]),
        "plan": frozenset([NO_PLAN, *(plan.key for plan in prices.plans)]),
        "area": frozenset(prices.areas),
    }


def wider(before: Rule, after: Rule, every: Names) -> bool:
    """Whether the first rule fits wherever the second does."""
    for name in NAMED:
        mine, theirs = set(getattr(before, name)), set(getattr(after, name))
        if mine and not every.get(name, frozenset("?")) <= mine and not (theirs and theirs <= mine):
            return False
    for name in FROM:
        if getattr(before, name) is not None and (_or(after, name, -1) < getattr(before, name)):
            return False
    for name in UP_TO:
        if getattr(before, name) is not None and (_or(after, name, 10**12) > getattr(before, name)):
            return False
    return before.urgent in (None, after.urgent)


def _or(rule: Rule, name: str, nothing: int) -> Decimal | int:
    given: Decimal | int | None = getattr(rule, name)
    return nothing if given is None else given


def _hidden(path: Path, rules: Sequence[Any], hides: Before) -> Iterator[Finding]:
    for at, rule in enumerate(rules):
        first = next((n for n, before in enumerate(rules[:at]) if hides(before, rule)), None)
        if first is not None:
            what = f"this is never reached: entry {first + 1} of the list always fits first"
            yield Finding((*path, at), what, "put it before that one, or take it out")


def _sooner(before: Cancellation, after: Cancellation) -> bool:
    if before.no_show or after.no_show:
        return before.no_show and after.no_show
    return (before.within_hours or 0) >= (after.within_hours or 0)


def _excludes(before: Exclusion, after: Exclusion) -> bool:
    areas = not before.areas or (bool(after.areas) and set(after.areas) <= set(before.areas))
    return areas and (not before.work or (bool(after.work) and set(after.work) <= set(before.work)))


def _tiers(path: Path, rule: Labour) -> Iterator[Finding]:
    lead = rule.free_minutes + (rule.base_minutes if rule.base is not None else 0)
    for at, band in enumerate(rule.bands):
        if band.up_to is not None and band.up_to <= lead:
            what = f"the band up to {band.up_to} minutes is never reached: the first {lead} have a price already"
            yield Finding(
                (*path, "bands", at), what, "write bands that end later; they count from the start of the job"
            )
    if rule.minimum_minutes and rule.minimum_minutes <= lead:
        what = f"minimum_minutes = {rule.minimum_minutes} changes nothing: the first {lead} minutes are billed whole"
        yield Finding((*path, "minimum_minutes"), what, "take it out, or correct base_minutes")
    if rule.minimum is not None and rule.base is not None and rule.minimum <= rule.base:
        what = f"the minimum {rule.minimum} changes nothing: the base is {rule.base}"
        yield Finding((*path, "minimum"), what, "take it out, or correct it")
    if rule.cap is not None and rule.base is not None and rule.cap <= rule.base:
        yield Finding((*path, "cap"), f"the cap {rule.cap} is not above the base {rule.base}", "correct one of them")


def _taxed_twice(tariff: Tariff, every: Names) -> Iterator[Finding]:
    def same(a: Tax, b: Tax) -> bool:
        return wider(a, b, every) and wider(b, a, every)

    for at, tax in enumerate(tariff.taxes):
        for before in tariff.taxes[:at]:
            both = [what for what in tax.on if what in before.on]
            rest = set(before.on) < set(tax.on) == set(EVERYTHING)  # the special before the general
            if both and not rest and same(before, tax):
                what = f"{', '.join(both)} has a tax of {before.percent:f} % already; the first counts"
                yield Finding(("tariff", "taxes", at), what, "name each of on = [ … ] in one entry only")
    if tariff.tax_mention is not None and any(tax.percent and wider(tax, Rule(), every) for tax in tariff.taxes):
        what = "the mention says why there is no tax, and a tax is declared for everything"
        yield Finding(("tariff", "tax_mention"), what, "keep one of the two")
