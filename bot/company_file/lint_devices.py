"""Devices and maintenance: what can never be offered, what is offered without a word, what costs more than it seems."""

from collections.abc import Iterator

from bot.company_file.parts import Finding, Path
from domain.cases import Case
from domain.catalogue import Effort, Known
from domain.company import Company, PriceList
from domain.coverage import Balance, Ruling, judge
from domain.labour import NoPrice
from domain.plans import Maintenance, Plan
from domain.pricing import price
from domain.working_time import Stretch


def devices(prices: PriceList) -> Iterator[Finding]:
    """What is odd in the catalogue."""
    catalogue = prices.catalogue if isinstance(prices, Company) else ()
    for at, known in enumerate(catalogue):
        path: Path = ("catalogue", at)
        yield from _offered(path, known)
        if known.upgrade is not None and known.replaced_by is None:
            what = f"nobody reads what changes when “{known.brand} {known.model}” is replaced"
            yield Finding((*path, "upgrade"), what, 'add replaced_by = { en = "…" }, in each language')
        for name, effort in (("upgrade", known.upgrade), ("update", known.update)):
            if effort is not None and _by_hand(prices, effort):
                what = "this has no price: a person would have to look first, and nobody is offered it"
                yield Finding((*path, name), what, "give its work a price in the tariff, or take it out")


def _offered(path: Path, known: Known) -> Iterator[Finding]:
    """A reason without anything to offer."""
    for key, needs in (("life_years", "upgrade"), ("end_of_support", "upgrade"), ("firmware", "update")):
        if getattr(known, key) is not None and getattr(known, needs) is None:
            what = f"{key} is known, and nobody is offered anything: there is no {needs}"
            yield Finding((*path, key), what, f"add {needs} = {{ work = …, minutes = … }}, or take {key} out")


def _by_hand(prices: PriceList, effort: Effort) -> bool:
    """Whether only a person could say what it costs; what depends on the home is no matter of the file."""
    case = Case(work=effort.work, minutes=effort.minutes, crew=effort.people(prices.tariff))
    try:
        price(prices.tariff, prices.currency, prices.time_zone, case)
    except NoPrice as none:
        return none.missing in ("labour", "by_hand")
    return False


def maintained(prices: PriceList) -> Iterator[Finding]:
    """Maintenance that the plan does not include: it would be on the bill."""
    for at, plan in enumerate(prices.plans):
        if plan.maintenance is not None and not _included(plan, plan.maintenance):
            what = f"plan “{plan.key}” provides for maintenance and does not include it: it would be on the bill"
            remedy = f"add an allowance for work “{plan.maintenance.work}” to its includes, or say so in its name"
            yield Finding(("plans", at, "maintenance"), what, remedy)


def _included(plan: Plan, care: Maintenance) -> bool:
    left = {a.key: Balance(a.key, a.unit, a.granted, a.granted) for a in plan.includes}
    case = Case(work=care.work, minutes=care.minutes, area=care.area, plan=plan.key)
    return judge(plan, left, case, (Stretch("", care.minutes),)).ruling is Ruling.INCLUDED
