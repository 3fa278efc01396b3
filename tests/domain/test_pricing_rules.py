"""What holds for every price, whatever a company declares: companies nobody has founded, cases nobody has had."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.areas import Area
from domain.cases import Case, Crew, Extra
from domain.coverage import Balance, Clause, Ruling, Verdict
from domain.labour import NoPrice, time_of
from domain.money import Money
from domain.plans import Allowance, Discount, Plan
from domain.pricing import Priced, price, quote
from domain.quotes import LineKind, Quote
from domain.tariff import Adjustment, Band, Credit, Fee, Labour, Region, Tariff, Tax, Travel, Warranty
from domain.working_time import Holidays, Hours
from tests.domain import tariffs as made_up

CURRENCY = st.sampled_from(made_up.CURRENCIES)
ZONE = st.sampled_from(made_up.ZONES)
NOTHING = Verdict("visit", Ruling.NOT_INCLUDED, Clause.NO_CONTRACT)
CLAUSES = {
    Ruling.INCLUDED: {Clause.ALLOWANCE, Clause.UNLIMITED, Clause.WARRANTY, Clause.FREE},
    Ruling.PARTLY: {Clause.ALLOWANCE_SHORT, Clause.EXTRAS, Clause.WARRANTY_PARTLY},
    Ruling.NOT_INCLUDED: {
        Clause.NO_CONTRACT, Clause.AREA_NOT_COVERED, Clause.NOT_IN_PLAN, Clause.ALLOWANCE_USED_UP,
    },
    Ruling.EXCLUDED: {Clause.AREA_EXCLUDED, Clause.WORK_EXCLUDED},
}  # fmt: skip


@st.composite
def answers(draw: st.DrawFn) -> tuple[Priced, Tariff, Plan | None, str]:
    """Somebody's case, priced."""
    currency, tariff = draw(CURRENCY), draw(made_up.tariffs())
    plan = draw(st.none() | made_up.plans())
    left = draw(made_up.balances(plan)) if plan else {}
    zone = draw(ZONE)
    return price(tariff, currency, zone, draw(made_up.cases(currency)), plan, left), tariff, plan, zone


def due(made: Quote) -> int:
    """What the lines come to, in minor units, and the taxes where they come on top."""
    lines = sum(line.amount.minor for line in made.lines)
    return lines if made.tax_included else lines + sum(tax.amount.minor for tax in made.taxes)


@given(answers())
def test_the_lines_sum_to_the_total_and_nobody_is_owed_money(answer: tuple[Priced, Tariff, Plan | None, str]) -> None:
    made, tariff, _, _ = answer[0].quote, *answer[1:]
    assert due(made) == made.total.minor >= 0
    assert made.net + made.tax == made.total
    assert made.tax.minor == sum(tax.amount.minor for tax in made.taxes)
    assert made.net.minor >= 0 <= made.tax.minor
    assert made.by_plan.minor >= 0 <= made.by_warranty.minor
    assert made.billed >= answer[0].case.minutes or any(
        rule.count != "started" or rule.free_up_to or rule.free_minutes for rule in tariff.labour
    )
    if tariff.round_to is not None:
        assert made.total.amount % max(tariff.round_to, Money(1, made.total.currency).amount) == 0


@given(answers())
def test_included_means_nothing_to_pay_and_the_clause_says_why(
    answer: tuple[Priced, Tariff, Plan | None, str],
) -> None:
    said, made = answer[0].verdict, answer[0].quote
    assert (said.ruling is Ruling.INCLUDED) == (not made.total and said.ruling is not Ruling.EXCLUDED)
    assert said.clause in CLAUSES[said.ruling]
    if said.clause is Clause.WARRANTY:
        assert made.by_warranty
    if said.clause in (Clause.ALLOWANCE, Clause.UNLIMITED, Clause.ALLOWANCE_SHORT):
        assert said.uses


@given(answers())
def test_a_plan_takes_nothing_from_a_balance_where_it_pays_nothing(
    answer: tuple[Priced, Tariff, Plan | None, str],
) -> None:
    """Marta's phone call is free for everybody: it leaves her sixty minutes alone."""
    said, made = answer[0].verdict, answer[0].quote
    assert bool(said.uses) == any(line.what is LineKind.PLAN for line in made.lines)
    assert said.uses or not made.by_plan


