"""What the company file must also say: rules across its tables."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from bot.company_file.checks_devices import catalogue, maintenance
from bot.company_file.checks_prices import price_changes
from bot.company_file.checks_team import crews, hours, ways
from bot.company_file.names import names
from bot.company_file.parts import Finding, Parts, Path, numbered
from bot.company_file.tiers import tiers
from domain import phones
from domain.company import Channels


def check(sound: Parts) -> Iterator[Finding]:
    """Everything that contradicts something else in the file."""
    for rule in RULES:
        yield from rule(sound)


def _once_only(sound: Parts) -> Iterator[Finding]:
    named: list[tuple[str, str, list[tuple[int, Any]]]] = [
        ("plans", "key", list(numbered(sound.plans))),
        ("team", "key", list(numbered(sound.team))),
        ("team", "slack", list(numbered(sound.team))),
    ]
    for table, key, entries in named:
        seen: set[str] = set()
        for index, entry in entries:
            value = getattr(entry, key)
            if value in seen:
                yield Finding((table, index, key), f"“{value}” is there twice", f"give each entry its own {key}")
            seen.add(value)


def _repeated(sound: Parts) -> Iterator[Finding]:
    for name, values in (("areas", sound.areas), ("languages", sound.languages)):
        for value, times in Counter(map(str, values)).items():
            if times > 1:
                yield Finding((name,), f"“{value}” is there {times} times", "name it once")


def _words(sound: Parts) -> Iterator[Finding]:
    for index, plan in numbered(sound.plans):
        for field in ("name", "summary"):
            for language in dict.fromkeys(sound.languages):
                if not (getattr(getattr(plan, field), language) or "").strip():
                    yield Finding(
                        ("plans", index, field, language),
                        f"plan “{plan.key}” has no {field} in “{language}”, a language of the company",
                        f'add {language} = "…" to its {field}, or take “{language}” out of languages',
                    )


def _plan_areas(sound: Parts) -> Iterator[Finding]:
    for index, plan in numbered(sound.plans):
        if "areas" not in plan.model_fields_set:
            continue
        for at, area in enumerate(plan.areas):
            if area not in sound.areas:
                yield Finding(
                    ("plans", index, "areas", at),
                    f"plan “{plan.key}” covers “{area}”, which the company does not serve",
                    f"add “{area}” to the company's areas or take it out of the plan",
                )
            if plan.exclusion(area, ""):
                yield Finding(
                    ("plans", index, "areas", at),
                    f"plan “{plan.key}” both covers and excludes “{area}”",
                    "keep it in one of the two lists",
                )


def _jobs(sound: Parts) -> Iterator[Finding]:
    if None in sound.jobs or None in sound.work:
        return
    for _, kind in numbered(sound.work):
        jobs = [job for _, job in numbered(sound.jobs) if job.work == kind.key]
        served = {area for job in jobs for area in job.areas}
        missing = [area for area in dict.fromkeys(sound.areas) if area not in served]
        if jobs and missing:
            yield Finding(
                ("jobs",),
                f"no job says how long work “{kind.key}” takes for {_and(missing)}",
                f'add a [[jobs]] entry with work = "{kind.key}" and those areas (no areas means all)',
            )


def _team_skills(sound: Parts) -> Iterator[Finding]:
    technicians = [(i, m) for i, m in numbered(sound.team) if "technician" in m.roles]
    for index, member in technicians:
        for field, remedy in (("skills", "list the areas he or she can solve"), ("shifts", "add the working hours")):
            if not getattr(member, field):
                yield Finding(("team", index), f"technician “{member.key}” has no {field}", f"{remedy}, as {field}")
        for at, area in enumerate(member.skills):
            if area not in sound.areas:
                yield Finding(
                    ("team", index, "skills", at),
                    f"“{member.key}” can solve “{area}”, which the company does not serve",
                    f"add “{area}” to the company's areas or take the skill out",
                )
    if None in sound.team or not sound.team:
        return
    for area in dict.fromkeys(sound.areas):
        if not any(area in member.skills for _, member in technicians):
            yield Finding(
                ("team",),
                f"no technician can solve “{area}”, which the company serves",
                "give one of the team that skill or take it out of the company's areas",
            )


def _daytime(sound: Parts) -> Iterator[Finding]:
    if sound.follow_ups and sound.follow_ups.daytime[0] >= sound.follow_ups.daytime[1]:
        yield Finding(("follow_ups", "daytime"), "the hours end before they begin", "put the earlier time first")


def _review(sound: Parts) -> Iterator[Finding]:
    if sound.follow_ups and sound.follow_ups.review_for == "everybody" and sound.follow_ups.review_link is None:
        yield Finding(
            ("follow_ups", "review_for"),
            "there is no page to write a review on",
            'add review_link = "https://…", or write "nobody"',
        )


def _slack_ids(sound: Parts) -> Iterator[Finding]:
    for index, member in numbered(sound.team):
        if not _id(member.slack, "UW"):
            yield Finding(
                ("team", index, "slack"),
                f"“{member.slack}” is no Slack user id",
                "open the profile in Slack, choose “Copy member ID”: it begins with U or W",
            )
    if not sound.channels:
        return
    named: dict[Path, str | None] = {
        ("channels", name): getattr(sound.channels, name)
        for name in ("requests", "emergencies", "satisfaction", "trouble")
    }
    yield from _split_channels(sound, sound.channels, named)
    for path, given in named.items():
        if given is not None and not _id(given, "CG"):
            yield Finding(
                path,
                f"“{given}” is no Slack channel id",
                "open the channel's details in Slack and copy the id at the bottom: it begins with C or G",
            )


def _split_channels(sound: Parts, channels: Channels, named: dict[Path, str | None]) -> Iterator[Finding]:
    """What has a channel of its own must be something the company has."""
    regions = {region.key for region in (sound.tariff.regions if sound.tariff else ())}
    regions |= {region for _, member in numbered(sound.team) for region in member.regions}
    known = {
        "by_area": {str(area) for area in sound.areas},
        "by_region": regions,
        "by_plan": {plan.key for _, plan in numbered(sound.plans)},
    }
    for split, keys in known.items():
        for key, channel in getattr(channels, split).items():
            named["channels", split, str(key)] = channel
            if str(key) not in keys:
                yield Finding(
                    ("channels", split, str(key)), _unknown(split, key), "take the line out, or correct the key"
                )


def _unknown(split: str, key: str) -> str:
    if split == "by_area":
        return f"the company does not serve “{key}”"
    return (
        f"there is no plan “{key}”" if split == "by_plan" else f"neither the tariff nor the team knows a region “{key}”"
    )


def _reachable(sound: Parts) -> Iterator[Finding]:
    verdict = phones.judged(sound.phone, sound.country)
    if verdict == "nowhere":
        yield Finding(("country",), f"“{sound.country}” is no country", "write its ISO code, for example FR")
    elif verdict == "impossible":
        yield Finding(("phone",), f"“{sound.phone}” is no phone number", "write it with its +, like +33 1 23 …")


def _id(text: str, initials: str) -> bool:
    return len(text) >= 3 and text[0] in initials and text.isascii() and text.isalnum() and text.isupper()


def _and(areas: Sequence[str]) -> str:
    return ", ".join(f"“{area}”" for area in areas)


def _payment(sound: Parts) -> Iterator[Finding]:
    given = sound.raw.get("payment")
    named = given.get("next_invoice", []) if isinstance(given, dict) else []
    sold = [plan.key for _, plan in numbered(sound.plans)]
    for key in [named] if isinstance(named, str) else named if isinstance(named, list) else []:
        if None not in sound.plans and key not in sold:
            yield Finding(
                ("payment", "next_invoice"),
                f"“{key}” shall pay on the next invoice, and is no plan",
                f"name one of {', '.join(sold)}, or take it out",
            )


RULES: tuple[Callable[[Parts], Iterator[Finding]], ...] = (
    *(_once_only, _repeated, _words, _plan_areas, _jobs, _team_skills, hours, crews, ways),
    *(_daytime, _review, _slack_ids, _reachable, names, tiers, _payment, price_changes, catalogue, maintenance),
)
