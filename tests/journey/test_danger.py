"""Words of danger: the team is alerted at once, whatever was being said, and one is told what to do until then."""

from pathlib import Path
from typing import Any

import pytest

from domain.areas import Urgency
from tests.house import House, open_house, words
from tests.journey.ground import requests_of

SAYS = {
    "en": ("there's water coming through the ceiling of the bathroom!!", "water"),
    "fr": ("ça sent le gaz dans la cuisine", "gas"),
    "es": ("sale humo del cuadro eléctrico", "smoke"),
    "it": ("aiuto sono chiusa fuori casa, la serratura non si apre", "locked_out"),
}


def w(language: str, key: str, **values: Any) -> str:
    return words(language, key, **values)


def alarms(house: House) -> list[str]:
    """What stands in the channel of emergencies."""
    return [post.text for post in house.sandbox.slack.posts("#urgent")]


async def urgent(house: House, text: str) -> bool:
    await house.quiet()
    return any(text in alarm for alarm in alarms(house))


@pytest.mark.parametrize("language", SAYS)
async def test_who_writes_of_danger_is_told_what_to_do_and_the_team_knows_at_once(
    language: str, tmp_path: Path
) -> None:
    text, kind = SAYS[language]
    async with open_house(tmp_path) as house:
        person = await house.arrives(language)
        await person.types(text)
        told = await person.sees(w(language, "emergency.title"))
        assert w(language, f"emergency.kind.{kind}") in told.text
        assert w(language, "emergency.call", phone="").strip() in told.text
        assert await urgent(house, text)


async def test_danger_is_heard_in_the_middle_of_a_report_and_nothing_of_it_is_lost(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        await emma.presses(w("en", "menu.report"))
        await emma.presses(w("en", "area.climate"))
        await emma.sees(w("en", "report.story.ask", area=w("en", "area.climate")))
        await emma.types("The boiler makes a strange noise")
        await emma.sees(w("en", "report.check.more"), anywhere=True)
        await emma.types("now there is smoke coming out of it")
        await emma.sees(w("en", "emergency.title"))
        assert await urgent(house, "The boiler makes a strange noise")
        await emma.types("we are outside with the children, still lots of smoke")
        await house.quiet()
        assert (
            sum("strange noise" in alarm for alarm in alarms(house)) >= 1
        )  # one alarm, and what follows is in its thread


async def test_words_under_a_photo_are_heard_as_well(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        await emma.sends_photo(caption="smoke is coming out of the fuse box")
        await emma.sees(w("en", "emergency.title"))
        assert await urgent(house, "smoke is coming out of the fuse box")
        (request,) = await requests_of(house)
        assert request.story == "smoke is coming out of the fuse box", "the alarm says it, not only its thread"


async def test_what_was_no_emergency_is_called_off_with_one_tap_and_goes_its_usual_way(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        await emma.types("smoke is coming out of the oven")
        await emma.sees(w("en", "emergency.title"))
        await emma.presses(w("en", "emergency.none"))
        await emma.sees(w("en", "emergency.calm", number=1001))
        await emma.sees(w("en", "solve.way.ask"), anywhere=True)
        await emma.presses(w("en", "emergency.none"))
        await emma.sees(w("en", "emergency.calm_already", number=1001))


async def test_words_of_danger_that_is_over_are_ordinary_words(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        await emma.types("the fire brigade has left, the fire is out and everybody is fine")
        answer = await emma.sees("")
        assert w("en", "emergency.title") not in answer.text
        assert not await urgent(house, "fire")


URGENT = {
    "en": "no internet in the whole house since this morning",
    "fr": "plus d'internet dans toute la maison depuis ce matin",
    "es": "no hay internet en toda la casa desde esta mañana",
    "it": "non c'è internet in tutta la casa da stamattina",
}


@pytest.mark.parametrize("language", URGENT)
async def test_what_is_urgent_and_no_danger_is_told_to_the_team_as_urgent(language: str, tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        person = await house.arrives(language)
        await person.presses(w(language, "menu.report"))
        await person.presses(w(language, "area.network"))
        await person.types(URGENT[language])
        await person.sees(w(language, "report.urgent"))
        await person.presses(w(language, "report.send"))
        await person.sees(w(language, "solve.leave"))
        await house.quiet()
        (request,) = await requests_of(house)
        assert request.urgency is Urgency.HIGH


async def test_what_only_sounds_urgent_can_wait_with_one_tap(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        await emma.presses(w("en", "menu.report"))
        await emma.presses(w("en", "area.network"))
        await emma.types(URGENT["en"])
        await emma.sees(w("en", "report.urgent"))
        await emma.presses(w("en", "report.can_wait"))
        await emma.sees(w("en", "report.no_hurry"))
        assert w("en", "report.can_wait") not in emma.buttons()
        await emma.presses(w("en", "report.send"))
        await emma.sees(w("en", "solve.leave"))
        await house.quiet()
        (request,) = await requests_of(house)
        assert request.urgency is Urgency.LOW
