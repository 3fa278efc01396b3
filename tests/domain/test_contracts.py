"""Contracts: which period a day lies in, which contract holds, and terms that stay as they were signed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from domain.areas import Area
from domain.contracts import ContractState, balances, running, standing, terms
from domain.declared import Period
from domain.periods import first_from, period_end, period_start, starts
from domain.stored import StoredPlan, StoredTariff, keep, keep_plan, plan_of, tariff_of
from domain.work import Work
from handlers.cards.plans import covered
from tests.domain.ground import SAMPLE, contract, home

days = st.dates(date(2024, 1, 1), date(2027, 12, 31))
PERIODS: dict[Period, int] = {"month": 1, "quarter": 3, "year": 12}


@pytest.mark.parametrize(
    ("begin", "per", "today", "start"),
    [
        ((2026, 1, 1), "month", (2026, 1, 31), (2026, 1, 1)),
        ((2026, 1, 1), "month", (2026, 2, 1), (2026, 2, 1)),
        ((2026, 1, 15), "month", (2026, 3, 14), (2026, 2, 15)),
        ((2026, 1, 15), "quarter", (2026, 4, 14), (2026, 1, 15)),
        ((2026, 1, 15), "quarter", (2026, 4, 15), (2026, 4, 15)),
        ((2025, 3, 10), "year", (2026, 3, 9), (2025, 3, 10)),
        ((2025, 3, 10), "year", (2026, 3, 10), (2026, 3, 10)),
        ((2026, 1, 31), "month", (2026, 2, 28), (2026, 2, 28)),  # the 31st is the last day of a shorter month …
        ((2026, 1, 31), "month", (2026, 3, 30), (2026, 2, 28)),
        ((2026, 1, 31), "month", (2026, 3, 31), (2026, 3, 31)),  # … and the 31st again in a longer one
        ((2024, 2, 29), "year", (2025, 2, 27), (2024, 2, 29)),
        ((2024, 2, 29), "year", (2025, 2, 28), (2025, 2, 28)),
        ((2024, 2, 29), "year", (2028, 2, 29), (2028, 2, 29)),
    ],
)
def test_a_day_lies_in_the_period_a_calendar_shows(
    begin: tuple[int, int, int], per: Period, today: tuple[int, int, int], start: tuple[int, int, int]
) -> None:
    assert period_start(date(*begin), per, date(*today)) == date(*start)


@given(days, st.sampled_from(sorted(PERIODS)))
@settings(max_examples=40, deadline=None)
def test_over_a_year_periods_follow_each_other_without_a_gap(begin: date, per: Period) -> None:
    found = [period_start(begin, per, begin + timedelta(days=n)) for n in range(366)]
    assert found[0] == begin
    assert found == sorted(found)
    assert all(start <= begin + timedelta(days=n) for n, start in enumerate(found))
    assert all(period_start(begin, per, start) == start for start in set(found))
    assert len(set(found[:365])) == 12 // PERIODS[per]
    assert list(starts(begin, per, begin, begin + timedelta(days=365))) == sorted(set(found))
    for number, start in enumerate(found):
        day = begin + timedelta(days=number)
        assert period_end(begin, per, day) == first_from(begin, per, day, after=True)
        assert start <= day < period_end(begin, per, day)


def test_the_contract_in_force_is_the_newest_that_has_begun_and_not_ended(work: Work) -> None:
    casa = home(work)
    today = work.now.date()
    assert running(work, casa.id) is None
    assert running(work, None) is None
    old = contract(work, casa, "comfort", today - timedelta(days=400))
    assert running(work, casa.id) is old
    old.ends_on = today
    assert running(work, casa.id) is old
    old.ends_on = today - timedelta(days=1)
    assert running(work, casa.id) is None
    assert standing(work, casa.id) is None
    old.ends_on, old.state = None, ContractState.SUSPENDED
    work.session.flush()
    assert running(work, casa.id) is None
    held = standing(work, casa.id)
    assert held is not None
    assert (held.contract, held.suspended) == (old, True)


def test_a_later_contract_takes_over_on_its_first_day(work: Work) -> None:
    casa = home(work)
    old = contract(work, casa, "comfort", date(2025, 1, 1))
    new = contract(work, home(work, "H2"), "signature", work.now.date() + timedelta(days=1))
    new.home_id = casa.id
    work.session.flush()
    assert running(work, casa.id) is old
    work.now += timedelta(days=1)
    assert running(work, casa.id) is new


def test_a_tariff_and_a_plan_are_kept_once_and_found_again(work: Work) -> None:
    first, again = keep(work, SAMPLE.tariff), keep(work, SAMPLE.tariff)
    dearer = SAMPLE.tariff.labour[0].model_copy(update={"per_hour": Decimal(81)})
    other = keep(work, SAMPLE.tariff.model_copy(update={"labour": (dearer, *SAMPLE.tariff.labour[1:])}))
    assert first is again
    assert first.id != other.id
    assert work.session.scalar(select(func.count()).select_from(StoredTariff)) == 2
    work.session.expire_all()
    assert tariff_of(work, first.id) == SAMPLE.tariff
    assert keep_plan(work, SAMPLE.plans[1]) is keep_plan(work, SAMPLE.plans[1])
    assert plan_of(work, keep_plan(work, SAMPLE.plans[2]).id) == SAMPLE.plans[2]
    assert work.session.scalar(select(func.count()).select_from(StoredPlan)) == 2


def test_a_plan_covers_what_it_names_and_does_not_exclude(work: Work) -> None:
    signed = contract(work, home(work), "comfort")
    plan = terms(signed)
    assert plan is not None
    found = covered(SAMPLE, plan)
    assert Area.LIGHTING in found
    assert Area.SECURITY not in found


def test_a_plan_that_changes_later_does_not_change_what_was_signed(work: Work) -> None:
    signed = contract(work, home(work), "signature")
    assert balances(work, signed)["visits"].granted == 4
    signed.terms = {**signed.terms, "includes": [{"key": "visits", "amount": 9}]}
    assert balances(work, signed)["visits"].granted == 9
