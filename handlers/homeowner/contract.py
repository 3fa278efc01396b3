"""My contract: what is included, what is left, what is not, and what is promised."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain import contracts
from domain.company import Company
from domain.contracts import Contract
from domain.homes import SEES_CONTRACT, Home
from domain.labour import NoPrice
from domain.plans import Plan
from domain.pricing import price
from domain.work import Refusal
from handlers.cards.names import work_label
from handlers.cards.plans import balance_fact, covered, maintenance_fact, named, price_of, promise_fact
from handlers.conversation import Handler, Talk, standing
from handlers.homeowner.mine import place_of
from handlers.messages import Button, Fact, Outgoing
from locales.text import Day, Percent, Text, own, t


class NotYourContract(Refusal):
    """Only the owner and those he trusts with it see the contract."""


class NoContractHere(Refusal):
    """There is no home of his that could have one."""


@dataclass(frozen=True)
class Signed:
    """A home with the contract that stands there, in force or suspended, and the plan as it was signed."""

    home: Home
    contract: Contract | None = None
    plan: Plan | None = None
    suspended: bool = False


def signed(talk: Talk) -> Signed:
    """What he may see: the home he speaks about and its contract. Raises NoContractHere, NotYourContract."""
    place = place_of(talk, int(talk.args["home"]) if "home" in talk.args else None)
    if place is None:
        raise NoContractHere
    home, member = place
    if member.role not in SEES_CONTRACT:
        raise NotYourContract
    standing_ = contracts.standing(talk.work, home.id)
    if standing_ is None:
        return Signed(home)
    return Signed(home, standing_.contract, contracts.terms(standing_.contract), standing_.suspended)


def show(talk: Talk) -> Iterable[Outgoing]:
    """The contract card."""
    found = signed(talk)
    contract, plan = found.contract, found.plan
    if contract is None or plan is None:
        yield talk.say(
            t("contract.none", home=found.home.name),
            buttons=((standing("contract.plans", "plans.all"),), *_ways_on()),
        )
        return
    yield talk.say(
        title=t("contract.title", plan=own(plan.name), home=found.home.name),
        body=(t("contract.summary", words=own(plan.summary)), *_suspended(found.suspended, plan)),
        facts=(*_included(talk, contract, plan), *_beyond(talk.company, plan), *_dates(talk.company, contract)),
        buttons=(
            (standing("contract.statement", "statement.show"), standing("contract.plans", "plans.all")),
            (standing("contract.advice", "plans.advice"),),
            *_ways_on(),
        ),
    )


def _suspended(suspended: bool, plan: Plan) -> tuple[Text, ...]:
    return (t("clause.suspended", plan=own(plan.name)),) if suspended else ()


def _ways_on() -> tuple[tuple[Button, ...], ...]:
    return ((standing("menu.report", "report.start"), standing("menu.human", "human.ask")),)


def _included(talk: Talk, contract: Contract, plan: Plan) -> Iterable[Fact]:
    served = covered(talk.company, plan)
    rest = tuple(a for a in talk.company.areas if a not in served)
    left = contracts.balances(talk.work, contract)
    yield Fact(t("contract.price"), price_of(talk.company, plan, contract.period))
    yield Fact(t("contract.covers"), named(served))
    if rest:
        yield Fact(t("contract.not_covered"), named(rest))
    for allowance in plan.includes:
        if allowance.key in left:
            yield balance_fact(talk.company, allowance, left[allowance.key])
    if plan.maintenance is not None:
        yield maintenance_fact(plan.maintenance)
    for promise in plan.promises:
        yield promise_fact(promise)


def _beyond(company: Company, plan: Plan) -> Iterable[Fact]:
    """What an hour costs when nothing of the allowances is left, and the discount in it."""
    bare = plan.model_copy(update={"includes": ()})
    for work, job in {job.work: job for area in covered(company, plan) for job in company.offered(area)}.items():
        case = company.usual(job, plan.key)
        try:
            hour = price(company.tariff, company.currency, company.time_zone, case, bare).quote.total
        except NoPrice:
            continue
        yield Fact(t("contract.hour", work=work_label(company, work)), hour if hour else t("price.free"))
    for discount in plan.discounts[:1]:
        yield Fact(t("contract.discount.label"), t("contract.discount", percent=Percent(discount.percent)))


def _dates(company: Company, contract: Contract) -> Iterable[Fact]:
    yield Fact(t("contract.since"), Day(contract.starts_on))
    if contract.ends_on:
        yield Fact(t("contract.until"), Day(contract.ends_on))
        return
    yield Fact(t("contract.renews"), Day(contract.renews_on))
    following = next((p for p in company.plans if p.key == contract.next_plan), None)
    if following is not None:
        yield Fact(t("contract.then"), own(following.name))


PRESSES: dict[str, Handler] = {"contract.show": show}
COMMANDS: dict[str, Handler] = {"contract": show}
