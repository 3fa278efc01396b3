"""My contract: what is included, what is left, what is not."""

from collections.abc import Iterable

from domain import contracts
from domain.areas import Area
from domain.company import Company, Plan
from domain.coverage import Balance
from domain.homes import SEES_CONTRACT
from domain.money import Money
from domain.work import Refusal
from handlers.conversation import Handler, Talk, standing
from handlers.messages import Fact, Outgoing
from locales.text import Day, Listing, Minutes, Text, Value, t


class NotYourContract(Refusal):
    """Only the owner and those he trusts with it see the contract."""


class NoContractHere(Refusal):
    """There is no home of his that could have one."""


def show(talk: Talk) -> Iterable[Outgoing]:
    """The contract card."""
    place = talk.home()
    if place is None:
        raise NoContractHere
    home, member = place
    if member.role not in SEES_CONTRACT:
        raise NotYourContract
    contract = contracts.running(talk.work, home.id)
    plan = contracts.terms(contract)
    if contract is None or plan is None:
        yield talk.say(
            t("contract.none", home=home.name),
            buttons=((standing("menu.report", "report.start"), standing("menu.human", "human.ask")),),
        )
        return
    covered = contracts.covers(talk.company, contract)
    left = contracts.balances(talk.work, contract)
    yield talk.say(
        title=t("contract.title", plan=plan.name.say(talk.who.language), home=home.name),
        body=(Text("contract.summary", {"words": plan.summary.say(talk.who.language)}),),
        facts=(
            Fact(t("contract.price"), _price(talk.company, plan)),
            Fact(t("contract.covers"), _areas(covered)),
            *_not_ours(talk.company, covered),
            *(_allowance(balance, plan) for balance in left.values()),
            *_rates(talk.company, plan),
            Fact(t("contract.since"), Day(contract.starts_on)),
            *([Fact(t("contract.until"), Day(contract.ends_on))] if contract.ends_on else []),
        ),
        buttons=((standing("menu.report", "report.start"), standing("menu.human", "human.ask")),),
    )


def _price(company: Company, plan: Plan) -> Value:
    if not plan.price:
        return t("contract.free")
    return t(f"contract.per.{plan.period}", price=Money.of(plan.price, company.currency))


def _areas(areas: tuple[Area, ...]) -> Value:
    if not areas:
        return t("contract.nothing")
    named = tuple(t(f"area.{area}") for area in areas if area is not Area.OTHER)
    return Listing((*named, t("contract.other_areas")) if Area.OTHER in areas else named, "plain")


def _not_ours(company: Company, covered: tuple[Area, ...]) -> list[Fact]:
    rest = tuple(a for a in company.areas if a not in covered)
    return [Fact(t("contract.not_covered"), _areas(rest))] if rest else []


def _allowance(balance: Balance, plan: Plan) -> Fact:
    per = next(a.per for a in plan.includes if a.kind == balance.kind)
    minutes = balance.kind == "remote_minutes"
    left: Value = Minutes(balance.left) if minutes else balance.left
    granted: Value = Minutes(balance.granted) if minutes else balance.granted
    return Fact(t(f"allowance.{balance.kind}"), t(f"allowance.left.{per}", left=left, granted=granted))


def _rates(company: Company, plan: Plan) -> list[Fact]:
    hours = (("remote", company.tariff.remote_hour), ("visit", company.tariff.visit_hour))
    more = t("contract.discount", percent=plan.discount) if plan.discount else None
    lines = [
        Fact(t(f"contract.hour.{kind}"), t("contract.per.hour", price=Money.of(rate, company.currency)))
        for kind, rate in hours
    ]
    return [*lines, *([Fact(t("contract.discount.label"), more)] if more else [])]


PRESSES: dict[str, Handler] = {"contract.show": show}
COMMANDS: dict[str, Handler] = {"contract": show}
