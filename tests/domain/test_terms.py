"""What a contract says about a request, and what help costs then: every clause, and the figures of the sample."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.company_file import reading
from domain.areas import Area, Urgency
from domain.asking import Ask
from domain.cases import Case, Crew
from domain.coverage import RANK, Balance, Clause, Ruling, Verdict, best, judge
from domain.declared import Words
from domain.labour import NoPrice, billed_minutes
from domain.money import Money
from domain.plans import Allowance, Plan
from domain.pricing import Priced
from domain.tariff import Labour, Tariff, Warranty
from domain.working_time import Stretch

SAMPLE = reading.read(Path("bot/sample/company.toml"))


def plan(**terms: Any) -> Plan:
    return Plan.model_validate(
        {"key": "p", "name": Words(en="P"), "summary": Words(en="P"), "prices": {"month": 1}} | terms
    )


def minutes(**more: Any) -> dict[str, Any]:
    """A plan with a hundred minutes of remote help."""
    return {"includes": [{"key": "m", "unit": "minutes", "amount": 100, "work": "remote"} | more]}


def visits(**more: Any) -> dict[str, Any]:
    """A plan with four visits."""
    return {"includes": [{"key": "v", "unit": "visits", "amount": 4, "work": "visit"} | more]}


def verdict_on(
    signed: Plan | None,
    left: dict[str, int | None],
    work: str = "remote",
    length: int = 45,
    hours: str = "working",
    warranty: Warranty | None = None,
    **facts: Any,
) -> Verdict:
    """What a contract says about so many minutes, with so much left of each allowance."""
    balances = {
        a.key: Balance(a.key, a.unit, a.granted, left[a.key])
        for a in (signed.includes if signed else ())
        if a.key in left
    }
    case = Case(work=work, minutes=length, **({"area": Area.VIDEO} | facts))
    return judge(signed, balances, case, (Stretch(hours, length),), warranty)


DEVICE = Warranty(kind="device", labour=Decimal(0), fees=Decimal(0), travel=Decimal(0), parts=Decimal(100))
FULL = Warranty(kind="installation")


@pytest.mark.parametrize(
    ("signed", "left", "facts", "ruling", "clause"),
    [
        (None, {}, {}, Ruling.NOT_INCLUDED, Clause.NO_CONTRACT),
        (plan(excludes=[{"areas": "video"}]), {}, {}, Ruling.EXCLUDED, Clause.AREA_EXCLUDED),
        (plan(excludes=[{"work": "remote"}]), {}, {}, Ruling.EXCLUDED, Clause.WORK_EXCLUDED),
        (plan(excludes=[{"areas": "video"}]), {}, {"warranty": FULL}, Ruling.EXCLUDED, Clause.AREA_EXCLUDED),
        (plan(areas="audio", **minutes()), {"m": 99}, {}, Ruling.NOT_INCLUDED, Clause.AREA_NOT_COVERED),
        (plan(), {}, {}, Ruling.NOT_INCLUDED, Clause.NOT_IN_PLAN),
        (plan(**visits()), {"v": 4}, {}, Ruling.NOT_INCLUDED, Clause.NOT_IN_PLAN),
        (plan(**minutes(urgencies="high")), {"m": 99}, {}, Ruling.NOT_INCLUDED, Clause.NOT_IN_PLAN),
        (plan(**minutes(hours="night")), {"m": 99}, {}, Ruling.NOT_INCLUDED, Clause.NOT_IN_PLAN),
        (plan(**minutes()), {"m": 45}, {}, Ruling.INCLUDED, Clause.ALLOWANCE),
        (plan(**minutes()), {"m": 44}, {}, Ruling.PARTLY, Clause.ALLOWANCE_SHORT),
        (plan(**minutes()), {"m": 0}, {}, Ruling.NOT_INCLUDED, Clause.ALLOWANCE_USED_UP),
        (plan(**minutes()), {}, {}, Ruling.NOT_INCLUDED, Clause.ALLOWANCE_USED_UP),
        (plan(**minutes(amount=None)), {}, {}, Ruling.INCLUDED, Clause.UNLIMITED),
        (plan(**visits(pays="travel")), {"v": 1}, {"work": "visit"}, Ruling.PARTLY, Clause.EXTRAS),
        (plan(), {}, {"warranty": FULL}, Ruling.INCLUDED, Clause.WARRANTY),
        (plan(), {}, {"warranty": DEVICE}, Ruling.PARTLY, Clause.WARRANTY_PARTLY),
    ],
)
def test_every_clause_has_its_case(
    signed: Plan | None, left: dict[str, int | None], facts: dict[str, Any], ruling: Ruling, clause: Clause
) -> None:
    found = verdict_on(signed, left, **facts)
    assert (found.ruling, found.clause) == (ruling, clause)


@pytest.mark.parametrize(
    ("allowance", "left", "facts", "units", "covered"),
    [
        (minutes(), 100, {}, 45, 45),
        (minutes(step=30), 100, {}, 60, 45),  # counted in started half hours
        (minutes(step=30), 50, {}, 50, 45),  # never more than there is
        (minutes(counts=[{"hours": "night", "times": 2}]), 100, {"hours": "night"}, 90, 45),
        (minutes(counts=[{"hours": "night", "times": 2}]), 60, {"hours": "night"}, 60, 30),
        (minutes(counts=[{"hours": "night", "times": "1.5"}]), 100, {"hours": "night", "length": 45}, 68, 45),
        (minutes(), 100, {"crew": (Crew("technician", 2),)}, 90, 45),  # each person's minutes
        (minutes(minutes_each=20), 100, {}, 20, 20),
        (minutes(unit="hours", amount=10), 600, {}, 45, 45),  # hours are counted in minutes
        (visits(), 4, {"work": "visit"}, 1, 45),
        (visits(minutes_each=30), 4, {"work": "visit"}, 1, 30),
        (visits(counts=[{"hours": "night", "times": 2}]), 4, {"work": "visit", "hours": "night"}, 2, 45),
        (visits(counts=[{"urgent": True, "times": 2}]), 4, {"work": "visit", "urgent": True}, 2, 45),
        (visits(unit="tickets"), 1, {"work": "visit"}, 1, 45),
    ],
)
def test_units_are_taken_as_the_plan_counts_them(
    allowance: dict[str, Any], left: int, facts: dict[str, Any], units: int, covered: int
) -> None:
    signed = plan(**allowance)
    [use] = verdict_on(signed, {signed.includes[0].key: left}, **facts).uses
    assert (use.units, use.minutes, use.before, use.after) == (units, covered, left, left - units)


def test_a_visit_that_counts_double_needs_two() -> None:
    signed = plan(**visits(counts=[{"hours": "night", "times": 2}]))
    found = verdict_on(signed, {"v": 1}, work="visit", hours="night")
    assert (found.ruling, found.clause, found.uses) == (Ruling.NOT_INCLUDED, Clause.ALLOWANCE_USED_UP, ())


def test_a_second_allowance_pays_what_the_first_does_not() -> None:
    signed = plan(
        includes=[
            {"key": "m", "unit": "minutes", "amount": 100, "work": "remote"},
            {"key": "bonus", "unit": "minutes", "amount": 60, "work": ["remote", "visit"]},
        ]
    )
    found = verdict_on(signed, {"m": 20, "bonus": 60})
    assert [(use.allowance, use.units, use.after) for use in found.uses] == [("m", 20, 0), ("bonus", 25, 35)]
    assert found.ruling is Ruling.INCLUDED


@given(
    st.sampled_from(("minutes", "hours", "visits", "tickets")),
    st.none() | st.integers(1, 50),
    st.integers(0, 600),
    st.integers(1, 480),
    st.integers(1, 60),
    st.none() | st.integers(1, 120),
    st.sampled_from(("1", "1.5", "2")),
    st.integers(1, 3),
)
def test_a_verdict_never_takes_more_than_there_is_nor_covers_more_than_was_asked(
    unit: str, amount: int | None, left: int, length: int, step: int, each: int | None, times: str, heads: int
) -> None:
    """Whatever a plan includes: the balance stays above zero, and included means that every minute is covered."""
    allowance = {"key": "a", "unit": unit, "amount": amount, "step": step, "minutes_each": each}
    signed = plan(includes=[allowance | {"counts": [{"hours": "working", "times": times}]}])
    balance: int | None = None if amount is None else left
    found = verdict_on(signed, {"a": balance}, length=length, crew=(Crew("technician", heads),))
    for use in found.uses:
        assert 0 <= use.minutes <= length
        assert use.after is None or 0 <= use.after <= left
    covered = sum(use.minutes for use in found.uses)
    assert (found.ruling is Ruling.INCLUDED) == (bool(found.uses) and covered == length)
    assert (found.ruling is Ruling.NOT_INCLUDED) == (not found.uses)


@given(st.lists(st.builds(Verdict, st.just("visit"), st.sampled_from(Ruling), st.sampled_from(Clause)), min_size=1))
def test_the_most_generous_verdict_is_said_first(verdicts: list[Verdict]) -> None:
    assert RANK.index(best(verdicts).ruling) == min(RANK.index(v.ruling) for v in verdicts)


# ── steps ──


@pytest.mark.parametrize(
    ("rule", "billed"),
    [
        ({"per_hour": 60, "step": 15}, {0: 0, 1: 15, 15: 15, 16: 30}),
        ({"per_hour": 60, "step": 15, "count": "nearest"}, {7: 0, 8: 15, 22: 15, 23: 30}),
        ({"per_hour": 60, "step": 15, "count": "completed"}, {14: 0, 15: 15, 29: 15}),
        ({"per_hour": 60, "step": 15, "base": 90, "base_minutes": 60}, {1: 60, 60: 60, 61: 75}),
        ({"per_hour": 60, "step": 15, "minimum_minutes": 40}, {1: 45, 41: 45, 46: 60}),
        ({"per_hour": 60, "step": 10, "free_minutes": 10}, {5: 5, 10: 10, 11: 20}),
        ({"per_hour": 60, "step": 10, "free_up_to": 10}, {5: 0, 10: 0, 11: 20}),
        # a band with one price is billed whole; after it the steps go on
        ({"bands": [{"up_to": 240, "price": 300}, {"per_hour": 70}], "step": 30}, {1: 240, 240: 240, 241: 270}),
        (
            {"bands": [{"up_to": 60, "per_hour": 90}, {"up_to": 240, "price": 200}, {"per_hour": 70}], "step": 30},
            {1: 30, 60: 60, 61: 240, 240: 240, 241: 270},
        ),
    ],
)
def test_minutes_are_billed_in_steps(rule: dict[str, Any], billed: dict[int, int]) -> None:
    labour = Labour.model_validate(rule)
    assert {asked: billed_minutes(labour, asked) for asked in billed} == billed


# ── the sample's own figures ──


def ask(**facts: Any) -> Priced:
    """A question about the sample's prices."""
    [priced] = SAMPLE.answer(Ask.model_validate({"area": "lighting"} | facts))
    return priced


