"""The ways to solve a request, each with its ruling and its price."""

from dataclasses import dataclass
from datetime import timedelta

from domain import contracts
from domain.areas import Help
from domain.company import Company
from domain.coverage import Ruling, Verdict, best, judge
from domain.requests import Request
from domain.tariff import Quote, quote
from domain.work import Work
from handlers.messages import Fact
from locales.text import Minutes, Text, Value, t


@dataclass(frozen=True)
class Way:
    """One way to solve it: the help, the ruling of the contract, and the price."""

    verdict: Verdict
    quote: Quote

    @property
    def help(self) -> Help:
        """The kind of help."""
        return self.verdict.help

    @property
    def price(self) -> Value:
        """The price as one reads it on a button."""
        return t("price.included") if not self.quote.total else self.quote.total


def ways(work: Work, company: Company, request: Request) -> list[Way]:
    """Every way to solve a request, remote first; none when it is excluded."""
    contract = contracts.running(work, request.home_id)
    plan = contracts.terms(contract)
    balances = contracts.balances(work, contract, but_for=request.id)
    found = []
    for kind in (Help.REMOTE, Help.VISIT):
        minutes = company.minutes(kind, request.area)
        verdict = judge(plan, balances, request.area, kind, minutes)
        if verdict.ruling is not Ruling.EXCLUDED:
            found.append(Way(verdict, quote(company.tariff, company.currency, plan, verdict, minutes)))
    return found


def overall(work: Work, company: Company, request: Request) -> Verdict:
    """The verdict that is said first."""
    contract = contracts.running(work, request.home_id)
    plan, balances = contracts.terms(contract), contracts.balances(work, contract, but_for=request.id)
    return best([judge(plan, balances, request.area, kind, company.minutes(kind, request.area)) for kind in Help])


def ruled(work: Work, request: Request, verdict: Verdict, language: str) -> tuple[Text, Text]:
    """The ruling in a word, and the clause that says so."""
    plan = contracts.terms(contracts.running(work, request.home_id))
    name = plan.name.say(language) if plan else ""
    return t(f"verdict.{verdict.ruling}"), t(f"clause.{verdict.clause}", plan=name, area=t(f"area.{request.area}"))


def way_fact(way: Way) -> Fact:
    """One line of the comparison: the help and how long, its price, and what is left of the allowance."""
    label = t(f"help.{way.help}.upto", time=Minutes(way.quote.minutes))
    if way.verdict.allowance is None:
        return Fact(label, way.price)
    left = t(f"balance.{way.verdict.allowance}", way.verdict.after, left=_left(way.verdict))
    return Fact(label, t("price.with_balance", price=way.price, balance=left))


def _left(verdict: Verdict) -> Value:
    return Minutes(verdict.after) if verdict.allowance == "remote_minutes" else verdict.after


def valid_for(company: Company) -> timedelta:
    """How long a price holds."""
    return timedelta(days=company.tariff.quote_valid_days)
