"""A price list that can be worked out, and was hardly meant: what a careful reader would ask about it."""

from pathlib import Path

import pytest

from bot.company_file.examine import examine

SMALL = """
name = "Small"
currency = "EUR"
languages = ["en", "fr"]
time_zone = "Europe/Paris"
areas = ["audio", "video"]
"""
LABOUR = "[[tariff.labour]]\nper_hour = 60\n"
WORDS = 'name = { en = "Care", fr = "Soin" }\nsummary = { en = "Care.", fr = "Soin." }\n'
CARE = '[[plans]]\nkey = "care"\n' + WORDS
GOLD = '[[plans]]\nkey = "gold"\n' + WORDS
MONTH = "prices = { month = 10 }\n"


def asked(tmp_path: Path, text: str) -> list[tuple[str, str]]:
    file = tmp_path / "company.toml"
    file.write_text(SMALL + text, encoding="utf-8")
    warnings = examine(file).warnings
    assert all(warning.remedy and warning.line for warning in warnings)
    return [(warning.key, warning.what) for warning in warnings]


DAY = '{ key = "day", ranges = "08:00-18:00" }'
USED = '[[tariff.adjustments]]\nkey = "off"\nhours = ["outside", "eve", "day"]\npercent = 50\n'
USED_DAY = USED.replace('"eve", ', "")


