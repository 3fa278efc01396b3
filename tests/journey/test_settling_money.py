"""Money that a person has to see to: every card has a way out, and the ledger balances afterwards."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.commands.ledger import listed
from domain.appointments import BookingState
from domain.contracts import Contract
from domain.money import Money
from domain.orders import Movement, MovementKind, Order, PaymentState
from domain.work import Work
from locales.phrasebook import say
from sandbox.faults import Fault
from sandbox.slack.seen import Post
from sandbox.telegram.person import Person
from tests.house import SAMPLE, House
from tests.journey.ground import bookings_of, books, clock_goes_to, is_done, reports, w
from tests.journey.test_paying import (
    chooses,
    company,
    movements,
    orders_of,
    paid_house,
    pays_amiss,
    receipts,
    task,
    wants_a_visit,
)
from tests.journey.test_visits import owed

PLANS = '"essential", "comfort", "signature"'
FEE = say(Money(3000, "EUR"), "en")


async def balance(house: House) -> tuple[int, int]:
    """What the accountant reads: the money that came and stayed, and what of it was used, in cents."""

    def unit(session: Session) -> list[dict[str, Any]]:
        assert house.app is not None
        return listed(Work(session, house.app.clock.now(), "test"), house.app.company, None, None)

    rows = await house.in_database(unit)
    paid, used = (round(sum(float(row[name] or 0) for row in rows) * 100) for name in ("paid", "used"))
    return paid, used


async def goes_back(house: House, card: Post, amount: int, how: str | None = None, button: str = "back") -> Any:
    """Lena notes that money went back; what the form objects to."""
    lena = house.team["lena"]
    await lena.presses(w(f"team.money.{button}"), card, timeout=5)
    await lena.sees_modal()
    answers = {w("payback.amount"): f"{amount / 100:.2f}", w("payback.words"): "re_1"}
    errors = await lena.fills(answers | ({w("payback.how"): how} if how else {}))
    await house.quiet()
    return errors


def about_unknown(house: House) -> Post:
    """The card about money for no payment we know."""
    posts: list[Post] = [p for p in house.sandbox.slack.posts("#trouble") if w("team.money.unknown")[:30] in p.text]
    assert posts, "no card about unknown money"
    return posts[-1]


# A fee that rises while the invoice is open.


async def moves_for_money(folder: Path, house: House) -> Person:
    """Her plan has ended: she moves her appointment while that is free, and is asked to pay for the new one."""
    emma = await house.arrives("en")
    await reports(house, emma)
    await books(house, emma)
    await house.in_database(lambda s: s.execute(update(Contract).values(state="ended")))
    visit = (await bookings_of(house))[0]
    await clock_goes_to(house, visit.starts_at - timedelta(hours=2, minutes=5))
    await emma.presses(w("request.move"))
    await emma.sees(w("solve.way.ask"))
    asked = await chooses(house, emma, 2)
    assert "costs" not in asked.text
    return emma


def free_until_two_hours_before(folder: Path) -> str:
    text = (SAMPLE / "company.toml").read_text().replace("within_hours = 24", "within_hours = 2")
    (folder / "two.toml").write_text(text)
    rules = f'how = "telegram"\nnext_invoice = [{PLANS}]'
    return company(folder, rules, folder / "two.toml")


async def test_what_it_cost_when_she_was_asked_holds_as_long_as_the_time_is_kept(tmp_path: Path) -> None:
    async with paid_house(tmp_path, COMPANY_FILE=free_until_two_hours_before(tmp_path)) as house:
        emma = await moves_for_money(tmp_path, house)
        await house.moves_clock(10 * 60)  # by now it would cost something
        assert (await emma.pays()).paid
        await emma.sees(w("booked.title"))
        await house.quiet()
        assert [b.state for b in await bookings_of(house)] == [BookingState.MOVED, BookingState.BOOKED]
        assert await owed(house) == []


async def test_a_fee_that_rose_while_the_invoice_was_open_is_asked_anew(tmp_path: Path) -> None:
    async with paid_house(tmp_path, COMPANY_FILE=free_until_two_hours_before(tmp_path)) as house:
        emma = await moves_for_money(tmp_path, house)
        assert (await emma.pays("declined")).reason == "declined"
        await house.moves_clock(90 * 60)
        again = await emma.pays()
        assert (again.reason, again.words) == ("refused", w("refusal.fee_rose", fee=FEE))
        asked = await emma.sees(w("pay.fee.ask"))
        assert w("solve.move.fee", fee=FEE) in asked.text
        await house.quiet()
        assert [b.state for b in await bookings_of(house)] == [BookingState.BOOKED, BookingState.PAYING]
        assert (await owed(house), await movements(house)) == ([], [])
        await emma.presses(w("pay.fee.agree"), on=asked)
        await emma.sees(w("pay.fee.agreed"), anywhere=True)
        await house.quiet()
        assert (await emma.pays()).paid
        await emma.sees(w("booked.title"))
        await house.quiet()
        assert [b.state for b in await bookings_of(house)] == [BookingState.MOVED, BookingState.BOOKED]
        assert await owed(house) == [3000]


async def test_money_that_was_on_its_way_when_the_fee_rose_costs_what_she_was_told(tmp_path: Path) -> None:
    async with paid_house(tmp_path, COMPANY_FILE=free_until_two_hours_before(tmp_path)) as house:
        emma = await moves_for_money(tmp_path, house)
        house.sandbox.faults.add(Fault("paid_late", "telegram", seconds=3600))
        payment = await emma.pays(timeout=1.0)
        await house.quiet()
        await house.moves_clock(3700)
        assert payment.task is not None
        await payment.task
        await emma.sees(w("booked.title"))
        await house.quiet()
        assert await owed(house) == []


# What a person settles.


async def for_no_order(house: House) -> Person:
    """The order is lost (an older backup was restored) while the provider takes the money."""
    emma, _ = await wants_a_visit(house)
    await chooses(house, emma)
    house.sandbox.faults.add(Fault("paid_late", "telegram", seconds=300))
    payment = await emma.pays(timeout=1.0)
    await house.quiet()
    await house.in_database(lambda s: s.execute(update(Order).values(order="another")))
    await house.moves_clock(400)
    assert payment.task is not None
    await payment.task
    await emma.sees(w("pay.astray.unknown", amount="\0").split("\0")[1])
    await house.quiet()
    return emma


async def test_money_for_no_order_is_given_back_from_its_card(tmp_path: Path) -> None:
    async with paid_house(tmp_path) as house:
        emma = await for_no_order(house)
        (came,) = await movements(house)
        card = about_unknown(house)
        assert came.charge in card.text
        errors = await goes_back(house, card, came.amount_minor + 1, button="unknown_back")
        assert list(errors.values()) == [w("payback.too_much", left=say(came.amount, "en"))]
        await house.team["lena"].closes()
        assert await goes_back(house, card, came.amount_minor, button="unknown_back") == {}
        await emma.sees(w("pay.given_back", amount="\0").split("\0")[1][:20])
        assert w("team.money.settled", reason="re_1") in card.text
        assert w("team.money.unknown_back") not in card.buttons
        assert await balance(house) == (0, 0)


async def test_money_for_no_order_belongs_to_a_request_and_pays_for_it(tmp_path: Path) -> None:
    async with paid_house(tmp_path) as house:
        emma = await for_no_order(house)
        (came,) = await movements(house)
        card, ana, lena = about_unknown(house), house.team["ana"], house.team["lena"]
        await ana.presses(w("team.money.belongs"), card, timeout=5)  # money is not hers to decide
        await house.quiet()
        assert len(await movements(house)) == 1
        await lena.presses(w("team.money.belongs"), card, timeout=5)
        await lena.sees_modal()
        assert list((await lena.fills({w("belongs.number"): "999999"})).values()) == [w("belongs.not_found")]
        await lena.closes()
        await lena.presses(w("team.money.belongs"), card, timeout=5)
        await lena.sees_modal()
        assert await lena.fills({}) == {}  # the request of whoever paid is proposed
        await emma.sees(w("pay.kept", amount=say(came.amount, "en")))
        await house.quiet()
        assert [b.state for b in await bookings_of(house)] == [BookingState.BOOKED]
        assert (await balance(house), len(receipts(emma))) == ((came.amount_minor, 0), 1)
        assert (await orders_of(house))[-1].state is PaymentState.PAID


async def test_a_double_charge_is_given_back_and_the_first_one_stays(tmp_path: Path) -> None:
    async with paid_house(tmp_path) as house:
        _, payment = await pays_amiss(house, "paid_twice")
        card = task(house, w("team.money.twice"))
        assert await goes_back(house, card, payment.total) == {}
        assert w("team.money.state.refunded") in card.text
        assert await balance(house) == (payment.total, 0)
        assert [b.state for b in await bookings_of(house)] == [BookingState.BOOKED]


async def test_another_amount_is_given_back_and_its_time_is_free(tmp_path: Path) -> None:
    async with paid_house(tmp_path) as house:
        await pays_amiss(house, "paid_other", amount=4200)
        assert await goes_back(house, task(house, w("team.money.amount")), 4200) == {}
        assert await balance(house) == (0, 0)
        assert [b.state for b in await bookings_of(house)] == [BookingState.EXPIRED]


async def test_another_amount_that_is_used_has_a_receipt(tmp_path: Path) -> None:
    async with paid_house(tmp_path) as house:
        emma, _ = await pays_amiss(house, "paid_other", amount=4200)
        await house.team["lena"].presses(w("team.money.keep"), task(house, w("team.money.amount")))
        await emma.sees(w("pay.kept", amount=say(Money(4200, "EUR"), "en")))
        await house.quiet()
        assert (await balance(house), len(receipts(emma))) == ((4200, 0), 1)


async def test_what_a_bank_takes_back_after_the_work_is_noted_and_owed_again(tmp_path: Path) -> None:
    async with paid_house(tmp_path) as house:
        emma, card = await wants_a_visit(house)
        await chooses(house, emma)
        payment = await emma.pays()
        await emma.sees(w("booked.title"))
        await house.quiet()
        (visit,) = await bookings_of(house)
        await clock_goes_to(house, visit.starts_at + timedelta(minutes=30))
        await is_done(house, card)
        told = task(house, w("team.money.state.paid"))
        before = await balance(house)
        assert before[1] > 0
        errors = await goes_back(house, told, payment.total)  # it was used: that is not ours to give
        assert list(errors) != []
        await house.team["lena"].closes()
        assert await goes_back(house, told, payment.total, w("payback.disputed")) == {}
        assert await balance(house) == (0, 0)
        kinds = [m.kind for m in await movements(house)]
        assert kinds[-2:] == [MovementKind.CREDITED, MovementKind.DISPUTED]
        assert w("team.money.state.refunded") in told.text
        lena = house.team["lena"]
        await lena.presses(w("team.money.again"), told, timeout=5)
        await lena.sees_modal()
        assert await lena.fills({w("payback.words"): "dp_1 won"}) == {}
        await house.quiet()
        assert await balance(house) == before
        assert w("team.money.again") not in told.buttons


async def test_a_dispute_about_a_part_leaves_the_rest(tmp_path: Path) -> None:
    async with paid_house(tmp_path) as house:
        emma, _ = await wants_a_visit(house)
        await chooses(house, emma)
        payment = await emma.pays()
        await emma.sees(w("booked.title"))
        await house.quiet()
        told = task(house, w("team.money.state.paid"))
        assert await goes_back(house, told, 1000, w("payback.disputed")) == {}
        assert await balance(house) == (payment.total - 1000, 0)
        assert w("team.money.back") in told.buttons
        last: Movement = (await movements(house))[-1]
        assert (last.kind, last.amount_minor, last.reason) == (MovementKind.DISPUTED, -1000, "re_1")
