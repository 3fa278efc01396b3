"""Plans: what a contract includes, what it never does, what it promises. Pure values, declared in the company file."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from domain.areas import Area, Urgency
from domain.declared import Amount, Key, Keys, Minutes, Percent, Period, Value, Words, listed
from domain.tariff import Rule, Whats

Unit = Literal["minutes", "hours", "visits", "tickets"]
What = Literal["answer", "reply", "help", "visit", "solved"]  # a first answer, each next one, …


class Counts(Rule):
    """Under which conditions a unit of an allowance counts several times."""

    times: Annotated[Decimal, Field(gt=0, le=10)]


class Allowance(Value):
    """What a plan includes: so many minutes, hours, visits or tickets a period; no `amount` is as much as one needs."""

    key: Key
    name: Words | None = None
    unit: Unit = "visits"
    amount: Annotated[int, Field(gt=0)] | None = None
    per: Period = "year"
    work: Keys = ()  # one allowance for several kinds of work is pooled
    areas: Annotated[tuple[Area, ...], BeforeValidator(listed)] = ()
    urgencies: Annotated[tuple[Urgency, ...], BeforeValidator(listed)] = ()
    hours: Keys = ()
    step: Minutes = 1  # minutes are counted in started steps
    minutes_each: Minutes | None = None  # how long a visit or ticket may take
    rollover: Annotated[int, Field(ge=0)] = 0  # units that may be carried into the next period
    counts: tuple[Counts, ...] = ()
    pays: Whats = ("labour", "fees", "travel")

    @property
    def granted(self) -> int | None:
        """What it grants a period, in the units of the ledger: minutes (also for hours), visits, tickets."""
        if self.amount is None:
            return None
        return self.amount * 60 if self.unit == "hours" else self.amount


class Exclusion(Value):
    """What is never ours, at any price."""

    areas: Annotated[tuple[Area, ...], BeforeValidator(listed)] = ()
    work: Keys = ()
    reason: Words | None = None

    @model_validator(mode="after")
    def _names_something(self) -> "Exclusion":
        if not self.areas and not self.work:
            raise ValueError("this excludes everything; name areas or work")
        return self


class Discount(Rule):
    """Percent off what is not included."""

    percent: Percent
    on: Whats = ("labour", "fees", "travel")


class Promise(Value):
    """How soon: a first answer, each next one, the start of help, somebody on site, or the end of it."""

    what: What = "answer"
    urgencies: Annotated[tuple[Urgency, ...], BeforeValidator(listed)] = tuple(Urgency)
    work: Keys = ()
    minutes: Minutes
    clock: Literal["always", "working"] = "working"  # working: only the company's working hours count


class Maintenance(Value):
    """A visit that a plan provides for, every so many months: nothing has to be broken."""

    work: Key = "visit"
    months: Annotated[int, Field(ge=1, le=60)] = 12
    minutes: Minutes = 60
    area: Area = Area.OTHER  # who can do it
    name: Words | None = None  # what is done


class Plan(Value):
    """A service plan as the company sells it. A contract keeps it as it stood when it was signed."""

    key: Key
    name: Words
    summary: Words
    prices: dict[Period, Amount] = Field(min_length=1)  # what it costs, by how one pays
    areas: Annotated[tuple[Area, ...], BeforeValidator(listed)] = tuple(Area)  # what it covers
    excludes: tuple[Exclusion, ...] = ()
    includes: tuple[Allowance, ...] = ()
    discounts: tuple[Discount, ...] = ()
    promises: tuple[Promise, ...] = ()
    monitoring: bool = False
    maintenance: Maintenance | None = None
    upgrades: Keys = ()  # the plans that are the next step
    change: Literal["renewal", "prorated"] = "renewal"  # when a change to another plan begins
    months: Annotated[int, Field(gt=0, le=120)] = 12  # from renewal to renewal

    def allowance(self, key: str) -> Allowance | None:
        """The allowance of that key."""
        return next((a for a in self.includes if a.key == key), None)

    def exclusion(self, area: Area, work: str) -> Exclusion | None:
        """What says that this is never ours."""
        return next(
            (e for e in self.excludes if (not e.areas or area in e.areas) and (not e.work or work in e.work)), None
        )

    def serves(self, area: Area) -> bool:
        """Whether it covers an area at all."""
        return area in self.areas and not any(area in e.areas and not e.work for e in self.excludes)