@pytest.mark.parametrize(
    ("text", "key", "what"),
    [
        # prices of plans
        (LABOUR + CARE + "prices = { month = 10, year = 121 }", "plans[1].prices.year", "dearer: a year is 121, 12 ×"),
        (LABOUR + CARE + "prices = { quarter = 10, year = 41 }", "plans[1].prices.year", "dearer: a year is 41, 4 ×"),
        (LABOUR + CARE + "prices = { month = 10, quarter = 29 }", "plans[1].prices.quarter", "a quarter is 29, 3 ×"),
        (
            LABOUR + CARE + "prices = { quarter = 10, year = 39 }",
            "plans[1].prices.year",
            "a year is 39, 4 × the quarter",
        ),
        # rules that an earlier one hides
        (LABOUR + '[[tariff.labour]]\nwork = "visit"\nper_hour = 70', "tariff.labour[2]", "entry 1 of the list"),
        (
            '[[tariff.labour]]\nwork = ["remote", "visit"]\nper_hour = 1\n' + LABOUR,
            "tariff.labour[2]",
            "never reached",
        ),
        (
            LABOUR + '[[tariff.fees]]\nkey = "a"\namount = 1\n[[tariff.fees]]\nkey = "a"\nurgent = true\namount = 2',
            "tariff.fees[2]",
            "never reached",
        ),
        (
            LABOUR + '[[tariff.fees]]\nkey = "a"\nnotice_under_hours = 9\namount = 1\n'
            '[[tariff.fees]]\nkey = "a"\nnotice_under_hours = 8\namount = 2',
            "tariff.fees[2]",
            "never reached",
        ),
        (
            LABOUR + '[[tariff.adjustments]]\nkey = "a"\nminutes_over = 60\npercent = -1\n'
            '[[tariff.adjustments]]\nkey = "a"\nminutes_over = 90\npercent = -2',
            "tariff.adjustments[2]",
            "never reached",
        ),
        (
            LABOUR + "[[tariff.cancellation]]\nwithin_hours = 24\nfee = 1\n"
            "[[tariff.cancellation]]\nwithin_hours = 2\nfee = 2",
            "tariff.cancellation[2]",
            "never reached",
        ),
        (
            LABOUR + "[[tariff.travel]]\nprice = 1\n[[tariff.travel]]\nprice = 2\nkm_over = 5",
            "tariff.travel[2]",
            "never",
        ),
        (
            LABOUR + CARE + MONTH + "discounts = [{ percent = 5 }, { percent = 9, urgent = true }]",
            "plans[1].discounts[2]",
            "n",
        ),
        # tiers
        (
            "[[tariff.labour]]\nbase = 9\nbase_minutes = 60\nbands = [{ up_to = 60, per_hour = 5 }, { per_hour = 6 }]",
            "tariff.labour[1].bands[1]",
            "the first 60 have a price already",
        ),
        (
            "[[tariff.labour]]\nbase = 9\nbase_minutes = 60\nper_hour = 5\nminimum_minutes = 30",
            "tariff.labour[1].minimum_minutes",
            "c",
        ),
        ("[[tariff.labour]]\nbase = 9\nbase_minutes = 60\nper_hour = 5\nminimum = 9", "tariff.labour[1].minimum", "ch"),
        ("[[tariff.labour]]\nbase = 9\nbase_minutes = 60\nper_hour = 5\ncap = 8", "tariff.labour[1].cap", "not above"),
        # taxes
        (
            LABOUR
            + '[[tariff.taxes]]\npercent = 10\non = "labour"\n[[tariff.taxes]]\npercent = 20\non = ["labour", "fees"]',
            "tariff.taxes[2]",
            "labour has a tax of 10 % already",
        ),
        (
            '[tariff]\ntax_mention = { en = "exempt", fr = "exonéré" }\ntaxes = [{ percent = 20 }]\n' + LABOUR,
            "tariff.tax_mention",
            "a tax is declared for everything",
        ),
        # hours
        (
            f'[tariff]\nhours = [{DAY}, {{ key = "eve", ranges = "17:00-22:00" }}]\n{LABOUR}{USED}',
            "tariff.hours[2]",
            "“eve” begins at 17:00 while “day” lasts until 18:00",
        ),
        (
            f'[tariff]\nhours = [{DAY}, {{ key = "eve", ranges = "18:30-22:00" }}]\n{LABOUR}{USED}',
            "tariff.hours[2]",
            "from 18:00 to 18:30 it is “outside”",
        ),
        (
            f'[tariff]\nhours = [{DAY}, {{ key = "day", ranges = "18:01-22:00" }}]\n{LABOUR}{USED_DAY}',
            "tariff.hours[2]",
            "from 18:00 to 18:01",
        ),
        (
            f'[tariff]\nhours = [{DAY}, {{ key = "eve", days = "mon", ranges = "09:00-10:00" }}]\n{LABOUR}{USED}',
            "tariff.hours[2]",
            "“eve” is never reached",
        ),
        (f"[tariff]\nhours = [{DAY}]\n{LABOUR}", "tariff.hours[1]", "no rule makes a difference for hours “day”"),
        # ways
        (
            LABOUR + "[[tariff.travel]]\nzones = { 1 = 5, 2 = 6, 4 = 8 }",
            "tariff.travel[1].zones",
            "zone 3 has no price",
        ),
        (
            LABOUR + "[[tariff.travel]]\nbands = [{ up_to_km = 9, price = 1 }]",
            "tariff.travel[1].bands",
            "more than 9 km",
        ),
        (
            LABOUR + "[[tariff.travel]]\nkm_up_to = 10\nprice = 1\n[[tariff.travel]]\nkm_over = 12\nprice = 2",
            "tariff.travel[2].km_over",
            "from 10 to 12 km the way costs nothing",
        ),
        # what nobody can use, and what is said by nobody
        (
            LABOUR + CARE + MONTH + 'areas = "audio"\nincludes = [{ key = "a", areas = "video" }]',
            "plans[1].includes[1]",
            "nobody can use “a”",
        ),
        (
            LABOUR + CARE + MONTH + 'excludes = [{ work = "visit" }]\nincludes = [{ key = "a", work = "visit" }]',
            "plans[1].includes[1]",
            "nobody can use “a”",
        ),
        (
            LABOUR + CARE + MONTH + 'includes = [{ key = "a" }, { key = "b", amount = 2 }]',
            "plans[1].includes[2]",
            "nobody can use “b”",
        ),
        (
            '[tariff]\nregions = [{ key = "a" }]\n' + LABOUR,
            "tariff.regions[1]",
            "no rule makes a difference for region",
        ),
        ('[tariff]\ngrades = [{ key = "a" }, { key = "b" }]\n' + LABOUR, "tariff.grades[2]", "for grade “b”"),
        (
            '[tariff]\nregions = [{ key = "a", factor = 2, name = { en = "A" } }]\n' + LABOUR,
            "tariff.regions[1].name",
            "“fr”",
        ),
        (LABOUR + '[[tariff.fees]]\nkey = "a"\narea = "power"\namount = 5', "tariff.fees[1].area", "not serve “power”"),
        # promises
        (
            LABOUR + CARE + MONTH + "promises = [{ minutes = 60 }]\n" + GOLD + "prices = { month = 20 }\n"
            'promises = [{ urgencies = "high", minutes = 61 }]',
            "plans[2].promises[1]",
            "promises 61 minutes, the cheaper “care” 60",
        ),
        # a price that falls
        (
            "[[tariff.labour]]\nminutes_over = 60\nper_hour = 40\n" + LABOUR,
            "tariff.labour",
            "60 minutes are 60.00, 61 minutes 40.67",
        ),
        (
            LABOUR + '[[tariff.fees]]\nkey = "a"\nminutes_up_to = 120\namount = 30',
            "tariff.labour",
            "120 minutes are 150.00, 121 minutes 121.00",
        ),
    ],
)
def test_what_was_hardly_meant_is_asked_about(text: str, key: str, what: str, tmp_path: Path) -> None:
    found = asked(tmp_path, text)
    assert any(at == key and what in said for at, said in found), found


