"""The company's own answers: the one that was meant is found, whatever words somebody chooses."""

import shutil
from functools import cache
from pathlib import Path

import pytest

from bot.company_file.beside import read_beside
from bot.company_file.reading import sound
from bot.faults import CompanyFileFault
from domain.answers import Answers
from domain.areas import Area

SAMPLE = Path("bot/sample/company.toml")
LANGUAGES = ("en", "fr", "es", "it")


@cache
def every() -> dict[str, Answers]:
    return {answers.language: answers for answers in read_beside(SAMPLE, LANGUAGES).answers}


def test_the_sample_answers_the_same_questions_in_all_its_languages() -> None:
    keys = {language: [answer.key for answer in answers.answers] for language, answers in every().items()}
    assert set(keys) == set(LANGUAGES)
    assert len({tuple(one) for one in keys.values()}) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_way_to_ask_leads_to_its_answer(language: str) -> None:
    answers = every()[language]
    for answer in answers.answers:
        for ask in (answer.title, *answer.asks):
            assert answer in answers.found(ask, answer.area), ask


@pytest.mark.parametrize("question", ["who won the world cup?", "the boiler leaks", "qwertz", "", "how do I do it?"])
def test_what_was_never_answered_has_no_answer(question: str) -> None:
    assert every()["en"].found(question, Area.OTHER) == []


def test_a_fault_is_told_with_its_file_and_its_remedy(tmp_path: Path) -> None:
    company = Path(shutil.copy(SAMPLE, tmp_path / "company.toml"))
    (tmp_path / "answers").mkdir()
    (tmp_path / "answers" / "en.toml").write_text(
        '[[answer]]\nkey = "a"\narea = "kitchen"\ntitle = "x"\nasks = []\nanswer = ""\n'
    )
    (tmp_path / "answers" / "fr.toml").write_text("[[answer]\n")
    with pytest.raises(CompanyFileFault) as told:
        sound(company)  # as `check` reads it
    places = [str(fault) for fault in told.value.faults]
    assert any("en.toml" in place and "area" in place for place in places)
    assert any("fr.toml" in place for place in places)
    assert all(fault.remedy for fault in told.value.faults)
