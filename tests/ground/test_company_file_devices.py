"""An owner writes down devices and maintenance: what nobody could book is a fault, what is odd is asked about."""

from pathlib import Path

import pytest

import bot
from bot.company_file.examine import examine
from bot.company_file.reading import CompanyFileFault, read

TEXT = (Path(bot.__file__).parent / "sample" / "company.toml").read_text(encoding="utf-8")
AIR = TEXT[TEXT.index("[[catalogue]]") : TEXT.index("# ── examples")]
ONE = '[[catalogue]]\nbrand = "Netarco"\nmodel = "Air 6"\n'
WORDS = 'replaced_by = { en = "A", fr = "B", es = "C", it = "D" }\n'
UPGRADE = "upgrade = { minutes = 60, parts = 349 }\n"


def written(tmp_path: Path, catalogue: str, old: str = "", new: str = "") -> Path:
    """The sample with this catalogue, and with one change."""
    assert old in TEXT
    file = tmp_path / "company.toml"
    file.write_text(TEXT.replace(AIR, catalogue + "\n").replace(old, new, 1), encoding="utf-8")
    return file


def told(file: Path) -> list[str]:
    with pytest.raises(CompanyFileFault) as caught:
        read(file)
    return [f"{fault.key}: {fault.what}; {fault.remedy}" for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("catalogue", "fault"),
    [
        (ONE, "catalogue[1]: this says nothing of it; write life_years, end_of_support, firmware, upgrade, or several"),
        (ONE + UPGRADE.replace("minutes = 60, ", ""), "catalogue[1].upgrade.minutes: “minutes” is missing"),
        (ONE + "life_years = 0\n", "catalogue[1].life_years: “0” is too small; write 1 or more"),
        (ONE + 'firmware = "newest"\n', "catalogue[1]: “newest” is no version; write one with a number"),
        (ONE.replace("Air 6", "A*r") + UPGRADE, "catalogue[1]: “A*r” has a star that is not its last letter"),
        (ONE + UPGRADE + ONE.replace("Air 6", "AIR 6") + UPGRADE, "catalogue[2].model: “Netarco AIR 6” is there twice"),
        (ONE + 'upgrade = { work = "vist", minutes = 9 }\n', "catalogue[1].upgrade.work: there is no work “vist”"),
        (ONE + 'update = { grade = "chief", minutes = 9 }\n', "catalogue[1].update.grade: there is no grade “chief”"),
        (ONE + "update = { crew = { chief = 1 }, minutes = 9 }\n", "catalogue[1].update.crew.chief: there is no grade"),
        (ONE + 'upgrade = { work = "workshop", minutes = 9 }\n', "work “workshop” is done in the workshop: nobody can"),
        (ONE + "lives = 6\n", "catalogue[1].lives: “lives” is no key we know here"),
    ],
)
def test_a_device_that_says_nothing_or_nobody_could_book_is_a_fault(catalogue: str, fault: str, tmp_path: Path) -> None:
    assert any(fault in one for one in told(written(tmp_path, catalogue)))


CARE = 'maintenance = { work = "visit", months = 12, minutes = 60 }'


@pytest.mark.parametrize(
    ("care", "fault"),
    [
        ('maintenance = { work = "workshop" }', "plans[3].maintenance.work: work “workshop” is done in the workshop"),
        ('maintenance = { work = "vist" }', "plans[3].maintenance.work: there is no work “vist”"),
        ("maintenance = { months = 0 }", "plans[3].maintenance.months: “0” is too small"),
        ('maintenance = { area = "garden" }', "plans[3].maintenance.area: “garden” is not possible here"),
    ],
)
def test_maintenance_that_nobody_could_book_is_a_fault(care: str, fault: str, tmp_path: Path) -> None:
    assert any(fault in one for one in told(written(tmp_path, "", CARE, care)))


def test_work_without_a_job_and_an_area_that_is_not_served_are_faults_of_maintenance(tmp_path: Path) -> None:
    more = '[[tariff.work]]\nkey = "care"\nhelp = "visit"\n\n[[tariff.labour]]\nwork = "care"\nper_hour = 1\n\n'
    text = TEXT.replace(CARE, 'maintenance = { work = "care", area = "power" }').replace("[desk]", more + "[desk]", 1)
    text = text.replace('"control", "power", "other",\n]\nclosing', '"control", "other",\n]\nclosing')
    file = tmp_path / "company.toml"
    file.write_text(text, encoding="utf-8")
    found = told(file)
    assert any("no job offers work “care”: nobody could choose a time for it" in one for one in found)
    assert any("maintenance is for “power”, which the company does not serve" in one for one in found)


@pytest.mark.parametrize(
    ("catalogue", "key", "what"),
    [
        (ONE + "life_years = 6\n", "catalogue[1].life_years", "nobody is offered anything: there is no upgrade"),
        (ONE + "end_of_support = 2027-01-01\n", "catalogue[1].end_of_support", "there is no upgrade"),
        (ONE + 'firmware = "6"\n' + UPGRADE + WORDS, "catalogue[1].firmware", "there is no update"),
        (ONE + UPGRADE, "catalogue[1].upgrade", "nobody reads what changes when “Netarco Air 6” is replaced"),
        (ONE + UPGRADE + 'replaced_by = { en = "A" }\n', "catalogue[1].replaced_by", "not said in “fr”, “es”, “it”"),
        (ONE + WORDS + 'upgrade = { minutes = 60, grade = "programmer" }\n', "catalogue[1].upgrade", "has no price"),
    ],
)
def test_what_is_odd_in_the_catalogue_is_asked_about(catalogue: str, key: str, what: str, tmp_path: Path) -> None:
    by_hand = 'grade = "programmer"\nper_hour = 140\nstep = 15'
    file = written(tmp_path, catalogue, by_hand, 'grade = "programmer"\nby_hand = true')
    found = [(w.key, w.what) for w in examine(file).warnings]
    assert any(k == key and what in said for k, said in found), found


def test_maintenance_that_its_plan_does_not_include_is_asked_about(tmp_path: Path) -> None:
    visits = '    { key = "visits", unit = "visits", work = "visit", amount = 4, per = "year" },\n'
    found = [(w.key, w.what) for w in examine(written(tmp_path, "", visits, "")).warnings]
    assert [key for key, _ in found] == ["plans[3].maintenance"]
    assert "it would be on the bill" in found[0][1]


def test_the_sample_and_a_number_for_a_model_are_nothing_to_ask_about(tmp_path: Path) -> None:
    assert examine(written(tmp_path, AIR)).warnings == ()
    device = read(written(tmp_path, ONE.replace('"Air 6"', "600") + UPGRADE + WORDS)).catalogue[0]
    assert device.model == "600"