@given(answers())
def test_a_stored_quote_is_made_again_to_the_letter(answer: tuple[Priced, Tariff, Plan | None, str]) -> None:
    """As the bookings store it; even when all days have become holidays since."""
    priced, tariff, plan, zone = answer
    stored = msgspec.json.decode(msgspec.json.encode(msgspec.to_builtins(priced)))
    case, verdict = msgspec.convert(stored["case"], Case), msgspec.convert(stored["verdict"], Verdict)
    assert (case, verdict) == (msgspec.convert(msgspec.to_builtins(priced.case), Case), priced.verdict)
    same = Tariff.model_validate(tariff.model_dump(mode="json"))
    assert same == tariff
    currency = priced.quote.total.currency
    assert quote(same, currency, zone, case, verdict, plan) == priced.quote == msgspec.convert(stored["quote"], Quote)
    start = (priced.case.at or datetime(2026, 1, 1, tzinfo=ZoneInfo("UTC"))).date()
    feasts = Holidays(country="FR", also=tuple(start + timedelta(days=n) for n in range(-2, 4)))
    other = (Hours(key="outside", ranges=["00:00-12:00", "15:00-22:00"], holidays="also"),)
    later = tariff.model_copy(update={"holidays": feasts, "hours": other, "otherwise": "evening"})
    assert later.timetable(zone) != tariff.timetable(zone)
    assert quote(later, currency, zone, case, verdict, plan) == priced.quote


@given(st.data())
def test_what_the_plan_pays_and_what_is_left_are_the_whole_price(data: st.DataObject) -> None:
    """Where there is no discount. Net of tax: a plan's share is never taxed."""
    currency, zone = data.draw(CURRENCY), data.draw(ZONE)
    tariff = data.draw(made_up.tariffs(credits=(), round_to=None))
    plan, case = data.draw(made_up.plans(discounts=())), data.draw(made_up.cases(currency))
    mine = price(tariff, currency, zone, case, plan, data.draw(made_up.balances(plan))).quote
    others = price(tariff, currency, zone, case).quote
    cents = 0 if tariff.rounding == "line" else 1
    paid, whole = (sum(line.amount.minor for line in q.lines) for q in (mine, others))
    if tariff.rounding == "total" and not tariff.tax_included:  # the last line rounds the taxes too
        paid, whole = (sum(x.amount.minor for x in q.lines if x.what is not LineKind.ROUNDING) for q in (mine, others))
        cents = 1 + len(others.lines)
    assert abs(mine.by_plan.minor + paid - whole) <= cents


# ── more is never less ──


def steady(tariff: Tariff, plan: Plan | None) -> tuple[Tariff, Plan | None]:
    """Without what may make longer help cheaper; nothing else that one can declare does.

    A condition on minutes (a package, or whatever else is for short or long work only: left out when the tariff is
    drawn); fees of one key by hours (the first that fits counts); a minimum or cap whose sum is then raised by the
    hours it happens to lie in; several allowances (a longer job reaches the one that pays the way).
    """
    bounded = any(rule.minimum is not None or rule.cap is not None for rule in tariff.labour)
    adjustments = tuple(rule for rule in tariff.adjustments if not (bounded and rule.hours))
    fees = tuple(fee for fee in tariff.fees if not fee.hours)
    calm = tariff.model_copy(update={"adjustments": adjustments, "fees": fees})
    return calm, plan and plan.model_copy(update={"includes": plan.includes[:1]})


@given(st.data())
def test_more_minutes_never_cost_less_unless_it_is_declared(data: st.DataObject) -> None:
    currency, zone = data.draw(CURRENCY), data.draw(ZONE)
    plan = data.draw(st.none() | made_up.plans())
    tariff, plan = steady(data.draw(made_up.tariffs(without=("minutes_over", "minutes_up_to"))), plan)
    left = data.draw(made_up.balances(plan)) if plan else {}
    case, more = data.draw(made_up.cases(currency)), data.draw(st.integers(1, 60) | st.integers(1, 600))
    shorter = price(tariff, currency, zone, case, plan, left).quote
    longer = price(tariff, currency, zone, replace(case, minutes=case.minutes + more), plan, left).quote
    assert shorter.total.minor <= longer.total.minor + cents_of(tariff, longer)


