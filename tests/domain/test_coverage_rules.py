"""What a contract says: never more than was signed, never more than is left, and the clause that decides."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.areas import Area, Urgency
from domain.cases import Case, Crew
from domain.coverage import PIECES, RANK, Balance, Clause, Ruling, Use, Verdict, best, judge
from domain.plans import Allowance, Plan
from domain.tariff import Warranty
from domain.working_time import Stretch
from tests.domain import tariffs as made_up

CLAUSES = {
    Ruling.INCLUDED: {Clause.ALLOWANCE, Clause.UNLIMITED, Clause.WARRANTY},
    Ruling.PARTLY: {Clause.ALLOWANCE_SHORT, Clause.EXTRAS, Clause.WARRANTY_PARTLY},
    Ruling.NOT_INCLUDED: {
        Clause.NO_CONTRACT, Clause.AREA_NOT_COVERED, Clause.NOT_IN_PLAN, Clause.ALLOWANCE_USED_UP,
    },
    Ruling.EXCLUDED: {Clause.AREA_EXCLUDED, Clause.WORK_EXCLUDED},
}  # fmt: skip


@st.composite
def stretches(draw: st.DrawFn, minutes: int) -> tuple[Stretch, ...]:
    """So many minutes over some hours."""
    found: list[Stretch] = []
    for hours in draw(st.permutations(made_up.HOURS))[: draw(st.integers(0, 2))]:
        here = draw(st.integers(0, minutes))
        if here:
            found.append(Stretch(hours, here))
        minutes -= here
    return (*found, Stretch(draw(st.sampled_from(made_up.HOURS)), minutes)) if minutes or not found else tuple(found)


@st.composite
def questions(draw: st.DrawFn, **given: Any) -> tuple[Plan | None, dict[str, Balance], Case, tuple[Stretch, ...]]:
    """Somebody's contract, what is left of it, and what he needs."""
    plan, case = draw(st.none() | made_up.plans(**given)), draw(made_up.cases())
    left = draw(made_up.balances(plan)) if plan else {}
    return plan, left, case, draw(stretches(case.minutes))


Question = tuple[Plan | None, dict[str, Balance], Case, tuple[Stretch, ...]]
guarantees = st.sampled_from((None, *made_up.warranties))


@given(questions(), guarantees)
def test_a_verdict_is_never_more_generous_than_the_contract(question: Question, warranty: Warranty | None) -> None:
    plan, left, case, hours = question
    said = judge(plan, left, case, hours, warranty)
    assert said.clause in CLAUSES[said.ruling]
    meant = [a for a in plan.includes if intended(a, case, hours)] if plan and case.area in plan.areas else []
    excluded = plan is not None and any(
        (not e.areas or case.area in e.areas) and (not e.work or case.work in e.work) for e in plan.excludes
    )
    assert (said.ruling is Ruling.EXCLUDED) == excluded
    whole = warranty is not None and warranty.labour == warranty.fees == warranty.travel == 100
    if excluded or whole:
        assert said.uses == ()
        return
    assert [use.allowance for use in said.uses] == [
        a.key for a in meant if a.key in {use.allowance for use in said.uses}
    ]  # in the order of the plan, and none that is not meant for this
    assert sum(use.minutes for use in said.uses) <= case.minutes
    for use in said.uses:
        before = left[use.allowance].left
        assert use.before == before
        assert use.units >= 0 <= use.minutes
        assert before is None or (use.units <= before and use.after is not None and use.after >= 0)
    if said.ruling is Ruling.INCLUDED:
        assert sum(use.minutes for use in said.uses) == case.minutes
        assert all("labour" in use.pays for use in said.uses)
    assert (said.clause is Clause.UNLIMITED) == (
        said.ruling is Ruling.INCLUDED and all(use.before is None for use in said.uses)
    )


def intended(allowance: Allowance, case: Case, hours: tuple[Stretch, ...]) -> bool:
    """Whether an allowance is for this at all, read field by field."""
    return all(
        (
            not allowance.work or case.work in allowance.work,
            not allowance.areas or case.area in allowance.areas,
            not allowance.urgencies or case.urgency in allowance.urgencies,
            not allowance.hours or {stretch.hours for stretch in hours} <= set(allowance.hours),
        )
    )


@given(st.data())
def test_minutes_are_counted_one_by_one(data: st.DataObject) -> None:
    """One allowance of minutes or hours against a finger that goes along the minutes and takes units for each."""
    unit = data.draw(st.sampled_from(("minutes", "hours")))
    given = data.draw(made_up.allowances) | {"unit": unit, "work": (), "areas": (), "urgencies": (), "hours": ()}
    one = Allowance(key="a", **given)
    case = data.draw(made_up.cases(minutes=data.draw(st.integers(1, 300))))
    plan = data.draw(made_up.plans(includes=(one,), excludes=(), areas=tuple(Area)))
    left, hours = data.draw(made_up.balances(plan)), data.draw(stretches(case.minutes))
    before, spent, covered = left["a"].left, Fraction(0), 0
    for hour in [stretch.hours for stretch in hours for _ in range(stretch.minutes)]:
        each = Fraction(one.counts[0].times) if one.counts and hour in one.counts[0].hours else Fraction(1)
        each *= case.heads
        if (before is not None and spent + each > before) or covered == (one.minutes_each or case.minutes):
            break
        spent, covered = spent + each, covered + 1
    units = 0
    while units < spent:
        units += one.step
    said = judge(plan, left, case, hours)
    assert sum(use.minutes for use in said.uses) == covered
    assert sum(use.units for use in said.uses) == (units if before is None else min(units, before))
    assert bool(said.uses) == bool(covered)


