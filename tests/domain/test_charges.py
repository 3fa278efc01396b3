"""What people owe: the price of the real minutes, never more than they agreed to; fees and credits; each of it once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from domain import charges, leaving, proposals, quoting, requests
from domain.appointments import Booking, BookingState
from domain.bookings import cancel, complete, confirm, quote_of, stored_quote
from domain.cancelling import cancellation_fee
from domain.cases import Case
from domain.charges import Charge, ChargeKind
from domain.contracts import Contract, balances
from domain.levies import levied
from domain.money import Money
from domain.pricing import price
from domain.proposals import LIFE, QuoteDeed, QuoteState, StoredQuote, replay, settle
from domain.requests import Request, State
from domain.tariff import Cancellation, Tariff
from domain.work import Work
from tests.domain.ground import SAMPLE, contract, hold, home, offer, person, priced, promise, refusal_of, request

SOON = timedelta(minutes=15)


def marta(work: Work, plan: str | None = None) -> tuple[Request, Contract | None]:
    """Marta asks for something."""
    owner = person(work)
    casa = home(work, owner=owner)
    signed = contract(work, casa, plan) if plan else None
    return request(work, owner, casa), signed


def booked(work: Work, asked: Request, signed: Contract | None, minutes: int = 60, kind: str = "visit") -> Booking:
    """An appointment tomorrow."""
    made = offer(work, signed, work.now + timedelta(hours=24), minutes=minutes, kind=kind, but_for=asked.id)
    booking = hold(work, asked, made, work.now + SOON)
    confirm(work, booking, asked)
    return booking


def facts(work: Work) -> list[str]:
    return [type(fact).__name__ for fact in work.events]


# ── done ──


@pytest.mark.parametrize(
    ("minutes", "owes"),
    [(45, 8250), (46, 11000), (60, 11000), (75, 11000), (600, 11000), (None, 11000), (1, 2750)],
)
def test_the_work_costs_its_real_minutes_and_never_more_than_was_agreed(
    work: Work, minutes: int | None, owes: int
) -> None:
    asked, _ = marta(work)
    booking = booked(work, asked, None)
    work.now += timedelta(days=1)
    charge = complete(work, booking, asked, minutes)
    assert charge is not None
    assert (charge.amount_minor, charge.kind, charge.request_id) == (owes, ChargeKind.WORK, asked.id)
    assert charge.tax_minor == round(owes / 6)
    assert (booking.state, facts(work)[-2:]) == (BookingState.DONE, ["WorkDone", "Charged"])
    assert refusal_of(lambda: complete(work, booking, asked, minutes)) == "HoldGone"


def test_what_the_plan_pays_is_used_by_the_minute_and_nothing_is_charged(work: Work) -> None:
    asked, signed = marta(work, "comfort")
    booking = booked(work, asked, signed, 45, "remote")
    assert balances(work, signed)["remote"].left == 15
    work.now += timedelta(days=1)
    assert complete(work, booking, asked, 20) is None
    assert balances(work, signed)["remote"].left == 40


def test_more_minutes_than_agreed_are_taken_from_the_plan_as_far_as_it_goes_and_not_charged(work: Work) -> None:
    asked, signed = marta(work, "comfort")
    booking = booked(work, asked, signed, 45, "remote")
    work.now += timedelta(days=1)
    assert complete(work, booking, asked, 90) is None
    assert balances(work, signed)["remote"].left == 0


def test_when_the_plan_pays_a_part_fewer_minutes_leave_less_to_pay(work: Work) -> None:
    asked, signed = marta(work, "comfort")
    booking = booked(work, asked, signed, 90, "remote")  # 60 are included
    assert quote_of(work, booking).total == Money(3600, "EUR")  # thirty minutes at 80, less 10 %
    work.now += timedelta(days=1)
    charge = complete(work, booking, asked, 75)
    assert charge is not None
    assert charge.amount_minor == 1800


def test_ana_says_how_long_it_took_and_the_appointment_is_done(work: Work) -> None:
    """The way of the team's form: the deed on the booking, then the one on the request."""
    asked, signed = marta(work, "comfort")
    booking = booked(work, asked, signed)
    work.now += timedelta(days=1)
    complete(work, booking, asked, 50)
    requests.resolve(work, asked, "ana", "It works.", 50)
    assert (asked.state, booking.state) == (State.RESOLVED, BookingState.DONE)
    assert balances(work, signed)["visits"].left == 0


# ── agreed to ──


def test_an_expired_price_is_not_agreed_to(work: Work) -> None:
    asked, _ = marta(work)
    late = offer(work, None, work.now + timedelta(hours=24))
    booking = hold(work, asked, late, work.now + timedelta(days=30))
    work.now += timedelta(days=14)
    assert refusal_of(lambda: confirm(work, booking, asked)) == "QuoteExpired"
    assert booking.state is BookingState.HELD


def test_a_price_that_stands_on_a_contract_that_is_gone_is_not_agreed_to(work: Work) -> None:
    asked, signed = marta(work, "comfort")
    booking = hold(work, asked, offer(work, signed, work.now + timedelta(hours=24)), work.now + SOON)
    assert signed is not None
    signed.ends_on = work.now.date() - timedelta(days=1)
    assert refusal_of(lambda: confirm(work, booking, asked)) == "BalanceGone"
    assert stored_quote(work, booking).state is QuoteState.PROPOSED


