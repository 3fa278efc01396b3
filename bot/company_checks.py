"""What the company file must also say: rules across its tables."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any, TypeVar

import phonenumbers
from pydantic import BaseModel, ValidationError

from domain.areas import Area
from domain.company import Channels, FollowUps, Job, Member
from domain.declared import Shift
from domain.plans import Plan
from domain.tariff import REMOTE, VISIT, WorkKind

Path = tuple[str | int, ...]
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Finding:
    """A rule that does not hold: where, what is wrong, how to mend it."""

    path: Path
    what: str
    remedy: str


@dataclass(frozen=True)
class Parts:
    """What of the file is sound by itself; an entry that is not is None and its own faults are told elsewhere."""

    languages: Sequence[str]
    areas: Sequence[Area]
    country: str
    phone: str
    plans: Sequence[Plan | None]
    jobs: Sequence[Job | None]
    work: Sequence[WorkKind | None]
    team: Sequence[Member | None]
    channels: Channels | None
    follow_ups: FollowUps | None


def parts(raw: Mapping[str, Any]) -> Parts:
    """The sound parts of what the file says."""
    given = raw.get("areas", list(Area))
    areas = [Area(a) for a in given if a in list(Area)] if isinstance(given, list) else list(Area)
    languages = raw.get("languages", ["en", "fr", "es", "it"])
    return Parts(
        [x for x in languages if x in ("en", "fr", "es", "it")] if isinstance(languages, list) else [],
        areas,
        str(raw.get("country", "")),
        str(raw.get("phone", "")),
        _entries(Plan, raw.get("plans")),
        _entries(Job, raw.get("jobs")),
        _work(raw.get("tariff")),
        _entries(Member, raw.get("team")),
        _sound(Channels, raw.get("channels")),
        _sound(FollowUps, raw.get("follow_ups", {})),
    )


def _entries(kind: type[M], raw: Any) -> list[M | None]:
    return [_sound(kind, entry) for entry in raw] if isinstance(raw, list) else []


def _work(tariff: Any) -> list[WorkKind | None]:
    declared = tariff.get("work") if isinstance(tariff, dict) else None
    return [REMOTE, VISIT] if declared is None else _entries(WorkKind, declared)


def _sound(kind: type[M], raw: Any) -> M | None:
    try:
        return kind.model_validate(raw)
    except ValidationError:
        return None


def check(sound: Parts) -> Iterator[Finding]:
    """Everything that contradicts something else in the file."""
    for rule in RULES:
        yield from rule(sound)


def _numbered(entries: Iterable[M | None]) -> Iterator[tuple[int, M]]:
    return ((index, entry) for index, entry in enumerate(entries) if entry is not None)


def _once_only(sound: Parts) -> Iterator[Finding]:
    named: list[tuple[str, str, list[tuple[int, Any]]]] = [
        ("plans", "key", list(_numbered(sound.plans))),
        ("team", "key", list(_numbered(sound.team))),
        ("team", "slack", list(_numbered(sound.team))),
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
    for index, plan in _numbered(sound.plans):
        for field in ("name", "summary"):
            for language in dict.fromkeys(sound.languages):
                if not (getattr(getattr(plan, field), language) or "").strip():
                    yield Finding(
                        ("plans", index, field, language),
                        f"plan “{plan.key}” has no {field} in “{language}”, a language of the company",
                        f'add {language} = "…" to its {field}, or take “{language}” out of languages',
                    )


def _plan_areas(sound: Parts) -> Iterator[Finding]:
    for index, plan in _numbered(sound.plans):
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
    for _, kind in _numbered(sound.work):
        jobs = [job for _, job in _numbered(sound.jobs) if job.work == kind.key]
        served = {area for job in jobs for area in job.areas}
        missing = [area for area in dict.fromkeys(sound.areas) if area not in served]
        if jobs and missing:
            yield Finding(
                ("jobs",),
                f"no job says how long work “{kind.key}” takes for {_and(missing)}",
                f'add a [[jobs]] entry with work = "{kind.key}" and those areas (no areas means all)',
            )
    known = [kind.key for _, kind in _numbered(sound.work)]
    for index, job in _numbered(sound.jobs):
        if job.work not in known:
            yield Finding(
                ("jobs", index, "work"),
                f"the tariff knows no work “{job.work}”",
                f"use one of: {', '.join(known)}; or add it as [[tariff.work]]",
            )


def _team_skills(sound: Parts) -> Iterator[Finding]:
    technicians = [(i, m) for i, m in _numbered(sound.team) if "technician" in m.roles]
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
    if None in sound.team:
        return
    for area in dict.fromkeys(sound.areas):
        if not any(area in member.skills for _, member in technicians):
            yield Finding(
                ("team",),
                f"no technician can solve “{area}”, which the company serves",
                "give one of the team that skill or take it out of the company's areas",
            )


def _hours(sound: Parts) -> Iterator[Finding]:
    for index, member in _numbered(sound.team):
        busy: dict[str, list[Shift]] = {}
        for at, shift in enumerate(member.shifts):
            if shift.start >= shift.end:
                yield Finding(
                    ("team", index, "shifts", at),
                    f"a shift of “{member.key}” ends at {_hm(shift.end)}, not after its start at {_hm(shift.start)}",
                    "put the later time at end; a shift over midnight is written as two",
                )
                continue
            for day in dict.fromkeys(shift.days):
                if any(other.start < shift.end and shift.start < other.end for other in busy.get(day, [])):
                    yield Finding(
                        ("team", index, "shifts", at), f"“{member.key}” has two shifts at once on {day}", "part them"
                    )
                busy.setdefault(day, []).append(shift)
        for at, (first, last) in enumerate(member.absences):
            if last < first:
                yield Finding(
                    ("team", index, "absences", at),
                    f"an absence of “{member.key}” ends on {last}, before it begins on {first}",
                    "write the first day, then the last",
                )
    if sound.follow_ups and sound.follow_ups.survey_hours[0] >= sound.follow_ups.survey_hours[1]:
        yield Finding(("follow_ups", "survey_hours"), "the hours end before they begin", "put the earlier time first")


def _slack_ids(sound: Parts) -> Iterator[Finding]:
    for index, member in _numbered(sound.team):
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
    for area, channel in sound.channels.by_area.items():
        named["channels", "by_area", str(area)] = channel
        if area not in sound.areas:
            yield Finding(
                ("channels", "by_area", str(area)), f"the company does not serve “{area}”", "take the line out"
            )
    for path, given in named.items():
        if given is not None and not _id(given, "CG"):
            yield Finding(
                path,
                f"“{given}” is no Slack channel id",
                "open the channel's details in Slack and copy the id at the bottom: it begins with C or G",
            )


def _reachable(sound: Parts) -> Iterator[Finding]:
    if sound.country and sound.country not in phonenumbers.SUPPORTED_REGIONS:
        yield Finding(("country",), f"“{sound.country}” is no country", "write its ISO code, for example FR")
    elif sound.phone:
        try:
            good = phonenumbers.is_possible_number(phonenumbers.parse(sound.phone, sound.country or None))
        except phonenumbers.NumberParseException:
            good = False
        if not good:
            yield Finding(("phone",), f"“{sound.phone}” is no phone number", "write it with its +, like +33 1 23 …")


def _id(text: str, initials: str) -> bool:
    return len(text) >= 3 and text[0] in initials and text.isascii() and text.isalnum() and text.isupper()


def _hm(moment: time) -> str:
    return moment.isoformat("minutes")


def _and(areas: Sequence[str]) -> str:
    return ", ".join(f"“{area}”" for area in areas)


RULES: tuple[Callable[[Parts], Iterator[Finding]], ...] = (
    *(_once_only, _repeated, _words, _plan_areas, _jobs, _team_skills, _hours, _slack_ids, _reachable),
)