@given(questions(), st.data())
def test_what_is_excluded_stays_so_whatever_is_included(question: Question, data: st.DataObject) -> None:
    plan, left, case, hours = question
    if plan is None:
        return
    by_area = plan.model_copy(update={"excludes": (made_up.Exclusion(areas=(case.area,)),)})
    by_work = plan.model_copy(update={"excludes": (made_up.Exclusion(work=(case.work,)),)})
    warranty = data.draw(guarantees)
    assert judge(by_area, left, case, hours, warranty).clause is Clause.AREA_EXCLUDED
    assert judge(by_work, left, case, hours, warranty).clause is Clause.WORK_EXCLUDED


@given(questions(), st.sampled_from(("labour", "fees", "travel", "parts")))
def test_a_plan_pays_between_nothing_and_everything(question: Question, what: Any) -> None:
    said = judge(*question)
    assert 0 <= said.pays(what) <= 1
    if not any(what in use.pays for use in said.uses):
        assert said.pays(what) == 0
    if what != "labour" and any(what in use.pays and use.unit in PIECES for use in said.uses):
        assert said.pays(what) == 1  # a visit that is included brings its way along


@given(st.lists(st.builds(Verdict, st.just("visit"), st.sampled_from(Ruling), st.sampled_from(Clause)), min_size=1))
def test_the_most_generous_verdict_is_said_first(verdicts: list[Verdict]) -> None:
    assert RANK.index(best(verdicts).ruling) == min(RANK.index(v.ruling) for v in verdicts)


# ── people and their contracts ──


def plan(*includes: dict[str, Any], **terms: Any) -> Plan:
    base = {"key": "p", "name": {"en": "P"}, "summary": {"en": "P"}, "prices": {"month": 1}}
    return Plan.model_validate(base | {"includes": includes} | terms)


def asked(signed: Plan | None, minutes: int, *, left: dict[str, int] | None = None, **case: Any) -> Verdict:
    """The verdict for Marta, whose visit lies in working hours unless `hours` says otherwise."""
    hours: tuple[tuple[str, int], ...] = case.pop("hours", (("working", minutes),))
    warranty: Warranty | None = case.pop("warranty", None)
    kept = {
        a.key: Balance(a.key, a.unit, a.granted, None if a.granted is None else (left or {}).get(a.key, a.granted))
        for a in (signed.includes if signed else ())
    }
    whole = Case(**{"work": "visit", "minutes": minutes, "area": Area.AUDIO} | case)
    return judge(signed, kept, whole, tuple(Stretch(*pair) for pair in hours), warranty)


def taken(verdict: Verdict) -> list[tuple[str, int, int]]:
    return [(use.allowance, use.units, use.minutes) for use in verdict.uses]


VISITS = {"key": "visits", "amount": 2}
MINUTES = {"key": "minutes", "unit": "minutes", "amount": 60}


