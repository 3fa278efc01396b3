"""What we come back with by ourselves: each says why, what it costs and what changes, and a yes leads to a time."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.appointments import BookingState
from domain.areas import Area, Intent
from domain.contracts import Contract
from domain.declared import months_after
from domain.homes import Device, Home
from domain.orders import Order, PaymentState
from domain.prompts import Kind, Prompt, PromptState, Reply
from domain.proposals import StoredQuote
from domain.requests import State
from sandbox.telegram.bubbles import Bubble
from sandbox.telegram.person import Person
from tests.house import SAMPLE, House, open_house, words
from tests.journey.ground import arrives_in_english, bookings_of, is_done, requests_of, w
from tests.journey.test_paying import paid_house
from tests.journey.test_prices import euros

HOURS = 3600.0


def quiet_house(folder: Path, house: Any = open_house) -> Any:
    """A house in which nobody is asked for a recommendation, and no device has a date: the story alone decides."""
    text = (SAMPLE / "company.toml").read_text().replace("undo_seconds = 5", "undo_seconds = 0")
    text = re.sub(r"end_of_support = .*\n", "", text)
    file = folder / "suggesting.toml"
    assert "recommend = true" in text
    file.write_text(text.replace("recommend = true", "recommend = false\nfirst_days = 1"))
    return house(folder, COMPANY_FILE=str(file))


def today(house: House) -> date:
    assert house.app is not None
    return house.app.clock.now().date()


async def has(house: House, *changes: Any) -> None:
    """The record says so."""

    def unit(session: Session) -> None:
        for change in changes:
            session.execute(change)

    await house.in_database(unit)


def of_home(ref: str) -> Any:
    return select(Home.id).where(Home.ref == ref).scalar_subquery()


def contract_of(house: House, ref: str, ago: timedelta, **more: Any) -> Any:
    """The home's contract began so long ago, and renews every year."""
    begins = today(house) - ago
    months = 12
    while months_after(begins, months) <= today(house):
        months += 12
    values = {"starts_on": begins, "terms_since": begins, "charged_since": begins, "term_months": months, **more}
    return update(Contract).where(Contract.home_id == of_home(ref)).values(**values)


def devices_of(ref: str, **values: Any) -> Any:
    return update(Device).where(Device.home_id == of_home(ref)).values(**values)


NOTHING = {"warranty_until": None, "installed_on": None, "firmware": None}


async def days_pass(house: House, days: float) -> None:
    """Some days; the clock stops at everything that is due on the way."""
    await house.quiet()
    for part in (*[1.0] * int(days), days % 1):
        await house.moves_clock(part * 24 * HOURS)
    await house.quiet()


async def prompts_of(house: House, *kinds: Kind) -> list[Prompt]:
    def unit(session: Session) -> list[Prompt]:
        return [p for p in session.scalars(select(Prompt).order_by(Prompt.id)) if not kinds or p.kind in kinds]

    found: list[Prompt] = await house.in_database(unit)
    return found


async def agrees(house: House, person: Person, topic: str = "upgrades") -> None:
    """He wants to hear of it."""
    await person.types("/preferences")
    await person.sees(w("preferences.title"))
    await person.presses(w("preferences.start", topic=w(f"topic.{topic}")))
    await person.sees(w("preferences.stop", topic=w(f"topic.{topic}")))
    await house.quiet()


def said(person: Person, text: str) -> list[Bubble]:
    return [bubble for bubble in person.chat if bubble.from_bot and text in bubble.text]


async def chooses(house: House, person: Person, ends: str = "booked.title") -> None:
    """He takes the first time."""
    times = await person.sees(w("solve.slot.ask"))
    await person.presses(times.labels[0])
    await person.sees(w("solve.confirm"))
    await person.presses(w("solve.confirm"))
    await person.sees(w(ends, until="\0").split("\0")[0], anywhere=True)
    await house.quiet()


# ── maintenance ──


