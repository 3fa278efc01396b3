"""The company: who we are, what we sell, who works here. One frozen value, read from one file."""

from datetime import date, time
from decimal import Decimal
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from babel.core import get_global
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from domain.areas import Area, Help, Urgency

Language = Literal["en", "fr", "es", "it"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Role = Literal["technician", "dispatcher", "manager"]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
Amount = Annotated[Decimal, Field(ge=0, decimal_places=3)]  # in major units of the company's currency


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as unknown:
        raise ValueError(f"“{name}” is no time zone; write one of the IANA list, for example Europe/Paris") from unknown
    return name


def _currency(code: str) -> str:
    if code not in get_global("all_currencies"):
        raise ValueError(f"“{code}” is no currency; write its ISO 4217 code, for example EUR")
    return code


Zone = Annotated[str, AfterValidator(_zone)]
Currency = Annotated[str, AfterValidator(_currency)]


class Value(BaseModel):
    """Frozen, and closed: a key we do not know is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(Value):
    """A phrase the company writes itself, in each of its languages."""

    en: str | None = None
    fr: str | None = None
    es: str | None = None
    it: str | None = None

    def say(self, language: str) -> str:
        """The words in that language, else in the first that has them."""
        own: str | None = getattr(self, language, None)
        return own or self.en or self.fr or self.es or self.it or ""


class Shift(Value):
    """Working hours on some weekdays: from `start` to `end`, local time of who works them."""

    days: tuple[Weekday, ...] = Field(min_length=1)
    start: time
    end: time


class Allowance(Value):
    """What a plan includes so many times a year: `visits` or minutes of `remote` help."""

    kind: Literal["remote_minutes", "visits"]
    amount: int = Field(gt=0)
    per: Literal["month", "quarter", "year"] = "year"


class Plan(Value):
    """A service plan as the company sells it."""

    key: Key
    name: Words
    summary: Words
    price: Amount
    period: Literal["month", "quarter", "year"] = "month"
    areas: tuple[Area, ...] = tuple(Area)  # what it covers
    excluded: tuple[Area, ...] = ()  # never ours at any price
    includes: tuple[Allowance, ...] = ()
    discount: Annotated[int, Field(ge=0, le=100)] = 0  # percent off what is not included
    first_response_minutes: dict[Urgency, int] = {}  # working minutes


class Tariff(Value):
    """One flat hourly rate for each kind of help, billed in started steps."""

    key: Key = "standard"
    remote_hour: Amount
    visit_hour: Amount
    step_minutes: Annotated[int, Field(gt=0, le=60)] = 15
    tax_percent: Annotated[Decimal, Field(ge=0, le=100)] = Decimal(0)
    tax_included: bool = True
    quote_valid_days: Annotated[int, Field(gt=0)] = 14


class Job(Value):
    """How long a kind of help takes at most, unless somebody looks closer."""

    help: Help
    areas: tuple[Area, ...] = tuple(Area)
    minutes: Annotated[int, Field(gt=0, multiple_of=15)]


class Member(Value):
    """Somebody of the team."""

    key: Key
    name: str
    slack: str  # the Slack user id
    roles: tuple[Role, ...] = Field(min_length=1)
    skills: tuple[Area, ...] = ()  # what a technician can solve
    regions: tuple[str, ...] = ()  # where he visits homes (their `region`); none named: everywhere
    time_zone: Zone | None = None
    shifts: tuple[Shift, ...] = ()
    absences: tuple[tuple[date, date], ...] = ()  # first and last day away


class Channels(Value):
    """Where the team hears of what: Slack channel ids."""

    requests: str
    by_area: dict[Area, str] = {}
    emergencies: str | None = None
    satisfaction: str | None = None
    trouble: str | None = None  # what the program itself cannot do

    def of(self, area: Area, urgency: Urgency) -> str:
        """The channel for a request."""
        if urgency is Urgency.EMERGENCY and self.emergencies:
            return self.emergencies
        return self.by_area.get(area, self.requests)


class Booking(Value):
    """How slots are offered."""

    notice_minutes: Annotated[int, Field(ge=0)] = 120
    horizon_days: Annotated[int, Field(gt=0, le=365)] = 30
    hold_minutes: Annotated[int, Field(gt=0)] = 15


class FollowUps(Value):
    """When we come back by ourselves."""

    reminder_hour: time = time(17, 0)  # the day before an appointment, in the home's zone
    silent_close_days: Annotated[int, Field(gt=0)] = 3  # resolved and nobody objects
    survey_after_hours: Annotated[int, Field(ge=0)] = 4
    survey_hours: tuple[time, time] = (time(9, 30), time(20, 0))  # the homeowner's daytime
    survey_open_days: Annotated[int, Field(gt=0)] = 28
    low_score: Annotated[int, Field(ge=1, le=4)] = 2


class Company(Value):
    """Everything in the company file."""

    name: str
    currency: Currency
    languages: tuple[Language, ...] = Field(("en", "fr", "es", "it"), min_length=1)
    team_language: Language = "en"
    time_zone: Zone
    phone: str  # whom to call when it burns
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    areas: tuple[Area, ...] = tuple(Area)
    channels: Channels
    tariff: Tariff
    plans: tuple[Plan, ...] = Field(min_length=1)
    jobs: tuple[Job, ...] = Field(min_length=1)
    team: tuple[Member, ...] = Field(min_length=1)
    booking: Booking = Booking()
    follow_ups: FollowUps = FollowUps()
    closing_days: tuple[date, ...] = ()

    def plan(self, key: str) -> Plan:
        """The plan of that key (KeyError when the file has none)."""
        return {p.key: p for p in self.plans}[key]

    def member(self, key: str) -> Member:
        """The teammate of that key (KeyError when the file has none)."""
        return {m.key: m for m in self.team}[key]

    def teammate(self, slack: str) -> Member | None:
        """The teammate with that Slack user id."""
        return next((m for m in self.team if m.slack == slack), None)

    def minutes(self, kind: Help, area: Area) -> int:
        """How long that help takes at most: the first job in the file that names the area."""
        return next((j.minutes for j in self.jobs if j.help is kind and area in j.areas), 60)
