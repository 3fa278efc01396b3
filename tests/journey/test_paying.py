"""Paying: book and pay in four languages, and everything that can go wrong with money on its way."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.appointments import BookingState
from domain.contracts import Contract
from domain.orders import Movement, Order, PaymentState
from domain.requests import State
from sandbox.faults import Fault
from sandbox.slack.seen import Post
from sandbox.telegram.bubbles import Bubble
from sandbox.telegram.person import Person
from sandbox.telegram.till import Payment
from tests.house import SAMPLE, House, open_house, words
from tests.journey.ground import bookings_of, is_done, is_offered_times, reports, requests_of, w
from tests.journey.test_appointments import with_one_technician

TOKEN = "284685063:TEST:the-local-provider"


def company(folder: Path, rules: str = 'how = "telegram"', source: Path = SAMPLE / "company.toml") -> str:
    """The sample company when visits are paid for, in the way of these rules."""
    text = re.sub(r"(?ms)^\[payment\].*?(?=^\[)", "", source.read_text())
    file = folder / "paid.toml"
    file.write_text(f"{text}\n[payment]\n{rules}\n")
    return str(file)


def paid_house(folder: Path, rules: str = 'how = "telegram"', **more: str) -> Any:
    file = more.pop("COMPANY_FILE", None) or company(folder, rules)
    return open_house(folder, TELEGRAM_PAYMENT_TOKEN=TOKEN, COMPANY_FILE=file, **more)


def speaker(language: str) -> Any:
    return lambda key, count=None, **values: words(language, key, count, **values)


async def chooses(house: House, person: Person, choice: int = 0, say: Any = w) -> Bubble:
    """He chooses a time and is shown the invoice."""
    times = await is_offered_times(person, say)
    await person.presses(times.labels[choice])
    await person.sees(say("solve.confirm"))
    await person.presses(say("solve.confirm"))
    asked = await person.sees(say("pay.ask", until="\0").split("\0")[0])
    await house.quiet()
    return asked


async def wants_a_visit(house: House, language: str = "en") -> tuple[Person, Post]:
    """Somebody of the sample, whose plan pays nothing any more, has logged a request."""
    await house.in_database(lambda s: s.execute(update(Contract).values(state="ended")))
    person = await house.arrives(language)
    card = await reports(house, person, say=speaker(language))
    return person, card


async def movements(house: House) -> list[Movement]:
    found: list[Movement] = await house.in_database(lambda s: list(s.scalars(select(Movement).order_by(Movement.id))))
    return found


async def orders_of(house: House) -> list[Order]:
    def unit(session: Session) -> list[Order]:
        return list(session.scalars(select(Order).order_by(Order.id)))

    found: list[Order] = await house.in_database(unit)
    return found


def task(house: House, text: str) -> Post:
    """The team's card in the thread."""
    posts: list[Post] = []
    for top in house.sandbox.slack.posts("#service"):
        posts += [post for post in top.thread if text in post.text]
    assert posts, f"no task says {text!r}"
    return posts[-1]


def receipts(person: Person) -> list[bytes]:
    return [b.content for b in person.chat if b.file_name and b.file_name.endswith(".pdf") and b.content]


@pytest.mark.parametrize("language", ["en", "fr", "es", "it"])
async def test_who_pays_has_his_appointment_with_calendar_and_receipt(language: str, tmp_path: Path) -> None:
    say = speaker(language)
    async with paid_house(tmp_path) as house:
        person, card = await wants_a_visit(house, language)
        await chooses(house, person, say=say)
        payment = await person.pays()
        assert payment.paid, payment.words
        await person.sees(say("booked.title"), anywhere=True)
        await house.quiet()
        assert any(say("booked.title") in bubble.text and say("pay.paid") in bubble.text for bubble in person.chat)
        (booking,) = await bookings_of(house)
        (order,) = await orders_of(house)
        (came,) = await movements(house)
        assert (booking.state, order.state) == (BookingState.BOOKED, PaymentState.PAID)
        assert (came.amount_minor, came.tax_minor, came.charge) == (
            payment.total, order.tax_minor, payment.charges[0].telegram_id
        )  # fmt: skip
        assert sum(amount for _, amount in payment.invoice.prices) == order.amount_minor
        (pdf,) = receipts(person)
        assert pdf.startswith(b"%PDF")
        assert w("state.booked") in card.text