async def test_maintenance_is_proposed_before_it_is_due_booked_with_a_tap_and_done(tmp_path: Path) -> None:
    async with quiet_house(tmp_path) as house:
        due = today(house) + timedelta(days=15)
        await has(
            house, contract_of(house, "H004", today(house) - months_after(due, -12)), devices_of("H004", **NOTHING)
        )
        emma = await house.arrives("en")
        await days_pass(house, 2.5)
        (asked,) = said(emma, w("occasion.maintenance.why", 12))
        assert asked.text.startswith(w("occasion.maintenance"))
        assert f"{w('price.included')} ({w('balance.visits', 3, left=3)})" in asked.text
        await emma.presses(w("occasion.yes"))
        await chooses(house, emma)
        card = await house.team["ana"].sees("#service", w("occasion.maintenance"), anywhere=True)
        (request,) = await requests_of(house)
        assert (request.intent, request.state) == (Intent.VISIT, State.BOOKED)
        (booking,) = await bookings_of(house)
        assert booking.ends_at - booking.starts_at == timedelta(hours=1)
        (prompt,) = await prompts_of(house, Kind.MAINTENANCE)
        assert (prompt.state, prompt.reply, prompt.request_id) == (PromptState.ASKED, Reply.YES, request.id)
        assert house.app is not None
        await house.moves_clock((booking.ends_at - house.app.clock.now()).total_seconds() + HOURS)
        await is_done(house, card, booking.technician)
        await emma.sees(w("solved.yes"), anywhere=True)
        await emma.presses(w("solved.yes"))
        await days_pass(house, 20)
        assert len(await prompts_of(house, Kind.MAINTENANCE)) == 1
        assert (await bookings_of(house))[0].state is BookingState.DONE


async def test_who_presses_twice_has_one_request_and_what_is_being_seen_to_is_not_asked_for_again(
    tmp_path: Path,
) -> None:
    async with quiet_house(tmp_path) as house:
        due = today(house) + timedelta(days=15)
        await has(
            house, contract_of(house, "H004", today(house) - months_after(due, -12)), devices_of("H004", **NOTHING)
        )
        emma = await house.arrives("en")
        await days_pass(house, 2.5)
        (asked,) = said(emma, w("occasion.maintenance.why", 12))
        for _ in range(2):
            await emma.presses(w("occasion.yes"), on=asked)
            await emma.sees(w("solve.slot.ask"))
        await house.quiet()
        assert len(await requests_of(house)) == 1
        await days_pass(house, 10)
        assert len(said(emma, w("occasion.maintenance.why", 12))) == 1


# ── upgrades ──


async def test_an_upgrade_from_the_question_to_a_paid_visit(tmp_path: Path) -> None:
    async with quiet_house(tmp_path, paid_house) as house:
        await has(house, devices_of("H008", **NOTHING))
        old = months_after(today(house), -61)
        await has(house, update(Device).where(Device.ref == "D018").values(installed_on=old))
        james = await arrives_in_english(house, "C008")
        await days_pass(house, 3)
        assert await prompts_of(house, Kind.UPGRADE) == []  # nobody asked him whether he wants to hear of it
        await agrees(house, james)
        await days_pass(house, 12)
        (asked,) = said(james, w("occasion.upgrade.new", words="Tepor Alpine 2"))
        assert asked.text.startswith("Heating control Tepor Alpine")
        assert "lasts about 5 years" in asked.text
        assert (
            f"{w('line.total')}: {euros('885.00')}" in asked.text
        )  # two hours, the way into the mountains, the device
        assert f"{w('line.parts')}: {euros('640.00')}" in asked.text
        await james.presses(w("occasion.yes"), on=asked)
        await chooses(house, james, "pay.ask")
        payment = await james.pays()
        assert payment.paid, payment.words
        await james.sees(w("booked.title"), anywhere=True)
        await house.quiet()
        (request,) = await requests_of(house)
        (booking,) = await bookings_of(house)
        assert (request.intent, request.area, request.state) == (Intent.UPGRADE, Area.CLIMATE, State.BOOKED)
        assert request.device_id is not None
        assert "Tepor Alpine (Boiler room) → Tepor Alpine 2" in request.story
        assert booking.ends_at - booking.starts_at == timedelta(hours=2)

        def told(session: Session) -> tuple[int, int, str]:
            order = session.scalars(select(Order)).one()
            quote = session.get_one(StoredQuote, booking.quote_id)
            return order.amount_minor, quote.total_minor, order.state

        assert await house.in_database(told) == (88500, 88500, PaymentState.PAID)
        (prompt,) = await prompts_of(house, Kind.UPGRADE)
        assert (prompt.reply, prompt.request_id) == (Reply.YES, request.id)
        assert prompt.consent_id is not None


