"""My contract: what is included, what is left, what is not."""

from collections.abc import Iterable

from domain import contracts
from domain.areas import Area
from domain.company import Company
from domain.coverage import Balance
from domain.homes import SEES_CONTRACT
from domain.money import Money
from domain.plans import Plan
from domain.work import Refusal
from handlers.conversation import Handler, Talk, standing
from handlers.messages import Fact, Outgoing
from locales.text import Day, Listing, Minutes, Value, own, t


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
        title=t("contract.title", plan=own(plan.name), home=home.name),
        body=(t("contract.summary", words=own(plan.summary)),),
        facts=(
            Fact(t("contract.price"), _price(talk.company, plan)),
            Fact(t("contract.covers"), _areas(covered)),
            *_not_ours(talk.company, covered),
            *(_allowance(balance, plan) for balance in left.values()),
            *_rates(plan),
            Fact(t("contract.since"), Day(contract.starts_on)),
            *([Fact(t("contract.until"), Day(contract.ends_on))] if contract.ends_on else []),
        ),
        buttons=((standing("menu.report", "report.start"), standing("menu.human", "human.ask")),),
    )


def _price(company: Company, plan: Plan) -> Value:
    if not any(plan.prices.values()):
        return t("contract.free")
    each = [t(f"contract.per.{p}", price=Money.of(plan.prices[p], company.currency)) for p in plan.prices]
    return Listing(tuple(each), "or") if len(each) > 1 else each[0]


def _areas(areas: tuple[Area, ...]) -> Value:
    if not areas:
        return t("contract.nothing")
    named = tuple(t(f"area.{area}") for area in areas if area is not Area.OTHER)
    return Listing((*named, t("contract.other_areas")) if Area.OTHER in areas else named, "plain")


def _not_ours(company: Company, covered: tuple[Area, ...]) -> list[Fact]:
    rest = tuple(a for a in company.areas if a not in covered)
    return [Fact(t("contract.not_covered"), _areas(rest))] if rest else []


def _allowance(balance: Balance, plan: Plan) -> Fact:
    allowance = plan.allowance(balance.key)
    label: Value = balance.key
    if allowance is not None:
        label = own(allowance.name) if allowance.name else t(f"allowance.{balance.unit}")
    if allowance is None or balance.left is None or balance.granted is None:
        return Fact(t("allowance.label", what=label), t("allowance.unlimited"))
    timed = balance.unit in ("minutes", "hours")
    left: Value = Minutes(balance.left) if timed else balance.left
    granted: Value = Minutes(balance.granted) if timed else balance.granted
    return Fact(t("allowance.label", what=label), t(f"allowance.left.{allowance.per}", left=left, granted=granted))


def _rates(plan: Plan) -> list[Fact]:
    off = plan.discounts[0].percent if plan.discounts else 0
    return [Fact(t("contract.discount.label"), t("contract.discount", percent=f"{off:f}"))] if off else []


PRESSES: dict[str, Handler] = {"contract.show": show}
COMMANDS: dict[str, Handler] = {"contract": show}