@pytest.mark.parametrize(
    ("signed", "left", "ruling", "clause", "uses"),
    [
        (None, {}, Ruling.NOT_INCLUDED, Clause.NO_CONTRACT, []),
        (plan(MINUTES, excludes=[{"areas": "audio"}]), {}, Ruling.EXCLUDED, Clause.AREA_EXCLUDED, []),
        (plan(MINUTES, excludes=[{"work": "visit"}]), {}, Ruling.EXCLUDED, Clause.WORK_EXCLUDED, []),
        (plan(MINUTES, excludes=[{"work": "visit", "areas": "video"}]), {}, Ruling.INCLUDED, Clause.ALLOWANCE,
         [("minutes", 45, 45)]),
        (plan(MINUTES, areas=["video"]), {}, Ruling.NOT_INCLUDED, Clause.AREA_NOT_COVERED, []),
        (plan({**MINUTES, "work": "remote"}), {}, Ruling.NOT_INCLUDED, Clause.NOT_IN_PLAN, []),
        (plan(MINUTES), {"minutes": 45}, Ruling.INCLUDED, Clause.ALLOWANCE, [("minutes", 45, 45)]),
        (plan(MINUTES), {"minutes": 44}, Ruling.PARTLY, Clause.ALLOWANCE_SHORT, [("minutes", 44, 44)]),
        (plan(MINUTES), {"minutes": 0}, Ruling.NOT_INCLUDED, Clause.ALLOWANCE_USED_UP, []),
        (plan({"key": "all"}), {}, Ruling.INCLUDED, Clause.UNLIMITED, [("all", 1, 45)]),
        (plan({**MINUTES, "step": 30}), {}, Ruling.INCLUDED, Clause.ALLOWANCE, [("minutes", 60, 45)]),
        (plan({**VISITS, "pays": "travel"}), {}, Ruling.PARTLY, Clause.EXTRAS, [("visits", 1, 45)]),
        (plan({**VISITS, "minutes_each": 30}), {}, Ruling.PARTLY, Clause.ALLOWANCE_SHORT, [("visits", 1, 30)]),
        (plan({**VISITS, "minutes_each": 30}, MINUTES), {}, Ruling.INCLUDED, Clause.ALLOWANCE,
         [("visits", 1, 30), ("minutes", 15, 15)]),
        (plan(VISITS, MINUTES), {}, Ruling.INCLUDED, Clause.ALLOWANCE, [("visits", 1, 45)]),
        (plan(VISITS, MINUTES), {"visits": 0}, Ruling.INCLUDED, Clause.ALLOWANCE, [("minutes", 45, 45)]),
        (plan({**MINUTES, "amount": 20}, {"key": "all"}), {}, Ruling.INCLUDED, Clause.ALLOWANCE,
         [("minutes", 20, 20), ("all", 1, 25)]),
        (plan({"key": "h", "unit": "hours", "amount": 1}), {}, Ruling.INCLUDED, Clause.ALLOWANCE, [("h", 45, 45)]),
    ],
)  # fmt: skip
def test_forty_five_minutes_under_every_contract(
    signed: Plan | None, left: dict[str, int], ruling: Ruling, clause: Clause, uses: list[tuple[str, int, int]]
) -> None:
    said = asked(signed, 45, left=left)
    assert (said.ruling, said.clause, taken(said)) == (ruling, clause, uses)


def test_an_evening_minute_counts_double() -> None:
    """Sixty left: half an hour of the day takes thirty, fifteen of the evening the rest."""
    counts = [{"times": 2, "hours": "evening"}]
    evening = {"hours": (("working", 30), ("evening", 30))}
    said = asked(plan({**MINUTES, "counts": counts}), 60, **evening)
    assert (said.clause, taken(said)) == (Clause.ALLOWANCE_SHORT, [("minutes", 60, 45)])
    night = asked(plan({**VISITS, "counts": counts}), 60, hours=(("evening", 60),))
    assert taken(night) == [("visits", 2, 60)]
    assert asked(plan({**VISITS, "counts": counts}), 60, left={"visits": 1}, hours=(("evening", 60),)).uses == ()


def test_two_people_take_two_minutes_a_minute() -> None:
    said = asked(plan(MINUTES), 45, crew=(Crew("technician"), Crew("programmer")))
    assert (said.clause, taken(said)) == (Clause.ALLOWANCE_SHORT, [("minutes", 60, 30)])


def test_an_allowance_for_the_day_is_not_for_a_visit_that_runs_into_the_evening() -> None:
    day = plan({**VISITS, "hours": "working"})
    assert asked(day, 60).ruling is Ruling.INCLUDED
    assert asked(day, 60, hours=(("working", 59), ("evening", 1))).clause is Clause.NOT_IN_PLAN


def test_only_an_emergency_takes_the_emergency_visit() -> None:
    signed = plan({**VISITS, "urgencies": "emergency"})
    assert asked(signed, 60, urgency=Urgency.EMERGENCY).ruling is Ruling.INCLUDED
    assert asked(signed, 60).clause is Clause.NOT_IN_PLAN


@pytest.mark.parametrize("signed", [None, plan(VISITS)])
def test_what_a_warranty_pays_is_not_taken_from_the_plan(signed: Plan | None) -> None:
    said = asked(signed, 60, warranty=Warranty(kind="installation"))
    assert (said.ruling, said.clause, said.uses) == (Ruling.INCLUDED, Clause.WARRANTY, ())


def test_a_warranty_that_pays_a_part_leaves_the_plan_its_word() -> None:
    half = Warranty(kind="device", labour=Decimal(50))
    nothing = Warranty(kind="device", labour=Decimal(0), fees=Decimal(0), travel=Decimal(0))
    assert asked(None, 60, warranty=half).clause is Clause.WARRANTY_PARTLY
    assert asked(None, 60, warranty=nothing).clause is Clause.NO_CONTRACT
    said = asked(plan(VISITS), 60, warranty=half)
    assert (said.clause, taken(said)) == (Clause.ALLOWANCE, [("visits", 1, 60)])


def test_a_balance_below_nothing_gives_nothing() -> None:
    """Corrected by hand, Luigi's balance is ten minutes in debt: a verdict neither takes nor gives any."""
    debt = {"minutes": Balance("minutes", "minutes", 60, -10)}
    said = judge(plan(MINUTES), debt, Case(work="visit", minutes=30), (Stretch("working", 30),))
    assert (said.clause, said.uses) == (Clause.ALLOWANCE_USED_UP, ())


def test_after_is_what_is_left() -> None:
    use = Use("minutes", "minutes", 60, 45, 45, ("labour",))
    assert (use.after, Use("all", "visits", None, 1, 45, ("labour",)).after) == (15, None)
