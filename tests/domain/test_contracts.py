"""Contracts: which period a day lies in, and a statement that is exact whatever happens."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from bot.database import sqlite_engine
from domain.areas import Area, Help
from domain.contracts import (
    Allotment,
    ContractState,
    Deduction,
    StoredTariff,
    balances,
    covers,
    give_back,
    keep,
    period_start,
    running,
    take,
)
from domain.coverage import Clause, Ruling, Verdict
from domain.work import Work
from tests.domain.ground import MONDAY, SAMPLE, contract, home, person, request

days = st.dates(date(2024, 1, 1), date(2027, 12, 31))
PERIODS = {"month": 1, "quarter": 3, "year": 12}


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
    begin: tuple[int, int, int], per: str, today: tuple[int, int, int], start: tuple[int, int, int]
) -> None:
    assert period_start(date(*begin), per, date(*today)) == date(*start)


@given(days, st.sampled_from(sorted(PERIODS)))
@settings(max_examples=40, deadline=None)
def test_over_a_year_periods_follow_each_other_without_a_gap(begin: date, per: str) -> None:
    starts = [period_start(begin, per, begin + timedelta(days=n)) for n in range(366)]
    assert starts[0] == begin
    assert starts == sorted(starts)
    assert all(start <= begin + timedelta(days=n) for n, start in enumerate(starts))
    assert all(period_start(begin, per, start) == start for start in set(starts))
    assert len(set(starts[:365])) == 12 // PERIODS[per]


@pytest.fixture(scope="module")
def ledger(empty_record: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    file = tmp_path_factory.mktemp("ledger") / "ledger.db"
    file.write_bytes(empty_record.read_bytes())
    engine = sqlite_engine(f"sqlite:///{file}")
    yield engine
    engine.dispose()


@contextmanager
def undone(engine: Engine) -> Iterator[Work]:
    """A unit of work that leaves nothing behind."""
    with Session(engine, expire_on_commit=False) as session:
        yield Work(session, MONDAY, "test")
        session.rollback()


steps = st.lists(
    st.tuples(st.sampled_from(("take", "give", "wait")), st.integers(0, 5), st.integers(1, 40)), max_size=30
)


@given(steps)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_taken_and_given_back_the_statement_is_exact(
    ledger: Engine, steps: list[tuple[str, int, int]]
) -> None:
    with undone(ledger) as work:
        owner = person(work)
        casa = home(work, owner=owner)
        signed = contract(work, casa, "comfort", date(2026, 1, 15))  # 60 minutes a quarter
        asked = request(work, owner, casa)
        taken: dict[str, tuple[date, int]] = {}  # what stands: subject -> period and minutes
        for n, (deed, which, minutes) in enumerate(steps):
            start = period_start(signed.starts_on, "quarter", work.now.date())
            out = sum(m for period, m in taken.values() if period == start)
            if deed == "wait":
                work.now += timedelta(days=minutes)
            elif deed == "take":
                verdict = Verdict(Help.REMOTE, Ruling.INCLUDED, Clause.ALLOWANCE, "remote_minutes", 60 - out, minutes)
                done = take(work, signed, verdict, asked.id, f"booking:{n}")
                assert done is (out + minutes <= 60)
                if done:
                    taken[f"booking:{n}"] = (start, minutes)
            elif taken:
                subject = sorted(taken)[which % len(taken)]
                give_back(work, subject)
                give_back(work, subject)
                del taken[subject]
            _the_statement_agrees(work, taken)
        start = period_start(signed.starts_on, "quarter", work.now.date())
        out = sum(m for period, m in taken.values() if period == start)
        assert balances(work, signed)["remote_minutes"].left == 60 - out
        assert balances(work, signed, asked.id)["remote_minutes"].left == 60
        assert balances(work, signed, asked.id + 1)["remote_minutes"].left == 60 - out


def _the_statement_agrees(work: Work, taken: dict[str, tuple[date, int]]) -> None:
    work.session.flush()
    for allotment, start, granted, used in work.session.execute(
        select(Allotment.id, Allotment.period_start, Allotment.granted, Allotment.used)
    ):
        assert 0 <= used <= granted
        assert used == sum(minutes for period, minutes in taken.values() if period == start)
        lines = select(func.sum(Deduction.quantity)).where(Deduction.allotment_id == allotment)
        assert (work.session.scalar(lines) or 0) == used


def test_what_a_verdict_does_not_use_takes_nothing(work: Work) -> None:
    casa = home(work)
    signed = contract(work, casa)
    for verdict in (
        Verdict(Help.VISIT, Ruling.NOT_INCLUDED, Clause.NOT_IN_PLAN),
        Verdict(Help.VISIT, Ruling.NOT_INCLUDED, Clause.ALLOWANCE_USED_UP, "visits"),
    ):
        assert take(work, signed, verdict, 1, "booking:1")
    assert work.session.scalar(select(func.count()).select_from(Deduction)) == 0


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
    old.ends_on, old.state = None, ContractState.SUSPENDED
    work.session.flush()
    assert running(work, casa.id) is None


def test_a_later_contract_takes_over_on_its_first_day(work: Work) -> None:
    casa = home(work)
    old = contract(work, casa, "comfort", date(2025, 1, 1))
    new = contract(work, home(work, "H2"), "signature", work.now.date() + timedelta(days=1))
    new.home_id = casa.id
    work.session.flush()
    assert running(work, casa.id) is old
    work.now += timedelta(days=1)
    assert running(work, casa.id) is new


def test_a_tariff_is_kept_once_and_found_again(work: Work) -> None:
    first, again = keep(work, SAMPLE.tariff), keep(work, SAMPLE.tariff)
    dearer = keep(work, SAMPLE.tariff.model_copy(update={"visit_hour": SAMPLE.tariff.visit_hour + 1}))
    assert first is again
    assert first.id != dearer.id
    assert work.session.scalar(select(func.count()).select_from(StoredTariff)) == 2


def test_a_plan_covers_what_it_names_and_does_not_exclude(work: Work) -> None:
    signed = contract(work, home(work), "comfort")
    covered = covers(SAMPLE, signed)
    assert Area.LIGHTING in covered
    assert Area.SECURITY not in covered
    assert covers(SAMPLE, None) == ()


def test_a_plan_that_changes_later_does_not_change_what_was_signed(work: Work) -> None:
    signed = contract(work, home(work), "signature")
    assert balances(work, signed)["visits"].granted == 4
    signed.terms = {**signed.terms, "includes": [{"kind": "visits", "amount": 9, "per": "year"}]}
    assert balances(work, signed)["visits"].granted == 9
