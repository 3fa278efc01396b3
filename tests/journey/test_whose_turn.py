"""Whose turn it is: a question that never reached her leaves the request as it was, and an answer by phone counts."""

from pathlib import Path

from domain.requests import State
from tests.house import House, open_house
from tests.journey.ground import answers, reports, requests_of, w
from tests.journey.test_deeds import does
from tests.journey.test_relay import unhurried
from tests.journey.test_visit_over import asks


async def state(house: House) -> State:
    return (await requests_of(house))[0].state


async def test_a_question_that_is_taken_back_in_time_leaves_the_request_as_it_was(tmp_path: Path) -> None:
    async with open_house(tmp_path, COMPANY_FILE=unhurried(tmp_path)) as house:
        emma = await house.arrives("en")
        card = await reports(house, emma)
        before = await state(house)
        await asks(house, card, "Is the cat inside?")
        copy = await house.team["ana"].sees("#service", "cat inside", anywhere=True)
        await house.team["ana"].presses(w("sent.undo"), copy)
        await house.moves_clock(60)
        await house.quiet()
        assert await state(house) is before
        assert w("state.waiting_homeowner") not in card.text
        assert not [b for b in emma.chat if "cat" in b.text]


async def test_who_has_stopped_the_bot_is_not_waited_for(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        card = await reports(house, emma)
        before = await state(house)
        await emma.blocks()
        await asks(house, card, "Which side?")
        assert await state(house) is before
        assert w("state.waiting_homeowner") not in card.text


async def test_she_answers_on_the_phone_and_ana_says_so(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        card = await reports(house, emma)
        ana = house.team["ana"]
        await ana.presses("Take it", card)
        await house.quiet()
        await asks(house, card, "Which side?")
        assert await state(house) is State.WAITING_HOMEOWNER
        await does(house, ana, card, "desk.answered")
        assert await state(house) is State.CLAIMED
        assert w("state.waiting_homeowner") not in card.text


async def test_when_nobody_has_said_anything_for_long_she_reads_that_the_assistant_answers_again(
    tmp_path: Path,
) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        card = await reports(house, emma)
        await answers(house, card, "I shall look at it")
        await emma.sees("I shall look at it")
        await house.quiet()
        assert w("team.hand_back") in card.buttons
        assert house.app is not None
        await house.moves_clock(house.app.company.desk.talk_hours * 3600 + 60)
        await emma.sees(w("talk.handed_back"))
        await house.quiet()
        assert w("team.hand_back") not in card.buttons
