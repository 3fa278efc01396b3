"""What it costs and why; the contract, the plans side by side, and honest advice: as homeowners read them."""

import asyncio
import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.contracts import Contract
from domain.homes import Device, Home
from domain.money import Money
from locales.phrasebook import say
from locales.text import Percent
from tests.house import open_house, words
from tests.journey.ground import arrives_in_english, is_offered_times, reports, requests_of, w

LANGUAGES = {"en": "C007", "fr": "C003", "es": "C005", "it": "C001"}
SAMPLE_FILE = Path("bot/sample/company.toml").read_text(encoding="utf-8")
MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def euros(amount: str, language: str = "en") -> str:
    """An amount as one reads it."""
    return say(Money.of(amount, "EUR"), language)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_everybody_reads_his_price_contract_and_plans_in_his_language(tmp_path: Path, language: str) -> None:
    def v(key: str, count: int | None = None, **values: object) -> str:
        return words(language, key, count, **values)

    async with open_house(tmp_path) as house:
        person = await house.arrives(language, LANGUAGES[language])
        await reports(house, person, "…………", "lighting", say=v)
        await person.presses(v("price.why"))
        lines = await person.sees(v("why.holds"))
        assert euros("40", language) in lines.text
        assert v("line.plan") in lines.text
        assert euros("0", language) in lines.text
        await person.presses(v("why.other", work=v("help.visit")))
        other = await person.sees(euros("110", language), anywhere=True)
        assert other.history, "the lines of the other way stand in the same message"
        await person.types("/contract")
        card = await person.sees(v("contract.statement"))
        assert v("contract.covers") in card.text
        assert v("promise.for", what=v("promise.answer"), urgency=v("priority.high")) in card.text
        await person.presses(v("contract.plans"))
        plans = await person.sees(v("plans.title"))
        assert all(v("plans.compare", name="").strip() in label for label in plans.labels[:2])
        await person.presses(plans.labels[0])
        side_by_side = await person.sees("→")
        assert v("contract.covers") not in side_by_side.text
        await person.presses(v("menu.contract"))
        await person.sees(v("contract.advice"))
        await person.presses(v("contract.advice"))
        await person.sees(v("advice.none"))


