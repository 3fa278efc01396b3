"""Names in the company file: whoever is named in a rule must be declared, and nobody twice."""

import difflib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bot.company_file.parts import Finding, Parts, Path
from domain.tariff import NO_PLAN

Named = tuple[Path, str, str]  # where, what kind of name, the name
RULES = ("labour", "fees", "travel", "adjustments", "taxes", "cancellation")
KINDS = ("work", "grade", "hours", "region", "zone", "complexity", "plan", "warranty")
LISTS = {"work": "work", "grade": "grades", "region": "regions", "complexity": "complexities"}
USUAL = {"work": {"remote", "visit"}, "grade": {"technician"}}
HOMES = {
    "work": "[[tariff.work]]",
    "grade": "[[tariff.grades]]",
    "hours": "[[tariff.hours]]",
    "region": "[[tariff.regions]]",
    "zone": "zones = { … } in [[tariff.travel]]",
    "complexity": "[[tariff.complexities]]",
    "plan": "[[plans]]",
    "warranty": "[[tariff.warranties]]",
    "allowance": "includes = [ … ] of the plan",
    "teammate": "[[team]]",
}


def names(sound: Parts) -> Iterator[Finding]:
    """Names that are used and not declared, and those that are declared twice."""
    tariff = sound.raw.get("tariff")
    tariff = tariff if isinstance(tariff, Mapping) else {}
    plans = _tables(sound.raw.get("plans"))
    declared = _declared(sound.raw, tariff, plans)
    for path, kind, name in _used(sound.raw, tariff, plans):
        if kind in declared and name not in declared[kind]:
            yield _unknown(path, kind, name, declared[kind])
    yield from _allowances(sound.raw, dict(_keyed(plans, "key")))
    yield from _twice(tariff, plans)


def _unknown(path: Path, kind: str, name: str, known: set[str]) -> Finding:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    hint = f"did you mean “{near[0]}”? " if near else ""
    there = f"use one of: {', '.join(sorted(known))}; or add" if known else "add"
    return Finding(path, f"there is no {kind} “{name}” in this file", f"{hint}{there} it as {HOMES[kind]}")


def _declared(raw: Mapping[str, Any], tariff: Mapping[str, Any], plans: list[tuple[int, Any]]) -> dict[str, set[str]]:
    """What may be named. A kind whose table is no table is left out: its own fault is told."""
    found: dict[str, set[str]] = {}
    for kind, table in LISTS.items():
        if table in tariff or kind not in USUAL:
            found[kind] = {name for name, _ in _keyed(_tables(tariff.get(table, [])), "key")}
        else:
            found[kind] = set(USUAL[kind])
    otherwise = tariff.get("otherwise", "outside")
    found["hours"] = {name for name, _ in _keyed(_tables(tariff.get("hours", [])), "key")} | {str(otherwise)}
    found["warranty"] = {name for name, _ in _keyed(_tables(tariff.get("warranties", [])), "kind")}
    found["teammate"] = {name for name, _ in _keyed(_tables(raw.get("team")), "key")}
    found["plan"] = {name for name, _ in _keyed(plans, "key")} | {NO_PLAN}
    travel = _tables(tariff.get("travel", []))
    found["zone"] = {str(z) for _, rule in travel for z in _mapping(rule.get("zones"))}
    found["zone"] |= {name for _, rule in travel for _, name in _each((), rule.get("zone"))}
    return found


def _used(raw: Mapping[str, Any], tariff: Mapping[str, Any], plans: list[tuple[int, Any]]) -> Iterator[Named]:
    for table in RULES:
        for at, rule in _tables(tariff.get(table, [])):
            yield from _of(("tariff", table, at), rule, KINDS)
    for at, credit in _tables(tariff.get("credits", [])):
        yield from _of(("tariff", "credits", at), credit, (), of="work", to="work")
    for at, plan in plans:
        yield from _of_plan(("plans", at), plan)
    for at, job in _tables(raw.get("jobs", [])):
        yield from _of(("jobs", at), job, ("work", "grade"))
        yield from _crew(("jobs", at), job)
    yield from _of_devices(raw)
    for at, member in _tables(raw.get("team", [])):
        yield from _of(("team", at), member, (), grades="grade")
    for at, reserve in _tables(_mapping(raw.get("booking")).get("reserve", [])):
        yield from _of(("booking", "reserve", at), reserve, (), team="teammate")
    for at, example in _tables(raw.get("published", [])):
        path = ("published", at)
        yield from _of(path, example, KINDS, paid_for="work")
        yield from _crew(path, example)


