"""What a contract and devices give occasion to say: warranties, a new term, allowances, a plan that fits better."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

from domain import contracts, looking
from domain.contracts import Contract
from domain.declared import months_after
from domain.homes import Device, Home, homes_of
from domain.money import Money
from domain.people import Person
from domain.plans import Allowance, Plan
from domain.prompts import Kind, Prompt
from domain.usage import used_since
from handlers.asking import Asking
from handlers.cards.devices import device_name
from handlers.cards.names import work_label
from handlers.cards.plans import TIMED, allowance_label, balance_fact, price_of
from handlers.conversation import Talk, standing
from handlers.messages import Button, Fact, Homeowner, Message
from locales.text import Day, Minutes, Text, Value, own, t

MOST = 8  # lines of one list


def still(talk: Talk, prompt: Prompt) -> bool:
    """Is there still a reason?"""
    return looking.holds(talk.work, talk.company, prompt)


def home_of(talk: Talk, prompt: Prompt) -> Home:
    """The home it is about."""
    return talk.work.session.get_one(Home, prompt.home_id)


def home_fact(talk: Talk, prompt: Prompt) -> tuple[Fact, ...]:
    """Which of his homes it is about, where he has several."""
    person = talk.work.session.get_one(Person, prompt.person_id)
    if len(homes_of(talk.work, person)) < 2:
        return ()
    return (Fact(t("occasion.home"), home_of(talk, prompt).name),)


def _day(iso: str) -> Day:
    return Day(date.fromisoformat(iso))


def _contract(talk: Talk, prompt: Prompt) -> tuple[Contract, Plan]:
    contract = talk.work.session.get_one(Contract, int(prompt.subject.partition(":")[2]))
    return contract, Plan.model_validate(contract.terms)


# ── warranties ──


def warranty(talk: Talk, prompt: Prompt, to: Homeowner) -> Message:
    """What is covered until when."""
    ends = prompt.facts["ends"]
    return Message(
        to=to,
        title=t("occasion.warranty"),
        body=(t("occasion.warranty.ask"),),
        facts=(*home_fact(talk, prompt), *(_ending(talk, prompt, end) for end in ends[:MOST])),
        buttons=((standing("menu.report", "report.start"),),),
    )


def _ending(talk: Talk, prompt: Prompt, end: dict[str, str | int | None]) -> Fact:
    kinds = {kind.kind: kind.name for kind in talk.company.tariff.warranties}
    words = kinds.get(str(end["kind"]))
    kind: Value = own(words) if words is not None else t("line.warranty")
    device = talk.work.session.get(Device, int(end["device"])) if end["device"] is not None else None
    what: Value = device_name(device) if device is not None else home_of(talk, prompt).name
    return Fact(what, t("occasion.warranty.until", kind=kind, day=_day(str(end["until"]))))


# ── the contract ──


def renewal(talk: Talk, prompt: Prompt, to: Homeowner) -> Message:
    """A new term, at which price; what was agreed for it; and what the year was used for."""
    contract, plan = _contract(talk, prompt)
    home = home_of(talk, prompt)
    coming, period = plan, contract.period
    if contract.next_terms is not None:
        coming, period = Plan.model_validate(contract.next_terms), contract.next_period or contract.period
    used = _used(talk, prompt)
    return Message(
        to=to,
        title=t("occasion.renewal", plan=own(plan.name)),
        body=(
            t("occasion.renewal.body"),
            *((t("occasion.renewal.next", name=own(coming.name)),) if contract.next_terms is not None else ()),
            *(() if used else (t("occasion.unused"),)),
        ),
        facts=(
            *home_fact(talk, prompt),
            Fact(t("contract.renews"), _day(prompt.facts["on"])),
            Fact(t("occasion.term"), t("occasion.months", coming.months)),
            Fact(t("contract.price"), price_of(talk.company, coming, period)),
            *used,
        ),
        buttons=(
            (
                standing("menu.contract", "contract.show", home=home.id),
                standing("contract.plans", "plans.all", home=home.id),
            ),
        ),
    )


def _used(talk: Talk, prompt: Prompt) -> tuple[Fact, ...]:
    """How often he had which help in twelve months."""
    home = home_of(talk, prompt)
    since = datetime.combine(months_after(looking.there(talk.work, home), -12), time(), UTC)
    times = Counter(one.case.work for one in used_since(talk.work, home.id, since))
    return tuple(
        Fact(t("occasion.used", work=work_label(talk.company, work)), count) for work, count in sorted(times.items())
    )


def allowance_low(talk: Talk, prompt: Prompt, to: Homeowner) -> Message:
    """What is left of it, and until when."""
    contract, plan = _contract(talk, prompt)
    allowance = plan.allowance(prompt.facts["allowance"])
    left = contracts.balances(talk.work, contract).get(prompt.facts["allowance"])
    balance = (balance_fact(talk.company, allowance, left),) if allowance is not None and left is not None else ()
    nothing = left is not None and not left.left
    return Message(
        to=to,
        title=t("occasion.low.none" if nothing else "occasion.low"),
        body=(t("occasion.low.body"),),
        facts=(*home_fact(talk, prompt), *balance, Fact(t("occasion.anew"), _day(prompt.facts["ends"]))),
        buttons=(
            (
                standing("contract.statement", "statement.show", home=contract.home_id),
                standing("contract.plans", "plans.all", home=contract.home_id),
            ),
        ),
    )


def allowance_lapses(talk: Talk, prompt: Prompt, to: Homeowner) -> Message:
    """What will be gone, and when."""
    contract, plan = _contract(talk, prompt)
    named = [(plan.allowance(key), units) for key, units in prompt.facts["allowances"].items()]
    last = date.fromisoformat(prompt.facts["ends"]) - timedelta(days=1)
    return Message(
        to=to,
        title=t("occasion.lapses"),
        body=(t("occasion.lapses.body"),),
        facts=(
            *home_fact(talk, prompt),
            *(Fact(allowance_label(talk.company, one), _units(one, units)) for one, units in named if one is not None),
            Fact(t("occasion.last_day"), Day(last)),
        ),
        buttons=(
            (
                standing("occasion.use", "report.start"),
                standing("contract.statement", "statement.show", home=contract.home_id),
            ),
        ),
    )


def _units(allowance: Allowance, units: int) -> Value:
    return Minutes(units) if allowance.unit in TIMED else units


def advice(talk: Talk, prompt: Prompt, to: Homeowner) -> Message:
    """What each would have cost; comparing is a tap away."""
    contract, mine = _contract(talk, prompt)
    facts = prompt.facts
    other = next((plan for plan in talk.company.plans if plan.key == facts["plan"]), mine)
    now, then = (Money(int(facts[name]), str(facts["currency"])) for name in ("now", "then"))
    compare = Button(
        t("plans.compare", name=own(other.name)),
        "plans.compare",
        {"plan": other.key, "home": contract.home_id},
        standing=True,
    )
    said: tuple[Text, ...] = (
        t(
            "occasion.advice",
            name=own(other.name),
            saved=Money(now.minor - then.minor, now.currency),
            mine=own(mine.name),
        ),
        t("occasion.advice.ask"),
    )
    return Message(
        to=to,
        title=t("advice.title"),
        body=said,
        facts=(*home_fact(talk, prompt), Fact(own(mine.name), now), Fact(own(other.name), then)),
        buttons=((compare,), (standing("contract.advice", "plans.advice", home=contract.home_id),)),
    )


KINDS: dict[Kind, Asking] = {
    Kind.WARRANTY: Asking(still, warranty),
    Kind.RENEWAL: Asking(still, renewal),
    Kind.ALLOWANCE_LOW: Asking(still, allowance_low),
    Kind.ALLOWANCE_LAPSES: Asking(still, allowance_lapses),
    Kind.ADVICE: Asking(still, advice),
}
