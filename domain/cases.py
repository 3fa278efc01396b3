"""A case: the facts by which help is priced and judged. Pure."""

from datetime import datetime
from decimal import Decimal
from fractions import Fraction

import msgspec

from domain.areas import Area, Urgency
from domain.money import Money
from domain.tariff import NO_PLAN, Rule
from domain.working_time import Stretch


class Crew(msgspec.Struct, frozen=True):
    """So many people of a grade."""

    grade: str
    count: int = 1


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

    @property
    def heads(self) -> int:
        """How many people."""
        return sum(c.count for c in self.crew) or 1


def fits(rule: Rule, case: Case, *, grade: str | None = None, hours: str | None = None) -> bool:
    """Whether a rule's conditions hold. `grade`: for one of the crew (else any of them); `hours`: at that moment.

    Without `hours` the conditions about hours are left to the caller.
    """
    return (
        _of_place(rule, case)
        and _of_work(rule, case, grade)
        and _of_size(rule, case)
        and (hours is None or not rule.hours or hours in rule.hours)
    )


def _of_place(rule: Rule, case: Case) -> bool:
    return (
        (not rule.region or case.region in rule.region)
        and (not rule.zone or case.zone in rule.zone)
        and (not rule.complexity or case.complexity in rule.complexity)
        and (not rule.plan or case.plan in rule.plan)
        and (not rule.warranty or case.warranty in rule.warranty)
        and _within(case.km, rule.km_over, rule.km_up_to)
    )


def _of_work(rule: Rule, case: Case, grade: str | None) -> bool:
    grades = [grade] if grade is not None else [c.grade for c in case.crew]
    brand = (case.brand or "").casefold()
    return (
        (not rule.work or case.work in rule.work)
        and (not rule.area or case.area in rule.area)
        and (not rule.brand or brand in (b.casefold() for b in rule.brand))
        and (not rule.grade or any(g in rule.grade for g in grades))
        and (rule.urgent is None or rule.urgent == case.urgent)
    )


def _of_size(rule: Rule, case: Case) -> bool:
    short = rule.notice_under_hours
    return (
        (short is None or (case.notice_hours is not None and case.notice_hours < short))
        and (rule.minutes_over is None or case.minutes > rule.minutes_over)
        and (rule.minutes_up_to is None or case.minutes <= rule.minutes_up_to)
        and (rule.technicians_over is None or case.heads > rule.technicians_over)
    )


def _within(value: Decimal | None, over: Decimal | None, up_to: Decimal | None) -> bool:
    if over is None and up_to is None:
        return True
    return value is not None and (over is None or value > over) and (up_to is None or value <= up_to)


def share(part: int, whole: int) -> Fraction:
    """A part of a whole; nothing of nothing is everything."""
    return Fraction(part, whole) if whole else Fraction(1)
