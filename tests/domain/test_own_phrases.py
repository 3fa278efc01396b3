"""The company's own phrases: what people call things there."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.company_file.beside import read_beside
from domain.areas import Area, Intent
from domain.own_phrases import Phrase, Phrases
from handlers.understanding.meaning import meant
from handlers.understanding.own import in_its_words
from handlers.understanding.readings import Decision, Guess, Meaning

HERE = Phrases(
    language="fr",
    phrases=(
        Phrase(says=("screen zip", "le zip"), area=Area.SHADES),
        Phrase(says=("zip de la porte",), area=Area.ACCESS),
        Phrase(says=("Pilule rouge !",), intent=Intent.HUMAN),
    ),
)
UNSURE = Meaning(
    Intent.PROBLEM, Area.OTHER, None, "fr", 0.4, Decision.ASK,
    (Guess(Intent.PROBLEM, Area.OTHER, 0.4), Guess(Intent.PRICE, None, 0.3), Guess(Intent.COMMAND, Area.VIDEO, 0.1)),
)  # fmt: skip


def test_a_part_of_the_home_is_known_by_the_companys_name_for_it() -> None:
    found = in_its_words(UNSURE, "le Screen-ZIP de la terrasse fait du bruit", HERE)
    assert (found.intent, found.area, found.decision) == (Intent.PROBLEM, Area.SHADES, Decision.ASK)
    assert [guess.area for guess in found.guesses] == [Area.SHADES, None, Area.SHADES]


def test_the_longest_name_counts_and_half_a_word_is_none() -> None:
    assert HERE.area_in("le zip de la porte coince") is Area.ACCESS
    assert HERE.area_in("le zipper coince") is None


def test_a_whole_message_means_what_the_company_says() -> None:
    found = in_its_words(UNSURE, "pilule rouge", HERE)
    assert (found.intent, found.area, found.decision) == (Intent.HUMAN, None, Decision.ACT)
    assert found.guesses[0] == Guess(Intent.HUMAN, None, 1.0)
    assert in_its_words(UNSURE, "la pilule rouge est tombée", HERE) == UNSURE


def test_what_is_about_no_part_of_the_home_stays_as_it_is() -> None:
    asks = meant("combien coûte un screen zip ?")
    assert asks.intent is Intent.PRICE
    assert in_its_words(asks, "combien coûte un screen zip ?", HERE) == asks
    assert in_its_words(asks, "combien coûte un screen zip ?", None) == asks


def test_a_phrase_that_says_nothing_is_refused() -> None:
    with pytest.raises(ValidationError, match="neither which area"):
        Phrase(says=("hello",))


def test_the_sample_has_its_own_phrases_in_all_its_languages() -> None:
    found = read_beside(Path("bot/sample/company.toml"), ("en", "fr", "es", "it")).phrases
    assert [phrases.area_in("… screen zip …") for phrases in found] == [Area.SHADES] * 4