async def test_a_declined_card_and_then_a_good_one(tmp_path: Path) -> None:
    async with paid_house(tmp_path) as house:
        emma, _ = await wants_a_visit(house)
        await chooses(house, emma)
        assert (await emma.pays("declined")).reason == "declined"
        await house.moves_clock(20 * 60)  # the hold is over, yet money was on its way
        stuck = task(house, w("team.money.stuck"))
        assert w("team.money.free") in stuck.buttons
        assert (await emma.pays()).paid
        await emma.sees(w("booked.title"))
        await house.quiet()
        assert [b.state for b in await bookings_of(house)] == [BookingState.BOOKED]
        assert w("team.money.state.paid") in stuck.text


async def test_who_pays_when_the_time_is_over_reads_why_not(tmp_path: Path) -> None:
    async with paid_house(tmp_path) as house:
        emma, _ = await wants_a_visit(house)
        await chooses(house, emma)
        await house.moves_clock(16 * 60)
        await emma.sees(w("hold.over"))
        payment = await emma.pays()
        assert (payment.reason, payment.words) == ("refused", w("refusal.order_gone"))
        assert await movements(house) == []


async def test_paid_after_the_end_the_time_is_still_free(tmp_path: Path) -> None:
    async with paid_house(tmp_path) as house:
        emma, _ = await wants_a_visit(house)
        await chooses(house, emma)
        await pays_late(house, emma)
        await emma.sees(w("booked.title"))
        await house.quiet()
        first, again = await bookings_of(house)
        assert (first.state, again.state) == (BookingState.EXPIRED, BookingState.BOOKED)
        assert (first.starts_at, first.technician) == (again.starts_at, again.technician)


async def pays_amiss(house: House, fault: str, **more: Any) -> tuple[Person, Payment]:
    """She wants a visit, and something goes wrong with her money: she reads that somebody looks at it."""
    emma, _ = await wants_a_visit(house)
    await chooses(house, emma)
    house.sandbox.faults.add(Fault(fault, "telegram", **more))
    payment = await emma.pays()
    await emma.sees(w("pay.astray.next"))
    await house.quiet()
    return emma, payment


async def pays_late(house: House, person: Person, before: Any = None) -> Payment:
    """The provider takes his money after the team has freed the time."""
    house.sandbox.faults.add(Fault("paid_late", "telegram", seconds=3600))
    payment = await person.pays(timeout=1.0)
    await house.quiet()
    await house.moves_clock(16 * 60)
    card = task(house, w("team.money.stuck"))
    await house.team["lena"].presses(w("team.money.free"), card)
    await house.quiet()
    assert (await bookings_of(house))[0].state is BookingState.EXPIRED
    if before is not None:
        await before()
    await house.moves_clock(3600)
    assert payment.task is not None
    await payment.task
    return payment


