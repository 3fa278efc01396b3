"""Somebody writes down his team: shifts, crews, ways and reserves that cannot be, or that were hardly meant."""

from pathlib import Path

import pytest

from bot.company_file.examine import examine
from bot.company_file.reading import CompanyFileFault, Fault

TOP = """
name = "Small"
currency = "EUR"
languages = ["en"]
time_zone = "Europe/Paris"
phone = "+33 1 99 00 12 34"
country = "FR"
areas = ["audio", "video"]

[channels]
requests = "C0SERVICE"

[tariff]
holidays = { country = "FR" }
work = [{ key = "remote", help = "remote" }, { key = "visit", help = "visit" }, { key = "bench" }]
grades = [{ key = "lead" }, { key = "junior" }]
regions = [{ key = "coast", factor = 1.1 }, { key = "city" }]
labour = [{ grade = "junior", per_hour = 50 }, { per_hour = 60 }]
travel = [{ work = "visit", zones = { 1 = 0, 2 = 10 }, region = "city" }]

[[plans]]
key = "care"
name = { en = "Care" }
summary = { en = "Care." }
prices = { month = 10 }
"""
JOBS = '[[jobs]]\nwork = "visit"\nminutes = 60\n'
DAYS = 'days = ["mon", "tue", "wed", "thu", "fri"]'
ANA = """
[[team]]
key = "ana"
name = "Ana"
slack = "U0ANA"
roles = ["technician"]
skills = ["audio", "video"]
grades = ["lead", "junior"]
regions = ["coast", "city"]
"""
SHIFTS = f'shifts = [{{ {DAYS}, start = "09:00", end = "17:00" }}]\n'
BEN = f"""
[[team]]
key = "ben"
name = "Ben"
slack = "U0BEN"
roles = ["technician"]
skills = ["video"]
grades = ["junior"]
{SHIFTS}"""
LEA = '\n[[team]]\nkey = "lea"\nname = "Lea"\nslack = "U0LEA"\nroles = ["dispatcher"]\n'


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "company.toml"
    file.write_text(TOP + text, encoding="utf-8")
    return file


def faults(tmp_path: Path, text: str) -> list[Fault]:
    with pytest.raises(CompanyFileFault) as caught:
        examine(written(tmp_path, text))
    assert all(fault.line for fault in caught.value.faults)
    return list(caught.value.faults)


def shifts(*given: str) -> str:
    return JOBS + ANA + f"shifts = [{', '.join('{ ' + shift + ' }' for shift in given)}]\n"


MON, TUE = 'days = ["mon"]', 'days = ["tue"]'
NIGHT = 'start = "22:00", end = "06:00"'


