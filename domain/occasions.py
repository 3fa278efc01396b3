"""Occasions: the days on which there is a reason to come back to a home by ourselves. Pure.

What is true of a home goes in; out comes what could be said, and between which days that makes sense. Whether, when and
to whom it is said is decided elsewhere: nothing here knows what was said before, but for what one home is offered.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import blake2b
from typing import Any

from domain.advice import Year
from domain.catalogue import Known
from domain.company import Company
from domain.declared import Period, months_after
from domain.follow_up_rules import FollowUps
from domain.plans import Plan
from domain.prompt_kinds import Kind
from domain.tariff import Warranty

DAY = timedelta(days=1)
FARTHEST = timedelta(days=30)  # so far ahead nobody has to know
FOREVER = date(2999, 12, 31)  # what stays true
EVER = date(1970, 1, 1)  # what is true since nobody knows when


@dataclass(frozen=True)
class DeviceFacts:
    """A device of the home."""

    id: int
    brand: str
    model: str
    installed_on: date | None = None
    warranty_until: date | None = None
    firmware: str | None = None
    faults: tuple[date, ...] = ()  # when somebody reported that something was wrong with it
    busy: bool = False  # a request about it is not finished


@dataclass(frozen=True)
class Left:
    """A limited allowance in its running period; `rollover` in its units, `ends`: the first day of the next one."""

    key: str
    per: Period
    granted: int
    left: int
    rollover: int
    starts: date
    ends: date


@dataclass(frozen=True)
class ContractFacts:
    """The contract that stands for the home."""

    id: int
    plan: Plan
    period: Period
    starts_on: date
    renews_on: date
    terms_since: date
    ends_on: date | None = None
    suspended: bool = False
    next_plan: str | None = None  # agreed, for the renewal
    allowances: tuple[Left, ...] = ()
    years: tuple[Year, ...] = ()  # what the last twelve months would have cost, its own plan among them
    maintained_on: date | None = None  # when maintenance was done last
    maintaining: bool = False  # somebody sees to it

    @property
    def subject(self) -> str:
        """What a prompt about it is about."""
        return f"contract:{self.id}"


@dataclass(frozen=True)
class HomeFacts:
    """All that decides when we come back to a home."""

    home: int
    handed_over_on: date | None = None
    devices: tuple[DeviceFacts, ...] = ()
    contract: ContractFacts | None = None
    finished_on: date | None = None  # when the first request came to its end
    offered: frozenset[tuple[str, str]] = frozenset()  # upgrades that were offered: what about, and which
    offered_on: date | None = None  # the last of them


@dataclass(frozen=True)
class Rules:
    """What the company declares about it."""

    follow: FollowUps
    catalogue: tuple[Known, ...] = ()
    warranties: tuple[Warranty, ...] = ()

    @classmethod
    def of(cls, company: Company) -> "Rules":
        """Those of a company."""
        return cls(company.follow_ups, company.catalogue, company.tariff.warranties)


@dataclass(frozen=True)
class Occasion:
    """A reason to come back: `subject` and `occurrence` tell it from every other one, `facts` are what he can check."""

    kind: Kind
    subject: str
    occurrence: str
    wanted_on: date
    until: date
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[Kind, str, str]:
        """Its identity."""
        return self.kind, self.subject, self.occurrence

    def holds_on(self, day: date) -> bool:
        """Whether it makes sense on a day."""
        return self.wanted_on <= day <= self.until


def on_days(kind: Kind, subject: str, occurrence: str, days: tuple[date, date], **facts: Any) -> Iterator[Occasion]:
    """One, if there are days for it."""
    if days[0] <= days[1]:
        yield Occasion(kind, subject, occurrence, *days, facts)


def half_of(day: date) -> str:
    """The half of a year: "2026-1"."""
    return f"{day.year}-{1 if day.month <= 6 else 2}"


def begins(half: str) -> date:
    """Its first day."""
    year, _, which = half.partition("-")
    return date(int(year), 1 if which == "1" else 7, 1)


RESTS = 7  # days at the end of a half in which nobody is asked any more
OVER_DAYS = 120  # the first so many days of a half, over which the homes are spread
KNOWS_US = 90  # days of a contract after which one can say something about us


def recommending(facts: HomeFacts, rules: Rules, today: date) -> Iterator[Occasion]:
    """Twice a year, each home at a time of its own; never who has nothing to say yet."""
    contract = facts.contract
    known = [facts.finished_on] if facts.finished_on else []
    known += [contract.starts_on + timedelta(days=KNOWS_US)] if contract is not None else []
    if not rules.follow.recommend or not known:
        return
    first = begins(half_of(today))
    spread = int.from_bytes(blake2b(f"home:{facts.home}".encode(), digest_size=8).digest(), "big") % OVER_DAYS
    for start in (first, months_after(first, 6)):
        wanted = max(start + timedelta(days=spread), min(known))
        until = months_after(start, 6) - timedelta(days=RESTS + 1)
        half = half_of(start)
        yield from on_days(Kind.RECOMMEND, f"half:{half}", half, (wanted, until))
