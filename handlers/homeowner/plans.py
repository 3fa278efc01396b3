"""Plans: side by side, only what differs; and honest advice from the help one has had."""

from collections.abc import Iterable
from datetime import datetime, time

from domain.advice import Year, year_under
from domain.areas import Intent
from domain.contracts import Contract
from domain.declared import months_after
from domain.money import Money
from domain.plans import Plan
from domain.usage import used_since
from handlers.cards.menu import beside_contract
from handlers.cards.plans import compared, price_of
from handlers.conversation import Handler, Talk, rows, standing
from handlers.homeowner import menu
from handlers.homeowner.contract import signed
from handlers.messages import Button, Fact, Message, Outgoing
from locales.text import Text, Value, own, t

EARLY_MONTHS = 3  # a contract younger than that says little


def _mine(talk: Talk) -> tuple[Contract | None, Plan]:
    """The plan one has: without a contract the company's first, which is what a home has then."""
    found = signed(talk)
    return found.contract, found.plan or talk.company.plans[0]


def every(talk: Talk) -> Iterable[Outgoing]:
    """All plans with their prices; comparing is a tap."""
    _, mine = _mine(talk)
    others = [plan for plan in talk.company.plans if plan.key != mine.key]
    yield talk.say(
        title=t("plans.title"),
        body=tuple(t("plans.line", name=own(plan.name), words=own(plan.summary)) for plan in talk.company.plans),
        facts=tuple(Fact(own(plan.name), price_of(talk.company, plan)) for plan in talk.company.plans),
        buttons=(*rows([_compare(plan) for plan in others], 1), beside_contract()),
    )


def _compare(plan: Plan) -> Button:
    return Button(t("plans.compare", name=own(plan.name)), "plans.compare", {"plan": plan.key}, standing=True)


def compare(talk: Talk) -> Iterable[Outgoing]:
    """Two plans, only where they differ; another one to compare with is a tap away."""
    contract, mine = _mine(talk)
    period = contract.period if contract is not None else None
    other = _named(talk)
    if other is None or other.key == mine.key:
        yield from every(talk)
        return
    further = [p for p in talk.company.plans if p.key not in (mine.key, other.key)]
    wish = Button(t("plans.wish", name=own(other.name)), "plans.wish", {"plan": other.key}, standing=True)
    yield Message(
        to=talk.me,
        title=t("compare.title", mine=own(mine.name), other=own(other.name)),
        body=(t("plans.line", name=own(other.name), words=own(other.summary)),),
        facts=compared(talk.company, mine, other, period),
        buttons=((wish,), *rows([_compare(plan) for plan in further], 1), beside_contract()),
    )


def _named(talk: Talk) -> Plan | None:
    return next((p for p in talk.company.plans if p.key == talk.args.get("plan")), None)


def wish(talk: Talk) -> Iterable[Outgoing]:
    """He wants that plan: a person arranges it, nothing is signed by a tap."""
    _, mine = _mine(talk)
    other = _named(talk)
    if other is None:
        yield from every(talk)
        return
    language = talk.company.team_language
    story = f"{mine.name.say(language)} → {other.name.say(language)}"
    request = menu.call_somebody(talk, story, Intent.CONTRACT)
    yield talk.say(
        title=t("plans.wished", name=own(other.name)),
        body=(t("plans.wished.next", number=request.number),),
        buttons=((standing("menu.home", "menu.home"), standing("menu.human", "human.ask")),),
    )


def advice(talk: Talk) -> Iterable[Outgoing]:
    """What the last twelve months of help would have cost under each plan."""
    contract, mine = _mine(talk)
    today = talk.work.now.date()
    since = datetime.combine(months_after(today, -12), time(0), talk.work.now.tzinfo)
    used = used_since(talk.work, signed(talk).home.id, since)
    company = talk.company
    period = contract.period if contract is not None else None
    plans = {plan.key: plan for plan in (mine, *(p for p in company.plans if p.key != mine.key))}
    each = (
        year_under(company.tariff, company.currency, company.time_zone, p, used, today, period) for p in plans.values()
    )
    years = [year for year in each if year is not None]
    facts = tuple(Fact(own(plans[y.plan].name), _year(y)) for y in years)
    yield talk.say(
        title=t("advice.title"),
        body=(
            t("advice.based", len(used)) if used else t("advice.none"),
            _sentence(contract, mine, plans, years, talk),
        ),
        facts=facts,
        buttons=(*rows([_compare(p) for p in plans.values() if p.key != mine.key], 1), beside_contract()),
    )


def _year(year: Year) -> Value:
    if not year.extra:
        return year.total
    return t("advice.year", total=year.total, fees=year.fees, extra=year.extra)


def _sentence(contract: Contract | None, mine: Plan, plans: dict[str, Plan], years: list[Year], talk: Talk) -> Text:
    """The advice in a sentence: what would have been cheaper, or that the plan fits."""
    now = next((y for y in years if y.plan == mine.key), None)
    early = contract is None or months_after(contract.starts_on, EARLY_MONTHS) > talk.work.now.date()
    if now is None or early:
        return t("advice.early")
    best = min(years, key=lambda y: y.total.minor)
    saved = Money(now.total.minor - best.total.minor, now.total.currency)
    if best.plan == mine.key or not saved:
        return t("advice.fits", name=own(mine.name))
    return t("advice.cheaper", name=own(plans[best.plan].name), saved=saved)


PRESSES: dict[str, Handler] = {
    "plans.all": every,
    "plans.compare": compare,
    "plans.wish": wish,
    "plans.advice": advice,
}
COMMANDS: dict[str, Handler] = {"plans": every}
