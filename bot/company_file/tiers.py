"""Prices that cannot be worked out: tiers out of order, conditions nobody meets, work that has no price."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice, product
from typing import Any

from bot.company_file.parts import Finding, Parts, Path, numbered
from domain.areas import Area
from domain.cases import Case, Crew, fits
from domain.plans import Plan
from domain.tariff import NO_PLAN, Labour, Rule, Tariff

Number = int | Decimal
MOST_CASES = 20_000  # of combinations of conditions that are tried for a price


def tiers(sound: Parts) -> Iterator[Finding]:
    """Tiers, conditions and gaps of the tariff, and of what plans add to it."""
    plans = [plan for _, plan in numbered(sound.plans)]
    for path, rule in _rules(sound.tariff, sound.plans):
        yield from _conditions(path, rule)
    if sound.tariff is None:
        return
    for at, labour in enumerate(sound.tariff.labour):
        yield from _labour(("tariff", "labour", at), labour)
    for at, travel in enumerate(sound.tariff.travel):
        yield from _rising(("tariff", "travel", at, "bands"), [band.up_to_km for band in travel.bands])
    if None not in sound.plans:
        yield from _gaps(sound.tariff, plans, sound.areas)


def _rules(tariff: Tariff | None, plans: Sequence[Plan | None]) -> Iterator[tuple[Path, Rule]]:
    if tariff is not None:
        for table in ("labour", "fees", "travel", "adjustments", "taxes", "cancellation"):
            yield from ((("tariff", table, at), rule) for at, rule in enumerate(getattr(tariff, table)))
    for at, plan in numbered(plans):
        yield from ((("plans", at, "discounts", number), rule) for number, rule in enumerate(plan.discounts))


def _conditions(path: Path, rule: Rule) -> Iterator[Finding]:
    for over, up_to in (("minutes_over", "minutes_up_to"), ("km_over", "km_up_to")):
        least, most = getattr(rule, over), getattr(rule, up_to)
        if least is not None and most is not None and least >= most:
            what = f"nothing is over {least} and up to {most}: this holds for nobody"
            yield Finding((*path, up_to), what, f"write an {up_to} above {over}")


def _labour(path: Path, rule: Labour) -> Iterator[Finding]:
    yield from _rising((*path, "bands"), [band.up_to for band in rule.bands])
    if rule.base_minutes and rule.base is None:
        what = "base_minutes says what the base covers, but there is no base"
        yield Finding((*path, "base_minutes"), what, "add base = …, or write minimum_minutes instead")
    if rule.cap is not None and rule.minimum is not None and rule.cap < rule.minimum:
        yield Finding((*path, "cap"), f"the cap {rule.cap} is below the minimum {rule.minimum}", "correct one of them")


def _rising(path: Path, tops: Sequence[Number | None]) -> Iterator[Finding]:
    before: Number | None = None
    for at, top in enumerate(tops):
        if at and before is None:
            yield Finding(
                (*path, at), "the band before it never ends: this one is never reached", "give that one an end"
            )
        elif before is not None and top is not None and top <= before:
            what = f"the bands do not rise: {top} comes after {before}"
            yield Finding((*path, at), what, "put them in rising order, each end once")
        before = top


# ── work without a price ──


def _gaps(tariff: Tariff, plans: Sequence[Plan], areas: Sequence[Area]) -> Iterator[Finding]:
    """Each declared work, grade and hours must have a labour price, or say that it is priced by hand."""
    hours = list(dict.fromkeys([*(entry.key for entry in tariff.hours), tariff.otherwise]))
    conditions = _mentioned(tariff, plans, areas)
    for work, grade in product((kind.key for kind in tariff.work), (grade.key for grade in tariff.grades)):
        lacking = [key for key in hours if not _priced(tariff, conditions, work, grade, key)]
        if lacking:
            when = "" if len(lacking) == len(hours) else f" in the hours {', '.join(f'“{key}”' for key in lacking)}"
            what = f"work “{work}” by “{grade}” has no price{when}"
            remedy = "add a [[tariff.labour]] entry that fits, a general one last; or by_hand = true where a person"
            yield Finding(("tariff", "labour"), what, f"{remedy} looks first")


def _priced(tariff: Tariff, conditions: dict[str, list[Any]], work: str, grade: str, hours: str) -> bool:
    for values in islice(product(*conditions.values()), MOST_CASES):
        given = dict(zip(conditions, values, strict=True))
        people = (Crew(grade, given.pop("technicians")),)
        case = Case(work=work, crew=people, **given)
        if not any(fits(rule, case, grade=grade, hours=hours) for rule in tariff.labour):
            return False
    return True


def _mentioned(tariff: Tariff, plans: Sequence[Plan], areas: Sequence[Area]) -> dict[str, list[Any]]:
    """Of every condition that a labour rule has, the values a case may have; of the others one."""
    zones = dict.fromkeys(zone for rule in tariff.travel for zone in (*rule.zones, *rule.zone))
    values: dict[str, list[Any]] = {
        "area": list(areas),
        "region": [region.key for region in tariff.regions],
        "zone": list(zones),
        "complexity": [complexity.key for complexity in tariff.complexities],
        "plan": [NO_PLAN, *(plan.key for plan in plans)],
        "warranty": [None, *(warranty.kind for warranty in tariff.warranties)],
    }
    used = {name: any(getattr(rule, name) for rule in tariff.labour) for name in values}
    found: dict[str, list[Any]] = {name: values[name] for name in values if used[name] and values[name]}
    found["brand"] = [None, *{brand for rule in tariff.labour for brand in rule.brand}]
    found["urgent"] = [False, True] if any(rule.urgent is not None for rule in tariff.labour) else [False]
    found["minutes"] = _around(tariff.labour, "minutes_over", "minutes_up_to")
    found["technicians"] = _around(tariff.labour, "technicians_over")
    if any(rule.km_over is not None or rule.km_up_to is not None for rule in tariff.labour):
        found["km"] = [Decimal(km) for km in _around(tariff.labour, "km_over", "km_up_to")]
    return found


def _around(rules: Sequence[Rule], *fields: str) -> list[int]:
    """One, and the last and the first whole number at each threshold."""
    edges = {int(getattr(rule, name)) for rule in rules for name in fields if getattr(rule, name) is not None}
    return sorted({1, *(n for edge in edges for n in (edge, edge + 1) if n > 0)})
