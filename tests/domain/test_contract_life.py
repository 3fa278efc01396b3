"""The life of a contract: offered, signed, suspended, changed, renewed, ended; and a calendar that misses no day."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.database import sqlite_engine
from domain import ledger
from domain.allotments import Entry
from domain.charges import Charge, ChargeKind
from domain.company import Company
from domain.contract_life import (
    activate,
    change_plan,
    end,
    next_day,
    offer,
    resume,
    roll,
    roll_all,
    suspend,
)
from domain.contracts import (
    LIFE,
    Contract,
    ContractState,
    Deed,
    account_of,
    advance,
    balances,
    running,
    standing,
    terms,
)
from domain.coverage import Use
from domain.declared import Period
from domain.events import SubscriptionDue
from domain.periods import part_of
from domain.plans import Plan
from domain.work import Work
from tests.domain.ground import SAMPLE, company, home, refusal_of

PRORATED = company(*(p.model_copy(update={"change": "prorated"}) for p in SAMPLE.plans))


def today_is(work: Work, day: date) -> None:
    """Midday of a day."""
    work.now = datetime.combine(day, time(12), UTC)


def sign(
    work: Work, of: Company = SAMPLE, plan: str = "comfort", period: Period = "month", ref: str = "K1"
) -> Contract:
    """A contract from today on."""
    made = offer(work, of, home(work, f"H{ref}"), ref, (plan, period), work.now.date())
    activate(work, of, made)
    return made


def told(work: Work) -> list[str]:
    """The facts so far."""
    return [type(fact).__name__ for fact in work.events]


def owed(work: Work, kind: ChargeKind | None = None) -> list[tuple[date, int]]:
    """The charges: when, and how much."""
    found = select(Charge).order_by(Charge.due_on, Charge.id)
    return [(c.due_on, c.amount_minor) for c in work.session.scalars(found) if kind in (None, c.kind)]


def test_only_what_the_life_table_says_happens_to_a_contract() -> None:
    for state in ContractState:
        for deed in Deed:
            stands = Contract(ref="K1", state=state)
            after = LIFE.get((state, deed))
            refused = refusal_of(lambda stands=stands, deed=deed: advance(stands, deed))
            assert (refused, stands.state) == ((None, after) if after else ("ContractStands", state))


def test_a_contract_is_offered_then_signed_and_its_first_month_is_charged(work: Work) -> None:
    casa = home(work)
    made = offer(work, SAMPLE, casa, "K1", ("comfort", "month"), date(2026, 3, 1))
    assert (made.state, running(work, casa.id), owed(work)) == (ContractState.OFFERED, None, [])
    activate(work, SAMPLE, made)
    assert (made.state, running(work, casa.id)) == (ContractState.ACTIVE, made)
    assert owed(work) == [(date(2026, 3, 1), 3900)]
    charge = work.session.scalars(select(Charge)).one()
    assert (charge.tax_minor, charge.covers_from, charge.covers_to) == (650, date(2026, 3, 1), date(2026, 4, 1))
    assert charge.tax_rates[0]["percent"] == "20"
    assert told(work) == ["ContractOffered", "ContractActivated", "Charged", "SubscriptionDue"]


def test_a_plan_that_is_not_sold_that_way_cannot_be_offered(work: Work) -> None:
    casa = home(work)
    assert refusal_of(lambda: offer(work, SAMPLE, casa, "K1", ("gold", "month"), work.now.date())) == "PlanNotSold"
    assert refusal_of(lambda: offer(work, SAMPLE, casa, "K1", ("essential", "year"), work.now.date())) == "PlanNotSold"


def test_a_home_has_one_contract_at_a_time(work: Work) -> None:
    first = sign(work)
    later = offer(work, SAMPLE, home(work, "H2"), "K2", ("signature", "month"), date(2026, 5, 1))
    later.home_id = first.home_id
    assert refusal_of(lambda: activate(work, SAMPLE, later)) == "HomeHasContract"
    end(work, SAMPLE, first, date(2026, 4, 30))
    activate(work, SAMPLE, later)
    today_is(work, date(2026, 5, 1))
    assert running(work, first.home_id) is later


def test_what_is_suspended_includes_nothing_and_costs_nothing_until_it_is_resumed(work: Work) -> None:
    signed = sign(work)
    suspend(work, SAMPLE, signed, "unpaid since January")
    assert running(work, signed.home_id) is None
    held = standing(work, signed.home_id)
    assert held is not None
    assert held.suspended
    assert refusal_of(lambda: suspend(work, SAMPLE, signed, "again")) == "ContractStands"
    today_is(work, date(2026, 5, 10))
    resume(work, SAMPLE, signed)
    assert (signed.state, signed.suspended_for, running(work, signed.home_id)) == (ContractState.ACTIVE, None, signed)
    assert [day for day, _ in owed(work)] == [date(2026, 3, 2)]
    today_is(work, date(2026, 6, 10))
    roll(work, SAMPLE, signed)
    assert [day for day, _ in owed(work)] == [date(2026, 3, 2), date(2026, 6, 2)]


def test_after_months_without_the_program_every_period_is_charged_once(work: Work) -> None:
    signed = sign(work, plan="signature", period="quarter")
    today_is(work, date(2027, 9, 30))
    for _ in range(2):
        roll_all(work, SAMPLE)
    days = [date(2026, 3, 2), date(2026, 6, 2), date(2026, 9, 2), date(2026, 12, 2)]
    days += [date(2027, 3, 2), date(2027, 6, 2), date(2027, 9, 2)]
    assert owed(work) == [(day, 38700) for day in days]
    assert (signed.renews_on, told(work).count("ContractRenewed")) == (date(2028, 3, 2), 1)
    assert next_day(signed) == date(2027, 12, 2)


def test_a_contract_that_was_invoiced_elsewhere_is_charged_from_its_next_period_on(work: Work) -> None:
    """What an import or an older program wrote: nobody knows what was charged before."""
    signed = sign(work)
    work.session.delete(work.session.scalars(select(Charge)).one())
    signed.charged_until = None
    today_is(work, date(2026, 3, 20))
    roll(work, SAMPLE, signed)
    assert owed(work) == []
    today_is(work, date(2026, 4, 2))
    roll(work, SAMPLE, signed)
    assert owed(work) == [(date(2026, 4, 2), 3900)]


def test_the_last_period_costs_as_much_of_it_as_there_is(work: Work) -> None:
    signed = sign(work)
    end(work, SAMPLE, signed, date(2026, 4, 16))  # fifteen of thirty days
    assert told(work)[-1] == "NoticeGiven"
    today_is(work, date(2026, 4, 16))
    roll(work, SAMPLE, signed)
    assert running(work, signed.home_id) is signed
    assert owed(work)[-1] == (date(2026, 4, 2), 1950)
    today_is(work, date(2026, 4, 17))
    roll(work, SAMPLE, signed)
    assert (signed.state, told(work)[-1], next_day(signed)) == (ContractState.ENDED, "ContractEnded", None)
    assert refusal_of(lambda: resume(work, SAMPLE, signed)) == "ContractStands"
    today_is(work, date(2028, 1, 1))
    roll_all(work, SAMPLE)
    assert len(owed(work)) == 2


def test_an_offer_that_nobody_signs_can_be_withdrawn(work: Work) -> None:
    made = offer(work, SAMPLE, home(work), "K1", ("comfort", "month"), work.now.date())
    end(work, SAMPLE, made, work.now.date())
    assert (made.state, owed(work)) == (ContractState.ENDED, [])


# ── another plan ──


def test_another_plan_begins_at_the_renewal_with_the_terms_of_the_day_it_was_agreed(work: Work) -> None:
    signed = sign(work)
    assert change_plan(work, SAMPLE, signed, "signature") == date(2027, 3, 2)
    assert (signed.plan, told(work)[-1]) == ("comfort", "ChangeAgreed")
    dearer = company(SAMPLE.plan("signature").model_copy(update={"prices": {"month": 999}}))
    today_is(work, date(2027, 3, 2))
    roll(work, dearer, signed)
    assert (signed.plan, terms(signed)) == ("signature", SAMPLE.plan("signature"))
    assert owed(work)[-2:] == [(date(2027, 2, 2), 3900), (date(2027, 3, 2), 12900)]
    assert (owed(work, ChargeKind.PRORATION), signed.renews_on) == ([], date(2028, 3, 2))


def test_a_change_in_the_middle_of_a_month_gives_back_the_rest_and_charges_the_new_one(work: Work) -> None:
    signed = sign(work, PRORATED)
    use = (Use("remote", "minutes", 60, 40, 40, ("labour",)),)
    ledger.reserve(work, account_of(signed), use, None, "quote:1")  # type: ignore[arg-type]
    today_is(work, date(2026, 3, 12))  # of 31 days, 21 are left
    assert change_plan(work, PRORATED, signed, "signature") == date(2026, 3, 12)
    assert owed(work, ChargeKind.PRORATION) == [(date(2026, 3, 12), -2642), (date(2026, 3, 12), 8739)]
    assert (signed.plan, signed.charged_until) == ("signature", date(2026, 4, 2))
    last = work.session.scalars(select(Entry).order_by(Entry.id.desc())).first()
    assert last is not None
    assert (last.kind.value, last.quantity, last.after, last.reason) == ("expire", -20, 0, "plan_changed")
    assert balances(work, signed)["remote"].left == 120
    today_is(work, date(2026, 4, 2))
    roll(work, PRORATED, signed)
    assert owed(work)[-1] == (date(2026, 4, 2), 12900)


def test_changing_there_and_back_on_one_day_costs_nothing(work: Work) -> None:
    signed = sign(work, PRORATED)
    today_is(work, date(2026, 3, 12))
    change_plan(work, PRORATED, signed, "signature")
    change_plan(work, PRORATED, signed, "comfort")
    assert sum(amount for _, amount in owed(work, ChargeKind.PRORATION)) == 0
    assert refusal_of(lambda: change_plan(work, PRORATED, signed, "comfort")) == "SamePlan"


def test_from_month_to_year_the_new_period_begins_today(work: Work) -> None:
    signed = sign(work, PRORATED)
    today_is(work, date(2026, 3, 12))
    change_plan(work, PRORATED, signed, "comfort", "year")
    assert owed(work)[1:] == [(date(2026, 3, 12), -2642), (date(2026, 3, 12), 42900)]
    assert (signed.period, signed.charged_until, signed.renews_on) == ("year", date(2027, 3, 12), date(2027, 3, 2))


def test_a_month_that_was_waived_is_not_given_back(work: Work) -> None:
    signed = sign(work, PRORATED)
    suspend(work, PRORATED, signed, "unpaid")
    today_is(work, date(2026, 4, 10))
    resume(work, PRORATED, signed)
    change_plan(work, PRORATED, signed, "signature")
    assert owed(work, ChargeKind.PRORATION) == []


@given(st.integers(1, 10**7), st.dates(date(2023, 12, 1), date(2028, 3, 1)), st.integers(1, 366), st.integers(0, 366))
@settings(max_examples=300, deadline=None)
def test_the_days_that_are_used_and_those_that_come_back_are_the_whole_price(
    price: int, begin: date, length: int, passed: int
) -> None:
    until = begin + timedelta(days=length)
    day = min(begin + timedelta(days=passed), until)
    back = part_of(price, (until - day).days, length)
    assert 0 <= back <= price
    assert part_of(price, length, length) == price
    assert part_of(price, 0, length) == 0
    assert abs(price - back - part_of(price, (day - begin).days, length)) <= 1
    if day < until:
        assert back >= part_of(price, (until - day).days - 1, length)


def test_who_pays_by_the_quarter_for_a_moment_only_and_goes_back_has_paid_one_month(work: Work) -> None:
    signed = sign(work, PRORATED, "comfort", "month")
    change_plan(work, PRORATED, signed, "comfort", "quarter")
    change_plan(work, PRORATED, signed, "comfort", "month")
    amounts = [amount for _, amount in owed(work)]
    assert len(amounts) == 5
    assert sum(amounts) == amounts[0] > 0


@pytest.fixture(scope="module")
def book(empty_record: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    file = tmp_path_factory.mktemp("life") / "life.db"
    file.write_bytes(empty_record.read_bytes())
    engine = sqlite_engine(f"sqlite:///{file}")
    yield engine
    engine.dispose()


deeds = st.lists(
    st.tuples(
        st.sampled_from(("wait", "wait", "suspend", "resume", "change", "use")),
        st.integers(1, 500),
        st.sampled_from(("comfort", "signature")),
        st.sampled_from(("month", "quarter", "year")),
    ),
    max_size=15,
)


@given(st.dates(date(2024, 1, 1), date(2024, 12, 31)), deeds, st.booleans())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_no_day_is_charged_twice_and_looking_often_changes_nothing(
    book: Engine, begin: date, steps: list[tuple[str, int, str, Period]], prorated: bool
) -> None:
    of = PRORATED if prorated else SAMPLE
    with Session(book, expire_on_commit=False) as session:
        work = Work(session, datetime.combine(begin, time(12), UTC), "test")
        signed = sign(work, of)
        for deed, days, plan, period in steps:
            if deed == "wait":
                work.now += timedelta(days=days)
                roll(work, of, signed)
            elif deed == "use":
                use = (Use("remote", "minutes", 60, 1, 1, ("labour",)),)
                ledger.reserve(work, account_of(signed), use, None, f"quote:{len(work.events)}")  # type: ignore[arg-type]
            else:
                refusal_of(lambda d=deed, p=plan, q=period: do(work, of, signed, d, p, q))
        before = len(work.events)
        roll(work, of, signed)
        assert len(work.events) == before
        covered(work, signed)
        session.rollback()


def do(work: Work, of: Company, signed: Contract, deed: str, plan: str, period: Period) -> None:
    """One deed to a contract."""
    if deed == "suspend":
        suspend(work, of, signed, "unpaid")
    elif deed == "resume":
        resume(work, of, signed)
    else:
        change_plan(work, of, signed, plan, period)


def covered(work: Work, signed: Contract) -> None:
    """Each day is paid once, charges less credits; what came back is paid anew, unless it lies ahead or was waived."""
    paid: dict[date, int] = {}
    for charge in work.session.scalars(select(Charge)):
        assert charge.covers_from is not None
        assert charge.covers_to is not None
        sign_of = -1 if charge.amount_minor < 0 else 1
        for number in range((charge.covers_to - charge.covers_from).days):
            day = charge.covers_from + timedelta(days=number)
            paid[day] = paid.get(day, 0) + sign_of
    waived = [happened.begins for happened in work.events if isinstance(happened, SubscriptionDue) and happened.waived]
    unpaid_from = min([*waived, signed.charged_until or date.max])
    assert {day: times for day, times in paid.items() if times != 1 and not (times == 0 and day >= unpaid_from)} == {}


def test_the_terms_are_those_of_the_day_of_the_offer(work: Work) -> None:
    made = offer(work, SAMPLE, home(work), "K1", ("comfort", "month"), work.now.date())
    other = company(Plan.model_validate({**SAMPLE.plan("comfort").model_dump(), "prices": {"month": 1}}))
    activate(work, other, made)
    assert owed(work) == [(work.now.date(), 3900)]
