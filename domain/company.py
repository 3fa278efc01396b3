"""The company: who we are, what we sell, who works here. One frozen value, read from one file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal, Self, cast
from zoneinfo import ZoneInfo

from pydantic import Field, PrivateAttr, model_validator

from domain.answers import Answers
from domain.areas import Area, Help, Urgency
from domain.asking import Ask
from domain.cancelling import cancellation_fee
from domain.cases import Case, Crew, crew_declared
from domain.catalogue import Known
from domain.causes import MOST as MOST_CAUSES
from domain.causes import Cause
from domain.declared import Amount, Currency, Key, Language, Minutes, Period, Value, Zone
from domain.figures import DeclaredChange, EnteredChange, Figure, amounts_on, changed, figures
from domain.follow_up_rules import FollowUps
from domain.levies import Levy
from domain.money import Money
from domain.own_phrases import Phrases
from domain.paying_rules import Payment
from domain.plans import Plan, Promise
from domain.pricing import Priced
from domain.remedies import Remedies
from domain.replies import MOST as MOST_REPLIES
from domain.replies import StartingReply
from domain.roads import Roads
from domain.storm_rules import StormRules
from domain.tariff import NO_PLAN, Tariff
from domain.team import BookingRules, Member, Role


class Job(Value):
    """How long a kind of work takes, unless somebody looks closer: the first entry that names the area counts."""

    work: Key
    areas: tuple[Area, ...] = tuple(Area)
    minutes: Minutes  # at most
    at_least: Minutes | None = None
    grade: Key | None = None
    technicians: Annotated[int, Field(ge=1, le=20)] = 1
    crew: dict[Key, Annotated[int, Field(ge=1, le=20)]] = Field({})  # instead of both: so many of each grade
    before: Annotated[int, Field(ge=0, le=240)] = 0  # minutes to get ready
    after: Annotated[int, Field(ge=0, le=240)] = 0  # minutes to clear up and write down
    window: Annotated[int, Field(ge=0, le=240)] = 0  # we arrive within so many minutes from the start
    notice_minutes: Annotated[int, Field(ge=0)] | None = None  # instead of the usual notice

    def people(self, tariff: Tariff) -> tuple[Crew, ...]:
        """Who comes."""
        return crew_declared(tariff, self.crew, self.grade, self.technicians)


class Published(Ask):
    """An example the company has printed: `check` replays it against the rules."""

    text: str
    work: Key = ""
    total: Amount | None = None  # as the sheet prints it
    with_tax: bool | None = None  # when left out: as prices are declared
    period: Period | None = None  # of a plan's price:
    times: Annotated[int, Field(ge=1)] = 1
    allowance: Key | None = None  # how much a plan includes:
    amount: Annotated[int, Field(ge=0)] | None = None
    per: Period = "year"

    @model_validator(mode="after")
    def _says_something(self) -> "Published":
        about = [bool(self.work), self.period is not None, self.allowance is not None]
        if sum(about) != 1:
            raise ValueError("an example is about one thing; write work, or plan and period, or plan and allowance")
        if (self.amount if self.allowance else self.total) is None:
            raise ValueError("the example does not say what it comes to; add total = …, or amount = … for an allowance")
        return self


class Channels(Value):
    """Where the team hears of what: Slack channel ids."""

    requests: str
    by_area: dict[Area, str] = Field({})
    by_region: dict[str, str] = Field({})  # before the area's
    by_plan: dict[str, str] = Field({})  # before both
    emergencies: str | None = None
    satisfaction: str | None = None
    trouble: str | None = None  # what the program itself cannot do

    def of(self, area: Area, urgency: Urgency, region: str | None = None, plan: str | None = None) -> str:
        """The channel for a request: for emergencies, else of its plan, its region, its area, else for all."""
        if urgency is Urgency.EMERGENCY and self.emergencies:
            return self.emergencies
        named = (self.by_plan.get(plan or ""), self.by_region.get(region or ""), self.by_area.get(area))
        return next((channel for channel in named if channel), self.requests)

    @property
    def all(self) -> set[str]:
        """Every channel that is named."""
        split = (*self.by_area.values(), *self.by_region.values(), *self.by_plan.values())
        return {c for c in (self.requests, *split, self.emergencies, self.satisfaction, self.trouble) if c}


class Rung(Value):
    """A step of the ladder: who is told when so much of a promised time has passed."""

    percent: Annotated[int, Field(ge=1, le=1000)]
    tell: Literal["assignee", "dispatcher", "manager"] = "assignee"


LADDER = (
    Rung(percent=50),
    Rung(percent=80),
    Rung(percent=100),
    Rung(percent=120, tell="dispatcher"),
    Rung(percent=150, tell="manager"),
)


class DeskRules(Value):
    """How the team works in Slack."""

    promises: tuple[Promise, ...] = ()  # to whom no plan promises anything
    pauses: tuple[Literal["customer", "parts"], ...] = ("customer", "parts")  # while we wait for them, clocks stand
    ladder: tuple[Rung, ...] = LADDER

    undo_seconds: Annotated[int, Field(ge=0, le=60)] = 5  # so long a message to a homeowner can be taken back
    send_reaction: Annotated[str, Field(pattern=r"^[a-z0-9_+'-]{1,100}$")] | None = (
        "outbox_tray"  # sends what it is put on
    )
    talk_hours: Annotated[int, Field(gt=0, le=168)] = 12  # after so much silence the assistant answers again
    commitment_warning_minutes: Annotated[int, Field(ge=0, le=10080)] = 60  # before a teammate’s promise is due
    free_amount_limit: Amount | None = None  # a price or goodwill of one's own above it needs a manager; none: always
    storm: StormRules = StormRules()
    groups: dict[Role, Annotated[str, Field(pattern=r"^S[A-Z0-9]{2,30}$")]] = Field({})  # Slack user groups
    causes: tuple[Cause, ...] = Field((), max_length=MOST_CAUSES)  # what was wrong; none: the usual ones
    replies: tuple[StartingReply, ...] = Field((), max_length=MOST_REPLIES)  # what the team begins with

    @model_validator(mode="after")
    def _nothing_twice(self) -> "DeskRules":
        for table, keys in (("causes", [c.key for c in self.causes]), ("replies", [r.key for r in self.replies])):
            if twice := [key for at, key in enumerate(keys) if key in keys[:at]]:
                raise ValueError(f"{table} has “{twice[0]}” twice; give one of them another key")
        return self

    @property
    def percents(self) -> tuple[int, ...]:
        """At which somebody is told."""
        return tuple(sorted({rung.percent for rung in self.ladder}))


@dataclass(frozen=True)
class Written:
    """What the company wrote in files of their own beside its own, by language."""

    answers: tuple[Answers, ...] = ()
    remedies: tuple[Remedies, ...] = ()
    phrases: tuple[Phrases, ...] = ()


class PriceList(Value):
    """What it takes to judge and to price: what we sell, at what price, with what contract."""

    name: str
    currency: Currency
    languages: tuple[Language, ...] = Field(("en", "fr", "es", "it"), min_length=1)
    time_zone: Zone
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    areas: tuple[Area, ...] = tuple(Area)
    tariff: Tariff
    plans: tuple[Plan, ...] = ()
    published: tuple[Published, ...] = ()
    price_changes: tuple[DeclaredChange, ...] = ()  # new amounts from a day on

    _digest: str = PrivateAttr("")
    _written: Written = PrivateAttr(Written())
    _filed: Any = PrivateAttr(None)  # as the file says it, where this is how it stands on a day

    @property
    def digest(self) -> str:
        """Of the text it was read from; none when it was read from no file."""
        return self._digest

    @property
    def filed(self) -> Self:
        """As the file says it, without the changes of prices whose day has come."""
        return self if self._filed is None else cast(Self, self._filed)

    def from_text(self, digest: str) -> Self:
        """The same, knowing which text it was read from."""
        self._digest = digest
        return self

    def answers(self, language: str) -> Answers | None:
        """The company's own answers in a language."""
        return next((answers for answers in self._written.answers if answers.language == language), None)

    def remedies(self, language: str) -> Remedies | None:
        """The company's first aid in a language."""
        return next((remedies for remedies in self._written.remedies if remedies.language == language), None)

    def phrases(self, language: str) -> Phrases | None:
        """The company's own phrases in a language."""
        return next((phrases for phrases in self._written.phrases if phrases.language == language), None)

    def with_written(self, written: Written) -> Self:
        """The same, with what the company wrote in the files beside its own."""
        self._written = written
        return self

    def today(self, now: datetime) -> date:
        """The company's date."""
        return now.astimezone(ZoneInfo(self.time_zone)).date()

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """Every single amount, in the order of the file."""
        return figures(self.tariff, self.plans)

    def on(self, day: date, entered: Sequence[EnteredChange] = ()) -> Self:
        """As it stands on a day, with every change of prices whose day has come; `entered`: those not in the file."""
        filed = self.filed
        if not (filed.price_changes or entered):
            return filed
        declared = [change for change in filed.price_changes if change.starts <= day]
        key = (len(declared), *(change for change in entered if change.starts <= day))
        if key not in filed._dated:
            filed._dated[key] = filed._as_on(day, declared, entered)
        return cast(Self, filed._dated[key])

    def _as_on(self, day: date, declared: Sequence[DeclaredChange], entered: Sequence[EnteredChange]) -> Self:
        amounts = amounts_on(day, self.figures, declared, entered)
        if not amounts:
            return self
        tariff, plans = changed(self.tariff, self.plans, amounts)
        made = self.model_copy(update={"tariff": tariff, "plans": plans})
        made._filed = self
        return made

    @cached_property
    def _dated(self) -> dict[Any, Any]:
        return {}

    def plan(self, key: str) -> Plan:
        """The plan of that key (KeyError when the file has none)."""
        return {p.key: p for p in self.plans}[key]

    def answer(self, ask: Ask) -> tuple[Priced, ...]:
        """What an ask comes to; two for a range of minutes. Raises NoPrice, KeyError for an unknown plan."""
        plan = None if ask.plan == NO_PLAN else self.plan(ask.plan)
        return ask.priced(self.tariff, self.currency, self.time_zone, plan)

    def fee_for(self, ask: Ask) -> Levy:
        """What it costs to call that appointment off. Raises as `answer` does."""
        priced, before = self.answer(ask)[-1], ask.cancelled_hours_before or Decimal(0)
        fee = cancellation_fee(self.tariff, priced.case, priced.quote, hours_before=before, no_show=ask.no_show)
        return fee or Levy(Money(0, self.currency), Money(0, self.currency))

    def help_of(self, work: str) -> Help:
        """How that kind of work is done; what is done in the workshop counts as a visit."""
        return self.tariff.kinds[work].help or Help.VISIT


