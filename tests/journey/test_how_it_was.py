"""How it was: a score, reasons, words, on one card; asked once more when nobody answers, never by the team."""

from pathlib import Path
from typing import Any

import pytest

from tests.house import House, open_house, words
from tests.journey.answering import button, days_go_by, fills, is_asked, is_unhappy, surveys_of
from tests.journey.ground import answers, is_done, reports, w
from tests.journey.test_pinned_promises import at

QUICK, KIND, CLEAN = (w(f"reason.{key}") for key in ("quick", "kind", "clean"))


def chosen(what: str) -> str:
    return w("survey.chosen", what=what)


async def test_who_is_happy_names_up_to_two_reasons_and_adds_a_word_all_on_one_card(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card = await is_asked(house)
        assert [row[0].label for row in card.buttons[:1]] == ["1"]
        assert len(card.buttons[0]) == 5
        await emma.presses("5")
        assert await emma.sees(w("survey.why.good")) == card
        for reason in (QUICK, KIND):
            await emma.presses(reason, on=card)
            await emma.sees(chosen(reason))
        press = await emma.presses(CLEAN, on=card)
        assert press.notice == w("survey.enough", most=2)
        await emma.presses(chosen(QUICK), on=card)
        await house.quiet()
        assert QUICK in card.labels
        assert chosen(KIND) in card.labels
        await emma.presses(w("survey.words"), on=card)
        await emma.sees(w("survey.words.ask"))
        await emma.types("She even swept the floor")
        await emma.sees(w("survey.kept"))
        assert "She even swept the floor" in card.text
        assert card.labels == [w("survey.review")]
        told = await house.team["marc"].sees("#satisfaction", w("score.title", score="5"), anywhere=True)
        assert "She even swept the floor" in told.text
        assert KIND in told.text
        (survey,) = await surveys_of(house)
        assert (survey.score, survey.reasons, survey.technician) == (5, ["kind"], "ana")


@pytest.mark.parametrize("language", ["fr", "es", "it"])
async def test_in_his_own_language(tmp_path: Path, language: str) -> None:
    def say(key: str, count: int | None = None, **values: Any) -> str:
        return words(language, key, count, **values)

    async with open_house(tmp_path) as house:
        person, card = await is_asked(house, language=language, say=say)
        await person.presses("2")
        await person.sees(say("recovery.offer"))
        await house.quiet()
        assert say("survey.why.bad") in card.text
        assert say("reason.unclear") in card.labels


async def test_partial_answers_count_and_another_one_takes_the_place_of_the_first(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card = await is_asked(house)
        await emma.presses("4")
        await emma.sees(w("survey.yours", score="4"))
        await emma.presses(QUICK, on=card)
        await emma.sees(chosen(QUICK))
        await emma.presses("3", on=card)
        await emma.sees(w("survey.yours", score="3"))
        (survey,) = await surveys_of(house)
        assert (survey.score, survey.reasons, survey.remark) == (3, [], None)
        await emma.presses("5", on=card)
        await emma.sees(w("survey.yours", score="5"))
        await days_go_by(house, 30)
        old = button(card, "1")
        await emma.presses_button(old, on=card)
        await emma.sees(w("refusal.survey_over"))
        (survey,) = await surveys_of(house)
        assert survey.score == 5


async def test_words_right_after_the_score_belong_to_it(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card = await is_asked(house)
        await emma.presses("3")
        await emma.sees(w("survey.yours", score="3"))
        await emma.types("It took three visits")
        await emma.sees(w("survey.kept"))
        assert "It took three visits" in card.text
        await emma.types("The hall is dark again")
        await emma.sees(w("emergency.button"))
        (survey,) = await surveys_of(house)
        assert survey.remark == "It took three visits"


async def test_words_of_the_next_day_are_something_new_unless_he_replies_to_the_card(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card = await is_asked(house)
        await emma.presses("3")
        await emma.sees(w("survey.yours", score="3"))
        await at(house, 1, 13)
        await emma.types("The hall is dark")
        await emma.sees(w("emergency.button"))
        await emma.types("/cancel")
        await emma.sees(w("menu.report"))
        await emma.types("It took three visits", reply_to=card)
        await emma.sees(w("survey.kept"))
        (survey,) = await surveys_of(house)
        assert survey.remark == "It took three visits"


async def test_while_a_teammate_talks_with_him_his_words_are_for_the_teammate(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card = await is_asked(house)
        await emma.types("/report")
        other = await reports(house, emma, "The hall is dark", "lighting")
        await answers(house, other, "Which lamp is it?")
        await emma.sees("Which lamp is it?")
        await emma.presses("4", on=card)
        await emma.sees(w("survey.yours", score="4"))
        await emma.types("The one at the door")
        await house.quiet()
        (survey,) = await surveys_of(house)
        assert survey.remark is None
        assert any("The one at the door" in post.text for post in other.thread)


async def test_who_says_nothing_is_asked_once_more_and_then_left_alone(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card = await is_asked(house)
        await days_go_by(house, 40)
        asked = [bubble for bubble in emma.chat if bubble.shows(w("survey.scale"))]
        assert len(asked) == 2
        assert asked[0] == card
        assert len(await surveys_of(house)) == 1


async def test_who_answers_is_not_asked_once_more(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card = await is_asked(house)
        await emma.presses("4", on=card)
        await emma.sees(w("survey.yours", score="4"))
        await days_go_by(house, 15)
        assert [b for b in emma.chat if b.shows(w("survey.scale"))] == []


async def test_an_answer_on_the_second_card_stands_there(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, first = await is_asked(house)
        await days_go_by(house, 7)
        second = [bubble for bubble in emma.chat if bubble.shows(w("survey.scale"))][-1]
        assert second != first
        await emma.presses("4", on=second)
        assert await emma.sees(w("survey.yours", score="4")) == second


async def test_who_has_blocked_us_is_not_asked_and_nothing_waits_for_him(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card = await is_asked(house)
        await emma.blocks()
        await days_go_by(house, 10)
        assert len([b for b in emma.chat if b.shows(w("survey.scale"))]) == 1
        await emma.unblocks()
        await emma.presses("5", on=card)
        await emma.sees(w("survey.yours", score="5"))


async def test_who_changes_his_language_midway_goes_on_in_the_new_one(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card = await is_asked(house)
        await emma.types("/language")
        await emma.sees("Français")
        await emma.presses("Français")
        await emma.sees(words("fr", "language.chosen"))
        await emma.presses("2", on=card)
        await emma.sees(words("fr", "recovery.offer"))
        await house.quiet()
        assert words("fr", "survey.why.bad") in card.text
        low = await house.team["ana"].sees("#satisfaction", w("low.title", score="2"), anywhere=True)
        await house.team["ana"].presses(w("recovery.write"), low)
        modal = await house.team["ana"].sees_modal()
        assert "je regrette" in modal.values[w("reply.words")]


def reviews_are_for(house: House, whom: str) -> None:
    """The company file says so."""
    file = Path(house.environment["COMPANY_FILE"])
    file.write_text(file.read_text().replace('review_for = "everybody"', f'review_for = "{whom}"'))


@pytest.mark.parametrize("score", ["1", "3", "5"])
@pytest.mark.parametrize("whom", ["everybody", "nobody"])
async def test_the_link_for_reviews_does_not_depend_on_the_score(tmp_path: Path, score: str, whom: str) -> None:
    async with open_house(tmp_path, asleep=True) as house:
        reviews_are_for(house, whom)
        await house.starts()
        emma, card = await is_asked(house)
        assert w("survey.review") not in card.labels, "he has said nothing yet"
        await emma.presses(score)
        await emma.sees(w("survey.yours", score=score))
        await house.quiet()
        assert (w("survey.review") in card.labels) is (whom == "everybody")


async def test_nobody_is_asked_while_something_is_made_good_and_then_he_is(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, _, card, ana = await is_unhappy(house)
        await emma.types("/report")
        second = await reports(house, emma, "The hall is dark", "lighting")
        await ana.presses("Take it", second)
        await house.quiet()
        await is_done(house, second)
        await emma.presses(w("solved.yes"))
        await days_go_by(house, 8)
        assert not [b for b in emma.chat if b.shows(w("survey.scale"))]
        await fills(house, ana, card, "not", "He has moved away")
        await days_go_by(house, 3)
        assert len([b for b in emma.chat if b.shows(w("survey.scale"))]) == 1