def test_a_hold_that_is_let_go_takes_its_price_along(work: Work) -> None:
    asked, _ = marta(work)
    first = hold(work, asked, offer(work, None, work.now + timedelta(hours=24)), work.now + SOON)
    hold(work, asked, offer(work, None, work.now + timedelta(hours=48)), work.now + SOON)
    assert stored_quote(work, first).state is QuoteState.EXPIRED


def test_only_what_the_life_table_says_happens_to_a_quote() -> None:
    for state in QuoteState:
        for deed in QuoteDeed:
            stands = StoredQuote(state=state)
            after = LIFE.get((state, deed))
            refused = refusal_of(lambda stands=stands, deed=deed: settle(stands, deed))
            assert (refused, stands.state) == ((None, after) if after else ("QuoteSettled", state))


def test_with_his_tap_on_the_new_amount_more_can_be_charged_and_two_taps_are_one(work: Work) -> None:
    asked, _ = marta(work)
    booking = booked(work, asked, None)
    longer = quoting.propose(work, booking, asked, promise(work, priced(work, None, 120)), "ana")
    for _ in range(2):
        quoting.agree(work, longer, asked)
    assert facts(work).count("QuoteAccepted") == 1
    assert quote_of(work, booking).total == Money(22000, "EUR")
    work.now += timedelta(days=1)
    charge = complete(work, booking, asked, 500)
    assert charge is not None
    assert charge.amount_minor == 22000


@pytest.mark.parametrize("answer", ["none", "no"])
def test_without_it_the_old_amount_is_the_ceiling(work: Work, answer: str) -> None:
    asked, _ = marta(work)
    booking = booked(work, asked, None)
    longer = quoting.propose(work, booking, asked, promise(work, priced(work, None, 120)), "ana")
    if answer == "no":
        quoting.decline(work, longer, asked)
        quoting.decline(work, longer, asked)
        assert facts(work).count("QuoteRefused") == 1
        assert refusal_of(lambda: quoting.agree(work, longer, asked)) == "QuoteSettled"
    work.now += timedelta(days=1)
    charge = complete(work, booking, asked, 500)
    assert charge is not None
    assert charge.amount_minor == 11000
    if answer == "none":
        assert refusal_of(lambda: quoting.agree(work, longer, asked)) == "HoldGone"


def test_a_newer_proposal_closes_the_one_before(work: Work) -> None:
    asked, _ = marta(work)
    booking = booked(work, asked, None)
    first = quoting.propose(work, booking, asked, promise(work, priced(work, None, 90)), "ana")
    second = quoting.propose(work, booking, asked, promise(work, priced(work, None, 120)), "ana")
    assert refusal_of(lambda: quoting.agree(work, first, asked)) == "QuoteExpired"
    assert quoting.open_for(work, asked) == [second]


def test_more_minutes_are_put_aside_when_he_agrees(work: Work) -> None:
    asked, signed = marta(work, "comfort")
    booking = booked(work, asked, signed, 30, "remote")
    longer = priced(work, signed, 45, "remote", but_for=asked.id)
    quoting.agree(work, quoting.propose(work, booking, asked, promise(work, longer), "ana"), asked)
    assert balances(work, signed)["remote"].left == 15
    cancel(work, booking, asked)
    assert balances(work, signed)["remote"].left == 60


# ── for ever ──


cases = st.fixed_dictionaries(
    {
        "minutes": st.integers(0, 600),
        "work": st.sampled_from(("remote", "visit")),
        "urgent": st.booleans(),
        "region": st.sampled_from((None, "alps", "riviera")),
        "warranty": st.sampled_from((None, "device", "installation")),
        "hour": st.integers(0, 24 * 400),
    }
)


@given(cases, st.sampled_from((None, "comfort", "signature")))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_quote_made_again_years_later_is_the_same(work: Work, case: dict, plan: str | None) -> None:  # type: ignore[type-arg]
    with work.session.begin_nested() as undone:
        asked, signed = marta(work, plan)
        at = work.now + timedelta(hours=case.pop("hour"))
        made = price(
            SAMPLE.tariff, "EUR", SAMPLE.time_zone, Case(**case, plan=plan or "none", at=at),
            SAMPLE.plan(plan) if plan else None, balances(work, signed),
        )  # fmt: skip
        stored = proposals.propose(work, asked.id, promise(work, made), signed)
        if signed is not None:
            signed.terms = SAMPLE.plan("essential").model_dump(mode="json")
        work.session.flush()
        work.session.expire_all()
        assert replay(work, stored.id) == made.quote == proposals.quote_of(stored)
        undone.rollback()