async def test_paid_after_the_end_and_somebody_else_has_the_time(tmp_path: Path) -> None:
    folder = tmp_path / "one"
    folder.mkdir()
    file = company(tmp_path, source=with_one_technician(folder))
    async with paid_house(tmp_path, COMPANY_FILE=file) as house:
        emma, _ = await wants_a_visit(house)
        await chooses(house, emma)
        etienne = await house.arrives("fr", "C004")
        await reports(house, etienne, "Le store est bloqué", say=speaker("fr"))

        async def he_takes_it() -> None:
            mine = (await bookings_of(house))[0].starts_at
            await chooses(house, etienne, say=speaker("fr"))
            assert (await etienne.pays()).paid
            await house.quiet()
            assert (await bookings_of(house))[-1].starts_at == mine

        payment = await pays_late(house, emma, he_takes_it)
        assert payment.paid
        await emma.sees(w("pay.astray.next"))
        await house.quiet()
        told = task(house, w("team.money.gone"))
        assert payment.charges[0].telegram_id in told.text
        assert w("team.customer") in told.text
        ana = house.team["lena"]
        await ana.presses(w("team.money.back"), told)
        await ana.sees_modal()
        assert await ana.fills({w("payback.amount"): "9999", w("payback.words"): "too much"}) != {}
        assert await ana.fills({w("payback.amount"): str(payment.total / 100), w("payback.words"): "Gone"}) == {}
        await emma.sees(w("pay.given_back", amount="\0").split("\0")[1][:20])
        await house.quiet()
        mine = (await orders_of(house))[0].id
        assert sum(m.amount_minor for m in await movements(house) if m.order_id == mine) == 0
        assert w("team.money.state.refunded") in told.text


async def test_paid_twice_is_a_task_and_nobody_is_booked_twice(tmp_path: Path) -> None:
    async with paid_house(tmp_path) as house:
        emma, payment = await pays_amiss(house, "paid_twice")
        assert len(payment.charges) == 2
        assert payment.charges[1].telegram_id in task(house, w("team.money.twice")).text
        assert [o.state for o in await orders_of(house)] == [PaymentState.PAID, PaymentState.STRAY]
        assert (await emma.pays(again=True)).words == w("refusal.order_paid")
        assert len(receipts(emma)) == 1


async def test_another_amount_is_kept_for_a_person_to_decide(tmp_path: Path) -> None:
    async with paid_house(tmp_path) as house:
        await pays_amiss(house, "paid_other", amount=4200)
        told = task(house, w("team.money.amount"))
        assert [b.state for b in await bookings_of(house)] == [BookingState.PAYING]
        ana = house.team["ana"]
        await ana.presses(w("team.money.keep"), told)
        await house.quiet()
        assert [b.state for b in await bookings_of(house)] == [BookingState.PAYING]  # money is not hers to decide
        await house.team["lena"].presses(w("team.money.keep"), told)
        await house.quiet()
        assert [b.state for b in await bookings_of(house)] == [BookingState.BOOKED]


async def test_the_same_payment_told_twice_came_once(tmp_path: Path) -> None:
    async with paid_house(tmp_path) as house:
        emma, _ = await wants_a_visit(house)
        await chooses(house, emma)
        assert (await emma.pays()).paid
        await emma.sees(w("booked.title"))
        house.sandbox.telegram.redeliver()
        await house.quiet()
        assert len(await movements(house)) == 1
        assert len(receipts(emma)) == 1


async def test_a_question_that_comes_twice_is_answered_once(tmp_path: Path) -> None:
    async with paid_house(tmp_path) as house:
        emma, _ = await wants_a_visit(house)
        await chooses(house, emma)
        house.sandbox.faults.add(Fault("query_twice", "telegram"))
        assert (await emma.pays()).paid
        await emma.sees(w("booked.title"))
        await house.quiet()


async def test_when_nobody_can_think_about_it_the_answer_is_no_in_time(tmp_path: Path) -> None:
    async with paid_house(tmp_path) as house:
        emma, _ = await wants_a_visit(house)
        await chooses(house, emma)
        assert house.app is not None
        house.app.telegram.till._in_time = 0.5
        thinks = house.app.desk.wake
        house.app.desk.wake = lambda conversations: None  # type: ignore[method-assign]
        payment = await emma.pays(timeout=8)
        assert (payment.reason, payment.words) == ("refused", w("pay.not_now"))
        house.app.desk.wake = thinks  # type: ignore[method-assign]


