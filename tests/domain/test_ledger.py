"""The ledger: whatever is booked, done, called off, adjusted or left to lapse, the entries sum to the balance."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.database import sqlite_engine
from domain import ledger
from domain.allotments import Account, Allotment, Entry, EntryKind
from domain.contracts import Contract, account_of, balances
from domain.coverage import Use
from domain.periods import carried, period_start
from domain.plans import Allowance, Plan
from domain.statement import adjust, dispute, statement
from domain.work import Work
from tests.domain.ground import MONDAY, SAMPLE, contract, home, person, refusal_of, request

MONTHLY = Allowance(key="remote", unit="minutes", amount=120, per="month", rollover=60)


def plan(*includes: Allowance) -> Plan:
    """The sample's comfort plan, including this."""
    return SAMPLE.plan("comfort").model_copy(update={"includes": includes})


def signed_with(work: Work, *includes: Allowance, starts: date = date(2026, 1, 15)) -> tuple[Contract, Account, int]:
    """Marta's contract, its account, and a request of hers."""
    marta = person(work)
    casa = home(work, owner=marta)
    signed = contract(work, casa, "comfort", starts)
    signed.terms = plan(*includes).model_dump(mode="json")
    work.session.flush()
    return signed, account_of(signed), request(work, marta, casa).id


def minutes(units: int, key: str = "remote") -> tuple[Use, ...]:
    """So many minutes of remote help."""
    return (Use(key, "minutes", 999, units, units, ("labour",)),)


def entries(work: Work) -> list[tuple[str, int, int | None]]:
    """The ledger as one reads it: what, how much, what was left."""
    return [(e.kind.value, e.quantity, e.after) for e in work.session.scalars(select(Entry).order_by(Entry.id))]


def sums_agree(work: Work) -> None:
    """The invariant: the balance is the sum of the entries, and never below zero."""
    work.session.flush()
    work.session.expire_all()
    for allotment in work.session.scalars(select(Allotment)):
        total = select(func.sum(Entry.quantity)).where(Entry.allotment_id == allotment.id)
        if allotment.balance is not None:
            assert allotment.balance == (work.session.scalar(total) or 0) >= 0


# ── one after the other ──


def test_marta_books_half_an_hour_and_ana_needs_twenty_minutes(work: Work) -> None:
    signed, account, asked = signed_with(work, MONTHLY)
    assert ledger.reserve(work, account, minutes(30), asked, "quote:1")
    assert balances(work, signed)["remote"].left == 180 - 30  # 120, and 60 at most of the month before
    assert balances(work, signed, but_for=asked)["remote"].left == 180
    ledger.release(work, "quote:1", "done", lapsing=False)
    ledger.spend(work, account, minutes(20), asked, "quote:1")
    assert [e[:2] for e in entries(work)][-3:] == [("reserve", -30), ("release", 30), ("use", -20)]
    assert balances(work, signed)["remote"].left == 160
    sums_agree(work)


def test_what_takes_longer_than_there_is_left_takes_what_is_left(work: Work) -> None:
    signed, account, asked = signed_with(work, MONTHLY.model_copy(update={"rollover": 0}))
    assert ledger.reserve(work, account, minutes(100), asked, "quote:1")
    ledger.release(work, "quote:1", "done", lapsing=False)
    ledger.spend(work, account, minutes(500), asked, "quote:1")
    assert entries(work)[-1] == ("use", -120, 0)
    assert balances(work, signed)["remote"].left == 0


def test_pressing_twice_books_gives_back_and_uses_once(work: Work) -> None:
    _, account, asked = signed_with(work, MONTHLY)
    for _ in range(2):
        assert ledger.reserve(work, account, minutes(30), asked, "quote:1")
    for _ in range(2):
        ledger.release(work, "quote:1", "done", lapsing=False)
    for _ in range(2):
        ledger.spend(work, account, minutes(20), asked, "quote:1")
    assert [e[0] for e in entries(work)] == ["grant", "grant", "reserve", "release", "use"]
    sums_agree(work)


def test_an_allowance_without_a_limit_says_what_was_used_and_never_runs_out(work: Work) -> None:
    signed, account, asked = signed_with(work, Allowance(key="remote", unit="minutes", work=("remote",)))
    endless = (Use("remote", "minutes", None, 600, 600, ("labour",)),)
    for number in range(3):
        assert ledger.reserve(work, account, endless, asked, f"quote:{number}")
        ledger.spend(work, account, endless, asked, f"quote:{number}")
    assert entries(work) == [("use", -600, None)] * 3
    assert balances(work, signed)["remote"].left is None


