"""Asking for a price: the facts as people write them down, in a file, on the command line, in a batch. Pure."""

import re
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from pydantic import BeforeValidator, Field, model_validator

from domain.areas import Area, Urgency
from domain.cases import Case, Crew, people
from domain.coverage import Balance
from domain.declared import Amount, Key, Number, Value
from domain.money import Money
from domain.plans import Allowance, Plan
from domain.pricing import Priced, price
from domain.tariff import NO_PLAN, Tariff

YEARS = range(1970, 2201)  # beyond them a date is a slip


def _moment(given: Any) -> Any:
    """A day with its time of day: a day alone, or a bare number, would be read as some midnight."""
    day = isinstance(given, datetime) or (isinstance(given, str) and re.match(r"\s*\d{4}-\d\d?-\d\d?[Tt ]\s*\d", given))
    if given is not None and not day:
        raise ValueError(f"“{given}” is not a moment; write it like 2026-07-14T20:00")
    year = given.year if isinstance(given, datetime) else int(str(given).split("-")[0]) if given else YEARS[0]
    if year not in YEARS:
        raise ValueError(f"“{given}” is too far away; write a year from {YEARS[0]} to {YEARS[-1]}")
    return given


class Ask(Value):
    """A question about a price. What is left out is the usual: one person of the first grade, in the first hours."""

    work: Key
    minutes: Annotated[int, Field(ge=0, le=60 * 24 * 60)] = 60
    minutes_up_to: Annotated[int, Field(ge=0, le=60 * 24 * 60)] | None = None  # a range
    area: Area = Area.OTHER
    brand: str | None = None
    grade: Key | None = None
    technicians: Annotated[int, Field(ge=1, le=100)] = 1
    crew: dict[Key, Annotated[int, Field(ge=1, le=100)]] = Field({})  # instead of grade and technicians
    urgency: Urgency = Urgency.NORMAL
    urgent: bool = False
    at: Annotated[datetime | None, BeforeValidator(_moment)] = None  # without an offset: the company's time
    hours: Key | None = None
    notice_hours: Annotated[Decimal, Field(ge=0)] | None = None
    region: Key | None = None
    zone: Number | None = None
    complexity: Key | None = None
    km: Annotated[Decimal, Field(ge=0)] | None = None
    travel_minutes: Annotated[int, Field(ge=0)] | None = None
    warranty: Key | None = None
    plan: Key = NO_PLAN
    used: dict[Key, Annotated[int, Field(ge=0)]] = Field({})  # units taken from each allowance already
    parts: Amount | None = None
    paid_before: Amount | None = None
    paid_for: Key | None = None
    paid_days_ago: Annotated[int, Field(ge=0)] = 0
    cancelled_hours_before: Annotated[Decimal, Field(ge=0)] | None = None  # what calling it off then costs
    no_show: bool = False

    @model_validator(mode="after")
    def _says_each_thing_once(self) -> Self:
        if self.minutes_up_to is not None and self.minutes_up_to < self.minutes:
            told = f"minutes_up_to, {self.minutes_up_to}, is less than minutes, {self.minutes}"
            raise ValueError(f"{told}; write the longer time in minutes_up_to")
        if self.at is not None and self.hours is not None:
            raise ValueError("both at and hours are given; keep one of them")
        if self.crew and {"grade", "technicians"} & self.model_fields_set:
            raise ValueError("crew is given, and grade or technicians too; keep crew, or the others")
        if (self.paid_before is None) != (self.paid_for is None):
            raise ValueError("what was paid before needs paid_before and paid_for; write both, or none")
        return self

    @property
    def called_off(self) -> bool:
        """Whether it is asked what calling off costs."""
        return self.no_show or self.cancelled_hours_before is not None

    def case(self, tariff: Tariff, currency: str, zone: str) -> Case:
        """The facts as a case. `zone`: the company's time zone."""
        crew = tuple(Crew(grade, count) for grade, count in self.crew.items())
        at = self.at.replace(tzinfo=ZoneInfo(zone)) if self.at and self.at.tzinfo is None else self.at
        return Case(
            work=self.work,
            minutes=self.minutes,
            area=self.area,
            brand=self.brand,
            crew=crew or people(tariff, self.grade, self.technicians),
            urgency=self.urgency,
            urgent=self.urgent,
            at=at,
            hours=self.hours,
            notice_hours=self.notice_hours,
            region=self.region,
            zone=self.zone,
            complexity=self.complexity,
            km=self.km,
            travel_minutes=self.travel_minutes,
            warranty=self.warranty,
            plan=self.plan,
            parts=None if self.parts is None else Money.of(self.parts, currency),
            paid_before=None if self.paid_before is None else Money.of(self.paid_before, currency),
            paid_for=self.paid_for,
            paid_days_ago=self.paid_days_ago,
        )

    def priced(self, tariff: Tariff, currency: str, zone: str, plan: Plan | None) -> tuple[Priced, ...]:
        """The answer; two for a range of minutes. Raises NoPrice."""
        case = self.case(tariff, currency, tariff.time_zone or zone)
        longest = [self.minutes_up_to] if self.minutes_up_to and self.minutes_up_to > self.minutes else []
        balances = {a.key: self._balance(a) for a in plan.includes} if plan else {}
        return tuple(
            price(tariff, currency, zone, replace(case, minutes=minutes), plan, balances)
            for minutes in [self.minutes, *longest]
        )

    def _balance(self, allowance: Allowance) -> Balance:
        granted = allowance.granted
        left = None if granted is None else max(granted - self.used.get(allowance.key, 0), 0)
        return Balance(allowance.key, allowance.unit, granted, left)