async def test_a_deposit_goes_towards_the_work(tmp_path: Path) -> None:
    async with paid_house(tmp_path, 'how = "telegram"\ndeposit = 50') as house:
        emma, card = await wants_a_visit(house)
        await chooses(house, emma)
        payment = await emma.pays()
        assert len(payment.invoice.prices) == 1
        await emma.sees(w("booked.title"))
        (visit,) = await bookings_of(house)
        assert house.app is not None
        await house.moves_clock((visit.starts_at - house.app.clock.now() + timedelta(minutes=30)).total_seconds())
        await is_done(house, card)
        assert [m.amount_minor for m in await movements(house)] == [payment.total, -payment.total]


async def test_who_calls_off_late_pays_the_fee_from_it_and_the_rest_is_a_task(tmp_path: Path) -> None:
    async with paid_house(tmp_path) as house:
        emma, _ = await wants_a_visit(house)
        await chooses(house, emma)
        payment = await emma.pays()
        await emma.sees(w("booked.title"))
        (visit,) = await bookings_of(house)
        assert house.app is not None
        await house.moves_clock((visit.starts_at - house.app.clock.now() - timedelta(minutes=30)).total_seconds())
        await emma.presses(w("request.cancel"))
        await emma.sees(w("request.cancel.ask"))
        await emma.presses(w("request.cancel.yes"))
        await emma.sees(w("booking.off"))
        await house.quiet()
        assert [m.amount_minor for m in await movements(house)] == [payment.total, -3000]
        assert task(house, w("team.money.too_much"))


async def test_who_was_not_there_pays_the_fee_from_what_he_has_paid(tmp_path: Path) -> None:
    async with paid_house(tmp_path) as house:
        emma, card = await wants_a_visit(house)
        await chooses(house, emma)
        payment = await emma.pays()
        await emma.sees(w("booked.title"))
        await house.quiet()
        (visit,) = await bookings_of(house)
        assert house.app is not None
        await house.moves_clock((visit.starts_at - house.app.clock.now() + timedelta(minutes=10)).total_seconds())
        ana = house.team["ana"]
        await ana.presses(w("team.nobody"), card, timeout=5)
        await ana.sees_modal()
        assert await ana.fills({}) == {}
        await emma.sees("nobody opened")
        await house.quiet()
        assert [m.amount_minor for m in await movements(house)] == [payment.total, -5000]
        assert task(house, w("team.money.too_much"))


async def test_somebody_else_pays_and_both_are_told(tmp_path: Path) -> None:
    async with paid_house(tmp_path) as house:
        emma, _ = await wants_a_visit(house)
        await chooses(house, emma)
        claire = await house.arrives("fr")
        invoice = next(b for b in reversed(emma.chat) if "invoice" in b.raw)
        copy = await emma.forwards(invoice, to=claire)
        assert (await claire.pays(on=copy)).paid
        await emma.sees(w("booked.title"))
        await claire.sees(words("fr", "pay.for_another", name="\0", amount="\0").split("\0")[0])
        await house.quiet()
        assert (await requests_of(house))[0].state is State.BOOKED


async def test_by_link_it_stands_at_once_and_the_team_notes_the_money(tmp_path: Path) -> None:
    async with paid_house(tmp_path, 'how = "link"\nlink = { en = "Pay at the desk." }') as house:
        emma, _ = await wants_a_visit(house)
        times = await is_offered_times(emma)
        await emma.presses(times.labels[0])
        await emma.sees(w("solve.confirm"))
        await emma.presses(w("solve.confirm"))
        await emma.sees("Pay at the desk.")
        await house.quiet()
        card, ana = task(house, w("team.money.link")), house.team["lena"]
        await ana.presses(w("team.money.by_hand"), card)
        await ana.sees_modal()
        assert await ana.fills({w("payhand.words"): "Cash, bill 7"}) == {}
        await emma.sees(w("pay.thanks"))
        await house.quiet()
        (came,) = await movements(house)
        assert came.reason == "Cash, bill 7"
        assert len(receipts(emma)) == 1