async def test_the_times_cost_what_the_question_said_less_the_plans_discount(tmp_path: Path) -> None:
    async with quiet_house(tmp_path) as house:
        await has(house, contract_of(house, "H002", timedelta(days=100)), devices_of("H002", **NOTHING))
        old = months_after(today(house), -145)
        await has(house, update(Device).where(Device.ref == "D006").values(installed_on=old))
        claire = await arrives_in_english(house, "C003")
        await agrees(house, claire)
        await days_pass(house, 10)
        (asked,) = said(claire, w("occasion.upgrade.new", words="Lumenor Dim L"))
        assert f"{w('line.total')}: {euros('190.00')}" in asked.text  # the year's visit is included, the device is not
        await claire.presses(w("occasion.yes"), on=asked)
        times = await claire.sees(w("solve.slot.ask"))
        await claire.presses(times.labels[0])
        confirm = await claire.sees(w("solve.confirm"))
        assert euros("190.00") in confirm.text


async def test_tell_me_more_brings_a_person_with_what_was_asked_and_later_comes_back(tmp_path: Path) -> None:
    async with quiet_house(tmp_path) as house:
        await has(house, devices_of("H008", **NOTHING))
        await has(house, update(Device).where(Device.ref == "D019").values(firmware="6.1.0"))
        james = await arrives_in_english(house, "C008")
        await agrees(house, james)
        await days_pass(house, 10)
        (asked,) = said(james, w("occasion.upgrade.firmware", has="6.1.0", newest="6.4.2"))
        await james.presses(w("prompt.later"), on=asked)
        await days_pass(house, 17)
        again = said(james, w("occasion.upgrade.firmware", has="6.1.0", newest="6.4.2"))
        assert len(again) == 2
        await james.presses(w("occasion.more"), on=again[1])
        await james.sees(w("human.title"))
        await house.quiet()
        threads = [post.text for top in house.sandbox.slack.posts("#service") for post in top.thread]
        assert any("6.4.2" in text for text in threads), threads
        # He has read enough, and wants it now: that is another request than the talk about it.
        await james.presses(w("occasion.yes"), on=again[1])
        await james.sees(w("solve.slot.ask"))
        await house.quiet()
        assert [request.intent for request in await requests_of(house)] == [Intent.HUMAN, Intent.UPGRADE]


async def test_one_home_hears_of_one_old_device_at_a_time_and_what_is_replaced_is_no_reason_any_more(
    tmp_path: Path,
) -> None:
    async with quiet_house(tmp_path) as house:
        old = months_after(today(house), -150)
        await has(house, devices_of("H003", **{**NOTHING, "installed_on": old}))
        await has(house, contract_of(house, "H003", timedelta(days=100)))
        james = await arrives_in_english(house, "C004")
        await agrees(house, james)
        await days_pass(house, 30)
        assert len([p for p in await prompts_of(house, Kind.UPGRADE) if p.state is PromptState.ASKED]) == 1
        await has(house, devices_of("H003", **NOTHING))
        await days_pass(house, 80)
        assert len([p for p in await prompts_of(house, Kind.UPGRADE) if p.state is PromptState.ASKED]) == 1


# ── the contract ──