def lines(priced: Priced) -> list[tuple[str, str]]:
    return [(line.what.value, str(line.amount.amount)) for line in priced.quote.lines]


def test_the_samples_visit_without_a_plan() -> None:
    """90 minutes at 110 € an hour: 165 €, of which 27.50 € are tax."""
    priced = ask(work="visit", minutes=90)
    assert lines(priced) == [("labour", "165.00")]
    assert (priced.quote.total, priced.quote.tax) == (Money(16500, "EUR"), Money(2750, "EUR"))
    assert priced.verdict.clause is Clause.NO_CONTRACT


def test_the_samples_started_quarters_are_billed() -> None:
    """31 minutes are three quarters: 82.50 €."""
    assert ask(work="visit", minutes=31).quote.total == ask(work="visit", minutes=45).quote.total == Money(8250, "EUR")


def test_the_samples_comfort_plan_takes_a_tenth_off() -> None:
    """60 minutes: 110 € less 11 €; 16.50 € of the 99 € are tax."""
    priced = ask(work="visit", plan="comfort", used={"visits": 1})
    assert lines(priced) == [("labour", "110.00"), ("discount", "-11.00")]
    assert (priced.quote.total, priced.quote.tax) == (Money(9900, "EUR"), Money(1650, "EUR"))


def test_the_samples_plan_pays_its_part() -> None:
    """45 minutes of remote help with 20 left: 60 € less a tenth is 54 €; the plan pays 20/45 of it."""
    priced = ask(work="remote", minutes=45, plan="comfort", used={"remote": 40})
    assert lines(priced) == [("labour", "60.00"), ("discount", "-6.00"), ("plan", "-24.00")]
    assert (priced.quote.total, priced.quote.by_plan) == (Money(3000, "EUR"), Money(2400, "EUR"))
    assert priced.verdict.clause is Clause.ALLOWANCE_SHORT