@given(st.data())
def test_more_balance_never_costs_more(data: st.DataObject) -> None:
    currency, zone, tariff = data.draw(CURRENCY), data.draw(ZONE), data.draw(made_up.tariffs())
    plan = data.draw(made_up.plans(areas=tuple(Area), excludes=()))
    left, case = data.draw(made_up.balances(plan)), data.draw(made_up.cases(currency))
    more = {
        key: replace(one, left=one.left if one.left is None else one.left + data.draw(st.integers(0, 90)))
        for key, one in left.items()
    }
    if len({a.pays for a in plan.includes}) > 1 or len({a.unit in ("visits", "tickets") for a in plan.includes}) > 1:
        return  # the first allowance now does it alone, and the second, which would have paid the way, is not reached
    less = price(tariff, currency, zone, case, plan, left).quote
    richer = price(tariff, currency, zone, case, plan, more).quote
    assert richer.total.minor <= less.total.minor + cents_of(tariff, less)


def cents_of(tariff: Tariff, made: Quote) -> int:
    """How much rounding may move: nothing on the total; half a unit for each line that is a share of others."""
    if tariff.rounding == "total" and (tariff.tax_included or not tariff.taxes):
        return 0
    shares = sum(line.what in (LineKind.ADJUSTMENT, LineKind.DISCOUNT, LineKind.WARRANTY) for line in made.lines)
    unit = 1 if tariff.round_to is None else max(int(Money.of(tariff.round_to, made.total.currency).minor), 1)
    return (shares + len(made.taxes)) * unit


# ── taxes, currencies, percentages ──


def with_tax(value: Any, factor: Decimal) -> Any:
    """A declared value with every amount of money in it raised."""
    money = {"per_hour", "per_step", "base", "minimum", "cap", "amount", "price", "per_km"}
    if isinstance(value, dict):
        return {
            key: {zone: Decimal(one) * factor for zone, one in inner.items()} if key == "zones"
            else Decimal(inner) * factor if key in money and inner is not None
            else with_tax(inner, factor)
            for key, inner in value.items()
        }  # fmt: skip
    return [with_tax(one, factor) for one in value] if isinstance(value, list | tuple) else value


def worth_times(case: Case, factor: int) -> Case:
    """Parts, and what was paid before, are given as the prices are declared: with or without tax."""
    parts, paid = (m and replace(m, minor=m.minor * factor) for m in (case.parts, case.paid_before))
    return replace(case, parts=parts, paid_before=paid)


@given(st.data())
def test_the_same_prices_with_and_without_tax_come_to_the_same(data: st.DataObject) -> None:
    currency, zone = data.draw(CURRENCY), data.draw(ZONE)
    same = {
        "taxes": (Tax(percent=Decimal(20)),),
        "rounding": "total",
        "round_to": data.draw(st.sampled_from((None, Decimal(1)))),
    }
    bare = data.draw(made_up.tariffs(tax_included=False, **same))
    gross = Tariff.model_validate(with_tax(bare.model_dump(), Decimal("1.2")) | {"tax_included": True})
    plan = data.draw(st.none() | made_up.plans())
    left = data.draw(made_up.balances(plan)) if plan else {}
    case = data.draw(made_up.cases(currency))
    out = price(bare, currency, zone, worth_times(case, 5), plan, left)
    inside = price(gross, currency, zone, worth_times(case, 6), plan, left)
    assert (out.quote.total, out.quote.tax) == (inside.quote.total, inside.quote.tax)
    assert (out.verdict.ruling, out.verdict.clause) == (inside.verdict.ruling, inside.verdict.clause)


def tariff(**given: Any) -> Tariff:
    """A small tariff: 100 an hour unless it says otherwise, without tax."""
    return Tariff(**{"labour": (Labour(per_hour=Decimal(100)),)} | given)


