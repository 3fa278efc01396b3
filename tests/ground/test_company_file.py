"""Somebody writes a company file: each mistake is told with its line and how to mend it, all of them at once."""

import random
from pathlib import Path

import pytest

import bot
from bot.company_file.reading import CompanyFileFault, Fault, read
from bot.company_file.toml_lines import lines
from domain.areas import Area, Urgency
from domain.company import Company, Written

SAMPLE = Path(bot.__file__).parent / "sample" / "company.toml"
TEXT = SAMPLE.read_text(encoding="utf-8")


def faults(tmp_path: Path, text: str | bytes) -> list[Fault]:
    file = tmp_path / "company.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(CompanyFileFault) as caught:
        read(file)
    assert all(fault.file == str(file) and fault.what and fault.remedy for fault in caught.value.faults)
    return list(caught.value.faults)


def changed(old: str, new: str) -> tuple[str, int]:
    """The sample with one change, and the line of that change."""
    assert old in TEXT
    at = TEXT.index(old)
    return TEXT.replace(old, new, 1), TEXT.count("\n", 0, at) + 1


def test_the_sample_company_reads_clean() -> None:
    company = read(SAMPLE)
    assert isinstance(company, Company)
    assert [plan.key for plan in company.plans] == ["essential", "comfort", "signature"]
    assert [sum(role in m.roles for m in company.team) for role in ("technician", "dispatcher", "manager")] == [6, 1, 1]
    assert {m.time_zone or company.time_zone for m in company.team} == {"Europe/Paris", "Atlantic/Canary"}
    assert {job.minutes for area in Area for job in company.offered(area)} == {30, 45, 60, 90, 120}
    assert company.channels.of(Area.SHADES, Urgency.EMERGENCY) == "C0URGENT"


def test_a_request_goes_to_the_channel_of_its_plan_else_its_region_else_its_area() -> None:
    split = read(SAMPLE).channels.model_copy(
        update={"by_plan": {"gold": "C0GOLD"}, "by_region": {"south": "C0SOUTH"}, "by_area": {Area.SHADES: "C0SHADES"}}
    )
    assert split.of(Area.SHADES, Urgency.EMERGENCY, "south", "gold") == "C0URGENT"
    assert split.of(Area.SHADES, Urgency.HIGH, "south", "gold") == "C0GOLD"
    assert split.of(Area.SHADES, Urgency.HIGH, "south", "essential") == "C0SOUTH"
    assert split.of(Area.SHADES, Urgency.HIGH, "north", None) == "C0SHADES"
    assert split.of(Area.NETWORK, Urgency.HIGH) == "C0SERVICE"
    assert {"C0GOLD", "C0SOUTH", "C0SHADES", "C0URGENT", "C0SERVICE", "C0TROUBLE"} <= split.all


def test_a_file_saved_on_windows_reads_the_same(tmp_path: Path) -> None:
    file = tmp_path / "company.toml"
    file.write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    assert read(file) == read(SAMPLE).with_written(Written())  # what else it wrote lies beside the sample only