def test_what_the_samples_plan_includes_costs_nothing() -> None:
    priced = ask(work="visit", minutes=120, plan="signature", area="security", used={"visits": 3})
    assert (priced.verdict.ruling, priced.verdict.uses[0].before, priced.verdict.uses[0].after) == ("included", 1, 0)
    assert lines(priced) == [("labour", "220.00"), ("plan", "-220.00")]  # no discount on what the plan pays
    assert not priced.quote.total


def test_a_visit_in_the_mountains_that_the_plan_includes_pays_the_way_too() -> None:
    priced = ask(work="visit", plan="comfort", region="alps")
    assert (priced.verdict.ruling, priced.quote.total.minor) == (Ruling.INCLUDED, 0)


def test_urgency_that_is_bought_is_paid_though_the_visit_is_included_only_where_the_plan_says_so() -> None:
    priced = ask(work="visit", plan="comfort", urgent=True)
    assert priced.verdict.ruling is Ruling.INCLUDED  # the sample's allowances pay fees


def test_a_remote_session_that_did_not_solve_it_counts_towards_the_visit() -> None:
    priced = ask(work="visit", paid_before=40, paid_for="remote")
    assert lines(priced) == [("labour", "110.00"), ("credit", "-40.00")]


def test_a_grade_of_its_own_has_a_price_of_its_own() -> None:
    assert ask(work="visit", grade="programmer").quote.total == Money(14000, "EUR")


