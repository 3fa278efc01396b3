"""Tariff: how a company prices its help, declared in its file. Pure values; `domain.quotes` does the arithmetic.

Every rule carries its own conditions (`Rule`). Of the rules for labour, and of the entries that share a key, the first
that fits counts: the order in the file is the order of precedence.
"""

from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from domain.areas import Area, Help
from domain.declared import Amount, Key, Keys, Minutes, Percent, Value, Words, listed
from domain.working_time import Holidays, Hours, Timetable

What = Literal["labour", "fees", "travel", "parts"]  # what a line can be for, where percentages and taxes are concerned
EVERYTHING: tuple[What, ...] = ("labour", "fees", "travel", "parts")
Whats = Annotated[tuple[What, ...], BeforeValidator(listed), Field(min_length=1)]
Slice = Literal["free", "base", "band", "time"]  # of the minutes of a job: free, under the base, under one price, other
ENDLESS = 10**9
NO_PLAN = "none"


class WorkKind(Value):
    """A kind of work the company sells: how it is done, and what people read for it."""

    key: Key
    help: Help | None = None  # none: in the workshop, not booked in the chat
    name: Words | None = None


class Grade(Value):
    """A grade of the people who come: technician, programmer, junior."""

    key: Key
    name: Words | None = None


class Region(Value):
    """A part of the country with labour rates or holidays of its own; homes name it."""

    key: Key
    name: Words | None = None
    factor: Annotated[Decimal, Field(gt=0, le=10)] = Decimal(1)
    holidays: Holidays | None = None


class Complexity(Value):
    """A class of homes by how complex they are."""

    key: Key
    name: Words | None = None
    factor: Annotated[Decimal, Field(gt=0, le=10)] = Decimal(1)


class Rule(Value):
    """When something holds. What is left out does not matter; of a list, one must fit."""

    work: Keys = ()
    area: Annotated[tuple[Area, ...], BeforeValidator(listed)] = ()
    brand: Annotated[tuple[str, ...], BeforeValidator(listed)] = ()
    grade: Keys = ()
    hours: Keys = ()
    region: Keys = ()
    zone: Keys = ()
    complexity: Keys = ()
    plan: Keys = ()  # "none" is a home without a contract
    warranty: Keys = ()
    urgent: bool | None = None
    notice_under_hours: Annotated[Decimal, Field(gt=0)] | None = None
    minutes_over: Annotated[int, Field(ge=0)] | None = None
    minutes_up_to: Annotated[int, Field(gt=0)] | None = None
    technicians_over: Annotated[int, Field(ge=0)] | None = None
    km_over: Annotated[Decimal, Field(ge=0)] | None = None
    km_up_to: Annotated[Decimal, Field(ge=0)] | None = None

    @cached_property
    def stated(self) -> tuple[str, ...]:
        """The conditions it has."""
        return tuple(name for name, field in Rule.model_fields.items() if getattr(self, name) != field.default)

    @cached_property
    def brands(self) -> frozenset[str]:
        """Its brands, however they are written."""
        return frozenset(brand.casefold() for brand in self.brand)


class Band(Value):
    """A price that holds up to so many minutes: an hourly rate, or one price for the whole band."""

    up_to: Minutes | None = None
    per_hour: Amount | None = None
    price: Amount | None = None

    @model_validator(mode="after")
    def _one_price(self) -> "Band":
        if (self.per_hour is None) == (self.price is None):
            raise ValueError("a band has one price; write either per_hour or price")
        if self.price is not None and self.up_to is None:
            raise ValueError("one price for a band that never ends; add up_to = minutes, or write it as base")
        return self