def _of_devices(raw: Mapping[str, Any]) -> Iterator[Named]:
    for at, known in _tables(raw.get("catalogue", [])):
        for effort in ("upgrade", "update"):
            taken = _mapping(known.get(effort))
            yield from _of(("catalogue", at, effort), taken, ("work", "grade"))
            yield from _crew(("catalogue", at, effort), taken)


def _crew(path: Path, entry: Mapping[str, Any]) -> Iterator[Named]:
    yield from (((*path, "crew", name), "grade", name) for name in _mapping(entry.get("crew")))


def _of_plan(path: Path, plan: Mapping[str, Any]) -> Iterator[Named]:
    yield from _of(path, plan, (), upgrades="plan")
    yield from _of((*path, "maintenance"), _mapping(plan.get("maintenance")), ("work",))
    for at, allowance in _tables(plan.get("includes", [])):
        yield from _of((*path, "includes", at), allowance, ("work", "hours"))
        for number, rule in _tables(allowance.get("counts", [])):
            yield from _of((*path, "includes", at, "counts", number), rule, KINDS)
    for table, kinds in (("excludes", ("work",)), ("discounts", KINDS), ("promises", ("work",))):
        for at, entry in _tables(plan.get(table, [])):
            yield from _of((*path, table, at), entry, kinds)


def _of(path: Path, entry: Mapping[str, Any], kinds: tuple[str, ...], **renamed: str) -> Iterator[Named]:
    """The names in one table; a key that is called otherwise than what it names is given in `renamed`."""
    for field, kind in {**{kind: kind for kind in kinds}, **renamed}.items():
        for place, name in _each((*path, field), entry.get(field)):
            yield place, kind, name


def _allowances(raw: Mapping[str, Any], plans: Mapping[str, Any]) -> Iterator[Finding]:
    """Examples name allowances of their own plan."""
    for at, example in _tables(raw.get("published", [])):
        plan = plans.get(str(example.get("plan")))
        known = {name for name, _ in _keyed(_tables(plan.get("includes", [])), "key")} if plan else set()
        used: list[tuple[Path, str]] = [(("published", at, "used", n), n) for n in _mapping(example.get("used"))]
        used += list(_each(("published", at, "allowance"), example.get("allowance")))
        for path, name in used:
            if name not in known:
                yield _unknown(path, "allowance", name, known)


def _twice(tariff: Mapping[str, Any], plans: list[tuple[int, Any]]) -> Iterator[Finding]:
    """Names that two entries have. Hours, fees and adjustments may: there the first that fits counts."""
    tables: list[tuple[Path, list[tuple[int, Any]], str]] = [
        (("tariff", table), _tables(tariff.get(table, [])), "key") for table in LISTS.values()
    ]
    tables.append((("tariff", "warranties"), _tables(tariff.get("warranties", [])), "kind"))
    tables += [(("plans", at, "includes"), _tables(plan.get("includes", [])), "key") for at, plan in plans]
    for path, entries, field in tables:
        seen: set[str] = set()
        for at, entry in entries:
            name = str(entry.get(field))
            if field in entry and name in seen:
                yield Finding((*path, at, field), f"“{name}” is there twice", f"give each entry its own {field}")
            seen.add(name)
    for at, plan in plans:
        if any(name == plan.get("key") for _, name in _each((), plan.get("upgrades"))):
            yield Finding(("plans", at, "upgrades"), "a plan is its own next step", "name another plan, or none")


# ── what is read of a file that may be wrong in other places ──


def _tables(given: Any) -> list[tuple[int, Any]]:
    return [(at, e) for at, e in enumerate(given) if isinstance(e, Mapping)] if isinstance(given, list) else []


def _mapping(given: Any) -> Mapping[str, Any]:
    return given if isinstance(given, Mapping) else {}


def _keyed(entries: list[tuple[int, Any]], field: str) -> list[tuple[str, Any]]:
    return [(str(entry[field]), entry) for _, entry in entries if isinstance(entry.get(field), str | int)]


def _each(path: Path, given: Any) -> Iterator[tuple[Path, str]]:
    """Every name of a key: one, or a list of them. An empty name is none."""
    is_name: Callable[[Any], bool] = lambda x: isinstance(x, str | int) and not isinstance(x, bool)  # noqa: E731
    if isinstance(given, list):
        yield from (((*path, at), str(name)) for at, name in enumerate(given) if is_name(name))
    elif is_name(given) and given != "":
        yield path, str(given)