@pytest.mark.parametrize(
    ("old", "new", "key", "what", "remedy"),
    [
        # what one table says by itself
        ('currency = "EUR"', 'curency = "EUR"', "curency", "no key we know", "did you mean “currency”?"),
        ('currency = "EUR"', 'currency = "EUX"', "currency", "no currency", "ISO 4217"),
        ('time_zone = "Europe/Paris"', 'time_zone = "Europe/Pari"', "time_zone", "no time zone", "IANA"),
        ('country = "FR"', 'country = "France"', "country", "wrong form", "two capitals"),
        ('country = "FR"', 'country = "XX"', "country", "no country", "ISO code"),
        ('name = "Ombrelune"', "name = 5", "name", "not a text", "in quotes"),
        ('team_language = "en"', 'team_language = "de"', "team_language", "“de” is not possible", "en, fr, es, it"),
        ("per_hour = 80", 'per_hour = "eighty"', "tariff.labour[1].per_hour", "not an amount", "79.50"),
        ("per_hour = 80", "per_hour = -80", "tariff.labour[1].per_hour", "too small", "0 or more"),
        ("per_hour = 80", "per_hour = 80.00005", "tariff.labour[1].per_hour", "too many decimals", "4 at most"),
        ("per_hour = 80", "per_our = 80", "tariff.labour[1].per_our", "no key we know", "did you mean “per_hour”?"),
        (
            "per_hour = 80",
            "free_minutes = 5",
            "tariff.labour[1]",
            "no price",
            "write per_hour, per_step, bands or base",
        ),
        ("step = 15", "step = 15.5", "tariff.labour[1].step", "not a whole number", "digits"),
        ("step = 15", "step = 0", "tariff.labour[1].step", "too small", "more than 0"),
        ("tax_included = true", 'tax_included = "perhaps"', "tariff.tax_included", "neither true nor false", "true or"),
        ('key = "tariff-2026"', 'key = "T 2026"', "tariff.key", "wrong form", "beginning with a letter or digit"),
        ('"08:00-19:00"', '"8 to 19"', "tariff.hours[1].ranges[1]", "are no hours", "08:30-12:00"),
        ('subdivision = "CN"', 'subdivision = "XX"', "tariff.regions[5].holidays", "has no holidays we know", "ISO"),
        ("no_show = true\n", "no_show = true\npercent = 5\n", "tariff.cancellation[1]", "one price", "either fee or"),
        (
            "prices = { month = 39",
            "prices = { week = 39",
            "plans[2].prices.week",
            "not possible",
            "month, quarter, year",
        ),
        ('excludes = [{ areas = "power" }]', "excludes = [{}]", "plans[1].excludes[1]", "excludes everything", "areas"),
        ("minutes = 60\ntotal = 110", "minutes = 60", "published[1]", "comes to", "add total"),
        ('reminder_hour = "17:00"', 'reminder_hour = "17h"', "follow_ups.reminder_hour", "not a time of day", "09:30"),
        ("closing_days = [2025-12-25,", 'closing_days = ["Xmas",', "closing_days[1]", "not a day", "2026-12-25"),
        ("[follow_ups]", "[folow_ups]", "folow_ups", "no key we know", "did you mean “follow_ups”?"),
        ('["09:30", "20:00"]', '["09:30"]', "follow_ups.daytime[2]", "too short", "2 values"),
        ("[channels]", "[channel]", "channels", "“channels” is missing", "add a [channels] table"),
        ('help = "remote"', 'help = "remot"', "tariff.work[1].help", "“remot” is not possible", "mean “remote”?"),
        ('roles = ["technician"]', "roles = []", "team[1].roles", "too short", "1 or more"),
        ('roles = ["technician"]', 'roles = "technician"', "team[1].roles", "not a list", "brackets"),
        (
            'skills = ["lighting", "shades", "control"',
            'skills = ["lighting", "shadows", "control"',
            "team[1].skills[2]",
            "“shadows” is not possible",
            "did you mean “shades”?",
        ),
        ('start = "09:00", end = "12:30"', 'start = "09:00"', "team[1].shifts[1].end", "“end” is missing", "add end"),
        # what one table says against another
        ('key = "comfort"', 'key = "essential"', "plans[2].key", "“essential” is there twice", "its own key"),
        ('key = "tom"', 'key = "ana"', "team[2].key", "“ana” is there twice", "its own key"),
        ('slack = "U0TOM"', 'slack = "U0ANA"', "team[2].slack", "“U0ANA” is there twice", "its own slack"),
        ('slack = "U0ANA"', 'slack = "@ana"', "team[1].slack", "no Slack user id", "Copy member ID"),
        ('requests = "C0SERVICE"', 'requests = "#service"', "channels.requests", "no Slack channel id", "details"),
        (
            'trouble = "C0TROUBLE"',
            'by_area.shades = "shades"',
            "channels.by_area.shades",
            "no Slack channel id",
            "begins with C or G",
        ),
        (
            'trouble = "C0TROUBLE"',
            'by_plan.gold = "C0GOLD"',
            "channels.by_plan.gold",
            "there is no plan “gold”",
            "correct the key",
        ),
        (
            'trouble = "C0TROUBLE"',
            'by_region.moon = "C0MOON"',
            "channels.by_region.moon",
            "neither the tariff nor the team knows a region “moon”",
            "correct the key",
        ),
        ('fr = "Essentiel"', 'fr = " "', "plans[1].name.fr", "no name in “fr”", 'add fr = "…"'),
        ('it = "Essenziale"', "", "plans[1].name.it", "no name in “it”", 'add it = "…"'),
        (
            'excludes = [{ areas = "power" }]\nincludes',
            'excludes = [{ areas = "video" }]\nincludes',
            "plans[2].areas[6]",
            "both covers and excludes “video”",
            "one of the two lists",
        ),
        (
            'start = "09:00", end = "12:30"',
            'start = "09:00", end = "09:00"',
            "team[1].shifts[1]",
            "begins and ends at 09:00",
            "00:00 to 00:00",
        ),
        ('start = "14:00", end = "18:00"', 'start = "12:00", end = "18:00"', "team[1].shifts[2]", "two shifts", "part"),
        ('name = "Lena Hofer"', 'name = "L"\nabsences = [[2026-02-02, 2026-02-01]]', "team[7].absences[1]", "", ""),
        ('daytime = ["09:30"', 'daytime = ["21:30"', "follow_ups.daytime", "before they begin", "first"),
        ('roles = ["dispatcher"]', 'roles = ["technician"]', "team[7]", "has no skills", "list the areas"),
        ('phone = "+33 4 65 71 01 42"', 'phone = "12"', "phone", "no phone number", "with its +"),
        ('languages = ["en", "fr"', 'languages = ["en", "en", "fr"', "languages", "“en” is there 2 times", "once"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_its_remedy(
    old: str, new: str, key: str, what: str, remedy: str, tmp_path: Path
) -> None:
    text, line = changed(old, new)
    told = [fault for fault in faults(tmp_path, text) if fault.key == key]
    assert told, faults(tmp_path, text)
    assert any(what in fault.what and remedy in fault.remedy for fault in told), told
    assert key == "channels" or all(abs((fault.line or 0) - line) <= (len(new.splitlines()) + 5) for fault in told), (
        line,
        told,
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('currency = "EUR"', 'currency = "EUX"'),
        ("per_hour = 80", "per_hour = -1"),
        ('slack = "U0TOM"', "slack = 1"),
    ],
)
def test_the_line_is_exact(old: str, new: str, tmp_path: Path) -> None:
    text, line = changed(old, new)
    assert next(fault.line for fault in faults(tmp_path, text)) == line


def test_an_area_no_technician_can_solve_is_told(tmp_path: Path) -> None:
    text = TEXT.replace('skills = ["climate", "power", "shades"]', 'skills = ["climate", "shades"]')
    text = text.replace('"control", "power", "other"]\ngrades', '"control", "other"]\ngrades')
    told = [fault for fault in faults(tmp_path, text) if fault.key == "team"]
    assert [fault.what for fault in told] == ["no technician can solve “power”, which the company serves"]


def test_a_plan_a_skill_and_a_channel_outside_the_companys_areas_are_told(tmp_path: Path) -> None:
    text = TEXT.replace(
        '"security", "access", "control", "power", "other",\n]\nclosing', '"control", "other",\n]\nclosing'
    )
    text = text.replace('trouble = "C0TROUBLE"', 'by_area = { access = "C0ACCESS" }')
    keys = {fault.key for fault in faults(tmp_path, text)}
    assert {"plans[3].areas[7]", "team[3].skills[1]", "channels.by_area.access"} <= keys


def test_help_without_a_job_is_told(tmp_path: Path) -> None:
    text = TEXT.replace('[[jobs]]\nwork = "visit"\nminutes = 90\nafter = 15\nwindow = 60\n', "")
    [fault] = faults(tmp_path, text)
    assert "work “visit” takes for “shades”, “network”, “audio”, “video”, “control”" in fault.what
    assert text.splitlines()[(fault.line or 0) - 1] == "[[jobs]]"


def test_missing_tables_and_keys_are_all_told_at_once(tmp_path: Path) -> None:
    told = {fault.key: fault for fault in faults(tmp_path, "name = 'Ombrelune'\n")}
    assert {"currency", "time_zone", "tariff"} <= set(told)  # without any of the tables of a company it is a price list
    assert told["tariff"].remedy == "add at least one [[tariff.labour]] entry"
    assert told["currency"].remedy == "add currency = … at the top of the file"


def test_mistakes_of_every_kind_are_told_together_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = (
        TEXT.replace('"EUR"', '"EUX"')
        .replace("= 80\n", "= -80\n")
        .replace('"U0ANA"', '"ana"')
        .replace("fr = ", "de = ")
    )
    told = faults(tmp_path, text)
    keys = {fault.key for fault in told}
    assert {"currency", "tariff.labour[1].per_hour", "team[1].slack", "plans[1].name.de", "plans[3].summary.de"} <= keys
    assert [fault.line for fault in told] == sorted(fault.line or 0 for fault in told)


@pytest.mark.parametrize(
    ("old", "new", "remedy"),
    [
        ('currency = "EUR"', "currency = EUR", "texts in quotes"),
        ('currency = "EUR"', 'currency "EUR"', "equals sign"),
        ('currency = "EUR"', 'currency = "EUR', "close the text"),
        ('currency = "EUR"', 'currency = "EUR"\ncurrency = "USD"', "keep one"),
        ("[booking]", "[tariff]", "keep one"),
        ('currency = "EUR"', 'currency = "EUR" x', "one key = value a line"),
        ("closing_days = [2025-12-25, 2026-01-01,", "closing_days = [2025-12-25 2026-01-01,", "close the list"),
    ],
)
def test_what_is_not_toml_is_told_with_line_and_column(old: str, new: str, remedy: str, tmp_path: Path) -> None:
    text, line = changed(old, new)
    [fault] = faults(tmp_path, text)
    assert fault.line is not None
    assert fault.line - line in (0, 1)
    assert fault.column
    assert remedy in fault.remedy
    assert str(fault).startswith(f"{fault.file}:{fault.line}:{fault.column}: ")


def test_a_text_without_end_is_told(tmp_path: Path) -> None:
    [fault] = faults(tmp_path, 'name = """Ombrelune\n')
    assert "not TOML" in fault.what


def test_a_file_that_is_not_there_not_text_or_a_folder_is_told(tmp_path: Path) -> None:
    assert "UTF-8" in faults(tmp_path, b"name = '\xff'")[0].what
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(CompanyFileFault) as caught:
            read(path)
        assert caught.value.faults[0].line is None


WORDS = (
    "",
    "[]",
    "{}",
    "[[1]]",
    '"x"',
    "-1",
    "1.5",
    "true",
    "2026-01-01",
    "09:00:00",
    "[[plans]]",
    "= =",
    '"""',
    "\x00",
)


def test_no_mistake_at_all_brings_the_reader_down(tmp_path: Path) -> None:
    chance = random.Random(11)
    file = tmp_path / "company.toml"
    rows = TEXT.splitlines()
    for _ in range(150):
        at = chance.randrange(len(rows))
        key, equals, _value = rows[at].partition("=")
        odd = chance.choice(WORDS)
        mutated = [*rows[:at], f"{key}{equals} {odd}" if chance.random() < 0.8 else odd, *rows[at + 1 :]]
        file.write_text("\n".join(mutated), encoding="utf-8")
        try:
            read(file)
        except CompanyFileFault as told:
            for fault in told.faults:
                assert fault.line is None or 1 <= fault.line <= len(mutated) + 1


def test_faults_can_be_read_by_a_program(tmp_path: Path) -> None:
    file = tmp_path / "company.toml"
    file.write_text(changed('"EUR"', '"EUX"')[0])
    with pytest.raises(CompanyFileFault) as caught:
        read(file)
    [told] = caught.value.as_json()
    assert told == {
        "file": str(file),
        "line": changed('"EUR"', "")[1],
        "column": None,
        "key": "currency",
        "what": "“EUX” is no currency",
        "remedy": "write its ISO 4217 code, for example EUR",
    }


def test_every_key_of_a_toml_text_is_found_where_it_stands() -> None:
    text = '''# a comment with = and [
a = """one
b = "not a key"
"""
"c d".e = 'x' # y
list = [ # first
  "one, [two]",
  { k = 1, "l" = [2, 3] },
]
[t.u]
v = 1
[[w]]
x = 1
[[w.y]]
z = 1
[[w]]
x = 2
[w.n]
m = 2026-01-01T00:00:00Z
'''
    found = lines(text)
    assert {path: found[path] for path in found if len(path) > 1 or path[0] in ("a", "list")} == {
        ("a",): 2,
        ("c d", "e"): 5,
        ("list",): 6,
        ("list", 0): 7,
        ("list", 1): 8,
        ("list", 1, "k"): 8,
        ("list", 1, "l"): 8,
        ("list", 1, "l", 0): 8,
        ("list", 1, "l", 1): 8,
        ("t", "u"): 10,
        ("t", "u", "v"): 11,
        ("w", 0): 12,
        ("w", 0, "x"): 13,
        ("w", 0, "y"): 14,
        ("w", 0, "y", 0): 14,
        ("w", 0, "y", 0, "z"): 15,
        ("w", 1): 16,
        ("w", 1, "x"): 17,
        ("w", 1, "n"): 18,
        ("w", 1, "n", "m"): 19,
    }
