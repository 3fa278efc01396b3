"""A job that costs less because it takes longer: nobody means that, unless it is declared as a cap or a package."""

from collections.abc import Iterator
from itertools import product

from bot.company_file.parts import Finding
from domain.cases import Case, Crew, fits
from domain.company import PriceList
from domain.labour import NoPrice
from domain.pricing import price
from domain.tariff import Rule, Tariff

LONGEST = 600  # minutes


def falling(prices: PriceList) -> Iterator[Finding]:
    """The first minute, of each work, grade and hours, at which a longer job is cheaper."""
    tariff = prices.tariff
    hours = list(dict.fromkeys([*(entry.key for entry in tariff.hours), tariff.otherwise]))
    points = _points(tariff)
    for work, grade in product(tariff.kinds, tariff.grades):
        for key in hours:
            case = Case(work=work, minutes=0, crew=(Crew(grade.key),), hours=key)
            finding = _falls(prices, case, points)
            if finding is not None:
                yield finding
                break


def _points(tariff: Tariff) -> list[int]:
    """The minutes at which a price can change: ends of steps, and every threshold with the minute after it."""
    found = {1, LONGEST}
    for rule in tariff.labour:
        found |= {n for whole in range(0, LONGEST, max(rule.step, 15)) for n in (whole, whole + 1)}
        found |= {n for band in rule.bands if band.up_to for n in (band.up_to, band.up_to + 1)}
        lead = rule.free_minutes + rule.base_minutes
        found |= {n + more for n in (lead, rule.free_up_to, rule.minimum_minutes) for more in (0, 1)}
    for each in _rules(tariff):
        for edge in (each.minutes_over, each.minutes_up_to):
            found |= {edge, edge + 1} if edge is not None else set()
    return sorted(n for n in found if 1 <= n <= LONGEST)


def _rules(tariff: Tariff) -> list[Rule]:
    return [*tariff.labour, *tariff.fees, *tariff.travel, *tariff.adjustments, *tariff.taxes]


def _falls(prices: PriceList, case: Case, points: list[int]) -> Finding | None:
    before, at = None, 0
    for minutes in points:
        now = _case(case, minutes)
        try:
            total = price(prices.tariff, prices.currency, prices.time_zone, now).quote.total
        except NoPrice:
            before = None
            continue
        if before is not None and total < before and not _package(prices.tariff, _case(case, at), now):
            grade, key = case.crew[0].grade, case.hours
            figures = f"{at} minutes are {before.amount}, {minutes} minutes {total.amount}"
            what = f"work “{case.work}” by “{grade}” in “{key}” falls: {figures}"
            remedy = "a longer job should not cost less: correct the rule for one, or declare a cap"
            return Finding(("tariff", "labour"), what, remedy)
        before, at = total, minutes
    return None


def _case(case: Case, minutes: int) -> Case:
    return Case(work=case.work, minutes=minutes, crew=case.crew, hours=case.hours)


def _package(tariff: Tariff, shorter: Case, longer: Case) -> bool:
    """Whether a declared discount for long jobs begins between the two."""
    return any(
        rule.percent < 0 and rule.minutes_over is not None and fits(rule, longer) and not fits(rule, shorter)
        for rule in tariff.adjustments
    )
