"""Somebody was not satisfied: one makes it good, in time, and he is asked again; it is written down how it came out."""

from datetime import timedelta
from pathlib import Path

import pytest

from domain.commitments import Outcome
from domain.recoveries import Recovered
from sandbox.slack.seen import Post
from sandbox.telegram.bubbles import Bubble
from sandbox.telegram.person import Person
from tests.house import House, open_house
from tests.journey.answering import (
    LATE,
    SLOW,
    button,
    days_go_by,
    fills,
    is_unhappy,
    recoveries_of,
    surveys_of,
)
from tests.journey.ground import answers, clock_goes_to, w
from tests.journey.test_deeds import direct, said
from tests.journey.test_pinned_promises import at, commitments_of

YES, NO, WAITS = w("recovered.yes"), w("recovered.no"), w("recovered.waits")


async def is_made_good(house: House) -> tuple[tuple[Person, Post], Bubble]:
    """Ana makes it good, and on the next day he is asked whether it is."""
    emma, _, card, ana = await is_unhappy(house)
    await fills(house, ana, card, "good", "New motor, for nothing")
    assert WAITS in card.text
    await days_go_by(house, 1)
    return (emma, card), await emma.sees(w("second.ask"), anywhere=True)


async def test_unhappy_called_made_good_asked_again_and_recovered(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, question, card, ana = await is_unhappy(house)
        for reason in (SLOW, LATE):
            await emma.presses(reason, on=question)
            await emma.sees(w("survey.chosen", what=reason))
        await emma.presses(w("survey.words"), on=question)
        await emma.sees(w("survey.words.ask"))
        await emma.types("Two hours late")
        await emma.sees(w("survey.kept"))
        await house.quiet()
        for seen in ("1001", SLOW, LATE, "Two hours late", "Emma Whitfield", "+447700900107", "Ana Ruiz"):
            assert seen in card.text
        (mine,) = direct(ana, w("low.title", score="1"))
        assert mine.channel.startswith("D")
        await ana.presses(w("recovery.write"), card, timeout=5)
        modal = await ana.sees_modal()
        assert "Emma" in modal.values[w("reply.words")]
        assert "Ana Ruiz" in modal.values[w("reply.words")]
        await ana.fills({w("reply.words"): "I am sorry. I come tomorrow with a new motor."})
        await ana.submits()
        await house.quiet()
        await emma.sees("with a new motor", anywhere=True)
        assert w("recovery.contacted") in card.text
        await fills(house, ana, card, "called", "She is glad that we come")
        request = await ana.sees("#service", "1001", anywhere=True)
        assert said(request, "She is glad that we come")
        await fills(house, ana, card, "good", "New motor, for nothing")
        assert WAITS in card.text
        assert w("recovery.good") not in card.buttons
        await days_go_by(house, 1)
        again = await emma.sees(w("second.ask"), anywhere=True)
        await emma.presses("5", on=again)
        await emma.sees(w("second.good"))
        await house.quiet()
        assert YES in card.text
        assert said(card, YES)
        assert len(direct(ana, YES)) == 1
        first, second = await surveys_of(house)
        assert (first.score, second.score, second.round) == (1, 5, 2)


async def test_made_good_and_he_does_not_think_so(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        (emma, card), again = await is_made_good(house)
        await emma.presses("2", on=again)
        await emma.sees(w("second.bad"))
        await emma.types("It stops again")
        await emma.sees(w("survey.kept"))
        await house.quiet()
        assert NO in card.text
        assert said(card, "It stops again")
        (one,) = await recoveries_of(house)
        assert (one.outcome, one.settled_by, one.words) == (Recovered.NO, None, "New motor, for nothing")


async def test_made_good_and_he_says_nothing(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        (emma, card), _again = await is_made_good(house)
        await days_go_by(house, 30)
        assert NO in card.text
        assert len([b for b in emma.chat if b.shows(w("second.ask"))]) == 1


async def test_what_cannot_be_made_good_is_written_down_and_nobody_asks_again(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, _, card, ana = await is_unhappy(house)
        await fills(house, ana, card, "not", "The wall would have to be opened")
        assert NO in card.text
        assert "The wall would have to be opened" in card.text
        await days_go_by(house, 5)
        assert not [b for b in emma.chat if b.shows(w("second.ask"))]
        (one,) = await recoveries_of(house)
        assert (one.outcome, one.settled_by) == (Recovered.NO, "ana")


async def test_he_raises_his_score_at_once_and_nobody_has_to_do_anything(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, question, card, ana = await is_unhappy(house)
        await emma.presses("5", on=question)
        await emma.sees(w("recovery.raised.told"))
        await house.quiet()
        assert w("recovered.raised") in card.text
        await days_go_by(house, 10)
        assert not direct(ana, w("promise.warn.over"))
        (one,) = await recoveries_of(house)
        assert one.outcome is Recovered.RAISED
        await emma.presses("2", on=question)
        await house.quiet()
        assert w("recovery.good") in card.buttons
        assert w("recovered.raised") not in card.text


async def test_the_call_he_chooses_stands_on_the_card_and_is_a_promise_of_whoever_has_it(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, _, card, ana = await is_unhappy(house)
        offer = await emma.sees(w("recovery.offer"), anywhere=True)
        times = offer.labels[:3]
        first, other = button(offer, times[0]), button(offer, times[1])
        await emma.presses_button(first, on=offer)
        await emma.sees(w("recovery.call.kept", when=times[0]))
        await house.quiet()
        assert w("recovery.call") in card.text
        await emma.presses_button(first, on=offer)
        await emma.presses_button(other, on=offer)
        await emma.sees(w("refusal.call_chosen_already"))
        (pinned,) = await commitments_of(house)
        assert (pinned.keeper, pinned.told) == ("ana", True)
        request = await ana.sees("#service", "1001", anywhere=True)
        assert said(request, w("recovery.call.words", when=times[0]))
        told = w("commitment.told", name="Ana Ruiz", at="…").partition("…")[0]
        assert not [b for b in emma.chat if b.shows(told)], "he chose it himself"
        tom = house.team["tom"]
        await tom.presses(w("team.take_over"), card, timeout=5)
        await house.quiet()
        assert "Tom Keller" in card.text
        (pinned,) = await commitments_of(house)
        assert pinned.keeper == "tom"
        await fills(house, tom, card, "called", "We come on Monday")
        (pinned,) = await commitments_of(house)
        assert (pinned.outcome, pinned.settled_by) == (Outcome.KEPT, "tom")
        await days_go_by(house, 4)
        assert not direct(tom, w("commitment.ask"))


async def test_a_call_that_nobody_made_is_asked_for(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, _, _, ana = await is_unhappy(house)
        offer = await emma.sees(w("recovery.offer"), anywhere=True)
        await emma.presses_button(button(offer, offer.labels[0]), on=offer)
        await house.quiet()
        (pinned,) = await commitments_of(house)
        await clock_goes_to(house, pinned.due_at)
        assert len(direct(ana, w("commitment.ask"))) == 1


async def test_times_that_are_over_are_not_promised_but_offered_anew(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, _, _, _ = await is_unhappy(house)
        offer = await emma.sees(w("recovery.offer"), anywhere=True)
        before = offer.labels
        await at(house, 1, 20)
        await emma.presses_button(button(offer, before[0]), on=offer)
        await house.quiet()
        assert offer.labels != before
        assert await commitments_of(house) == []


async def test_each_height_of_its_time_is_told_once_and_at_the_end_to_others(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        _, _, card, ana = await is_unhappy(house)
        (one,) = await recoveries_of(house)
        for _ in range(12):
            await half_a_day_goes_by(house)
        for percent in (50, 80):
            assert len(direct(ana, w("promise.warn", percent=percent))) == 1
        assert len(direct(ana, w("promise.warn.over"))) == 1
        assert said(card, w("promise.warn.over"))
        assert w("clock.over", at="").strip() in card.text
        lena, marc = house.team["lena"], house.team["marc"]
        assert len(direct(lena, w("promise.warn.over"))) == 1
        assert len(direct(marc, w("promise.warn.over"))) >= 1
        assert one.due_at - one.opened_at > timedelta(hours=24), "nights do not count"


async def half_a_day_goes_by(house: House) -> None:
    await house.moves_clock(12 * 3600)


async def test_two_take_it_at_once_and_one_has_it(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        _, _, card, _ = await is_unhappy(house)
        tom, lena = house.team["tom"], house.team["lena"]
        take = next(e for e in card.elements if e.label in (w("team.take"), w("team.take_over")))
        await tom.uses(take, None, card)
        await lena.uses(take, None, card)
        await house.quiet()
        (one,) = await recoveries_of(house)
        assert one.owner == "tom"
        assert any(w("refusal.taken_already", name="Tom Keller") in post.text for post in lena.ephemerals)


@pytest.mark.parametrize("restart", [False, True])
async def test_who_blocks_us_is_called_and_no_second_question_waits(tmp_path: Path, restart: bool) -> None:
    async with open_house(tmp_path) as house:
        emma, _, card, ana = await is_unhappy(house)
        await emma.blocks()
        await house.quiet()
        if restart:
            await house.stops()
            await house.starts()
        await fills(house, ana, card, "called", "She wants nothing more")
        await fills(house, ana, card, "good", "A voucher")
        await days_go_by(house, 5)
        assert not [b for b in emma.chat if b.shows(w("second.ask"))]
        await days_go_by(house, 26)
        assert NO in card.text


async def test_the_team_reads_the_card_of_a_request_and_answers_as_before(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, _, card, ana = await is_unhappy(house)
        request = await ana.sees("#service", "1001", anywhere=True)
        await answers(house, request, "I am sorry, I call you")
        await emma.sees("I am sorry, I call you", anywhere=True)
        assert w("recovery.contacted") in card.text
