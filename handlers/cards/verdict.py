"""The ways to solve a request, each with its ruling and its price."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import msgspec

from domain import contracts, leaving
from domain.areas import Help
from domain.cases import Case, Crew
from domain.company import Company, Job, PriceList
from domain.coverage import Balance, Clause, Ruling, Use, Verdict, best
from domain.homes import Home
from domain.labour import NoPrice
from domain.plans import Plan
from domain.pricing import Priced, price
from domain.requests import Request
from domain.tariff import NO_PLAN
from domain.warranties import warranty_on
from domain.work import Work
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
    """What a request is judged by: the home, its contract's plan and balances, all of this moment."""

    work: Work
    company: Company
    request: Request
    home: Home | None
    plan: Plan | None
    balances: dict[str, Balance]
    suspended: bool = False

    @classmethod
    def of(cls, work: Work, company: Company, request: Request) -> "Terms":
        """As they are now, as if the request had taken nothing yet."""
        standing = contracts.standing(work, request.home_id)
        home = work.session.get(Home, request.home_id) if request.home_id is not None else None
        if standing is None or standing.suspended:
            return cls(work, company, request, home, None, {}, standing is not None)
        left = contracts.balances(work, standing.contract, but_for=request.id)
        return cls(work, company, request, home, contracts.terms(standing.contract), left)

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
        before, work_before, ago = leaving.paid_before(self.work, self.request) or (None, None, 0)
        notice = None if at is None else Decimal(int((at - self.work.now) / timedelta(minutes=1))) / 60
        return Case(
            work=job.work,
            minutes=minutes,
            area=self.request.area,
            crew=(Crew(job.grade or tariff.grades[0].key, job.technicians),),
            urgency=self.request.urgency,
            at=at,
            hours=hours,
            notice_hours=notice,
            region=home.region if home else None,
            zone=home.zone if home else None,
            complexity=home.complexity if home else None,
            km=Decimal(home.km) if home and home.km is not None else None,
            warranty=warranty_on(self.work, tariff, self.request, home),
            plan=self.plan.key if self.plan else NO_PLAN,
            paid_before=before,
            paid_for=work_before,
            paid_days_ago=ago,
        )


def ways(work: Work, company: Company, request: Request) -> list[Way]:
    """Every way to solve a request, in the order of the tariff; none when it is excluded or has no price of its own."""
    terms = Terms.of(work, company, request)
    found = []
    for job in company.offered(request.area):
        try:
            least = terms.priced(job, job.at_least) if job.at_least else None
            way = Way(job, company.help_of(job.work), terms.priced(job, job.minutes), least)
        except NoPrice:
            continue  # a person looks at it first
        if way.verdict.ruling is not Ruling.EXCLUDED:
            found.append(way)
    return found


def overall(work: Work, company: Company, request: Request) -> Verdict:
    """The verdict that is said first."""
    terms = Terms.of(work, company, request)
    found = []
    for job in company.offered(request.area):
        try:
            found.append(terms.priced(job, job.minutes).verdict)
        except NoPrice:
            continue
    return best(found) if found else Verdict("", Ruling.NOT_INCLUDED, Clause.BY_HAND)


def ruled(work: Work, request: Request, verdict: Verdict) -> tuple[Text, Text]:
    """The ruling in a word, and the clause that says so."""
    return t(f"verdict.{verdict.ruling}"), clause_of(work, request, verdict)


def clause_of(work: Work, request: Request, verdict: Verdict) -> Text:
    """The sentence of the contract that decides."""
    standing = contracts.standing(work, request.home_id)
    plan = contracts.terms(standing.contract) if standing is not None else None
    name: Value = own(plan.name) if plan else ""
    return t(f"clause.{verdict.clause}", plan=name, area=t(f"area.{request.area}"))


def work_label(company: PriceList, work: str) -> Value:
    """What people read for a kind of work: the company's own words, else ours."""
    kind = company.tariff.kinds.get(work)
    if kind is not None and kind.name is not None:
        return own(kind.name)
    return t(f"help.{company.help_of(work)}") if kind is not None else work


def way_fact(company: Company, way: Way) -> Fact:
    """One line of the comparison: the work and how long, its price, and what is left of the allowance."""
    label = t("way.upto", work=work_label(company, way.job.work), time=Minutes(way.job.minutes))
    left = [balance_after(use) for use in way.verdict.uses if use.after is not None]
    if not left:
        return Fact(label, way.price)
    return Fact(label, t("price.with_balance", price=way.price, balance=left[0]))


def other_hours(work: Work, company: Company, request: Request, way: Way) -> list[Fact]:
    """The price of a way in the other hours of the company, where it is another one: a Saturday, an evening."""
    terms, found = Terms.of(work, company, request), []
    for hours in {entry.key: entry for entry in company.tariff.hours[1:]}.values():
        try:
            priced = terms.priced(way.job, way.job.minutes, hours=hours.key)
        except NoPrice:
            continue
        if hours.key != company.tariff.hours[0].key and priced.quote.total != way.priced.quote.total:
            named: Value = own(hours.name) if hours.name else hours.key
            label = t("way.in_hours", work=work_label(company, way.job.work), hours=named)
            found.append(Fact(label, priced.quote.total if priced.quote.total else t("price.free")))
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
