"""What a contract says about a request, and what help costs: rules for every plan, and the sample's own figures."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.areas import Area, Help
from domain.company import Plan, Tariff, Words
from domain.coverage import RANK, UNIT, Balance, Clause, Ruling, Verdict, best, judge
from domain.money import Money
from domain.tariff import Quote, What, quote
from tests.domain.ground import SAMPLE


def plan(**terms: Any) -> Plan:
    return Plan(key="p", name=Words(en="P"), summary=Words(en="P"), price=Decimal(1), **terms)


areas = st.sampled_from(Area)
helps = st.sampled_from(Help)
plans = st.builds(
    plan,
    areas=st.sets(areas).map(tuple),
    excluded=st.sets(areas, max_size=3).map(tuple),
    discount=st.integers(0, 100),
)
tariffs = st.builds(
    Tariff,
    remote_hour=st.decimals(0, 500, places=2),
    visit_hour=st.decimals(0, 500, places=2),
    step_minutes=st.sampled_from((1, 5, 6, 10, 15, 20, 30, 60)),
    tax_percent=st.decimals(0, 100, places=1),
    tax_included=st.booleans(),
)


@st.composite
def left(draw: st.DrawFn) -> dict[str, Balance]:
    """What is left of some allowances."""
    kinds = draw(st.sets(st.sampled_from(sorted(UNIT.values()))))
    found = {}
    for kind in kinds:
        granted = draw(st.integers(1, 600))
        found[kind] = Balance(kind, granted, draw(st.integers(0, granted)))
    return found


@given(st.none() | plans, left(), areas, helps, st.integers(1, 480))
def test_a_verdict_is_never_more_generous_than_the_contract(
    signed: Plan | None, balances: dict[str, Balance], area: Area, kind: Help, minutes: int
) -> None:
    verdict = judge(signed, balances, area, kind, minutes)
    assert verdict.help is kind
    covered = signed is not None and area in signed.areas and area not in signed.excluded
    assert (verdict.ruling is Ruling.EXCLUDED) == (signed is not None and area in signed.excluded)
    assert (verdict.allowance is None) == (not covered or UNIT[kind] not in balances)
    if verdict.allowance is not None:
        assert 0 <= verdict.used <= balances[verdict.allowance].left
        assert verdict.after >= 0
    needed = minutes if kind is Help.REMOTE else 1
    assert (verdict.ruling is Ruling.INCLUDED) == (covered and verdict.used == needed)
    assert (verdict.ruling is Ruling.PARTLY) == (0 < verdict.used < needed)


@pytest.mark.parametrize(
    ("signed", "left_", "ruling", "clause", "used"),
    [
        (None, None, Ruling.NOT_INCLUDED, Clause.NO_CONTRACT, 0),
        (plan(excluded=(Area.VIDEO,)), 99, Ruling.EXCLUDED, Clause.AREA_EXCLUDED, 0),
        (plan(areas=(Area.AUDIO,)), 99, Ruling.NOT_INCLUDED, Clause.AREA_NOT_COVERED, 0),
        (plan(), None, Ruling.NOT_INCLUDED, Clause.NOT_IN_PLAN, 0),
        (plan(), 45, Ruling.INCLUDED, Clause.ALLOWANCE, 45),
        (plan(), 44, Ruling.PARTLY, Clause.ALLOWANCE_SHORT, 44),
        (plan(), 0, Ruling.NOT_INCLUDED, Clause.ALLOWANCE_USED_UP, 0),
    ],
)
def test_every_clause_has_its_case(
    signed: Plan | None, left_: int | None, ruling: Ruling, clause: Clause, used: int
) -> None:
    balances = {} if left_ is None else {"remote_minutes": Balance("remote_minutes", 100, left_)}
    verdict = judge(signed, balances, Area.VIDEO, Help.REMOTE, 45)
    assert (verdict.ruling, verdict.clause, verdict.used) == (ruling, clause, used)


@given(st.lists(st.builds(Verdict, helps, st.sampled_from(Ruling), st.sampled_from(Clause)), min_size=1))
def test_the_most_generous_verdict_is_said_first(verdicts: list[Verdict]) -> None:
    assert RANK.index(best(verdicts).ruling) == min(RANK.index(v.ruling) for v in verdicts)


@given(tariffs, st.none() | plans, left(), areas, helps, st.integers(1, 480))
def test_a_price_is_the_sum_of_its_lines(
    tariff: Tariff, signed: Plan | None, balances: dict[str, Balance], area: Area, kind: Help, minutes: int
) -> None:
    verdict = judge(signed, balances, area, kind, minutes)
    price = quote(tariff, "EUR", signed, verdict, minutes)
    added = sum(line.amount.minor for line in price.lines if line.what is not What.TAX or not tariff.tax_included)
    assert price.total.minor == added
    assert price.total.minor >= 0
    assert minutes <= price.minutes < minutes + tariff.step_minutes
    assert price.minutes % tariff.step_minutes == 0
    if verdict.ruling is Ruling.INCLUDED:
        assert (price.total.minor, price.by_plan) == (0, price.lines[0].amount)
    if verdict.ruling in (Ruling.NOT_INCLUDED, Ruling.EXCLUDED):
        assert not price.by_plan


@given(tariffs, st.integers(1, 480), st.integers(0, 480))
def test_longer_help_is_never_cheaper(tariff: Tariff, minutes: int, more: int) -> None:
    verdict = Verdict(Help.VISIT, Ruling.NOT_INCLUDED, Clause.NO_CONTRACT)
    shorter = quote(tariff, "EUR", None, verdict, minutes)
    longer = quote(tariff, "EUR", None, verdict, minutes + more)
    assert shorter.total.minor <= longer.total.minor


@given(tariffs, st.integers(1, 480), st.integers(0, 99))
def test_a_greater_discount_is_never_dearer(tariff: Tariff, minutes: int, percent: int) -> None:
    verdict = Verdict(Help.REMOTE, Ruling.NOT_INCLUDED, Clause.NOT_IN_PLAN)
    less = quote(tariff, "EUR", plan(discount=percent), verdict, minutes)
    more = quote(tariff, "EUR", plan(discount=percent + 1), verdict, minutes)
    assert more.total.minor <= less.total.minor


def lines(price: Quote) -> list[tuple[str, int, str]]:
    return [(line.what.value, line.quantity, str(line.amount.amount)) for line in price.lines]


PAYS = Verdict(Help.VISIT, Ruling.NOT_INCLUDED, Clause.NO_CONTRACT)


def test_the_samples_visit_without_a_plan() -> None:
    """90 minutes at 110 € an hour: 165 €, of which 27.50 € are tax."""
    price = quote(SAMPLE.tariff, "EUR", None, PAYS, 90)
    assert lines(price) == [("labour", 90, "165.00"), ("tax", 20, "27.50")]
    assert (price.total, price.tax) == (Money(16500, "EUR"), Money(2750, "EUR"))


def test_the_samples_started_steps_are_billed() -> None:
    """31 minutes are three quarters: 82.50 €."""
    assert quote(SAMPLE.tariff, "EUR", None, PAYS, 31).total == Money(8250, "EUR")
    assert quote(SAMPLE.tariff, "EUR", None, PAYS, 45).total == Money(8250, "EUR")


def test_the_samples_comfort_plan_takes_a_tenth_off() -> None:
    """60 minutes: 110 € less 11 €; 16.50 € of the 99 € are tax."""
    price = quote(SAMPLE.tariff, "EUR", SAMPLE.plan("comfort"), PAYS, 60)
    assert lines(price) == [("labour", 60, "110.00"), ("discount", 10, "-11.00"), ("tax", 20, "16.50")]
    assert price.total == Money(9900, "EUR")


def test_the_samples_plan_pays_its_part() -> None:
    """45 minutes of remote help with 20 left: 60 € less 26.67 €, less a tenth of the rest."""
    verdict = Verdict(Help.REMOTE, Ruling.PARTLY, Clause.ALLOWANCE_SHORT, "remote_minutes", 20, 20)
    price = quote(SAMPLE.tariff, "EUR", SAMPLE.plan("comfort"), verdict, 45)
    assert lines(price) == [
        ("labour", 45, "60.00"),
        ("plan", 20, "-26.67"),
        ("discount", 10, "-3.33"),
        ("tax", 20, "5.00"),
    ]
    assert (price.total, price.by_plan) == (Money(3000, "EUR"), Money(2667, "EUR"))


def test_what_the_samples_plan_includes_costs_nothing() -> None:
    verdict = judge(SAMPLE.plan("signature"), {"visits": Balance("visits", 4, 1)}, Area.SECURITY, Help.VISIT, 120)
    price = quote(SAMPLE.tariff, "EUR", SAMPLE.plan("signature"), verdict, 120)
    assert (verdict.ruling, verdict.before, verdict.after) == (Ruling.INCLUDED, 1, 0)
    assert lines(price) == [("labour", 120, "220.00"), ("plan", 1, "-220.00")]
    assert not price.total


def test_tax_on_top_is_added_and_tax_inside_is_not() -> None:
    on_top = SAMPLE.tariff.model_copy(update={"tax_included": False})
    assert quote(on_top, "EUR", None, PAYS, 60).total == Money(13200, "EUR")
    assert quote(SAMPLE.tariff, "EUR", None, PAYS, 60).total == Money(11000, "EUR")


def test_the_sample_excludes_and_covers_what_its_plans_say() -> None:
    for key, area, ruling in (
        ("essential", Area.POWER, Ruling.EXCLUDED),
        ("essential", Area.LIGHTING, Ruling.NOT_INCLUDED),
        ("comfort", Area.POWER, Ruling.EXCLUDED),
        ("comfort", Area.SECURITY, Ruling.NOT_INCLUDED),
        ("comfort", Area.LIGHTING, Ruling.INCLUDED),
        ("signature", Area.POWER, Ruling.INCLUDED),
    ):
        signed = SAMPLE.plan(key)
        balances = {a.kind: Balance(a.kind, a.amount, a.amount) for a in signed.includes}
        assert judge(signed, balances, area, Help.VISIT, 60).ruling is ruling, (key, area)
