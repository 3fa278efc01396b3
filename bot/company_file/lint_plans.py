"""Plans: prices that contradict each other, what nobody can use, promises that are worse for more money."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import product

from bot.company_file.parts import Finding, Path
from domain.areas import Area, Urgency
from domain.cases import Case
from domain.company import PriceList
from domain.coverage import Balance, judge
from domain.declared import MONTHS, Period
from domain.plans import Allowance, Plan, Promise
from domain.working_time import Stretch

LONGER: tuple[tuple[Period, Period], ...] = (("quarter", "month"), ("year", "quarter"), ("year", "month"))


def plans(prices: PriceList) -> Iterator[Finding]:
    """What is odd in the plans."""
    for at, plan in enumerate(prices.plans):
        path: Path = ("plans", at)
        yield from _periods(path, plan, prices)
        for number, allowance in enumerate(plan.includes):
            if not _usable(prices, plan, allowance):
                what = f"nobody can use “{allowance.key}”: the plan never covers it, or something else pays first"
                remedy = "compare its work, areas, urgencies and hours with the plan's areas and excludes"
                yield Finding((*path, "includes", number), what, remedy)
    yield from _promises(prices)


def _periods(path: Path, plan: Plan, prices: PriceList) -> Iterator[Finding]:
    """Prices for a longer time that do not follow from those for a shorter one; unless they were printed so."""
    for long, short in LONGER:
        if long not in plan.prices or short not in plan.prices:
            continue
        times = MONTHS[long] // MONTHS[short]
        whole, sold = plan.prices[short] * times, plan.prices[long]
        figures = f"a {long} is {sold}, {times} × the {short} is {whole}"
        if sold > whole:
            what = f"paying by the {long} is dearer: {figures}"
            yield Finding((*path, "prices", long), what, "correct one of the two")
        elif sold < whole and (long, short) != ("year", "month") and not _printed(prices, plan.key, long, sold):
            remedy = "if it was meant, add it as a [[published]] example with plan, period and total; else correct one"
            yield Finding((*path, "prices", long), f"is this a discount? {figures}", remedy)


def _printed(prices: PriceList, plan: str, period: Period, total: Decimal) -> bool:
    return any((e.plan, e.period, e.times) == (plan, period, 1) and e.total == total for e in prices.published)


def _usable(prices: PriceList, plan: Plan, allowance: Allowance) -> bool:
    """Whether any case draws on it while the plan's other allowances are used up."""
    tariff = prices.tariff
    balances = {
        a.key: Balance(a.key, a.unit, a.granted, a.granted if a is allowance or a.granted is None else 0)
        for a in plan.includes
    }
    hours = dict.fromkeys([*(entry.key for entry in tariff.hours), tariff.otherwise])
    areas: tuple[Area, ...] = tuple(area for area in prices.areas if area in plan.areas)
    for work, area, urgency, key in product(tariff.kinds, areas, allowance.urgencies or (Urgency.NORMAL,), hours):
        case = Case(work=work, minutes=1, area=area, urgency=urgency, plan=plan.key)
        verdict = judge(plan, balances, case, (Stretch(key, 1),))
        if any(use.allowance == allowance.key for use in verdict.uses):
            return True
    return False


def _promises(prices: PriceList) -> Iterator[Finding]:
    """A dearer plan whose promise takes longer than a cheaper one's."""
    for at, plan in enumerate(prices.plans):
        for number, promise in enumerate(plan.promises):
            for other in prices.plans:
                sooner = _sooner(promise, other) if _month(other) < _month(plan) else None
                if sooner is not None:
                    what = (
                        f"“{plan.key}” promises {promise.minutes} minutes, the cheaper “{other.key}” {sooner.minutes}"
                    )
                    yield Finding(("plans", at, "promises", number), what, "correct one of the two")
                    break


def _sooner(promise: Promise, plan: Plan) -> Promise | None:
    """A plan's promise for at least the same, on the same clock, that is kept sooner."""
    for other in plan.promises:
        same = (other.what, other.clock) == (promise.what, promise.clock)
        work = not other.work or (promise.work and set(promise.work) <= set(other.work))
        if same and work and set(promise.urgencies) <= set(other.urgencies) and other.minutes < promise.minutes:
            return other
    return None


def _month(plan: Plan) -> Decimal:
    """What it costs a month, at best."""
    return min(price / MONTHS[period] for period, price in plan.prices.items())
