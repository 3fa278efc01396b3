"""A case: the facts by which help is priced and judged. Pure."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

import msgspec

from domain.areas import Area, Urgency
from domain.money import Money
from domain.tariff import NO_PLAN, Rule, Tariff
from domain.working_time import Stretch


class Crew(msgspec.Struct, frozen=True):
    """So many people of a grade."""

    grade: str
    count: int = 1


class Extra(msgspec.Struct, frozen=True):
    """Something that the tariff does not know, named and priced by a person as the company declares its prices."""

    name: str
    amount: Money


def people(tariff: Tariff, grade: str | None = None, count: int = 1) -> tuple[Crew, ...]:
    """So many of a grade; of the tariff's first where none is named."""
    return (Crew(grade or tariff.grades[0].key, count),)


def crew_declared(tariff: Tariff, crew: Mapping[str, int], grade: str | None, count: int) -> tuple[Crew, ...]:
    """Who comes, as a company declares it: so many of each grade, else so many of one."""
    return tuple(Crew(key, many) for key, many in crew.items()) or people(tariff, grade, count)


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be done, where, when and for whom."""

    work: str
    minutes: int
    area: Area = Area.OTHER
    brand: str | None = None
    crew: tuple[Crew, ...] = ()  # the first grade of the tariff, one person, when empty
    urgency: Urgency = Urgency.NORMAL
    urgent: bool = False  # bought: sooner than the plan promises
    at: datetime | None = None
    hours: str | None = None  # instead of `at`: these hours of the timetable
    stretches: tuple[Stretch, ...] = ()  # the hours as they were looked up: what makes a quote replayable for ever
    notice_hours: Decimal | None = None
    region: str | None = None
    zone: str | None = None
    complexity: str | None = None
    km: Decimal | None = None
    travel_minutes: int | None = None
    warranty: str | None = None
    plan: str = NO_PLAN
    parts: Money | None = None
    paid_before: Money | None = None  # for other work that did not solve it
    paid_for: str | None = None  # which work that was
    paid_days_ago: int = 0
    extras: tuple[Extra, ...] = ()  # nothing is added to them, and nothing taken off
    fixed: Money | None = None  # somebody's own price for the work, instead of what the tariff and the plan say
    fixed_for: str = ""  # why

    @property
    def heads(self) -> int:
        """How many people."""
        return sum(c.count for c in self.crew) or 1


HOLDS: dict[str, Callable[[Rule, Case], bool]] = {
    "work": lambda rule, case: case.work in rule.work,
    "area": lambda rule, case: case.area in rule.area,
    "brand": lambda rule, case: case.brand is not None and case.brand.casefold() in rule.brands,
    "region": lambda rule, case: case.region in rule.region,
    "zone": lambda rule, case: case.zone in rule.zone,
    "complexity": lambda rule, case: case.complexity in rule.complexity,
    "plan": lambda rule, case: case.plan in rule.plan,
    "warranty": lambda rule, case: case.warranty in rule.warranty,
    "urgent": lambda rule, case: case.urgent == rule.urgent,
    "notice_under_hours": lambda rule, case: _under(case.notice_hours, rule.notice_under_hours),
    "minutes_over": lambda rule, case: _under(rule.minutes_over, case.minutes),
    "minutes_up_to": lambda rule, case: not _under(rule.minutes_up_to, case.minutes),
    "technicians_over": lambda rule, case: _under(rule.technicians_over, case.heads),
    "km_over": lambda rule, case: _under(rule.km_over, case.km),
    "km_up_to": lambda rule, case: case.km is not None and not _under(rule.km_up_to, case.km),
}


def fits(rule: Rule, case: Case, *, grade: str | None = None, hours: str | None = None) -> bool:
    """Whether a rule's conditions hold. `grade`: for one of the crew (else any of them); `hours`: at that moment.

    Without `hours` the conditions about hours are left to the caller.
    """
    for name in rule.stated:
        if name == "hours":
            holds = hours is None or hours in rule.hours
        elif name == "grade":
            holds = any(g in rule.grade for g in ([c.grade for c in case.crew] if grade is None else [grade]))
        else:
            holds = HOLDS[name](rule, case)
        if not holds:
            return False
    return True


def _under(value: Decimal | int | None, limit: Decimal | int | None) -> bool:
    """Whether a value is known, and less than a limit that is known."""
    return value is not None and limit is not None and value < limit


def share(part: int, whole: int) -> Fraction:
    """A part of a whole; nothing of nothing is everything."""
    return Fraction(part, whole) if whole else Fraction(1)