def test_an_allowance_that_the_terms_do_not_have_cannot_be_booked(work: Work) -> None:
    _, account, asked = signed_with(work, MONTHLY)
    assert not ledger.reserve(work, account, minutes(1, "visits"), asked, "quote:1")


def test_hours_are_counted_in_minutes_also_those_that_are_carried(work: Work) -> None:
    hours = Allowance(key="remote", unit="hours", amount=2, per="month", rollover=1)
    signed, _, _ = signed_with(work, hours, starts=date(2026, 3, 2))
    assert balances(work, signed)["remote"].left == 120
    work.now += timedelta(days=31)
    assert balances(work, signed)["remote"].left == 180


# ── from period to period ──


def test_up_to_an_hour_goes_along_into_the_next_month_and_the_rest_lapses(work: Work) -> None:
    signed, account, asked = signed_with(work, MONTHLY, starts=date(2026, 3, 1))
    ledger.reserve(work, account, minutes(20), asked, "quote:1")
    work.now += timedelta(days=31)  # the second of April
    assert balances(work, signed)["remote"].left == 180
    ledger.reserve(work, account, minutes(10), asked, "quote:2")
    assert entries(work) == [
        ("grant", 120, 120), ("reserve", -20, 100),
        ("grant", 120, 120), ("grant", 60, 180), ("expire", -60, 40), ("expire", -40, 0), ("reserve", -10, 170),
    ]  # fmt: skip
    sums_agree(work)
    # What comes back after its month is over is gone.
    ledger.release(work, "quote:1")
    assert entries(work)[-2:] == [("release", 20, 20), ("expire", -20, 0)]
    assert balances(work, signed)["remote"].left == 170


def test_what_was_booked_in_one_month_and_done_in_the_next_is_paid_by_the_first(work: Work) -> None:
    signed, account, asked = signed_with(work, MONTHLY, starts=date(2026, 3, 1))
    ledger.reserve(work, account, minutes(50), asked, "quote:1")
    work.now += timedelta(days=31)
    ledger.reserve(work, account, minutes(10), asked, "quote:2")
    ledger.release(work, "quote:1", "done", lapsing=False)
    ledger.spend(work, account, minutes(30), asked, "quote:1")
    assert entries(work)[-3:] == [("release", 50, 50), ("use", -30, 20), ("expire", -20, 0)]
    assert balances(work, signed)["remote"].left == 170
    sums_agree(work)


@given(st.integers(1, 90), st.integers(0, 200), st.lists(st.integers(0, 90), min_size=1, max_size=12))
@settings(max_examples=100, deadline=None)
def test_what_is_carried_is_what_a_month_by_month_count_says(granted: int, rollover: int, used: list[int]) -> None:
    """The oracle walks every month; the ledger knows only the last one that anybody needed."""
    left, carry = 0, 0
    for taken in used:
        left = granted + carry - min(taken, granted + carry)
        carry = min(left, rollover)
    untouched = len(used) - 1 - max((n for n, taken in enumerate(used) if taken), default=-1)
    last, come = None, 0
    for number, taken in enumerate(used):
        if number >= len(used) - untouched:
            break
        last = granted + come - min(taken, granted + come)
        come = min(last, rollover)
    assert carried(granted, rollover, last, untouched) == carry


# ── everybody at once ──


