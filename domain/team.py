"""The team: who works here, what each can do, when, and from where. Pure values, declared in the company file."""

from datetime import date, time
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, field_validator

from domain.areas import Area
from domain.declared import WEEKDAYS, Key, Keys, Shift, Value, Weekday, Zone, listed
from domain.roads import Base
from domain.working_time import Range

Role = Literal["technician", "dispatcher", "manager"]
Ranges = Annotated[tuple[Range, ...], BeforeValidator(listed)]


class OtherHours(Value):
    """A date on which somebody works other hours than usual; none: not at all."""

    day: date
    ranges: Ranges = ()


class Member(Value):
    """Somebody of the team."""

    key: Key
    name: str
    slack: str  # the Slack user id
    roles: tuple[Role, ...] = Field(min_length=1)
    skills: tuple[Area, ...] = ()  # what a technician can solve
    brands: tuple[str, ...] = ()  # whose devices he knows; none named: all
    grades: Keys = ()  # as whom he may come, keys of the tariff; none named: as anybody
    regions: tuple[str, ...] = ()  # where he visits homes (their `region`); none named: everywhere
    base: Base | None = None  # where he sets out
    time_zone: Zone | None = None
    shifts: tuple[Shift, ...] = ()
    breaks: Ranges = ()  # every day, where they fall into his shifts
    other_hours: tuple[OtherHours, ...] = ()
    absences: tuple[tuple[date, date], ...] = ()  # first and last day away
    most_a_day: Annotated[int, Field(gt=0)] | None = None  # appointments

    @field_validator("brands")
    @classmethod
    def _folded(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(brand.casefold() for brand in given)


class Reserve(Value):
    """Hours that are kept for what is urgent, until shortly before."""

    days: tuple[Weekday, ...] = WEEKDAYS
    ranges: Ranges = Field(min_length=1)
    team: Keys = ()  # whose; nobody named: everybody's
    until_hours: Annotated[int, Field(ge=0, le=24 * 60)] = 24  # so many hours before, what is left goes to anybody


Preference = Literal["skills", "travel", "knows", "load"]


class BookingRules(Value):
    """How slots are offered."""

    notice_minutes: Annotated[int, Field(ge=0)] = 120
    horizon_days: Annotated[int, Field(gt=0, le=365)] = 30
    hold_minutes: Annotated[int, Field(gt=0)] = 15
    waiting_hold_minutes: Annotated[int, Field(gt=0)] = 60  # how long a time that became free is kept for who waited
    move_costs: Literal["nothing", "as_cancelling"] = "as_cancelling"  # what it costs to move an appointment late
    answer_hours: Annotated[int, Field(gt=0, le=168)] = 24  # so long a new time that we propose is kept for an answer
    evening_from: time = time(17, 0)  # what one means by “in the evening”, on the home's clock
    holidays: Literal["closed", "open"] = "closed"  # whether shifts begin on the tariff's public holidays
    most_a_day: Annotated[int, Field(gt=0)] | None = None  # appointments of one technician
    reserve: tuple[Reserve, ...] = ()
    prefer: tuple[Preference, ...] = ("skills", "travel", "knows", "load")  # of several who could come, whom
