"""Paying for an appointment: what money does when it comes in time, too late, twice, or as another amount."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain import bookings, deciding, leaving, orders, payments, requests
from domain.appointments import Booking, BookingState
from domain.charges import Charge, ChargeKind
from domain.money import Money
from domain.orders import LIFE, Movement, MovementKind, OrderDeed, PaymentState, advance_order
from domain.paying_rules import Payment
from domain.receipts import receipt_of
from domain.work import Work
from tests.domain.ground import busy, refusal_of
from tests.domain.till import PAID, QUARTER, all_of, asked, begins, held, money_in_house, ordered, pays, told

EUR110 = Money(11000, "EUR")


def test_who_pays_in_time_has_his_appointment_and_a_receipt(work: Work) -> None:
    wish, marta = asked(work)
    visit = held(work, wish)
    order = ordered(work, visit, wish, marta)
    assert (order.amount, order.tax_minor) == (EUR110, 1833)
    begins(work, order)
    came = pays(work, order)
    assert came is not None
    receipt = receipt_of(work, came.id)
    assert (visit.state, order.state) == (BookingState.BOOKED, PaymentState.PAID)
    assert (came.kind, came.amount, came.tax_minor) == (MovementKind.CHARGED, EUR110, 1833)
    assert receipt is not None
    assert receipt.name == "2026-00001"
    assert told(work, "OrderPaid")


def test_what_the_network_tells_twice_came_once(work: Work) -> None:
    wish, marta = asked(work)
    order = ordered(work, held(work, wish), wish, marta)
    begins(work, order)
    pays(work, order)
    facts = len(work.events)
    assert pays(work, order) is None
    assert all_of(work, order) == (11000, 11000)
    assert len(work.events) == facts


def test_while_money_is_on_its_way_the_slot_is_not_freed(work: Work) -> None:
    wish, marta = asked(work)
    visit = held(work, wish)
    order = ordered(work, visit, wish, marta)
    begins(work, order)
    work.now += 2 * QUARTER
    bookings.expire(work, visit)
    assert visit.state is BookingState.PAYING
    begins(work, order)  # the card was declined, and there is another one
    pays(work, order)
    assert visit.state is BookingState.BOOKED


def test_who_pays_too_late_has_the_same_time_if_it_is_still_free(work: Work) -> None:
    wish, marta = asked(work)
    visit = held(work, wish)
    order = ordered(work, visit, wish, marta)
    work.now += QUARTER
    bookings.expire(work, visit)
    payments.lapse(work, visit)
    pays(work, order)
    again = work.session.get_one(Booking, order.booking_id)
    assert (visit.state, again.state) == (BookingState.EXPIRED, BookingState.BOOKED)
    assert (again.starts_at, again.technician) == (visit.starts_at, visit.technician)
    assert bookings.quote_of(work, again).total == EUR110
    assert order.state is PaymentState.PAID
    assert not told(work, "MoneyAstray")


def test_who_pays_before_anybody_noticed_that_his_time_is_over_has_it_too(work: Work) -> None:
    wish, marta = asked(work)
    visit = held(work, wish)
    order = ordered(work, visit, wish, marta)
    work.now += QUARTER
    pays(work, order)
    assert order.state is PaymentState.PAID
    assert len(busy(work)["ana"]) == 4


def test_money_for_a_time_that_is_gone_is_a_persons_task(work: Work) -> None:
    wish, marta = asked(work)
    visit = held(work, wish)
    order = ordered(work, visit, wish, marta)
    work.now += QUARTER
    bookings.expire(work, visit)
    for who in PAID.team:  # everybody who could come is taken a quarter of an hour later
        if "technician" in who.roles:
            taken, _ = asked(work, who.name)
            bookings.confirm(work, held(work, taken, technician=who.key), taken)
    pays(work, order)
    assert order.state is PaymentState.STRAY
    assert [fact.why for fact in told(work, "MoneyAstray")] == ["gone"]  # type: ignore[attr-defined]
    assert all_of(work, order) == (11000, 11000)


def test_money_for_a_request_that_ended_is_a_persons_task_and_frees_the_slot(work: Work) -> None:
    wish, marta = asked(work)
    visit = held(work, wish)
    order = ordered(work, visit, wish, marta)
    begins(work, order)
    requests.cancel(work, wish)
    pays(work, order)
    assert (visit.state, order.state) == (BookingState.EXPIRED, PaymentState.STRAY)
    assert busy(work) == {}


def test_a_second_charge_is_an_order_of_its_own_and_a_task(work: Work) -> None:
    wish, marta = asked(work)
    order = ordered(work, held(work, wish), wish, marta)
    begins(work, order)
    pays(work, order)
    second = pays(work, order, "c2")
    assert second is not None
    assert second.order_id != order.id
    again = work.session.get_one(orders.Order, second.order_id)
    assert (again.state, again.replaces_id) == (PaymentState.STRAY, order.id)
    assert all_of(work, order) == (11000, 11000)
    assert [fact.why for fact in told(work, "MoneyAstray")] == ["twice"]  # type: ignore[attr-defined]
    assert orders.had(work, wish.id, "EUR") == EUR110  # what nobody decided about pays for nothing


@pytest.mark.parametrize("other", [Money(1, "EUR"), Money(11001, "EUR")])
def test_another_amount_books_nothing_until_a_person_says_so(work: Work, other: Money) -> None:
    wish, marta = asked(work)
    visit = held(work, wish)
    order = ordered(work, visit, wish, marta)
    assert refusal_of(lambda: begins(work, order, amount=other)) == "OrderDiffers"
    begins(work, order)
    pays(work, order, amount=other)
    assert (visit.state, order.state) == (BookingState.PAYING, PaymentState.STRAY)
    deciding.keep_it(work, PAID, order)
    assert (visit.state, order.state) == (BookingState.BOOKED, PaymentState.PAID)


def test_money_for_no_order_of_ours_is_written_down_too(work: Work) -> None:
    came = payments.receive(work, PAID, payments.Received("nobody's", EUR110, "c9", "ch", "7002"))
    assert came is not None
    assert came.order_id is None
    assert [fact.why for fact in told(work, "MoneyAstray")] == ["unknown"]  # type: ignore[attr-defined]


def test_money_in_another_currency_has_an_order_of_its_own_and_goes_back(work: Work) -> None:
    wish, marta = asked(work)
    visit = held(work, wish)
    order = ordered(work, visit, wish, marta)
    francs = Money(11000, "CHF")
    assert refusal_of(lambda: begins(work, order, amount=francs)) == "OrderDiffers"
    begins(work, order)
    came = pays(work, order, amount=francs)
    assert came is not None
    other = work.session.get_one(orders.Order, came.order_id)
    assert (visit.state, order.state, other.state) == (BookingState.PAYING, PaymentState.PAYING, PaymentState.STRAY)
    assert orders.left(work, other) == francs
    assert refusal_of(lambda: deciding.keep_it(work, PAID, other)) == "NotForThisOrder"
    deciding.give_back(work, other, francs, "Francs")
    payments.lapse(work, visit)  # the desk does, for the time is free
    assert (visit.state, order.state, other.state) == (
        BookingState.EXPIRED, PaymentState.FAILED, PaymentState.REFUNDED
    )  # fmt: skip


def test_money_for_an_order_of_an_older_program_is_not_lost(work: Work) -> None:
    wish, marta = asked(work)
    order = ordered(work, held(work, wish), wish, marta)
    order.booking_id = None
    pays(work, order)
    assert order.state is PaymentState.STRAY
    assert [fact.why for fact in told(work, "MoneyAstray")] == ["gone"]  # type: ignore[attr-defined]
    deciding.give_back(work, order, EUR110, "Nothing was booked")
    assert (order.state, all_of(work, order)) == (PaymentState.REFUNDED, (0, 0))


def test_money_for_no_order_goes_back_and_never_more_than_came(work: Work) -> None:
    came = payments.receive(work, PAID, payments.Received("nobody's", EUR110, "c9", "ch", "7002"))
    assert came is not None
    deciding.give_back_unknown(work, came, Money(4000, "EUR"), "A part")
    assert refusal_of(lambda: deciding.give_back_unknown(work, came, Money(7001, "EUR"), "x")) == "NotForThisOrder"
    deciding.give_back_unknown(work, came, Money(7000, "EUR"), "The bank", disputed=True)
    assert (deciding.undecided(work, came), money_in_house(work)) == (Money(0, "EUR"), 0)
    assert len(told(work, "UnknownSettled")) == 2


def test_money_for_no_order_pays_for_the_request_the_team_names(work: Work) -> None:
    came = payments.receive(work, PAID, payments.Received("nobody's", EUR110, "c9", "ch", "7002"))
    assert came is not None
    wish, _ = asked(work)
    assert refusal_of(lambda: deciding.belongs_to(work, PAID, came, wish)) == "NothingToPay"
    visit = held(work, wish)
    bookings.confirm(work, visit, wish)
    order = deciding.belongs_to(work, PAID, came, wish)
    assert (order.state, order.tax_minor, all_of(work, order)) == (PaymentState.PAID, 1833, (11000, 11000))
    assert (deciding.undecided(work, came).minor, money_in_house(work)) == (0, 11000)
    assert receipt_of(work, orders.came_for(work, order).id) is not None
    assert refusal_of(lambda: deciding.belongs_to(work, PAID, came, wish)) == "NotForThisOrder"
    work.now = visit.starts_at + timedelta(hours=1)
    bookings.complete(work, visit, wish, 60)
    from_done(work, visit)
    assert all_of(work, order) == (11000, 0)


def test_a_fee_is_what_he_was_told_as_long_as_the_time_is_kept_and_asked_anew_after_that(work: Work) -> None:
    wish, marta = asked(work)
    first = held(work, wish, hours=49)
    bookings.confirm(work, first, wish)
    later = held(work, wish, hours=60)
    order = ordered(work, later, wish, marta)
    begins(work, order)  # the card is declined, and the time stays his
    work.now += timedelta(hours=39)  # ten hours before the first one
    assert refusal_of(lambda: begins(work, order)) == "FeeRose"
    assert refusal_of(lambda: payments.agree_to_fee(work, PAID, order, 2999)) == "FeeRose"
    assert (order.fee_minor, order.state) == (0, PaymentState.PAYING)
    payments.agree_to_fee(work, PAID, order, 3000)
    begins(work, order)
    pays(work, order)
    assert (first.state, later.state) == (BookingState.MOVED, BookingState.BOOKED)
    assert fees(work) == [3000]
    assert refusal_of(lambda: payments.agree_to_fee(work, PAID, order, 3000)) == "OrderGone"


def test_money_that_was_on_its_way_when_the_fee_rose_costs_what_he_was_told(work: Work) -> None:
    wish, marta = asked(work)
    bookings.confirm(work, held(work, wish, hours=49), wish)
    order = ordered(work, held(work, wish, hours=60), wish, marta)
    begins(work, order)
    work.now += timedelta(hours=39)
    pays(work, order)
    assert (order.state, fees(work)) == (PaymentState.PAID, [])


def fees(work: Work) -> list[int]:
    return list(work.session.scalars(select(Charge.amount_minor).where(Charge.kind == ChargeKind.CANCELLATION)))


def test_what_is_kept_after_all_has_a_receipt(work: Work) -> None:
    wish, marta = asked(work)
    order = ordered(work, held(work, wish), wish, marta)
    begins(work, order)
    came = pays(work, order, amount=Money(4200, "EUR"))
    assert came is not None
    assert receipt_of(work, came.id) is None
    deciding.keep_it(work, PAID, order)
    assert receipt_of(work, came.id) is not None


def test_what_the_bank_takes_back_after_the_work_is_owed_again(work: Work) -> None:
    wish, marta = asked(work)
    visit = held(work, wish)
    order = ordered(work, visit, wish, marta)
    begins(work, order)
    pays(work, order)
    work.now = visit.starts_at + timedelta(hours=1)
    charge = bookings.complete(work, visit, wish, 60)
    from_done(work, visit)
    assert charge is not None
    assert all_of(work, order) == (11000, 0)
    assert refusal_of(lambda: deciding.give_back(work, order, EUR110, "Ours")) == "NotForThisOrder"
    deciding.give_back(work, order, Money(10000, "EUR"), "The bank's", disputed=True)
    assert all_of(work, order) == (1000, 0)
    against = work.session.scalars(select(Movement).where(Movement.charge_id == charge.id)).all()
    assert [(m.amount_minor, m.tax_minor) for m in against] == [(-11000, -1833), (10000, 1666)]
    deciding.give_back(work, order, Money(1000, "EUR"), "The rest", disputed=True)
    assert (all_of(work, order), order.state) == ((0, 0), PaymentState.REFUNDED)
    assert refusal_of(lambda: deciding.came_again(work, order, Money(11001, "EUR"), "more")) == "NotForThisOrder"
    deciding.came_again(work, order, EUR110, "We were right")
    assert (all_of(work, order), order.state) == ((11000, 0), PaymentState.PAID)


def test_nobody_begins_to_pay_what_is_gone_paid_or_being_paid(work: Work) -> None:
    wish, marta = asked(work)
    visit = held(work, wish)
    order = ordered(work, visit, wish, marta)
    begins(work, order)
    assert refusal_of(lambda: begins(work, order, payer="7002")) == "OrderBusy"
    work.now += QUARTER
    begins(work, order, payer="7002")  # the first one has given up
    pays(work, order)
    assert refusal_of(lambda: begins(work, order)) == "OrderPaid"
    assert refusal_of(lambda: payments.begin_payment(work, PAID, "guessed", EUR110, "7001", "q")) == "OrderGone"
    late, luigi = asked(work, "Luigi")
    another = ordered(work, held(work, late, hours=30), late, luigi)
    work.now += QUARTER
    assert refusal_of(lambda: begins(work, another)) == "OrderGone"


def test_a_payment_that_nobody_hears_of_is_let_go_by_a_person(work: Work) -> None:
    wish, marta = asked(work)
    visit = held(work, wish)
    order = ordered(work, visit, wish, marta)
    begins(work, order)
    deciding.let_go(work, order)
    assert (visit.state, order.state, busy(work)) == (BookingState.EXPIRED, PaymentState.FAILED, {})
    assert refusal_of(lambda: begins(work, order)) == "OrderGone"
    pays(work, order)  # it came after all, and the time is free: it is his
    assert order.state is PaymentState.PAID


def test_a_payment_goes_along_when_the_appointment_is_moved(work: Work) -> None:
    wish, marta = asked(work)
    order = ordered(work, held(work, wish), wish, marta)
    begins(work, order)
    pays(work, order)
    later = held(work, wish, hours=48)
    assert payments.demanded(work, PAID, later, wish) is None
    bookings.confirm(work, later, wish)
    work.now = later.starts_at + timedelta(hours=1)
    bookings.complete(work, later, wish, 60)
    from_done(work, later)
    assert all_of(work, order) == (11000, 0)
    assert not told(work, "MoneyLeft")


def from_done(work: Work, visit: Booking) -> None:
    payments.crediting.done(work, visit)


def test_a_deposit_goes_towards_the_work_and_what_is_too_much_is_a_task(work: Work) -> None:
    half = PAID.model_copy(update={"payment": Payment(how="telegram", deposit=50)})
    wish, marta = asked(work)
    visit = held(work, wish)
    demand = payments.demanded(work, half, visit, wish)
    assert demand is not None
    assert (demand.amount, demand.deposit) == (Money(5500, "EUR"), True)
    order = payments.ask(work, visit, wish, marta, demand)
    begins(work, order)
    came = pays(work, order)
    assert came is not None
    assert (came.kind, came.tax_minor) == (MovementKind.DEPOSIT, 917)
    work.now = visit.starts_at + timedelta(minutes=20)
    bookings.complete(work, visit, wish, 15)  # 27.50: less than was paid
    from_done(work, visit)
    from_done(work, visit)
    assert all_of(work, order) == (5500, 2750)
    assert told(work, "MoneyLeft")
    deciding.give_back(work, order, Money(2750, "EUR"), "It took less")
    assert all_of(work, order) == (2750, 0)
    assert order.state is PaymentState.PAID  # a part of it has paid for something
    assert refusal_of(lambda: deciding.give_back(work, order, Money(1, "EUR"), "more")) == "NotForThisOrder"


def test_the_fee_for_calling_off_late_is_taken_from_what_was_paid(work: Work) -> None:
    wish, marta = asked(work)
    visit = held(work, wish, hours=10)
    order = ordered(work, visit, wish, marta)
    begins(work, order)
    pays(work, order)
    leaving.call_off(work, visit, wish)
    payments.crediting.called_off(work, visit)
    assert all_of(work, order) == (11000, 8000)
    assert told(work, "MoneyLeft")


def test_what_the_bank_takes_back_is_told_apart(work: Work) -> None:
    wish, marta = asked(work)
    order = ordered(work, held(work, wish), wish, marta)
    pays(work, order)
    took = deciding.give_back(work, order, EUR110, "Says the bank", disputed=True)
    assert (took.kind, took.tax_minor, order.state) == (MovementKind.DISPUTED, -1833, PaymentState.REFUNDED)


def test_receipts_have_no_gaps_and_begin_anew_each_year(work: Work) -> None:
    names = []
    for number, days in enumerate((0, 1, 305)):
        work.now += timedelta(days=days)
        wish, marta = asked(work, f"P{number}")
        order = ordered(work, held(work, wish), wish, marta)
        came = pays(work, order, f"c{number}")
        assert came is not None
        receipt = receipt_of(work, came.id)
        assert receipt is not None
        names.append(receipt.name)
    assert names == ["2026-00001", "2026-00002", "2027-00001"]


def test_every_pair_of_state_and_deed_is_decided(work: Work) -> None:
    wish, marta = asked(work)
    order = ordered(work, held(work, wish), wish, marta)
    for state in PaymentState:
        for deed in OrderDeed:
            order.state = state
            refused = refusal_of(lambda deed=deed: advance_order(order, deed))  # type: ignore[misc]
            assert (refused is None) == ((state, deed) in LIFE)


TOTAL = Money(11000, "EUR")
NOTHING = Money(0, "EUR")


@pytest.mark.parametrize(
    ("rules", "plan", "total", "before", "wanted"),
    [
        ({"how": "next_invoice"}, None, TOTAL, NOTHING, None),
        ({"how": "telegram"}, None, TOTAL, NOTHING, 11000),
        ({"how": "telegram"}, None, NOTHING, NOTHING, None),  # nothing to pay
        ({"how": "telegram", "next_invoice": "signature"}, "signature", TOTAL, NOTHING, None),
        ({"how": "telegram", "next_invoice": "signature"}, "comfort", TOTAL, NOTHING, 11000),
        ({"how": "telegram", "deposit": 30}, None, TOTAL, NOTHING, 3300),
        ({"how": "telegram", "deposit": 33}, None, Money(101, "EUR"), NOTHING, 100),  # raised to the provider's least
        ({"how": "telegram"}, None, Money(99, "EUR"), NOTHING, None),  # smaller than what the provider takes
        ({"how": "telegram"}, None, Money(12000, "EUR"), TOTAL, 1000),  # dearer than the one before
        ({"how": "telegram"}, None, Money(11050, "EUR"), TOTAL, None),  # the difference is too small
        ({"how": "telegram"}, None, Money(9000, "EUR"), TOTAL, None),  # cheaper than the one before
        ({"how": "telegram", "most": 100}, None, TOTAL, NOTHING, None),
    ],
)  # fmt: skip
def test_how_much_is_asked_for(rules: dict, plan: str | None, total: Money, before: Money, wanted: int | None) -> None:
    demand = Payment(**rules).demand(plan, total, before)
    assert (None if demand is None else demand.amount.minor) == wanted


def test_without_a_provider_it_goes_by_the_link_or_on_the_next_invoice() -> None:
    assert Payment(how="telegram").without_telegram().how == "next_invoice"
    assert Payment(how="telegram", link={"en": "Pay here"}).without_telegram().how == "link"
    with pytest.raises(ValueError, match="there is none"):
        Payment(how="link")