def visit(minutes: int = 60, **given: Any) -> Case:
    return Case(work="visit", minutes=minutes, **given)


def total(of: Tariff, case: Case, currency: str = "EUR", plan: Plan | None = None) -> Decimal:
    return price(of, currency, "Europe/Paris", case, plan).quote.total.amount


def plan(**given: Any) -> Plan:
    return Plan.model_validate(
        {"key": "p", "name": {"en": "P"}, "summary": {"en": "P"}, "prices": {"month": 1}} | given
    )


@pytest.mark.parametrize(
    ("currency", "step", "found"),
    [
        ("JPY", None, "33"),  # no decimals
        ("EUR", None, "33.33"),
        ("KWD", None, "33.333"),  # three
        ("CHF", "0.05", "33.35"),
        ("CHF", "0.1", "33.3"),
        ("CZK", "1", "33"),
    ],
)
def test_twenty_minutes_in_every_currency(currency: str, step: str | None, found: str) -> None:
    unit = None if step is None else Decimal(step)
    assert total(tariff(round_to=unit), visit(20), currency) == Decimal(found)


@pytest.mark.parametrize("rounding", ["line", "total"])
def test_an_amount_is_rounded_once(rounding: str) -> None:
    """0.4975 is nearer to nothing than to one crown, even though it reads 0.50."""
    of = tariff(labour=(Labour(per_hour=Decimal("29.85")),), round_to=Decimal(1), rounding=rounding)
    assert total(of, visit(1), "CZK") == (1 if rounding == "line" else 0)


def test_nothing_to_pay_has_no_tax_in_it() -> None:
    """0.40 is rounded to nothing: Luigi's receipt does not show seven cents of tax, and minus seven net."""
    of = tariff(labour=(Labour(per_hour=Decimal(24)),), taxes=(Tax(percent=Decimal(20)),), round_to=Decimal(1))
    made = price(of, "CZK", "Europe/Paris", visit(1)).quote
    assert (made.total.minor, made.tax.minor, made.net.minor) == (0, 0, 0)


@given(st.lists(made_up.adjustments(tuple(made_up.CONDITIONS)), max_size=4), st.lists(made_up.percents, max_size=2))
def test_percentages_add_or_multiply_as_a_pocket_calculator_does(some: list[Adjustment], off: list[Decimal]) -> None:
    named = [one.model_copy(update={"key": f"k{n}", "on": ("labour",)}) for n, one in enumerate(some)]
    signed = plan(discounts=[{"percent": percent} for percent in off])
    percents = [one.percent for one in named] + [-percent for percent in off[:1]]  # discounts exclude each other
    for how in ("add", "multiply"):
        worth = Fraction(10_000)
        for percent in percents:
            change = Fraction(10_000 if how == "add" else worth) * Fraction(percent) / 100
            worth = max(worth + change, Fraction(0))
        of = tariff(adjustments=tuple(named), percentages=how, rounding="total")
        assert abs(Fraction(total(of, visit(), plan=signed)) * 100 - worth) <= Fraction(1, 2), how


# ── labour, minute by minute ──


def billed(rule: Labour, minutes: int) -> int:
    """The end of the smallest, nearest or last step, found by trying."""
    if minutes <= rule.free_up_to:
        return 0
    if minutes <= rule.free_minutes:
        return minutes
    base = rule.base_minutes if rule.base is not None else 0
    lead, asked = rule.free_minutes + base, max(minutes, rule.minimum_minutes)
    if asked <= lead:
        return lead if rule.base is not None else asked
    ends = range(lead, asked + 2 * rule.step, rule.step)
    if rule.count == "started":
        found = min(end for end in ends if end >= asked)
    elif rule.count == "completed":
        found = max(end for end in ends if end <= asked)
    else:
        found = min(reversed(ends), key=lambda end: abs(end - asked))
    start = lead
    for band in rule.bands:  # one price for a band is due as a whole
        if band.price is not None and start < found <= (band.up_to or 0):
            found = band.up_to or 0
        start = max(start, band.up_to or 0)
    return found