def test_what_an_older_program_wrote_cannot_be_made_again_but_is_charged_as_agreed(work: Work) -> None:
    asked, signed = marta(work, "comfort")
    booking = booked(work, asked, signed, 90, "remote")
    stored = stored_quote(work, booking)
    stored.asked = {}
    assert refusal_of(lambda: replay(work, stored.id)) == "NotReplayable"
    work.now += timedelta(days=1)
    charge = complete(work, booking, asked, 15)
    assert charge is not None
    assert charge.amount_minor == 3600
    assert balances(work, signed)["remote"].left == 0


# ── called off ──


@pytest.mark.parametrize(
    ("hours", "no_show", "owes"), [(25, False, None), (23, False, 3000), (0, False, 3000), (-1, True, 5000)]
)
def test_calling_off_late_costs_what_the_tariff_says(work: Work, hours: int, no_show: bool, owes: int | None) -> None:
    asked, signed = marta(work, "comfort")
    booking = booked(work, asked, signed)
    work.now = booking.starts_at - timedelta(hours=hours)
    said = leaving.fee_now(work, booking, asked, no_show=no_show)
    charge = leaving.call_off(work, booking, asked, no_show=no_show)
    assert (said.amount.minor if said else None) == (charge.amount_minor if charge else None) == owes
    assert (booking.state, balances(work, signed)["visits"].left) == (
        BookingState.NO_ACCESS if no_show else BookingState.CANCELLED,
        1,
    )
    assert facts(work).count("CalledOffLate") == (0 if owes is None else 1)


def test_a_percentage_is_of_the_whole_price_and_so_is_its_tax(work: Work) -> None:
    half = (Cancellation(within_hours=Decimal(48), percent=Decimal(50), area="network"),
            Cancellation(within_hours=Decimal(48), percent=Decimal("33.3")))  # fmt: skip
    tariff = SAMPLE.tariff.model_copy(update={"cancellation": half})
    made = priced(work, None)
    fee = cancellation_fee(tariff, made.case, made.quote, hours_before=Decimal("47.9"))
    assert fee is not None
    assert (fee.amount.minor, fee.tax.minor, fee.rates[0].percent) == (3663, 610, Decimal(20))
    assert cancellation_fee(tariff, made.case, made.quote, hours_before=Decimal(48)) is None
    no_show = cancellation_fee(tariff, made.case, made.quote, no_show=True)
    assert no_show == fee


# ── paid before ──


def test_what_the_remote_session_cost_counts_towards_the_visit_once(work: Work) -> None:
    asked, _ = marta(work)
    assert leaving.paid_before(work, asked) is None
    remote = booked(work, asked, None, 30, "remote")
    work.now += timedelta(days=1)
    complete(work, remote, asked, 30)
    work.now += timedelta(days=3)
    paid = leaving.paid_before(work, asked)
    assert paid == (Money(4000, "EUR"), "remote", 3)
    before = {"paid_before": paid[0], "paid_for": paid[1], "paid_days_ago": paid[2]}
    made = priced(work, None, 60, **before)
    assert made.quote.total == Money(7000, "EUR")
    slot = offer(work, None, work.now + timedelta(hours=24))
    visit = hold(
        work, asked, type(slot)(slot.slot, slot.need, slot.help, made, slot.tariff, slot.quote_until), work.now + SOON
    )
    confirm(work, visit, asked)
    work.now += timedelta(days=1)
    complete(work, visit, asked, 60)
    assert leaving.paid_before(work, asked) is None


# ── the accounting ──


def test_a_charge_is_written_once_and_nothing_is_no_charge(work: Work) -> None:
    casa = home(work)
    for _ in range(2):
        given_back = charges.goodwill(work, casa.id, Money(1500, "EUR"), "We came late.", "request:7")
        assert given_back is not None
        assert given_back.amount_minor == -1500
    assert charges.goodwill(work, casa.id, Money(0, "EUR"), "Nothing", "request:8") is None
    assert len(charges.listed(work)) == 1


def test_what_was_exported_is_not_fresh_any_more(work: Work) -> None:
    casa = home(work)
    today = work.now.date()
    for number in range(3):
        work.now += timedelta(days=number)
        charges.goodwill(work, casa.id, Money(100, "EUR"), "so", str(number))
    first = charges.listed(work, today, today)
    assert (len(first), charges.mark_exported(work, first), charges.mark_exported(work, first)) == (1, 1, 0)
    assert len(charges.listed(work, fresh=True)) == 2
    assert len(work.session.scalars(select(Charge)).all()) == 3


@given(st.integers(-(10**7), 10**7), st.sampled_from(("0", "5.5", "8.1", "20", "25")), st.booleans())
@settings(max_examples=200, deadline=None)
def test_a_credit_is_the_mirror_of_a_charge_and_the_tax_is_in_the_amount(
    minor: int, percent: str, included: bool
) -> None:
    tariff = Tariff.model_validate(
        {"labour": [{"per_hour": 1}], "taxes": [{"percent": percent}], "tax_included": included}
    )
    case = Case(work="", minutes=0)
    there, back = (levied(tariff, Money(m, "EUR"), case) for m in (minor, -minor))
    assert (there.amount.minor, there.tax.minor) == (-back.amount.minor, -back.tax.minor)
    net = there.amount.minor - there.tax.minor
    assert abs(Decimal(net) * Decimal(percent) / 100 - there.tax.minor) <= 1