@pytest.mark.parametrize(
    ("text", "key", "what", "remedy"),
    [
        # shifts
        (
            shifts(f'{MON}, start = "09:00", end = "09:00"'),
            "team[1].shifts[1]",
            "begins and ends at 09:00",
            "00:00 to 00:00",
        ),
        (
            shifts(f"{MON}, {NIGHT}", f'{TUE}, start = "05:30", end = "12:00"'),
            "team[1].shifts[2]",
            "two shifts at once on tue",
            "part them",
        ),
        (
            shifts(f'days = ["sun"], {NIGHT}', f'{MON}, start = "05:30", end = "12:00"'),
            "team[1].shifts[2]",
            "at once on mon",
            "part",
        ),
        (
            shifts(f'{MON}, start = "00:00", end = "00:00"', f'{MON}, start = "08:00", end = "12:00"'),
            "team[1].shifts[2]",
            "at once on mon",
            "part",
        ),
        (
            shifts(
                f'{MON}, start = "09:00", end = "12:00", holidays = "also"',
                f'{TUE}, start = "09:00", end = "12:00", holidays = "only"',
            ),
            "team[1].shifts[2]",
            "at once on public holidays",
            "part",
        ),
        # other hours, absences, the base
        (
            JOBS + ANA + SHIFTS + "other_hours = [{ day = 2026-03-02 }, { day = 2026-03-02, ranges = '09:00-10:00' }]",
            "team[1].other_hours[2]",
            "other hours twice on 2026-03-02",
            "one entry",
        ),
        (JOBS + ANA + SHIFTS + "base = {}", "team[1].base", "the base of “ana” says nowhere", "at = [latitude"),
        (JOBS + ANA + SHIFTS + "base = { at = [143.7, 7.3] }", "team[1].base.at[1]", "too large", "90.0 or less"),
        (JOBS + ANA + SHIFTS + "base = { at = [43.7] }", "team[1].base.at[2]", "too short", "2 values"),
        (JOBS + ANA + SHIFTS + "breaks = '12:00-12:00'", "team[1].breaks[1]", "are no hours", "08:30-12:00"),
        # names
        (JOBS + ANA.replace('"junior"]', '"boss"]') + SHIFTS, "team[1].grades[2]", "no grade “boss”", "use one of"),
        (JOBS + "crew = { boss = 1 }\n" + ANA + SHIFTS, "jobs[1].crew.boss", "no grade “boss”", "[[tariff.grades]]"),
        (
            JOBS + ANA + SHIFTS + "[[booking.reserve]]\nranges = '09:00-10:00'\nteam = ['ana', 'anna']",
            "booking.reserve[1].team[2]",
            "no teammate “anna”",
            "did you mean “ana”?",
        ),
        # who could come
        (
            JOBS + "technicians = 2\n" + ANA + SHIFTS,
            "jobs[1].technicians",
            "“audio”: visit needs 2 × “lead”, and 1 of the team could",
            "give more technicians “audio” in skills",
        ),
        (
            JOBS + "crew = { lead = 1, junior = 1 }\n" + ANA + SHIFTS + BEN,
            "jobs[1].crew",
            "“audio”: visit needs 1 × “lead” and 1 × “junior”, and 1 of the team could",
            "skills",
        ),
        (
            JOBS + "grade = 'lead'\n" + ANA.replace('"lead", ', "") + SHIFTS,
            "jobs[1].grade",
            "needs 1 × “lead”, and 0 of the team could",
            "that grade in grades",
        ),
        (
            JOBS + "crew = { lead = 1 }\ntechnicians = 2\n" + ANA + SHIFTS,
            "jobs[1].crew",
            "grade and technicians are not looked at",
            "keep crew",
        ),
        # ways and preferences
        (
            JOBS + ANA + SHIFTS + "[roads]\nzones = [{ start = 1, end = 2, minutes = 20 }, "
            "{ start = 2, end = 1, minutes = 25 }, { start = 1, end = 2, minutes = 30 }]",
            "roads.zones[3]",
            "the way from “1” to “2” is there twice",
            "the way back",
        ),
        (
            JOBS + ANA + SHIFTS + "[roads]\nbands = [{ up_to_km = 9.5, minutes = 20 }, { up_to_km = 9, minutes = 30 }]",
            "roads",
            "the bands do not rise",
            "from the shortest",
        ),
        (
            JOBS + ANA + SHIFTS + "[booking]\nprefer = ['travel', 'load', 'travel']",
            "booking.prefer[3]",
            "“travel” is there twice",
            "name it once",
        ),
        (
            JOBS + "window = 300\n" + ANA + SHIFTS,
            "jobs[1].window",
            "“300” is too large",
            "240 or less",
        ),
    ],
)
def test_a_team_that_cannot_be_is_told(text: str, key: str, what: str, remedy: str, tmp_path: Path) -> None:
    found = faults(tmp_path, text)
    assert any(f.key == key and what in f.what and remedy in f.remedy for f in found), found