async def test_a_renewal_says_its_day_its_price_and_what_the_year_was_used_for(tmp_path: Path) -> None:
    async with quiet_house(tmp_path) as house:
        renews = today(house) + timedelta(days=46)
        await has(house, devices_of("H002", **NOTHING), devices_of("H007", **NOTHING))
        ago = today(house) - months_after(renews, -12)
        await has(house, contract_of(house, "H002", ago), contract_of(house, "H007", timedelta(days=30)))
        claire = await arrives_in_english(house, "C003")
        await days_pass(house, 4)
        (told,) = said(claire, w("occasion.renewal", plan="Comfort"))
        assert w("occasion.unused") in told.text
        assert w("contract.per.month", price=euros("39.00")) in told.text
        assert f"{w('occasion.term')}: {w('occasion.months', 12)}" in told.text
        assert f"{w('occasion.home')}: " in told.text  # she has two homes
        assert w("prompt.stop") not in told.labels  # it is part of the contract
        await claire.presses(w("contract.plans"), on=told)
        await claire.sees(w("plans.title"))
        await claire.presses(w("menu.contract"), on=told)
        await claire.sees(w("contract.price"), anywhere=True)
        await days_pass(house, 60)
        assert len(said(claire, w("occasion.renewal", plan="Comfort"))) == 1


async def test_what_is_left_of_an_allowance_is_told_before_it_is_gone_to_owner_and_house_manager(
    tmp_path: Path,
) -> None:
    async with quiet_house(tmp_path) as house:
        await has(house, devices_of("H003", **NOTHING), devices_of("H004", **NOTHING))
        ago = today(house) - months_after(today(house) + timedelta(days=20), -12)
        await has(house, contract_of(house, "H003", ago), contract_of(house, "H004", timedelta(days=30)))
        etienne = await arrives_in_english(house, "C004")
        nathalie = await arrives_in_english(house, "C010")
        await days_pass(house, 8)
        for person in (etienne, nathalie):
            (told,) = said(person, w("occasion.lapses"))
            assert f"{w('help.visit')}, included: 1" in told.text
        await etienne.presses(w("occasion.use"), on=said(etienne, w("occasion.lapses"))[0])
        await etienne.sees(w("report.area.ask"))


async def test_a_warranty_that_ends_is_told_with_its_last_day_and_a_way_to_report(tmp_path: Path) -> None:
    async with quiet_house(tmp_path) as house:
        await has(house, devices_of("H008", **NOTHING))
        last = today(house) + timedelta(days=20)
        await has(house, update(Device).where(Device.ref == "D019").values(warranty_until=last))
        james = await arrives_in_english(house, "C008")
        await days_pass(house, 3)
        (told,) = said(james, w("occasion.warranty"))
        assert "Netarco Air 6" in told.text
        assert str(last.day) in told.text
        await james.presses(w("menu.report"), on=told)
        await james.sees(w("report.area.ask"))
        await days_pass(house, 30)
        assert len(said(james, w("occasion.warranty"))) == 1


async def test_a_smaller_plan_that_would_have_been_cheaper_is_told_honestly(tmp_path: Path) -> None:
    async with quiet_house(tmp_path) as house:
        renews = today(house) + timedelta(days=61)
        await has(house, devices_of("H002", **NOTHING), devices_of("H007", **NOTHING))
        ago = today(house) - months_after(renews, -12)
        await has(house, contract_of(house, "H002", ago), contract_of(house, "H007", timedelta(days=30)))
        claire = await arrives_in_english(house, "C003")
        await agrees(house, claire)
        await days_pass(house, 25)
        saved = euros("468.00")
        (told,) = said(claire, w("occasion.advice", name="Essential", saved=saved, mine="Comfort"))
        await claire.presses(w("plans.compare", name="Essential"), on=told)
        await claire.sees(w("compare.title", mine="Comfort", other="Essential"), anywhere=True)


@pytest.mark.parametrize("language", ["fr", "es", "it"])
async def test_everybody_reads_it_in_his_language(language: str, tmp_path: Path) -> None:
    ref, home = {"fr": ("C004", "H003"), "es": ("C005", "H009"), "it": ("C001", "H001")}[language]

    def say(key: str, count: int | None = None, **values: Any) -> str:
        return words(language, key, count, **values)

    async with quiet_house(tmp_path) as house:
        last = today(house) + timedelta(days=20)
        await has(house, devices_of(home, **NOTHING))
        await has(house, devices_of(home, warranty_until=last), contract_of(house, home, timedelta(days=40)))
        person = await house.arrives(language, ref)
        await days_pass(house, 3)
        (told,) = said(person, say("occasion.warranty"))
        assert say("occasion.warranty.ask") in told.text
        assert say("prompt.never") in told.labels
