"""The ways to solve a request, each with its ruling and its price."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

import msgspec

from domain import contracts, leaving, quoting
from domain.areas import Help
from domain.cases import Case
from domain.company import Company, Job
from domain.coverage import Balance, Clause, Ruling, Use, Verdict, best
from domain.homes import Home
from domain.labour import NoPrice
from domain.money import Money
from domain.plans import Plan
from domain.pricing import Priced, price
from domain.requests import Request
from domain.tariff import NO_PLAN
from domain.warranties import warranty_on
from domain.work import Work
from handlers.cards.names import hours_label, work_label
from handlers.messages import Fact
from locales.text import Minutes, Text, Value, own, t


@dataclass(frozen=True)
class Way:
    """One way to solve it: the job, and what it costs at most (and at least, where its length is a range)."""

    job: Job
    help: Help
    priced: Priced
    least: Priced | None = None

    @property
    def verdict(self) -> Verdict:
        """What the contract says."""
        return self.priced.verdict

    @property
    def price(self) -> Value:
        """The price as one reads it on a button."""
        most = self.priced.quote.total
        if not most:
            return t("price.included" if self.verdict.uses else "price.free")
        if self.least and self.least.quote.total != most:
            return t("price.range", least=self.least.quote.total, most=most)
        return most


@dataclass(frozen=True)
class Terms:
    """What a request is judged by, all of this moment: the home, its contract and balances, what was paid before."""

    company: Company
    request: Request
    now: datetime
    home: Home | None = None
    signed: Plan | None = None  # the contract's, suspended or not
    suspended: bool = False
    balances: dict[str, Balance] = field(default_factory=dict)
    warranty: str | None = None
    paid: tuple[Money | None, str | None, int] = (None, None, 0)  # how much, for which work, how many days ago
    jobs: tuple[Job, ...] = ()  # how help is offered for it
    agreed: Case | None = None  # what he agreed to with a person

    @classmethod
    def of(cls, work: Work, company: Company, request: Request) -> "Terms":
        """As they are now, as if the request had taken nothing yet."""
        standing = contracts.standing(work, request.home_id)
        home = work.session.get(Home, request.home_id) if request.home_id is not None else None
        suspended = standing is not None and standing.suspended
        in_force = standing.contract if standing is not None and not suspended else None
        return cls(
            company,
            request,
            work.now,
            home,
            contracts.terms(standing.contract) if standing is not None else None,
            suspended,
            contracts.balances(work, in_force, but_for=request.id),
            warranty_on(work, company.tariff, request, home),
            leaving.paid_before(work, request) or (None, None, 0),
            quoting.jobs_for(work, company, request),
            quoting.agreed_case(work, request),
        )

    @property
    def plan(self) -> Plan | None:
        """The plan that holds: none while the contract is suspended."""
        return None if self.suspended else self.signed

    def priced(self, job: Job, minutes: int, at: datetime | None = None, hours: str | None = None) -> Priced:
        """The price of a job; at a moment, in some hours, or in the usual ones. Raises NoPrice."""
        case = self.case(job, minutes, at, hours)
        company = self.company
        priced = price(company.tariff, company.currency, company.time_zone, case, self.plan, self.balances)
        if self.suspended and priced.verdict.clause is Clause.NO_CONTRACT:
            told = msgspec.structs.replace(priced.verdict, clause=Clause.SUSPENDED)
            return msgspec.structs.replace(priced, verdict=told)
        return priced

    def case(self, job: Job, minutes: int, at: datetime | None = None, hours: str | None = None) -> Case:
        """The facts of the request as the tariff asks for them."""
        tariff, home = self.company.tariff, self.home
        before, work_before, ago = self.paid
        notice = None if at is None else Decimal(int((at - self.now) / timedelta(minutes=1))) / 60
        case = Case(
            work=job.work,
            minutes=minutes,
            area=self.request.area,
            crew=job.people(tariff),
            urgency=self.request.urgency,
            at=at,
            hours=hours,
            notice_hours=notice,
            region=home.region if home else None,
            zone=home.zone if home else None,
            complexity=home.complexity if home else None,
            km=Decimal(home.km) if home and home.km is not None else None,
            warranty=self.warranty,
            plan=self.plan.key if self.plan else NO_PLAN,
            paid_before=before,
            paid_for=work_before,
            paid_days_ago=ago,
        )
        return quoting.named_in(self.agreed, case) if self.agreed is not None else case


def judged(terms: Terms) -> list[Way]:
    """Every way that has a price, in the order of the tariff; for the others a person looks first."""
    found = []
    for job in terms.jobs or terms.company.offered(terms.request.area):
        try:
            least = terms.priced(job, job.at_least) if job.at_least else None
            found.append(Way(job, terms.company.help_of(job.work), terms.priced(job, job.minutes), least))
        except NoPrice:
            continue
    return found


def open_to_him(found: list[Way]) -> list[Way]:
    """The ways one can go: what is excluded is none."""
    return [way for way in found if way.verdict.ruling is not Ruling.EXCLUDED]


def overall(found: list[Way]) -> Verdict:
    """The verdict that is said first."""
    return best([way.verdict for way in found]) if found else Verdict("", Ruling.NOT_INCLUDED, Clause.BY_HAND)


def write_down(work: Work, company: Company, request: Request) -> None:
    """What the contract says of a request, kept with it as it is said now; of a stranger's it says nothing."""
    if request.home_id is not None:
        request.verdict = msgspec.to_builtins(overall(judged(Terms.of(work, company, request))))


def clause_of(terms: Terms, verdict: Verdict) -> Text:
    """The sentence of the contract that decides."""
    name: Value = own(terms.signed.name) if terms.signed else ""
    return t(f"clause.{verdict.clause}", plan=name, area=t(f"area.{terms.request.area}"))


def why_excluded(terms: Terms, verdict: Verdict) -> tuple[Text, ...]:
    """The company's own words for what it never does, where it has written some."""
    found = terms.signed.exclusion(terms.request.area, verdict.work) if terms.signed else None
    return (t("solve.excluded.why", words=own(found.reason)),) if found is not None and found.reason else ()


def way_fact(company: Company, way: Way) -> Fact:
    """One line of the comparison: the work and how long, its price, and what is left of the allowance."""
    label = t("way.upto", work=work_label(company, way.job.work), time=Minutes(way.job.minutes))
    left = [balance_after(use) for use in way.verdict.uses if use.after is not None]
    if not left:
        return Fact(label, way.price)
    return Fact(label, t("price.with_balance", price=way.price, balance=left[0]))


def other_hours(terms: Terms, way: Way) -> list[Fact]:
    """The price of a way in the other hours of the company, where it is another one: a Saturday, an evening."""
    tariff, found = terms.company.tariff, []
    for hours in dict.fromkeys(entry.key for entry in tariff.hours if entry.key != tariff.hours[0].key):
        try:
            total = terms.priced(way.job, way.job.minutes, hours=hours).quote.total
        except NoPrice:
            continue
        if total != way.priced.quote.total:
            label = t("way.in_hours", work=work_label(terms.company, way.job.work), hours=hours_label(tariff, hours))
            found.append(Fact(label, total if total else t("price.free")))
    return found


def balance_after(use: Use) -> Text:
    """What will be left of an allowance."""
    after = use.after or 0
    if not after:
        return t("balance.none")
    if use.unit in ("minutes", "hours"):
        return t("balance.minutes", after, left=Minutes(after))
    return t(f"balance.{use.unit}", after, left=after)


def valid_for(company: Company) -> timedelta:
    """How long a price holds."""
    return timedelta(days=company.tariff.quote_valid_days)