def worth(rule: Labour, minute: int) -> Fraction:
    """What the n-th minute of a job costs (in major units)."""
    if minute < rule.free_minutes:
        return Fraction(0)
    lead = rule.free_minutes
    if rule.base is not None:
        if minute < lead + rule.base_minutes:
            return Fraction(rule.base) / rule.base_minutes
        lead += rule.base_minutes
    if rule.per_step is not None:
        return Fraction(rule.per_step) / rule.step
    if rule.per_hour is not None:
        return Fraction(rule.per_hour) / 60
    rate = Fraction(0)
    for band in rule.bands:
        end = band.up_to or 10**9
        if band.per_hour is not None:
            rate = Fraction(band.per_hour) / 60
        elif end > lead:
            rate = Fraction(band.price or 0) / (end - lead)
        if minute < end:
            break
        lead = max(lead, end)
    return rate


def fitting(tariff: Tariff, case: Case, hours: str) -> Labour:
    return next(rule for rule in tariff.labour if not rule.hours or hours in rule.hours)


@given(st.data())
def test_labour_is_the_sum_of_its_minutes_along_the_clock(data: st.DataObject) -> None:
    """Nights when clocks change included. Rules differ by hours only, so that the finger can follow."""
    others = tuple(name for name in made_up.CONDITIONS if name != "hours")
    tariff = data.draw(made_up.tariffs(without=others))
    zone, case = data.draw(ZONE), data.draw(made_up.cases(at=data.draw(made_up.cases()).at, hours=None))
    table, at = tariff.timetable(zone, case.region), case.at
    begun = tariff.hours[0].key if at is None else table.at(at)
    first = fitting(tariff, case, begun)
    minutes = billed(first, case.minutes)
    paying = case.minutes > max(first.free_up_to, first.free_minutes)
    exact = Fraction(first.base) if first.base and not first.base_minutes and paying else Fraction(0)
    for n in range(minutes):
        hours = begun
        if at is not None and tariff.boundary == "split":
            hours = table.at(at.astimezone(ZoneInfo("UTC")) + timedelta(minutes=n))
        exact += worth(first if n == 0 else fitting(tariff, case, hours), n)
    crew = case.crew or (Crew("technician"),)
    heads = sum(c.count for c in crew) if first.per == "person" else 1
    time = time_of(tariff, zone, case, case.minutes, Fraction(1))
    assert time.billed == minutes
    assert sum(piece.minutes for piece in time.pieces) == minutes * len({p.grade for p in time.pieces})
    found = sum((p.amount for p in time.pieces), Fraction(0)) + sum(
        (n * each for _, n, each in time.lumps), Fraction(0)
    )
    assert found == exact * heads


# ── people ──


def test_marta_whose_visit_is_included_does_not_owe_a_cent() -> None:
    """Two lines of half a cent are one cent each; what the plan pays is what is written."""
    of = tariff(
        labour=(Labour(per_hour=Decimal("0.30")),), hours=(Hours(key="working", ranges=["08:00-18:00"]),),
    )  # fmt: skip
    at = datetime(2026, 6, 1, 17, 59, tzinfo=ZoneInfo("Europe/Paris"))
    unlimited = plan(includes=[{"key": "v"}])
    said = price(of, "EUR", "Europe/Paris", visit(2, at=at), unlimited)
    assert (said.verdict.ruling, said.quote.total.minor, said.quote.by_plan.minor) == (Ruling.INCLUDED, 0, 2)


def test_a_cap_is_what_it_says_to_the_cent() -> None:
    """Three thirds of 50 are 50.00, not 50.01."""
    at = datetime(2026, 6, 1, 17, 30, tzinfo=ZoneInfo("Europe/Paris"))
    of = tariff(
        labour=(Labour(per_hour=Decimal("66.67"), cap=Decimal(50)),),
        hours=(Hours(key="working", ranges=["08:00-18:00"]), Hours(key="evening", ranges=["18:00-18:25"])),
    )
    assert total(of, visit(81, at=at)) == 50