@pytest.mark.parametrize(
    "text",
    [
        LABOUR + CARE + "prices = { month = 10, quarter = 30, year = 120 }",
        LABOUR + CARE + "prices = { month = 10, year = 100 }",  # a discount for a year is usual
        '[[tariff.labour]]\nwork = "visit"\nper_hour = 70\n' + LABOUR,
        LABOUR + '[[tariff.fees]]\nkey = "a"\namount = 1\n[[tariff.fees]]\nkey = "b"\nurgent = true\namount = 2',
        LABOUR
        + "[[tariff.cancellation]]\nwithin_hours = 2\nfee = 9\n[[tariff.cancellation]]\nwithin_hours = 24\nfee = 2",
        LABOUR + "[[tariff.travel]]\nkm_over = 35\nprice = 110\nways = 2",  # near is free
        LABOUR + "[[tariff.travel]]\nkm_up_to = 9\nprice = 1\n[[tariff.travel]]\nkm_over = 9\nprice = 2",
        LABOUR + '[[tariff.fees]]\nkey = "a"\nurgent = true\namount = 2\n[[tariff.fees]]\nkey = "a"\namount = 1',
        LABOUR + '[[tariff.adjustments]]\nkey = "a"\nminutes_over = 240\npercent = -20\n'
        '[[tariff.adjustments]]\nkey = "a"\nminutes_over = 120\npercent = -10',
        # a declared package and a declared cap may make a longer job cheaper, or as dear
        LABOUR + '[[tariff.adjustments]]\nkey = "a"\nminutes_over = 240\npercent = -20',
        "[[tariff.labour]]\nper_hour = 60\ncap = 200",
        f'[tariff]\nhours = [{{ key = "day", ranges = ["08:00-12:00", "13:00-18:00"] }}]\n{LABOUR}'
        '[[tariff.adjustments]]\nkey = "a"\nhours = "outside"\npercent = 50',
        LABOUR + CARE + MONTH + "promises = [{ minutes = 60 }]\n" + GOLD + "prices = { month = 20 }\n"
        'promises = [{ minutes = 90, clock = "always" }]',
        LABOUR + CARE + MONTH + 'includes = [{ key = "a", amount = 1 }, { key = "b", amount = 2 }]',
        # the special before the general, and a region that the others differ from
        LABOUR + '[[tariff.taxes]]\npercent = 10\non = "labour"\n[[tariff.taxes]]\npercent = 20',
        '[tariff]\nregions = [{ key = "a" }, { key = "b", factor = 1.2 }]\n' + LABOUR,
    ],
)
def test_what_was_meant_is_left_alone(text: str, tmp_path: Path) -> None:
    assert asked(tmp_path, text) == []
