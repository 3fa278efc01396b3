"""Somebody phones: it is a request like any other, and says who wrote it down."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.people import Person as Customer
from domain.requests import State
from sandbox.slack.person import Person as Mate
from tests.house import House, open_house
from tests.journey.ground import requests_of, w
from tests.journey.test_promises import are_promised, on, on_monday_at_nine

SAID = "The gate does not open any more"


async def takes_the_call(house: House, mate: Mate, **said: str) -> dict[str, str]:
    """The form of `/aftercare call`, filled in."""
    await mate.commands("/aftercare", "call", channel="#service")
    await mate.sees_modal(w("call.name"))
    given = {w("call.area"): w("area.access"), w("call.words"): SAID, **{w(f"call.{k}"): v for k, v in said.items()}}
    errors = await mate.fills(given)
    await house.quiet()
    return errors


async def test_a_customer_who_phones_is_recognised_and_has_his_card_in_telegram(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, lena = await house.arrives("en"), house.team["lena"]
        await emma.sees(w("menu.report"))
        assert await takes_the_call(house, lena, name="Whitfield", phone="+44 7700 900107") == {}
        await lena.sees_modal(w("call.who"))
        assert await lena.fills({w("call.who"): "Emma Whitfield"}) == {}
        await house.quiet()
        card = await house.team["ana"].sees("#service", SAID, anywhere=True)
        assert w("team.logged_by", name="Lena Hofer") in card.text
        assert "Signature" in card.text or "Comfort" in card.text, "her plan and what the contract says"
        own = await emma.sees(SAID)
        assert "1001" in own.text
        await lena.sees(fragment=w("call.logged", name="Emma Whitfield"))


async def test_somebody_new_is_written_down_with_a_number_to_call_back(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        lena = house.team["lena"]
        errors = await takes_the_call(house, lena, name="Zoé Nouvelle")
        assert list(errors.values()) == [w("call.phone_missing")]
        assert list((await lena.fills({w("call.phone"): "12"})).values()) == [w("call.wrong.phone")]
        assert await lena.fills({w("call.phone"): "04 93 00 00 00"}) == {}
        await house.quiet()
        card = await lena.sees("#service", SAID, anywhere=True)
        assert "Zoé Nouvelle" in card.text
        (request,) = await requests_of(house)
        assert (request.state, request.logged_by, request.home_id) == (State.OPEN, "lena", None)

        def numbers(session: Session) -> list[str | None]:
            return list(session.scalars(select(Customer.phone).where(Customer.name == "Zoé Nouvelle")))

        assert await house.in_database(numbers) == ["+33493000000"]


async def test_from_the_customers_page_nobody_has_to_say_who_it_is(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        ana = house.team["ana"]
        await ana.commands("/aftercare", "find lefevre", channel="#service")
        await house.quiet()
        await ana.presses("Villa Belvedere", ana.ephemerals[-1])
        page = await ana.sees_modal("Nathalie")
        await ana.presses(w("call.open"), page)
        form = await ana.sees_modal(w("call.words"))
        assert form.values[w("team.home")] == "Villa Belvedere, Villefranche-sur-Mer"
        assert await ana.fills({w("call.area"): w("area.video"), w("call.words"): SAID}) == {}
        await house.quiet()
        card = await ana.sees("#service", SAID, anywhere=True)
        assert "Villa Belvedere" in card.text
        assert ana.modal is not None, "she is back on the page"


async def test_the_promise_counts_from_the_call(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        await are_promised(house)
        await on_monday_at_nine(house)
        ana = house.team["ana"]
        await ana.commands("/aftercare", "find whitfield", channel="#service")
        await house.quiet()
        await ana.presses("Emma Whitfield", ana.ephemerals[-1])
        await ana.presses(w("call.open"), await ana.sees_modal("Emma"))
        await ana.sees_modal(w("call.words"))
        assert await ana.fills({w("call.area"): w("area.access"), w("call.words"): SAID}) == {}
        await house.quiet()
        card = await ana.sees("#service", SAID, anywhere=True)
        assert w("promise.answer") in card.text
        await on(house, 9, 52)
        assert any(w("promise.warn", percent=50) in post.text for post in card.thread)


async def test_danger_on_the_phone_rings_for_everybody(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        lena = house.team["lena"]
        await lena.commands("/aftercare", "call", channel="#service")
        await lena.sees_modal(w("call.name"))
        given = {w("call.name"): "Zoé Nouvelle", w("call.phone"): "+33493000000", w("call.area"): w("area.power")}
        given |= {w("request.urgency"): w("urgency.emergency"), w("call.words"): "It smells of smoke"}
        assert await lena.fills(given) == {}
        await house.quiet()
        await lena.sees("#urgent", w("team.emergency.call", name="Zoé Nouvelle", phone="+33493000000"), anywhere=True)