@pytest.fixture(scope="module")
def book(empty_record: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
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


@dataclass
class Oracle:
    """What somebody who counts along with pencil and paper has on it."""

    left: dict[date, int] = field(default_factory=dict)
    aside: dict[str, tuple[date, int]] = field(default_factory=dict)

    def begin(self, start: date, granted: int) -> None:
        if start not in self.left:
            self.left = {**dict.fromkeys(self.left, 0), start: granted}

    def back(self, subject: str, now: date) -> None:
        period, units = self.aside.pop(subject)
        self.left[period] += units if period == max(self.left) else 0


steps = st.lists(
    st.tuples(
        st.sampled_from(("book", "book", "call off", "do", "give", "take", "wait")),
        st.integers(0, 5),
        st.integers(1, 40),
    ),
    max_size=25,
)


@given(steps)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_people_do_the_entries_sum_to_the_balance(book: Engine, steps: list[tuple[str, int, int]]) -> None:
    with undone(book) as work:
        quarterly = Allowance(key="remote", unit="minutes", amount=60, per="quarter")
        signed, account, asked = signed_with(work, quarterly)
        paper = Oracle()
        for number, (deed, which, units) in enumerate(steps):
            start = period_start(signed.starts_on, "quarter", work.now.date())
            subject = sorted(paper.aside)[which % len(paper.aside)] if paper.aside else None
            if deed == "wait":
                work.now += timedelta(days=units)
            elif deed == "book":
                done = ledger.reserve(work, account, minutes(units), asked, f"quote:{number:02}")
                paper.begin(start, 60)
                assert done is (units <= paper.left[start])
                if done:
                    paper.left[start] -= units
                    paper.aside[f"quote:{number:02}"] = (start, units)
            elif deed in ("give", "take"):
                paper.begin(start, 60)
                more = units if deed == "give" else -units
                no = refusal_of(lambda n=number, more=more: ledger.adjust(work, account, "remote", more, "so", f"a{n}"))
                assert no == (None if paper.left[start] + more >= 0 else "NotThatMuch")
                paper.left[start] += 0 if no else more
            elif deed == "call off" and subject:
                ledger.release(work, subject)
                ledger.release(work, subject)
                paper.back(subject, start)
            elif deed == "do" and subject:
                period, kept = paper.aside.pop(subject)
                ledger.release(work, subject, "done", lapsing=False)
                ledger.spend(work, account, minutes(units), asked, subject)
                old = 0 if period == max(paper.left) else paper.left[period]
                paper.left[period] += kept - min(units, paper.left[period] + kept)
                paper.left[period] = paper.left[period] if period == max(paper.left) else old
            sums_agree(work)
        today = period_start(signed.starts_on, "quarter", work.now.date())
        assert balances(work, signed)["remote"].left == paper.left.get(today, 60)


def test_the_record_itself_refuses_a_balance_below_zero(work: Work) -> None:
    _, account, asked = signed_with(work, MONTHLY)
    ledger.reserve(work, account, minutes(1), asked, "quote:1")
    allotment = work.session.scalars(select(Allotment)).one()
    allotment.balance = -1
    with pytest.raises(IntegrityError, match="never_below_zero"):
        work.session.flush()


# ── what people read ──


def test_the_statement_is_read_page_by_page_newest_first(work: Work) -> None:
    signed, account, asked = signed_with(work, MONTHLY.model_copy(update={"rollover": 0}))
    for number in range(5):
        ledger.reserve(work, account, minutes(10), asked, f"quote:{number}")
    first, cursor = statement(work, signed, limit=4)
    rest, end = statement(work, signed, before=cursor, limit=4)
    assert [line.after for line in (*first, *rest)] == [70, 80, 90, 100, 110, 120]
    assert (first[0].request, first[0].reason, first[0].quantity, first[0].unit) == (
        str(1000 + asked), "booked", -10, "minutes",
    )  # fmt: skip
    assert (rest[-1].kind, rest[-1].request, end) == (EntryKind.GRANT, None, None)


def test_marta_says_that_a_line_is_wrong_and_the_team_hears_of_it_once(work: Work) -> None:
    signed, account, asked = signed_with(work, MONTHLY)
    ledger.reserve(work, account, minutes(10), asked, "quote:1")
    line = statement(work, signed)[0][0]
    assert dispute(work, signed, line.entry, 1)
    assert not dispute(work, signed, line.entry, 1)
    assert [type(e).__name__ for e in work.events].count("AllowanceDisputed") == 1
    assert statement(work, signed)[0][0].disputed
    other = contract(work, home(work, "H2"), "comfort")
    assert refusal_of(lambda: dispute(work, other, line.entry, 1)) == "NoSuchEntry"


def test_ana_gives_ten_minutes_back_and_says_why(work: Work) -> None:
    signed, account, asked = signed_with(work, MONTHLY.model_copy(update={"rollover": 0}))
    ledger.reserve(work, account, minutes(10), asked, "quote:1")
    for _ in range(2):  # a form that is sent twice
        adjust(work, signed, "remote", 10, "It was our mistake.", "dispute:1")
    line = statement(work, signed)[0][0]
    assert (line.kind, line.quantity, line.after, line.words) == (EntryKind.ADJUST, 10, 120, "It was our mistake.")
    assert [type(e).__name__ for e in work.events].count("AllowanceAdjusted") == 1
    assert refusal_of(lambda: adjust(work, signed, "remote", -121, "", "x")) == "NotThatMuch"
    assert refusal_of(lambda: adjust(work, signed, "visits", 1, "", "y")) == "NoSuchEntry"