def test_a_cap_leaves_no_hours_in_debt() -> None:
    """Half an hour at the day's price, most of three at double, 150 at most: the day's +50 % is of the day's share."""
    of = tariff(
        labour=(Labour(hours=("working",), per_hour=Decimal(100), cap=Decimal(150)), Labour(per_hour=Decimal(200))),
        hours=(Hours(key="working", ranges=["08:00-18:00"]),),
        adjustments=(Adjustment(key="late", percent=Decimal(50), hours=("working",)),),
    )
    at = datetime(2026, 6, 1, 17, 30, tzinfo=ZoneInfo("Europe/Paris"))
    # 50 + 550 become 12.50 + 137.50; half of 12.50 on top.
    assert total(of, visit(195, at=at)) == Decimal("156.25")


def test_one_price_for_a_band_is_due_as_a_whole() -> None:
    """Remote help: 39 up to 15 minutes, 59 more up to an hour, then 1 a minute."""
    bands = (Band(up_to=15, price=Decimal(39)), Band(up_to=60, price=Decimal(59)), Band(per_hour=Decimal(60)))
    of = tariff(labour=(Labour(bands=bands),))
    assert [total(of, visit(minutes)) for minutes in (1, 15, 16, 60, 61)] == [39, 39, 98, 98, 99]


def test_free_minutes_are_free_whatever_else_is_declared() -> None:
    """The first half hour costs nothing: no opening fee, no minimum, no started hour."""
    for more in ({"base": 50}, {"minimum": 80}, {"minimum_minutes": 60}, {"base": 50, "base_minutes": 60}):
        of = tariff(labour=(Labour.model_validate({"per_hour": 100, "free_minutes": 30} | more),))
        assert total(of, visit(30)) == 0, more
        assert total(of, visit(31)) > 0, more


def test_the_way_costs_what_the_hours_say() -> None:
    of = tariff(
        hours=(Hours(key="working", ranges=["08:00-18:00"]),),
        travel=(Travel(hours=("outside",), price=Decimal(80)), Travel(price=Decimal(20))),
    )
    assert (total(of, visit(hours="working")), total(of, visit(hours="outside"))) == (120, 180)


def test_a_tariff_that_calls_a_surcharge_plan_keeps_the_plans_discount() -> None:
    of = tariff(adjustments=(Adjustment(key="plan", percent=Decimal(50)),))
    assert total(of, visit(), plan=plan(discounts=[{"percent": 10}])) == 140


def test_a_tariff_with_new_holidays_forgets_the_old_calendar() -> None:
    of = tariff(hours=(Hours(key="working", ranges=["08:00-18:00"]),))
    noon = datetime(2026, 6, 1, 12, tzinfo=ZoneInfo("Europe/Paris"))
    assert of.timetable("Europe/Paris").at(noon) == "working"
    feast = of.model_copy(update={"holidays": Holidays(country="FR", also=(date(2026, 6, 1),))})
    assert feast.timetable("Europe/Paris").at(noon) == "outside"
    assert of == tariff(hours=of.hours)


def test_a_free_call_leaves_the_minutes_alone() -> None:
    of = tariff(labour=(Labour(per_hour=Decimal(0)),))
    left = {"v": Balance("v", "visits", 1, 1)}
    said = price(of, "EUR", "Europe/Paris", visit(), plan(includes=[{"key": "v", "amount": 1}]), left).verdict
    assert (said.ruling, said.clause, said.uses) == (Ruling.INCLUDED, Clause.FREE, ())


def test_the_region_has_its_own_holidays_and_its_own_rate() -> None:
    feast = Holidays(country="FR", also=(date(2026, 6, 1),))
    of = tariff(
        hours=(Hours(key="working", ranges=["08:00-18:00"]),),
        regions=(Region(key="south", factor=Decimal("1.2"), holidays=feast), Region(key="north")),
        adjustments=(Adjustment(key="late", hours=("outside",), percent=Decimal(50)),),
    )
    noon = datetime(2026, 6, 1, 12, tzinfo=ZoneInfo("Europe/Paris"))
    assert [total(of, visit(at=noon, region=region)) for region in ("north", "south", None)] == [100, 180, 100]


