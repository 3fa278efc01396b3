"""The whole life of a request of somebody who is not in Telegram: what he would press, a teammate presses for him."""

import asyncio
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.appointments import BookingState
from domain.happened import Happening
from domain.orders import Order, PaymentState
from domain.requests import State
from sandbox.slack.person import Person as Mate
from sandbox.slack.seen import Post
from tests.house import House, open_house
from tests.journey.ground import begins, bookings_of, is_done, requests_of, w
from tests.journey.test_paying import TOKEN, company
from tests.journey.test_phone_tasks import calls
from tests.journey.test_quoting import makes

SAID = "The gate does not open any more"


async def phones(house: House, name: str = "connor") -> Post:
    """A customer who is not in Telegram has phoned; the card."""
    ana = house.team["ana"]
    await ana.commands("/aftercare", f"find {name}", channel="#service")
    await house.quiet()
    await ana.presses("James O’Connor", ana.ephemerals[-1])
    await ana.presses(w("call.open"), await ana.sees_modal("James"))
    await ana.sees_modal(w("call.words"))
    assert await ana.fills({w("call.area"): w("area.access"), w("call.words"): SAID}) == {}
    await house.quiet()
    await ana.closes()
    return await ana.sees("#service", SAID, anywhere=True)


async def keeps_a_time(house: House, mate: Mate, card: Post) -> Post:
    """A teammate chooses a visit for him; the task to call him."""
    await mate.selects(w("slack.menu"), w("desk.book"), card)
    (choice,) = (await mate.sees_modal()).inputs
    visits = [o["text"]["text"] for o in choice.body["options"] if w("help.visit") in o["text"]["text"]]
    assert await mate.fills({w("book.choice"): visits[-1]}) == {}
    await house.quiet()
    return calls(card)[-1]


async def answered(house: House) -> list[tuple[str | None, bool]]:
    """Who asked him on the phone, and what he said, in the log."""

    def unit(session: Session) -> list[tuple[str | None, bool]]:
        found = select(Happening).where(Happening.name == "AnsweredByPhone").order_by(Happening.id)
        return [(each.facts["by"], each.facts["yes"]) for each in session.scalars(found)]

    found: list[tuple[str | None, bool]] = await house.in_database(unit)
    return found


async def test_who_only_phones_is_booked_priced_and_helped_with_a_yes_on_the_phone(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        card = await phones(house)
        ana, tom = house.team["ana"], house.team["tom"]
        first = await keeps_a_time(house, ana, card)
        assert "Ana Ruiz" in first.text
        await tom.presses(w("phone.no"), first)
        await house.quiet()
        assert [b.state for b in await bookings_of(house)] == [BookingState.EXPIRED]
        assert any(w("book.declined") in post.text for post in card.thread)
        second = await keeps_a_time(house, ana, card)
        yes = next(e for e in second.elements if e.label == w("phone.yes"))
        await asyncio.gather(ana.uses(yes, None, second), tom.uses(yes, None, second))
        await house.quiet()
        assert (await bookings_of(house))[-1].state is BookingState.BOOKED
        assert (await requests_of(house))[0].state is State.BOOKED
        assert w("phone.yes") not in calls(card)[-1].buttons
        assert w("phone.yes.told", name="", when="")[:16] in calls(card)[-1].text
        await makes(house, card, {w("more.minutes"): "120"})
        await tom.presses(w("phone.yes"), calls(card)[-1])
        await house.quiet()
        assert any("The homeowner agrees" in post.text for post in card.thread)
        await makes(house, card, {w("more.minutes"): "180"})
        await ana.presses(w("phone.no"), calls(card)[-1])
        await house.quiet()
        assert any("does not agree" in post.text for post in card.thread)
        said = await answered(house)
        assert said[0] == ("tom", False)
        assert said[1][1:] == (True,)
        assert said[2:] == [("tom", True), ("ana", False)]
        await begins(house)
        await is_done(house, card)
        assert any("It is done" in post.text for post in calls(card))


async def test_what_he_cannot_pay_in_telegram_he_pays_by_the_link_the_teammate_tells_him(tmp_path: Path) -> None:
    rules = 'how = "telegram"\nlink = { en = "To IBAN FR76, with the number" }'
    async with open_house(tmp_path, TELEGRAM_PAYMENT_TOKEN=TOKEN, COMPANY_FILE=company(tmp_path, rules)) as house:
        card = await phones(house)
        task = await keeps_a_time(house, house.team["ana"], card)
        await house.team["ana"].presses(w("phone.yes"), task)
        await house.quiet()
        assert (await bookings_of(house))[-1].state is BookingState.BOOKED
        assert "IBAN FR76" in calls(card)[-1].text

        def orders(session: Session) -> list[tuple[str, PaymentState]]:
            return [(order.how, order.state) for order in session.scalars(select(Order))]

        assert await house.in_database(orders) == [("link", PaymentState.ASKED)]


async def test_a_time_that_is_not_kept_any_more_is_not_booked_by_a_yes_on_the_phone(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        card = await phones(house)
        ana = house.team["ana"]
        task = await keeps_a_time(house, ana, card)
        await house.moves_clock(20 * 24 * 3600)
        await ana.presses(w("phone.yes"), task)
        await ana.sees("#service", w("refusal.hold_gone"), anywhere=True)
        assert await answered(house) == []
        await ana.presses(w("phone.done"), task)
        await house.quiet()
        assert w("phone.done") not in calls(card)[-1].buttons
