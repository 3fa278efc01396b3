"""The parts of a company file that are sound by themselves, for the rules across its tables."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from domain.areas import Area
from domain.catalogue import Known
from domain.company import Channels, Company, Job
from domain.figures import DeclaredChange
from domain.follow_up_rules import FollowUps
from domain.plans import Plan
from domain.roads import Roads
from domain.tariff import REMOTE, VISIT, Tariff, WorkKind
from domain.team import BookingRules, Member

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

    raw: Mapping[str, Any]
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
    tariff: Tariff | None
    booking: BookingRules | None
    roads: Roads | None
    price_changes: Sequence[DeclaredChange | None] = ()
    catalogue: Sequence[Known | None] = ()


def parts(raw: Mapping[str, Any]) -> Parts:
    """The sound parts of what the file says."""
    given = raw.get("areas", list(Area))
    areas = [Area(a) for a in given if a in list(Area)] if isinstance(given, list) else list(Area)
    languages = raw.get("languages", ["en", "fr", "es", "it"])
    return Parts(
        raw,
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
        _sound(Tariff, raw.get("tariff")),
        _sound(BookingRules, raw.get("booking", {})),
        _sound(Roads, raw.get("roads", {})),
        _entries(DeclaredChange, raw.get("price_changes")),
        _entries(Known, raw.get("catalogue")),
    )


def parts_of(company: Company, raw: Mapping[str, Any]) -> Parts:
    """A company that is sound in itself is sound in its parts: nothing has to be read a second time."""
    return Parts(
        raw,
        company.languages,
        company.areas,
        company.country,
        company.phone,
        company.plans,
        company.jobs,
        company.tariff.work,
        company.team,
        company.channels,
        company.follow_ups,
        company.tariff,
        company.booking,
        company.roads,
        company.price_changes,
        company.catalogue,
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


def numbered(entries: Iterable[M | None]) -> Iterator[tuple[int, M]]:
    return ((index, entry) for index, entry in enumerate(entries) if entry is not None)