class Company(PriceList):
    """Everything in the company file: the price list, and what it takes to run."""

    team_language: Language = "en"
    phone: str  # whom to call when it burns
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    channels: Channels
    plans: tuple[Plan, ...] = Field(min_length=1)
    jobs: tuple[Job, ...] = Field(min_length=1)
    team: tuple[Member, ...] = Field(min_length=1)
    booking: BookingRules = BookingRules()
    roads: Roads = Roads()
    desk: DeskRules = DeskRules()
    follow_ups: FollowUps = FollowUps()
    catalogue: tuple[Known, ...] = ()  # what is known of the devices we look after
    payment: Payment = Payment()
    closing_days: tuple[date, ...] = ()

    def member(self, key: str) -> Member:
        """The teammate of that key (KeyError when the file has none)."""
        return {m.key: m for m in self.team}[key]

    def teammate(self, slack: str) -> Member | None:
        """The teammate with that Slack user id."""
        return next((m for m in self.team if m.slack == slack), None)

    def offered(self, area: Area) -> tuple[Job, ...]:
        """How help is offered in an area: of each kind of work one can book, the first job that names the area."""
        found: dict[str, Job] = {}
        for job in self.jobs:
            if area in job.areas and self.tariff.kinds[job.work].help is not None:
                found.setdefault(job.work, job)
        return tuple(sorted(found.values(), key=lambda job: list(self.tariff.kinds).index(job.work)))

    def usual(self, job: Job, plan: str) -> Case:
        """An hour of a job as it usually is: to say what an hour costs."""
        return Case(
            work=job.work, minutes=60, area=job.areas[0], crew=job.people(self.tariff), plan=plan, km=Decimal(0)
        )
