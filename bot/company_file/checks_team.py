"""Rules about who works when, who could come, and how long the ways are: what contradicts itself there."""

from collections.abc import Iterator, Sequence
from itertools import combinations, islice

from bot.company_file.parts import Finding, Parts, Path, numbered
from bot.company_file.weeks import WEEK, minutes_of, week
from domain.areas import Area
from domain.cases import Crew
from domain.company import Job
from domain.declared import WEEKDAYS, Shift
from domain.need import comes_as
from domain.tariff import Tariff
from domain.team import Member
from domain.working_time import DAY


def hours(sound: Parts) -> Iterator[Finding]:
    """Shifts, other hours and absences of each of the team."""
    for index, member in numbered(sound.team):
        yield from _shifts(("team", index), member)
        seen: set[object] = set()
        for at, other in enumerate(member.other_hours):
            if other.day in seen:
                what = f"“{member.key}” has other hours twice on {other.day}"
                yield Finding(("team", index, "other_hours", at), what, "write all ranges of a day in one entry")
            seen.add(other.day)
        for at, (first, last) in enumerate(member.absences):
            if last < first:
                yield Finding(
                    ("team", index, "absences", at),
                    f"an absence of “{member.key}” ends on {last}, before it begins on {first}",
                    "write the first day, then the last",
                )
        if member.base is not None and member.base.zone is None and member.base.at is None:
            what, remedy = f"the base of “{member.key}” says nowhere", "write zone = …, or at = [latitude, longitude]"
            yield Finding(("team", index, "base"), what, remedy)


def _shifts(path: Path, member: Member) -> Iterator[Finding]:
    """Each has a length, and no two of them are at once, also over midnight and on public holidays."""
    before: list[Shift] = []
    for at, shift in enumerate(member.shifts):
        begin, end = minutes_of(shift)
        if end - begin == DAY and begin:
            clock = f"{begin // 60:02d}:{begin % 60:02d}"
            what = f"a shift of “{member.key}” begins and ends at {clock}"
            remedy = "write when it ends, on the next day if it is earlier; a whole day is 00:00 to 00:00"
            yield Finding((*path, "shifts", at), what, remedy)
            continue
        day = next((found for other in before if (found := _at_once(shift, other))), None)
        if day is not None:
            yield Finding((*path, "shifts", at), f"“{member.key}” has two shifts at once on {day}", "part them")
        before.append(shift)


def _at_once(one: Shift, other: Shift) -> str | None:
    """The first day of the week on which two shifts share a minute."""
    kinds = {one.holidays, other.holidays}
    spans = [minutes_of(shift) for shift in (one, other)]
    if "only" not in kinds:
        both = week(one.days, spans[:1]) & week(other.days, spans[1:])
        if both:
            return WEEKDAYS[((both & -both).bit_length() - 1) % WEEK // DAY]
    on_holidays = "never" not in kinds  # then both begin on each of them
    return "public holidays" if on_holidays and week(["mon"], spans[:1]) & week(["mon"], spans[1:]) else None


# ── who could come ──


def crews(sound: Parts) -> Iterator[Finding]:
    """Jobs for which the team has not enough people, or that say twice who comes."""
    for at, job in numbered(sound.jobs):
        if job.crew and (job.grade or "technicians" in job.model_fields_set):
            what = "crew says who comes, so grade and technicians are not looked at"
            yield Finding(("jobs", at, "crew"), what, "keep crew, or the two others")
    if sound.tariff is None or None in sound.team or None in sound.jobs:
        return
    technicians = [member for _, member in numbered(sound.team) if "technician" in member.roles]
    booked = {kind.key for kind in sound.tariff.kinds.values() if kind.help is not None}
    named: set[tuple[str, Area]] = set()
    for at, job in numbered(sound.jobs):
        areas = [area for area in sound.areas if area in job.areas and (job.work, area) not in named]
        named |= {(job.work, area) for area in areas}
        if job.work in booked and (job.crew or job.grade or job.technicians > 1):
            yield from _too_few(("jobs", at), job, areas, technicians, sound.tariff)


def _too_few(
    path: Path, job: Job, areas: Sequence[Area], technicians: Sequence[Member], tariff: Tariff
) -> Iterator[Finding]:
    crew = job.people(tariff)
    for area in dict.fromkeys(areas):
        who = [member for member in technicians if area in member.skills]
        lacking = _lacking(crew, who)
        if who and lacking is not None:
            wanted, have = lacking
            who_comes = " and ".join(f"{part.count} × “{part.grade}”" for part in wanted)
            what = f"nobody could come for “{area}”: {job.work} needs {who_comes}, and {have} of the team could"
            remedy = f"give more technicians “{area}” in skills (and that grade in grades), or ask for fewer"
            field = "crew" if job.crew else "grade" if job.grade else "technicians"
            yield Finding((*path, field), what, remedy)


def _lacking(crew: tuple[Crew, ...], who: Sequence[Member]) -> tuple[tuple[Crew, ...], int] | None:
    """The grades of which there are too few, and how many there are (Hall's theorem: then, and only then)."""
    for size in range(1, len(crew) + 1):
        for some in islice(combinations(crew, size), 2_000):
            have = sum(any(comes_as(member, part.grade) for part in some) for member in who)
            if have < sum(part.count for part in some):
                return some, have
    return None


# ── ways ──


def ways(sound: Parts) -> Iterator[Finding]:
    """A way that is said twice; preferences that are."""
    if sound.roads is not None:
        seen: set[tuple[str, str]] = set()
        for at, pair in enumerate(sound.roads.zones):
            if (pair.start, pair.end) in seen:
                what = f"the way from “{pair.start}” to “{pair.end}” is there twice"
                yield Finding(("roads", "zones", at), what, "keep one; the way back may have an entry of its own")
            seen.add((pair.start, pair.end))
    if sound.booking is not None:
        for at, preference in enumerate(sound.booking.prefer):
            if preference in sound.booking.prefer[:at]:
                yield Finding(("booking", "prefer", at), f"“{preference}” is there twice", "name it once")
