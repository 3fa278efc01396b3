"""Storms: when many report the same at once. What is alike, how many homes it takes, and what explains most. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from domain.areas import Area
from domain.declared import Value

FORGOTTEN = timedelta(hours=24)  # so long after the last one a like request is no longer taken for the same trouble
WIDER = 2  # what is alike by its area alone takes so many times the homes
NEARLY = (4, 5)  # something narrower that explains so much of it explains it better


class StormRules(Value):
    """When several like requests are one trouble."""

    automatic: bool = True  # a burst begins a storm by itself; else only a teammate does
    minutes: Annotated[int, Field(ge=10, le=1440)] = 120
    homes: Annotated[int, Field(ge=2, le=1000)] = 5

    @property
    def window(self) -> timedelta:
        """Within which the reports count together."""
        return timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class Report:
    """What a request says that can be alike: where, with what, and when."""

    request: int
    home: int
    at: datetime
    area: Area
    brand: str | None = None
    region: str | None = None


@dataclass(frozen=True)
class Likeness:
    """What several reports have in common."""

    area: Area
    brand: str | None = None
    region: str | None = None

    @property
    def key(self) -> str:
        """Its identity: the writing of a brand does not matter."""
        return f"{self.area}|{self.region or ''}|{folded(self.brand)}"

    @property
    def width(self) -> int:
        """How wide it is: 0 is the narrowest."""
        return 2 - (self.brand is not None) - (self.region is not None)

    def holds(self, report: Report) -> bool:
        """Whether a report has it, too."""
        return (
            report.area is self.area
            and (self.brand is None or folded(report.brand) == folded(self.brand))
            and (self.region is None or report.region == self.region)
        )

    @property
    def says_something(self) -> bool:
        """Whether it is about the same: what is about nothing in particular is not."""
        return self.area is not Area.OTHER or self.brand is not None

    def takes(self, rules: StormRules) -> int:
        """How many homes make a storm of it."""
        return rules.homes * (WIDER if self.width == 2 else 1)


@dataclass(frozen=True)
class Burst:
    """Reports that are alike, and how many homes they come from."""

    likeness: Likeness
    requests: tuple[int, ...]
    homes: int


def folded(brand: str | None) -> str:
    """A brand, however it is written."""
    return " ".join((brand or "").casefold().split())


def likenesses(report: Report) -> tuple[Likeness, ...]:
    """All that a report can have in common with others, the narrowest first."""
    area = Likeness(report.area)
    brand = [replace(area, brand=report.brand)] if folded(report.brand) else []
    region = [replace(area, region=report.region)] if report.region else []
    both = [replace(brand[0], region=report.region)] if brand and region else []
    return (*both, *brand, *region, area)


def groups(reports: Iterable[Report]) -> list[Burst]:
    """Everything that any of them have in common, however few they are."""
    found: dict[str, list[Report]] = {}
    names: dict[str, Likeness] = {}
    for report in sorted(set(reports), key=lambda r: (r.at, r.request)):
        for likeness in likenesses(report):
            names.setdefault(likeness.key, likeness)
            found.setdefault(likeness.key, []).append(report)
    return [
        Burst(names[key], tuple(r.request for r in alike), len({r.home for r in alike})) for key, alike in found.items()
    ]


def burst(reports: Iterable[Report], rules: StormRules, now: datetime) -> Burst | None:
    """The storm that these reports are, if they are one: the narrowest that explains most of it."""
    lately = [report for report in reports if now - rules.window <= report.at <= now]
    found = [one for one in groups(lately) if one.likeness.says_something and one.homes >= one.likeness.takes(rules)]
    if not found:
        return None
    most = max(one.homes for one in found)
    enough = [one for one in found if one.homes * NEARLY[1] >= most * NEARLY[0]]
    return min(enough, key=lambda one: (one.likeness.width, -one.homes, one.likeness.key))


def joins(likeness: Likeness, last: datetime, report: Report) -> bool:
    """Whether a report belongs to a storm that lasts, of which the last report came then."""
    return likeness.holds(report) and report.at - last <= FORGOTTEN