class Labour(Rule):
    """What the time of one person (or of the whole crew) costs."""

    per_hour: Amount | None = None
    per_step: Amount | None = None  # the price of one step
    step: Minutes = 1
    count: Literal["started", "nearest", "completed"] = "started"
    base: Amount | None = None  # opening fee, first hour, all-in block
    base_minutes: Annotated[int, Field(ge=0)] = 0  # what it covers; billed whole
    bands: tuple[Band, ...] = ()
    free_minutes: Annotated[int, Field(ge=0)] = 0
    free_up_to: Annotated[int, Field(ge=0)] = 0  # nothing to pay when it takes no longer
    minimum_minutes: Annotated[int, Field(ge=0)] = 0
    minimum: Amount | None = None  # of the whole labour
    cap: Amount | None = None  # a day (24 hours from the start)
    per: Literal["person", "crew"] = "person"
    all_in: Annotated[tuple[What, ...], BeforeValidator(listed)] = ()  # what else it covers: ["fees", "travel"]
    by_hand: bool = False  # no price: a person looks first

    @model_validator(mode="after")
    def _priced(self) -> "Labour":
        rates = [self.per_hour is not None, self.per_step is not None, bool(self.bands)]
        if sum(rates) > 1:
            raise ValueError("the time has several prices; write one of per_hour, per_step, bands")
        priced = any(rates) or self.base is not None
        if self.by_hand and priced:
            raise ValueError("this has a price and is said by hand; take by_hand out, or the prices")
        if not priced and not self.by_hand:
            raise ValueError("the time has no price; write per_hour, per_step, bands or base (0 when it is free)")
        if not any(rates) and self.base_minutes:
            raise ValueError("there is no price after base_minutes; add per_hour or per_step, or take base_minutes out")
        return self

    @cached_property
    def slices(self) -> tuple[tuple[Slice, int, int, Fraction], ...]:
        """The minutes of a job as (slice, from, to, price a minute in major units), without gaps, without end."""
        found: list[tuple[Slice, int, int, Fraction]] = []
        at, rate = self.free_minutes, Fraction(0)
        if at:
            found.append(("free", 0, at, rate))
        if self.base is not None and self.base_minutes:
            found.append(("base", at, at + self.base_minutes, Fraction(self.base) / self.base_minutes))
            at += self.base_minutes
        for band in self.bands:
            until = band.up_to if band.up_to is not None else ENDLESS
            if band.per_hour is not None:
                rate = Fraction(band.per_hour) / 60
            elif until > at:
                rate = Fraction(band.price or 0) / (until - at)
            if until > at:
                found.append(("time" if band.price is None else "band", at, until, rate))
                at = until
        if self.per_step is not None:
            rate = Fraction(self.per_step) / self.step
        elif self.per_hour is not None:
            rate = Fraction(self.per_hour) / 60
        return (*found, ("time", at, ENDLESS, rate))


class Fee(Rule):
    """A fixed amount: call-out, opening, urgency, evening supplement. Entries with the same key exclude each other."""

    key: Key
    name: Words | None = None
    amount: Amount
    per: Literal["visit", "person", "day"] = "visit"


class DistanceBand(Value):
    """What the way costs up to a distance."""

    up_to_km: Annotated[Decimal, Field(ge=0)] | None = None
    price: Amount


class Travel(Rule):
    """What the way costs: the first entry that fits. Parts of it add up."""

    price: Amount | None = None  # always
    zones: dict[Key, Amount] = Field({})
    bands: tuple[DistanceBand, ...] = ()
    per_km: Amount | None = None
    included_km: Annotated[Decimal, Field(ge=0)] = Decimal(0)
    step_km: Annotated[Decimal, Field(gt=0)] | None = None  # kilometres beyond are counted in started steps
    ways: Literal[1, 2] = 1  # how often price, bands and per_km count: there, or there and back
    per_hour: Amount | None = None  # travel time at a rate of its own
    included_minutes: Annotated[int, Field(ge=0)] = 0  # of it, that are free
    step: Minutes = 1
    as_labour: bool = False  # door to door: travel time is working time
    per: Literal["crew", "person"] = "crew"


class Adjustment(Rule):
    """A percentage more (+50) or less (-10). Entries with the same key exclude each other."""

    key: Key
    name: Words | None = None
    percent: Annotated[Decimal, Field(ge=-100, le=1000, decimal_places=4)]
    on: Whats = ("labour",)


class Tax(Rule):
    """A tax rate: of several entries the first that fits a line counts."""

    percent: Percent
    on: Whats = EVERYTHING