@pytest.mark.parametrize(
    ("text", "key", "what"),
    [
        (JOBS + ANA + SHIFTS + "breaks = ['12:00-13:00', '17:00-18:00']", "team[1].breaks[2]", "outside all shifts"),
        (
            JOBS + ANA + SHIFTS + "absences = [[2026-03-01, 2026-03-09]]\n"
            "other_hours = [{ day = 2026-03-02, ranges = '09:00-10:00' }]",
            "team[1].other_hours[1]",
            "away on 2026-03-02",
        ),
        (
            shifts(
                f'{MON}, start = "09:00", end = "12:00"', f'{TUE}, start = "09:00", end = "12:00", holidays = "only"'
            )
            + '[booking]\nholidays = "open"',
            "team[1].shifts[2]",
            "this shift never begins",
        ),
        (JOBS + ANA + SHIFTS + LEA + "most_a_day = 3", "team[2].most_a_day", "“lea” is no technician"),
        (
            JOBS + ANA + SHIFTS + "[[booking.reserve]]\nranges = ['16:00-17:00', '17:00-19:00']",
            "booking.reserve[1].ranges[2]",
            "nobody whose hours these are works then",
        ),
        (
            JOBS
            + ANA
            + SHIFTS
            + BEN.replace("17:00", "20:00")
            + "[[booking.reserve]]\nranges = '17:30-19:00'\nteam = 'ana'",
            "booking.reserve[1].ranges[1]",
            "nobody whose hours",
        ),
        (
            JOBS + ANA + SHIFTS + "[[booking.reserve]]\nranges = '16:00-17:00'\nuntil_hours = 722",
            "booking.reserve[1].until_hours",
            "nothing is kept",
        ),
        (JOBS + ANA + SHIFTS + "base = { zone = 3 }", "team[1].base.zone", "no home can be in “3”"),
        (
            JOBS + ANA + SHIFTS + "[roads]\nzones = [{ start = 'coast', end = 'hills', minutes = 20 }]",
            "roads.zones[1].end",
            "no home can be in “hills”",
        ),
        (
            JOBS + ANA + SHIFTS + "[roads]\nwithin = 10\nzones = [{ start = 1, end = 1, minutes = 20 }]",
            "roads.zones[1]",
            "within counts first",
        ),
        (JOBS + ANA + SHIFTS + "[roads]\nbase = 'within'", "team[1]", "“ana” has none"),
        (JOBS + "at_least = 60\n" + ANA + SHIFTS, "jobs[1].at_least", "makes no range"),
        (JOBS.replace("visit", "remote") + "window = 30\n" + ANA + SHIFTS, "jobs[1].window", "nobody arrives"),
        (
            JOBS
            + "before = 20\nafter = 15\n"
            + ANA
            + SHIFTS
            + "breaks = ['10:00-11:00', '12:00-13:00', '14:30-15:30']",
            "jobs[1].minutes",
            "takes 105 minutes with before and after, and nobody works longer than 90",
        ),
    ],
)
def test_a_team_that_was_hardly_meant_is_asked_about(text: str, key: str, what: str, tmp_path: Path) -> None:
    found = examine(written(tmp_path, text)).warnings
    assert all(warning.remedy and warning.line for warning in found)
    assert any(w.key == key and what in w.what for w in found), found


@pytest.mark.parametrize(
    "text",
    [
        shifts(f"{MON}, {NIGHT}", f'{TUE}, start = "06:00", end = "12:00"'),
        shifts('days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], start = "00:00", end = "00:00"'),
        shifts(f'{MON}, start = "09:00", end = "12:00"', f'{MON}, start = "10:00", end = "12:00", holidays = "only"'),
        JOBS + "crew = { lead = 1, junior = 1 }\n" + ANA + SHIFTS + BEN.replace('["video"]', '["audio", "video"]'),
        # an entry that another one always comes before asks for nobody
        JOBS + JOBS + "technicians = 9\n" + ANA + SHIFTS,
        JOBS + ANA + SHIFTS + "base = { zone = 2 }\n[roads]\nbase = 'within'\n"
        "zones = [{ start = 1, end = 'city', minutes = 20 }, { start = 'city', end = 1, minutes = 25 }]",
        JOBS + ANA + SHIFTS + BEN.replace("17:00", "20:00") + "[[booking.reserve]]\nranges = '17:30-19:00'",
        JOBS + "before = 15\nafter = 15\nwindow = 60\nat_least = 30\n" + ANA + SHIFTS + "breaks = ['12:00-13:00']",
        JOBS + ANA + SHIFTS + "brands = ['Anything']\nmost_a_day = 4\nother_hours = [{ day = 2026-03-02 }]",
    ],
)
def test_a_team_that_was_meant_is_left_alone(text: str, tmp_path: Path) -> None:
    assert [str(warning) for warning in examine(written(tmp_path, text)).warnings] == []
