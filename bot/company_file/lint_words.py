"""Words and names: what is said in some languages only, what is declared and never used."""

from collections.abc import Iterator
from typing import Any

from bot.company_file.parts import Finding, Path
from domain.catalogue import Effort
from domain.company import Company, Job, PriceList
from domain.declared import Words
from domain.tariff import NO_PLAN, Rule, Tariff

RULES = ("labour", "fees", "travel", "adjustments", "taxes", "cancellation")
NAMED = (*RULES, "work", "grades", "regions", "complexities", "warranties")


def words(prices: PriceList) -> Iterator[Finding]:
    """Names that lack a language of the company."""
    found: list[tuple[Path, Any]] = [(("tariff", "tax_mention"), prices.tariff.tax_mention)]
    for table in NAMED:
        found += [
            (("tariff", table, at, "name"), getattr(entry, "name", None))
            for at, entry in enumerate(getattr(prices.tariff, table))
        ]
    for at, plan in enumerate(prices.plans):
        found += [(("plans", at, "includes", n, "name"), a.name) for n, a in enumerate(plan.includes)]
        found += [(("plans", at, "excludes", n, "reason"), e.reason) for n, e in enumerate(plan.excludes)]
        found += [(("plans", at, "maintenance", "name"), plan.maintenance.name)] if plan.maintenance else []
    for at, known in enumerate(prices.catalogue if isinstance(prices, Company) else ()):
        found += [(("catalogue", at, name), getattr(known, name)) for name in ("name", "replaced_by")]
    for path, said in found:
        lacking = [language for language in prices.languages if isinstance(said, Words) and not getattr(said, language)]
        if lacking:
            remedy = f'add {lacking[0]} = "…"; until then people read “{said.say(lacking[0])}”'
            yield Finding(path, f"this is not said in {', '.join(f'“{x}”' for x in lacking)}", remedy)


def unused(prices: PriceList) -> Iterator[Finding]:
    """Hours, grades, regions and classes that no rule tells from the others."""
    tariff = prices.tariff
    named = _named(prices)
    for at, entry in enumerate(tariff.hours):
        if not named["hours"] or (at and entry.key not in named["hours"]):
            yield _idle(("tariff", "hours", at), "hours", entry.key)
    for at, grade in enumerate(tariff.grades):
        if len(tariff.grades) > 1 and (not named["grade"] or (at and grade.key not in named["grade"])):
            yield _idle(("tariff", "grades", at), "grade", grade.key)
    here = {region for member in prices.team for region in member.regions} if isinstance(prices, Company) else set()
    for at, region in enumerate(tariff.regions):
        usual = not at and len(tariff.regions) > 1  # the first is the one that the others differ from
        if region.factor == 1 and not usual and not region.holidays and region.key not in named["region"] | here:
            yield _idle(("tariff", "regions", at), "region", region.key)
    for at, complexity in enumerate(tariff.complexities):
        if complexity.factor == 1 and at and complexity.key not in named["complexity"]:
            yield _idle(("tariff", "complexities", at), "class", complexity.key)
    yield from _conditions(tariff, prices)


def _idle(path: Path, kind: str, name: str) -> Finding:
    return Finding(path, f"no rule makes a difference for {kind} “{name}”", "name it in a rule, or take it out")


def _named(prices: PriceList) -> dict[str, set[str]]:
    """Every name that a rule of the file mentions, by what it is."""
    rules: list[Any] = [rule for table in RULES for rule in getattr(prices.tariff, table)]
    for plan in prices.plans:
        rules += [*plan.discounts, *plan.includes, *(rule for a in plan.includes for rule in a.counts)]
    jobs = prices.jobs if isinstance(prices, Company) else ()
    found = {
        name: {key for rule in rules for key in getattr(rule, name, ())}
        for name in ("hours", "grade", "region", "complexity")
    }
    known = prices.catalogue if isinstance(prices, Company) else ()
    takes: list[Job | Effort | None] = [*jobs, *(effort for one in known for effort in (one.upgrade, one.update))]
    found["grade"] |= {grade for each in takes if each for grade in (each.grade, *each.crew) if grade}
    return found


def _conditions(tariff: Tariff, prices: PriceList) -> Iterator[Finding]:
    """Conditions on an area the company does not serve."""
    rules: list[tuple[Path, Rule]] = [
        (("tariff", table, at), rule) for table in RULES for at, rule in enumerate(getattr(tariff, table))
    ]
    for path, rule in rules:
        foreign = [area for area in rule.area if area not in prices.areas]
        if foreign:
            what = f"the company does not serve “{foreign[0]}”"
            yield Finding((*path, "area"), what, "add it to areas, or take it out of the rule")
        if set(rule.plan) == {NO_PLAN} and not prices.plans:
            yield Finding((*path, "plan"), "there are no plans: everybody is without one", "take the condition out")