def test_what_is_priced_by_hand_has_no_price() -> None:
    by_hand = Labour.model_validate({"work": "visit", "by_hand": True})
    tariff = SAMPLE.tariff.model_copy(update={"labour": (by_hand, *SAMPLE.tariff.labour)})
    with pytest.raises(NoPrice) as caught:
        Ask(work="visit").priced(tariff, "EUR", "Europe/Paris", None)
    assert caught.value.missing == "by_hand"
    assert Ask(work="remote").priced(tariff, "EUR", "Europe/Paris", None)[0].quote.total == Money(8000, "EUR")


def test_the_sample_excludes_and_covers_what_its_plans_say() -> None:
    for key, area, ruling in (
        ("essential", Area.POWER, Ruling.EXCLUDED),
        ("essential", Area.LIGHTING, Ruling.NOT_INCLUDED),
        ("comfort", Area.POWER, Ruling.EXCLUDED),
        ("comfort", Area.SECURITY, Ruling.NOT_INCLUDED),
        ("comfort", Area.LIGHTING, Ruling.INCLUDED),
        ("signature", Area.POWER, Ruling.INCLUDED),
    ):
        assert ask(work="visit", plan=key, area=area).verdict.ruling is ruling, (key, area)


def test_an_allowance_for_emergencies_is_for_nothing_else() -> None:
    signed = plan(includes=[Allowance(key="e", unit="tickets", urgencies=(Urgency.EMERGENCY,))])
    assert verdict_on(signed, {}, urgency=Urgency.EMERGENCY).ruling is Ruling.INCLUDED
    assert verdict_on(signed, {}).ruling is Ruling.NOT_INCLUDED


@pytest.mark.parametrize(
    ("way", "facts", "total"),
    [
        ({"per_km": 1, "included_km": 20, "step_km": 10}, {"km": 20}, "60.00"),
        ({"per_km": 1, "included_km": 20, "step_km": 10}, {"km": 21}, "70.00"),
        ({"per_km": 1, "included_km": 20, "step_km": 10, "ways": 2}, {"km": "30.5"}, "100.00"),
        ({"per_hour": 30, "included_minutes": 30, "step": 15}, {"travel_minutes": 30}, "60.00"),
        ({"per_hour": 30, "included_minutes": 30, "step": 15}, {"travel_minutes": 46}, "75.00"),
    ],
)
def test_the_way_beyond_what_is_included_is_counted_in_started_steps(
    way: dict[str, Any], facts: dict[str, Any], total: str
) -> None:
    prices = Tariff.model_validate({"labour": [{"per_hour": 60}], "travel": [way]})
    [priced] = Ask.model_validate({"work": "visit", "minutes": 60, **facts}).priced(prices, "EUR", "UTC", None)
    assert str(priced.quote.total.amount) == total


@pytest.mark.parametrize(("minutes", "parts", "total"), [(60, None, "90.00"), (90, None, "100.00"), (60, 50, "140.00")])
def test_the_smallest_bill_holds_for_labour_fees_and_way(minutes: int, parts: int | None, total: str) -> None:
    prices = Tariff.model_validate(
        {"labour": [{"per_hour": 60}], "fees": [{"key": "call", "amount": 10}], "minimum_total": 90}
    )
    asked = Ask.model_validate({"work": "visit", "minutes": minutes, "parts": parts})
    [priced] = asked.priced(prices, "EUR", "UTC", None)
    assert str(priced.quote.total.amount) == total


def test_a_visit_that_is_cut_short_pays_what_its_own_minutes_would_have_cost() -> None:
    """45 with the first half hour, 70 an hour after it: 90 minutes are 115, the included 60 of them 80."""
    prices = Tariff.model_validate({"labour": [{"base": 45, "base_minutes": 30, "per_hour": 70}]})
    signed = plan(**visits(minutes_each=60))
    [priced] = Ask.model_validate({"work": "visit", "minutes": 90}).priced(prices, "EUR", "UTC", signed)
    assert (str(priced.quote.total.amount), str(priced.quote.by_plan.amount)) == ("35.00", "80.00")