class Credit(Value):
    """What was paid for one kind of work counts towards another, when the first did not solve it."""

    of: Key
    to: Key
    percent: Percent = Decimal(100)
    within_days: Annotated[int, Field(gt=0)] = 30


class Warranty(Value):
    """What a warranty pays: percent of each."""

    kind: Key
    name: Words | None = None
    labour: Percent = Decimal(100)
    fees: Percent = Decimal(100)
    travel: Percent = Decimal(100)
    parts: Percent = Decimal(0)
    months: Annotated[int, Field(gt=0)] | None = None  # from installation


class Cancellation(Rule):
    """What an appointment costs that is called off late: the first that fits, by hours before."""

    within_hours: Annotated[Decimal, Field(gt=0)] | None = None
    no_show: bool = False
    fee: Amount | None = None
    percent: Percent | None = None  # of the quoted total

    @model_validator(mode="after")
    def _one_fee(self) -> "Cancellation":
        if (self.fee is None) == (self.percent is None):
            raise ValueError("a cancellation has one price; write either fee or percent")
        if (self.within_hours is None) == (not self.no_show):
            raise ValueError("say when it is due; write within_hours = N, or no_show = true")
        return self


REMOTE = WorkKind(key="remote", help=Help.REMOTE)
VISIT = WorkKind(key="visit", help=Help.VISIT)


class Tariff(Value):
    """All prices for help, and how they are put together. A stored quote keeps the tariff it was made with."""

    key: Key = "standard"
    work: tuple[WorkKind, ...] = (REMOTE, VISIT)
    grades: tuple[Grade, ...] = (Grade(key="technician"),)
    regions: tuple[Region, ...] = ()
    complexities: tuple[Complexity, ...] = ()
    hours: tuple[Hours, ...] = ()
    otherwise: Key = "outside"
    otherwise_name: Words | None = None
    holidays: Holidays | None = None
    time_zone: str | None = None  # the company's, when left out
    boundary: Literal["split", "start"] = "split"
    labour: tuple[Labour, ...] = Field(min_length=1)
    fees: tuple[Fee, ...] = ()
    travel: tuple[Travel, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    minimum_total: Amount | None = None  # what labour, fees and travel come to at least, where they cost anything
    percentages: Literal["add", "multiply"] = "add"
    taxes: tuple[Tax, ...] = ()
    tax_included: bool = True
    tax_mention: Words | None = None  # why there is no tax
    rounding: Literal["line", "total"] = "line"
    round_to: Annotated[Decimal, Field(gt=0, le=100)] | None = None  # the currency's smallest unit, when left out
    credits: tuple[Credit, ...] = ()
    warranties: tuple[Warranty, ...] = ()
    cancellation: tuple[Cancellation, ...] = ()
    quote_valid_days: Annotated[int, Field(gt=0)] = 14

    @cached_property
    def kinds(self) -> dict[str, WorkKind]:
        """The kinds of work by key."""
        return {kind.key: kind for kind in self.work}

    def factor_of(self, region: str | None) -> Decimal:
        """What the labour rates of a region are multiplied by."""
        return next((r.factor for r in self.regions if r.key == region), Decimal(1))

    def factor_for(self, complexity: str | None) -> Decimal:
        """What labour is multiplied by in a home of that class."""
        return next((c.factor for c in self.complexities if c.key == complexity), Decimal(1))

    def timetable(self, zone: str, region: str | None = None) -> Timetable:
        """The company's hours, with the holidays of a region where it has its own."""
        if (zone, region) not in self._tables:
            self._tables[zone, region] = self._table(zone, region)
        return self._tables[zone, region]

    @cached_property
    def _tables(self) -> dict[tuple[str, str | None], Timetable]:
        return {}

    def _table(self, zone: str, region: str | None) -> Timetable:
        own = next((r.holidays for r in self.regions if r.key == region and r.holidays), None)
        return Timetable(
            zone=self.time_zone or zone, entries=self.hours, otherwise=self.otherwise, holidays=own or self.holidays
        )
