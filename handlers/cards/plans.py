"""Plans as people read them: price, what is included, what is promised. Each a line that can be compared."""

from collections.abc import Iterator

from domain.areas import Area, Urgency
from domain.company import Company
from domain.coverage import Balance
from domain.declared import Period
from domain.money import Money
from domain.plans import Allowance, Maintenance, Plan, Promise
from handlers.cards.names import work_label
from handlers.messages import Fact
from locales.text import Listing, Minutes, Percent, Text, Value, own, t

TIMED = ("minutes", "hours")


def price_of(company: Company, plan: Plan, period: Period | None = None) -> Value:
    """What a plan costs: by how it is paid, else by all the ways one may pay it."""
    if not any(plan.prices.values()):
        return t("contract.free")
    shown = [period] if period is not None and period in plan.prices else list(plan.prices)
    each = tuple(t(f"contract.per.{p}", price=Money.of(plan.prices[p], company.currency)) for p in shown)
    return Listing(each, "or") if len(each) > 1 else each[0]


def named(areas: tuple[Area, ...]) -> Value:
    """Areas as a list of words."""
    if not areas:
        return t("contract.nothing")
    words = tuple(t(f"area.{area}") for area in areas if area is not Area.OTHER)
    return Listing((*words, t("contract.other_areas")) if Area.OTHER in areas else words, "plain")


def covered(company: Company, plan: Plan) -> tuple[Area, ...]:
    """The areas of the company that a plan covers, in the order of the file."""
    return tuple(a for a in company.areas if plan.serves(a))


def allowance_label(company: Company, allowance: Allowance) -> Value:
    """What an allowance is for: the company's own words, else the works it pays."""
    if allowance.name is not None:
        return own(allowance.name)
    if allowance.work:
        works = Listing(tuple(work_label(company, w) for w in allowance.work))
        return t(f"allowance.of.{allowance.unit}", work=works)
    return t(f"allowance.{allowance.unit}")


def allowance_name(company: Company, allowance: Allowance) -> Value:
    """What an allowance is for, where it is clear that it is included: the shorter words."""
    if allowance.name is None and allowance.work:
        return Listing(tuple(work_label(company, w) for w in allowance.work))
    return allowance_label(company, allowance)


def balance_fact(company: Company, allowance: Allowance, balance: Balance) -> Fact:
    """What is left of an allowance."""
    label = allowance_label(company, allowance)
    if balance.left is None or balance.granted is None:
        return Fact(label, t("allowance.unlimited"))
    timed = balance.unit in TIMED
    left: Value = Minutes(balance.left) if timed else balance.left
    if balance.left > balance.granted:
        return Fact(label, t(f"allowance.carried.{allowance.per}", left=left))
    granted: Value = Minutes(balance.granted) if timed else balance.granted
    return Fact(label, t(f"allowance.left.{allowance.per}", left=left, granted=granted))


def granted_value(allowance: Allowance) -> Value:
    """How much an allowance grants a period."""
    if allowance.granted is None:
        return t("allowance.unlimited")
    amount: Value = Minutes(allowance.granted) if allowance.unit in TIMED else allowance.granted
    return t(f"allowance.per.{allowance.per}", amount=amount)


def maintenance_fact(care: Maintenance) -> Fact:
    """That somebody comes though nothing is broken, and how often."""
    label = own(care.name) if care.name is not None else t("occasion.maintenance")
    return Fact(label, t("occasion.every", care.months))


def promise_fact(promise: Promise) -> Fact:
    """One promise: what, how soon, for which urgencies."""
    if set(promise.urgencies) == set(Urgency):
        return Fact(t(f"promise.{promise.what}"), promised(promise))
    which = Listing(tuple(t(f"priority.{u}") for u in promise.urgencies))
    return Fact(t("promise.for", what=t(f"promise.{promise.what}"), urgency=which), promised(promise))


def promised(promise: Promise) -> Text:
    """How soon."""
    return t(f"promise.within.{promise.clock}", time=Minutes(promise.minutes))


def compared(company: Company, mine: Plan, other: Plan, period: Period | None = None) -> tuple[Fact, ...]:
    """Where two plans differ, and only there: the one's value, then the other's. Prices by one and the same period."""
    both = [p for p in mine.prices if p in other.prices]
    by = period if period in both else next(iter(both), None)
    ours, theirs = dict(_lines(company, mine, by)), dict(_lines(company, other, by))
    labels = {key: label for lines in (ours, theirs) for key, (label, _) in lines.items()}
    return tuple(
        Fact(label, t("compare.pair", mine=_value(ours.get(key)), other=_value(theirs.get(key))))
        for key, label in labels.items()
        if _value(ours.get(key)) != _value(theirs.get(key))
    )


def _value(line: tuple[Value, Value] | None) -> Value:
    return line[1] if line is not None else t("compare.none")


def _lines(company: Company, plan: Plan, period: Period | None) -> Iterator[tuple[str, tuple[Value, Value]]]:
    """A plan line by line, each under a key that the same line of another plan has too."""
    yield "price", (t("contract.price"), price_of(company, plan, period))
    for allowance in plan.includes:
        key = f"{allowance.unit in TIMED}:{'+'.join(allowance.work)}:{'+'.join(allowance.areas)}"
        yield key, (allowance_label(company, allowance), granted_value(allowance))
    for area in covered(company, plan):
        yield f"area:{area}", (t(f"area.{area}"), t("compare.yes"))
    if plan.maintenance is not None:
        care = maintenance_fact(plan.maintenance)
        yield "maintenance", (care.label, care.value)
    for discount in plan.discounts[:1]:
        yield "discount", (t("contract.discount.label"), t("contract.discount", percent=Percent(discount.percent)))
    for promise in plan.promises:
        for urgency in promise.urgencies:
            what = t("promise.for", what=t(f"promise.{promise.what}"), urgency=t(f"priority.{urgency}"))
            yield f"{promise.what}:{urgency}:{'+'.join(promise.work)}", (what, promised(promise))
    if plan.monitoring:
        yield "monitoring", (t("plan.monitoring"), t("compare.yes"))