def test_the_remote_fee_is_credited_once_and_never_more_than_the_visit_costs() -> None:
    of = tariff(credits=(Credit(of="remote", to="visit"),), fees=(Fee(key="callout", amount=Decimal(20)),))
    paid = {"paid_for": "remote", "paid_before": Money(3000, "EUR")}
    assert total(of, visit(**paid)) == 90
    assert total(of, visit(3, **paid)) == 0
    assert total(of, visit(paid_days_ago=31, **paid)) == 120


def test_a_warranty_and_a_plan_do_not_both_pay() -> None:
    """The warranty pays half of the labour, the plan's hour the other half."""
    of = tariff(warranties=(Warranty(kind="device", labour=Decimal(50)),))
    signed = plan(includes=[Allowance(key="v", unit="visits").model_dump()])
    made = price(of, "EUR", "Europe/Paris", visit(warranty="device", area=Area.AUDIO), signed).quote
    assert (made.by_warranty.minor, made.by_plan.minor, made.total.minor) == (5000, 5000, 0)


def test_what_nobody_has_priced_is_said_and_not_guessed() -> None:
    of = tariff(labour=(Labour(work=("remote",), per_hour=Decimal(1)),))
    with pytest.raises(NoPrice) as missing:
        price(of, "EUR", "Europe/Paris", visit())
    assert missing.value.missing == "labour"


def test_a_discount_is_only_for_those_it_names() -> None:
    signed = plan(discounts=[Discount(work=("remote",), percent=Decimal(10)).model_dump(), {"percent": 5}])
    assert total(tariff(), visit(), plan=signed) == 95


extras_of = st.lists(st.tuples(st.sampled_from(("Cable", "Lock")), st.integers(1, 100_000)), max_size=3)


@given(st.data(), extras_of, st.integers(1, 500_000))
def test_a_price_of_ones_own_is_that_price_and_what_was_named_besides(
    data: st.DataObject, named: list[tuple[str, int]], own: int
) -> None:
    currency, tariff, zone = data.draw(CURRENCY), data.draw(made_up.tariffs()), data.draw(ZONE)
    plan = data.draw(st.none() | made_up.plans())
    left = data.draw(made_up.balances(plan)) if plan else {}
    extras = tuple(Extra(name, Money(minor, currency)) for name, minor in named)
    case = replace(data.draw(made_up.cases(currency)), extras=extras, fixed=Money(own, currency), fixed_for="a favour")
    made = price(tariff, currency, zone, case, plan, left)
    kinds = [line.what for line in made.quote.lines if line.what is not LineKind.ROUNDING]
    assert kinds == [LineKind.FIXED, *[LineKind.EXTRA] * len(extras)]
    assert due(made.quote) == made.quote.total.minor
    if made.quote.tax_included and tariff.round_to is None:
        assert made.quote.total.minor == own + sum(minor for _, minor in named)
    assert made.verdict.uses == ()
    if made.quote.total:
        assert (made.verdict.ruling, made.verdict.clause) == (Ruling.NOT_INCLUDED, Clause.OWN_PRICE)
    again = quote(tariff, currency, "UTC", made.case, made.verdict, plan)
    assert again == made.quote, "it is made again from what is stored"


@given(st.data(), extras_of.filter(bool))
def test_what_a_person_named_is_added_as_it_is_and_nothing_is_taken_off(
    data: st.DataObject, named: list[tuple[str, int]]
) -> None:
    currency, zone = data.draw(CURRENCY), data.draw(ZONE)
    tariff = data.draw(made_up.tariffs()).model_copy(update={"round_to": None, "tax_included": True})
    plan = data.draw(st.none() | made_up.plans())
    left = data.draw(made_up.balances(plan)) if plan else {}
    case = data.draw(made_up.cases(currency))
    extras = tuple(Extra(name, Money(minor, currency)) for name, minor in named)
    bare = price(tariff, currency, zone, case, plan, left)
    more = price(tariff, currency, zone, replace(case, extras=extras), plan, left)
    if bare.verdict.ruling is Ruling.EXCLUDED:
        return
    added = sum(minor for _, minor in named)
    assert more.quote.total.minor == bare.quote.total.minor + added
    assert more.verdict.ruling is not Ruling.INCLUDED
