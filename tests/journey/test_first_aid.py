"""First aid: what somebody can try himself before anybody comes, step by step, in his language."""

from pathlib import Path
from typing import Any

import pytest

from domain.first_aid import FirstAid, Outcome
from domain.requests import Request, State
from sandbox.slack.seen import Post
from sandbox.telegram.person import Person
from tests.house import House, brings_what_it_wrote, open_house, words
from tests.journey.ground import STORY, books, reports, w

WEAK = {
    "en": "the wifi is very weak in the guest room",
    "fr": "le wifi est très faible dans la chambre d'amis",
    "es": "el wifi llega muy flojo a la habitación de invitados",
    "it": "il wifi è debolissimo nella camera degli ospiti",
}


def remedy(house: House, language: str, key: str) -> Any:
    assert house.app is not None
    remedies = house.app.company.remedies(language)
    assert remedies is not None
    return remedies.named(key)


def in_language(language: str) -> Any:
    return lambda key, *a, **v: words(language, key, *a, **v)


async def tried(house: House) -> list[tuple[str, Outcome, State]]:
    def unit(session: Any) -> list[tuple[str, Outcome, State]]:
        found = session.query(FirstAid, Request).join(Request, Request.id == FirstAid.request_id)
        return [(aid.remedy, aid.outcome, request.state) for aid, request in found.order_by(FirstAid.id)]

    found: list[tuple[str, Outcome, State]] = await house.in_database(unit)
    return found


def said(card: Post, start: str) -> bool:
    return any(start in post.text for post in card.thread)


@pytest.mark.parametrize("language", ["en", "fr", "es", "it"])
async def test_the_second_step_helps_and_nobody_has_to_come(language: str, tmp_path: Path) -> None:
    say = in_language(language)
    brings_what_it_wrote(tmp_path)
    async with open_house(tmp_path) as house:
        person = await house.arrives(language)
        card = await reports(house, person, WEAK[language], "network", say)
        await person.presses(say("aid.offer"))
        weak = remedy(house, language, "wifi-slow-room")
        first = await person.sees(weak.steps[0])
        assert weak.title in first.text
        await person.presses(say("aid.next"))
        await person.sees(weak.steps[1])
        await person.presses(say("aid.works"))
        await person.sees(say("aid.thanks", number="1001"))
        await house.quiet()
        assert await tried(house) == [("wifi-slow-room", Outcome.HELPED, State.CONFIRMED)]
        assert said(card, w("team.aid.helped", name="", what=remedy(house, "en", weak.key).title, at=2, of=3).strip())
        await house.moves_clock(20 * 86_400)
        assert not [bubble for bubble in person.chat if say("survey.scale") in bubble.text]  # nobody did anything


async def test_after_the_last_step_there_are_times_and_the_team_knows_what_was_tried(tmp_path: Path) -> None:
    brings_what_it_wrote(tmp_path)
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        card = await reports(house, emma, WEAK["en"], "network")
        weak = remedy(house, "en", "wifi-slow-room")
        await emma.presses(w("aid.offer"))
        for step in weak.steps:
            await emma.sees(step)
            await emma.presses(w("aid.next"))
        await emma.sees(w("aid.over"))
        await emma.sees(w("solve.leave"))
        await house.quiet()
        assert said(card, w("team.aid.not", name="", what=weak.title, at=3, of=3).strip())
        assert await tried(house) == [("wifi-slow-room", Outcome.NOT, State.OPEN)]
        await emma.presses(w("aid.offer"))  # there is more to try, and that one is not offered again
        await emma.sees(w("aid.which"))
        assert weak.title not in emma.buttons()


async def test_who_says_little_chooses_what_fits_and_may_change_his_mind(tmp_path: Path) -> None:
    brings_what_it_wrote(tmp_path)
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        card = await reports(house, emma, "it is broken, please help", "network")
        weak, drops = (remedy(house, "en", key) for key in ("wifi-slow-room", "internet-drops"))
        await emma.presses(w("aid.offer"))
        await emma.sees(w("aid.which"))
        await emma.presses(drops.title)
        await emma.sees(drops.steps[0])
        await emma.presses(w("aid.other"))
        await emma.sees(w("aid.which"))
        await emma.presses(weak.title)
        await emma.sees(weak.steps[0])
        await emma.presses(w("aid.leave"))
        await emma.sees(w("solve.leave"))
        await house.quiet()
        assert not said(card, weak.title)  # nothing was tried to the end of a step


async def test_who_changes_his_language_in_the_middle_goes_on_at_the_same_step(tmp_path: Path) -> None:
    brings_what_it_wrote(tmp_path)
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        await reports(house, emma, WEAK["en"], "network")
        await emma.presses(w("aid.offer"))
        await emma.sees(w("aid.works"))
        await emma.presses(w("aid.next"))
        await emma.sees(remedy(house, "en", "wifi-slow-room").steps[1])
        await emma.types("/language")
        await emma.sees("Français")
        await emma.presses("Français")
        await emma.sees(remedy(house, "fr", "wifi-slow-room").steps[1])


async def test_an_appointment_stands_when_it_helped_meanwhile(tmp_path: Path) -> None:
    brings_what_it_wrote(tmp_path)
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        await reports(house, emma, WEAK["en"], "network")
        await emma.presses(w("aid.offer"))
        step = await emma.sees(w("aid.works"))
        await emma.presses(w("aid.leave"))
        await emma.sees(w("solve.leave"))
        await books(house, emma)
        await emma.presses(w("aid.works"), on=step)
        await house.quiet()
        assert [state for *_, state in await tried(house)] == [State.BOOKED]


async def test_in_danger_nobody_is_asked_to_try_anything(tmp_path: Path) -> None:
    brings_what_it_wrote(tmp_path)
    async with open_house(tmp_path) as house:
        emma: Person = await house.arrives("en")
        await reports(house, emma, STORY)
        assert w("aid.offer") in emma.buttons()
        await emma.types("/report")
        await emma.presses(w("area.power"))
        await emma.types("there is smoke coming out of the fuse box")
        await house.quiet()
        assert w("aid.offer") not in [b for bubble in emma.news()[-2:] for row in bubble.buttons for b in row]
