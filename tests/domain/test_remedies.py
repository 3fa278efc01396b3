"""First aid: the right steps are found for what somebody tells, and a company's slips are told."""

import shutil
from functools import cache
from pathlib import Path

import pytest

from bot.company_file.beside import read_beside
from bot.company_file.reading import sound
from bot.faults import CompanyFileFault
from domain.areas import Area
from domain.remedies import Remedies

SAMPLE = Path("bot/sample/company.toml")
LANGUAGES = ("en", "fr", "es", "it")
STORY_OF = {"en": "The wifi is really weak in the kids room", "fr": "le wifi passe très mal dans la chambre"}


@cache
def every() -> dict[str, Remedies]:
    return {remedies.language: remedies for remedies in read_beside(SAMPLE, LANGUAGES).remedies}


def test_the_sample_has_the_same_steps_in_all_its_languages() -> None:
    told = {
        language: [(one.key, one.area, one.minutes, len(one.steps)) for one in remedies.remedies]
        for language, remedies in every().items()
    }
    assert set(told) == set(LANGUAGES)
    assert all(one == told["en"] for one in told.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_way_to_tell_a_trouble_leads_to_its_steps(language: str) -> None:
    remedies = every()[language]
    for remedy in remedies.remedies:
        for story in (remedy.title, *remedy.about):
            assert remedies.found(story, remedy.area) is remedy, story


@pytest.mark.parametrize("language", STORY_OF)
def test_what_is_told_in_ones_own_words_is_found_too(language: str) -> None:
    found = every()[language].found(STORY_OF[language], Area.NETWORK)
    assert found is not None
    assert found.key == "wifi-slow-room"


@pytest.mark.parametrize("story", ["", "who won the world cup?", "the dog ate it"])
def test_for_what_nobody_wrote_down_there_are_no_steps(story: str) -> None:
    assert all(every()["en"].found(story, area) is None for area in Area)


def test_the_steps_of_another_part_of_the_home_are_not_meant() -> None:
    assert every()["en"].found("wifi is weak in the bedroom", Area.SHADES) is None


def told_of(tmp_path: Path, **files: str) -> list[str]:
    company = Path(shutil.copy(SAMPLE, tmp_path / "company.toml"))
    (tmp_path / "first_aid").mkdir()
    for language, text in files.items():
        (tmp_path / "first_aid" / f"{language}.toml").write_text(text)
    with pytest.raises(CompanyFileFault) as told:
        sound(company)
    return [str(fault) for fault in told.value.faults]


ONE = '[[remedy]]\nkey = "a"\narea = "network"\ntitle = "x"\nminutes = 3\nabout = ["no wifi"]\nsteps = ["one", "two"]\n'


def test_a_slip_is_told_with_its_file_and_its_remedy(tmp_path: Path) -> None:
    wrong = ONE.replace("network", "kitchen").replace("3", "0").replace('["one", "two"]', "[]")
    faults = told_of(tmp_path, en=wrong, fr="[[remedy]\n", es=ONE + ONE)
    for needed in ("remedies[1].area", "remedies[1].minutes", "remedies[1].steps"):
        assert any("first_aid/en.toml" in fault and needed in fault for fault in faults), (needed, faults)
    assert any("first_aid/fr.toml" in fault and "cannot be read" in fault for fault in faults)
    assert any("first_aid/es.toml" in fault and "this key is there twice" in fault for fault in faults)


def test_steps_that_differ_between_languages_are_told(tmp_path: Path) -> None:
    (fault,) = told_of(tmp_path, en=ONE, fr=ONE.replace(', "two"', ""))
    assert "first_aid/fr.toml" in fault
    assert "1 steps here and 2 in “en”" in fault