async def test_a_second_visit_in_the_year_is_charged_with_the_plans_discount_and_says_so(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        claire = await arrives_in_english(house, "C003")
        await reports(house, claire, "The blind is stuck", "lighting")
        times = await is_offered_times(claire)
        await claire.presses(times.labels[0])
        await claire.sees(w("solve.confirm"))
        await claire.presses(w("solve.confirm"))
        await claire.sees(w("booked.title"))
        await claire.presses(w("menu.home"), timeout=5) if w("menu.home") in claire.buttons() else None
        await claire.types("/report")
        await claire.sees(w("report.area.ask"))
        await claire.presses(w("area.lighting"))
        await claire.types("Another lamp is dark")
        await claire.sees(w("report.send"))
        await claire.presses(w("report.send"))
        offer = await claire.sees(w("solve.way.ask"))
        assert euros("99") in offer.text
        await claire.presses(w("price.why"))
        await claire.sees(w("why.holds"))
        await claire.presses(w("why.other", work=w("help.visit")))
        why = await claire.sees(euros("110"), anywhere=True)
        assert w("line.plan_discount", rate=say(Percent(Decimal(10)), "en")) in why.text
        assert euros("-11") in why.text
        assert w("clause.allowance_used_up", plan="Comfort") in why.text


async def test_a_device_under_warranty_costs_nothing_while_the_warranty_runs(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        james = await arrives_in_english(house, "C008")

        def fresh(session: Session) -> str:
            home = session.scalars(select(Home).where(Home.ref == "H008")).one()
            device = session.scalars(select(Device).where(Device.home_id == home.id)).first()
            assert device is not None
            home.handed_over_on = MONDAY.date()
            device.installed_on = house.app.clock.now().date() if house.app else MONDAY.date()
            session.commit()
            return f"{device.area.value}|{device.room} · {device.brand} {device.model}"

        area, name = (await house.in_database(fresh)).split("|")
        await james.presses(w("menu.report"))
        await james.sees(w("report.area.ask"))
        await james.presses(w(f"area.{area}"))
        await james.sees(w("report.device.ask"))
        await james.presses(name)
        await james.types("It stopped working this morning")
        check = await james.sees(w("report.send"))
        assert name.split(" · ")[1] in check.text
        await james.presses(w("report.send"))
        offer = await james.sees(w("clause.warranty"))
        assert w("price.included") in offer.text or w("price.free") in offer.text
        request = (await requests_of(house))[-1]
        assert request.device_id is not None


async def test_what_the_company_never_does_has_no_price_but_the_reason_it_wrote(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        claire = await arrives_in_english(house, "C003")

        def signed_with_a_reason(session: Session) -> None:
            home = session.scalars(select(Home).where(Home.ref == "H002")).one()
            contract = session.scalars(select(Contract).where(Contract.home_id == home.id)).one()
            reason = {"en": "The mains are an electrician’s.", "fr": "Le secteur est à l’électricien."}
            contract.terms = {**contract.terms, "excludes": [{"areas": ["power"], "reason": reason}]}
            session.commit()

        await house.in_database(signed_with_a_reason)
        await claire.presses(w("menu.report"))
        await claire.sees(w("report.area.ask"))
        await claire.presses(w("area.power"))
        await claire.sees(w("area.power"))
        await claire.types("The socket is dead")
        await claire.sees(w("report.send"))
        await claire.presses(w("report.send"))
        verdict = await claire.sees(w("verdict.excluded"))
        assert "The mains are an electrician’s." in verdict.text
        assert w("solve.excluded") in verdict.text
        assert "€" not in verdict.text


async def test_on_a_saturday_the_time_says_its_own_price_travel_included(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        james = await arrives_in_english(house, "C008")
        await reports(house, james, "The door does not open", "access")
        ways = await james.sees(w("solve.way.ask"), anywhere=True)
        assert f"{w('help.visit')}, Saturday: {euros('162.50')}" in ways.text
        labels = list((await is_offered_times(james)).labels)
        for _ in range(4):
            if any(euros("162.50") in label for label in labels):
                break
            await james.presses(w("solve.more"))
            labels = list((await james.sees(w("solve.slot.ask"))).labels)
        priced = [label for label in labels if "€" in label]
        assert priced
        assert all(re.match(r"Sat", label) for label in priced)
        await james.presses(priced[0])
        confirm = await james.sees(w("solve.confirm"))
        assert euros("162.50") in confirm.text


async def test_hours_that_are_priced_by_hand_are_not_offered_and_the_others_are(tmp_path: Path) -> None:
    by_hand = '[[tariff.labour]]\nwork = "visit"\nhours = ["saturday"]\nby_hand = true\n\n'
    first = '[[tariff.labour]]\nwork = "visit"\n'
    text = SAMPLE_FILE
    saturday = next(part for part in text.split("\n\n") if "Visit on a Saturday" in part)  # its printed price
    text = text.replace(saturday, "")
    assert first in text
    file = tmp_path / "company.toml"
    await asyncio.to_thread(file.write_text, text.replace(first, by_hand + first, 1), encoding="utf-8")
    async with open_house(tmp_path, COMPANY_FILE=str(file)) as house:
        james = await arrives_in_english(house, "C008")
        await reports(house, james, "The door does not open", "access")
        times = await is_offered_times(james)
        for _ in range(3):
            assert times.labels
            assert not any(label.startswith("Sat") for label in times.labels)
            await james.presses(w("solve.more"))
            times = await james.sees(w("solve.slot.ask"))


async def test_who_wants_another_plan_is_called_by_the_team(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        claire = await arrives_in_english(house, "C003")
        await claire.types("/plans")
        await claire.sees(w("plans.title"))
        await claire.presses(w("plans.compare", name="Signature"))
        await claire.sees(w("plans.wish", name="Signature"))
        await claire.presses(w("plans.wish", name="Signature"))
        await claire.sees(w("plans.wished", name="Signature"))
        card = await house.team["ana"].sees("#service", "Comfort → Signature", anywhere=True)
        assert "Contract" in card.text


async def test_a_tenant_sees_neither_contract_nor_plans(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        bruno = await arrives_in_english(house, "C013")
        for command in ("/contract", "/plans"):
            await bruno.types(command)
            await bruno.sees(w("refusal.not_your_contract"))


async def test_words_of_a_report_that_was_not_sent_go_with_the_request_one_turns_to(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        claire = await arrives_in_english(house, "C003")
        card = await reports(house, claire, "The blind is stuck")
        await claire.presses(w("solve.leave"))
        await claire.types("/report")
        await claire.sees(w("report.area.ask"))
        await claire.types("and the pump hums")
        await claire.presses(w("request.book"))
        await claire.sees(w("solve.way.ask"), anywhere=True)
        await house.quiet()
        assert any("and the pump hums" in post.text for post in card.thread)
