"""Somebody writes prices: names that nobody declared, tiers out of order and work without a price are told at once."""

from pathlib import Path

import pytest

from bot.company_file.examine import examine
from bot.company_file.reading import CompanyFileFault, Fault, read, read_prices
from domain.company import Company

SMALL = """
name = "Small"
currency = "EUR"
languages = ["en"]
time_zone = "Europe/Paris"
"""
LABOUR = "[[tariff.labour]]\nper_hour = 60\n"
PLAN = """
[[plans]]
key = "care"
name = { en = "Care" }
summary = { en = "Care." }
prices = { month = 10 }
"""


def told(tmp_path: Path, text: str) -> list[Fault]:
    file = tmp_path / "company.toml"
    file.write_text(SMALL + text, encoding="utf-8")
    with pytest.raises(CompanyFileFault) as caught:
        examine(file)
    return list(caught.value.faults)


def test_the_smallest_price_list_is_a_name_a_currency_a_zone_and_a_price(tmp_path: Path) -> None:
    file = tmp_path / "company.toml"
    file.write_text('name = "S"\ncurrency = "EUR"\ntime_zone = "Europe/Paris"\n[[tariff.labour]]\nper_hour = 60\n')
    found = examine(file)
    assert not isinstance(found.prices, Company)
    assert [fault.key for fault in found.lacking] == ["country", "plans", "phone", "channels", "jobs", "team"]
    assert found.warnings == ()
    with pytest.raises(CompanyFileFault) as caught:
        read(file)
    assert {fault.key for fault in caught.value.faults} >= {"channels", "jobs", "team", "phone"}


def test_a_company_that_forgot_a_table_is_no_price_list(tmp_path: Path) -> None:
    faults = told(tmp_path, '[channels]\nrequests = "C0SERVICE"\n' + LABOUR)
    assert {"jobs", "team", "phone", "country", "plans"} <= {fault.key for fault in faults}


@pytest.mark.parametrize(
    ("text", "key", "what", "remedy"),
    [
        # names
        ('work = "vist"\nper_hour = 1', "tariff.labour[1].work", "no work “vist”", "did you mean “visit”?"),
        ('grade = "lead"\nper_hour = 1', "tariff.labour[1].grade", "no grade “lead”", "[[tariff.grades]]"),
        ('hours = "night"\nper_hour = 1', "tariff.labour[1].hours", "no hours “night”", "use one of: outside"),
        ('hours = ["outside", "x"]\nper_hour = 1', "tariff.labour[1].hours[2]", "no hours “x”", "[[tariff.hours]]"),
        ('region = "alps"\nper_hour = 1', "tariff.labour[1].region", "no region “alps”", "[[tariff.regions]]"),
        ("zone = 3\nper_hour = 1", "tariff.labour[1].zone", "no zone “3”", "zones = { … }"),
        ('complexity = "villa"\nper_hour = 1', "tariff.labour[1].complexity", "“villa”", "[[tariff.complexities]]"),
        ('plan = "care"\nper_hour = 1', "tariff.labour[1].plan", "no plan “care”", "use one of: none"),
        ('warranty = "x"\nper_hour = 1', "tariff.labour[1].warranty", "no warranty “x”", "[[tariff.warranties]]"),
        # tiers
        (
            "bands = [{ up_to = 60, per_hour = 1 }, { up_to = 60, per_hour = 2 }]",
            "tariff.labour[1].bands[2]",
            "do not rise: 60 comes after 60",
            "rising order",
        ),
        (
            "bands = [{ per_hour = 1 }, { up_to = 60, per_hour = 2 }]",
            "tariff.labour[1].bands[2]",
            "never reached",
            "an end",
        ),
        ("per_hour = 1\nbase_minutes = 5", "tariff.labour[1].base_minutes", "there is no base", "minimum_minutes"),
        ("per_hour = 1\ncap = 5\nminimum = 6", "tariff.labour[1].cap", "below the minimum", "correct"),
        ("per_hour = 1\nminutes_over = 60\nminutes_up_to = 60", "tariff.labour[1].minutes_up_to", "nobody", "above"),
        ("per_hour = 1\nby_hand = true", "tariff.labour[1]", "said by hand", "take by_hand out"),
    ],
)
def test_a_labour_rule_that_cannot_be(text: str, key: str, what: str, remedy: str, tmp_path: Path) -> None:
    faults = told(tmp_path, f"[[tariff.labour]]\n{text}\n{LABOUR}")
    assert any(f.key == key and what in f.what and remedy in f.remedy for f in faults), faults
    assert all(f.line and (SMALL + f"[[tariff.labour]]\n{text}").count("\n") >= f.line - 2 for f in faults)


@pytest.mark.parametrize(
    ("text", "key", "what"),
    [
        ('[[tariff.fees]]\nkey = "x"\nwork = "wisit"\namount = 5', "tariff.fees[1].work", "no work “wisit”"),
        ('[[tariff.credits]]\nof = "remote"\nto = "vist"', "tariff.credits[1].to", "no work “vist”"),
        ('[[tariff.taxes]]\npercent = 5\nplan = "x"', "tariff.taxes[1].plan", "no plan “x”"),
        ("[[tariff.travel]]\nbands = [{ price = 5 }, { price = 6 }]", "tariff.travel[1].bands[2]", "never reached"),
        ("[[tariff.travel]]\nprice = 5\nkm_over = 9\nkm_up_to = 9", "tariff.travel[1].km_up_to", "nobody"),
        (PLAN + 'upgrades = "gold"', "plans[1].upgrades", "no plan “gold”"),
        (PLAN + 'upgrades = "care"', "plans[1].upgrades", "its own next step"),
        (PLAN + 'includes = [{ key = "a", work = "visi" }]', "plans[1].includes[1].work", "no work “visi”"),
        (PLAN + 'includes = [{ key = "a", hours = "day" }]', "plans[1].includes[1].hours", "no hours “day”"),
        (PLAN + 'includes = [{ key = "a" }, { key = "a" }]', "plans[1].includes[2].key", "“a” is there twice"),
        (
            PLAN + 'includes = [{ key = "a", counts = [{ hours = "day", times = 2 }] }]',
            "plans[1].includes[1].counts[1].hours",
            "no hours “day”",
        ),
        (PLAN + 'excludes = [{ work = "x" }]', "plans[1].excludes[1].work", "no work “x”"),
        (PLAN + 'discounts = [{ percent = 5, region = "x" }]', "plans[1].discounts[1].region", "no region “x”"),
        (PLAN + 'promises = [{ minutes = 5, work = "x" }]', "plans[1].promises[1].work", "no work “x”"),
        (PLAN + PLAN, "plans[2].key", "“care” is there twice"),
        ('[[tariff.warranties]]\nkind = "x"\n[[tariff.warranties]]\nkind = "x"', "tariff.warranties[2].kind", "twice"),
        ('[[tariff.regions]]\nkey = "x"\n[[tariff.regions]]\nkey = "x"', "tariff.regions[2].key", "twice"),
        ('[[published]]\ntext = "x"\nwork = "x"\ntotal = 5', "published[1].work", "no work “x”"),
        ('[[published]]\ntext = "x"\nwork = "visit"\nplan = "x"\ntotal = 5', "published[1].plan", "no plan “x”"),
        ('[[published]]\ntext = "x"\nwork = "visit"\nzone = 2\ntotal = 5', "published[1].zone", "no zone “2”"),
        (
            '[[published]]\ntext = "x"\nwork = "visit"\ncrew = { boss = 1 }\ntotal = 5',
            "published[1].crew.boss",
            "no grade “boss”",
        ),
        (
            PLAN + '[[published]]\ntext = "x"\nwork = "visit"\nplan = "care"\nused = { visits = 1 }\ntotal = 5',
            "published[1].used.visits",
            "no allowance “visits”",
        ),
        (
            PLAN + '[[published]]\ntext = "x"\nplan = "care"\nperiod = "year"\ntotal = 5',
            "published[1].period",
            "no price for a year",
        ),
        (
            PLAN + '[[published]]\ntext = "x"\nplan = "care"\nallowance = "a"\namount = 5',
            "published[1].allowance",
            "no allowance “a”",
        ),
    ],
)
def test_a_name_nobody_declared_is_told_where_it_stands(text: str, key: str, what: str, tmp_path: Path) -> None:
    faults = told(tmp_path, LABOUR + text)
    assert any(f.key == key and what in f.what and f.remedy for f in faults), faults


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('[[tariff.labour]]\nwork = "visit"\nper_hour = 60', "work “remote” by “technician” has no price"),
        (
            '[tariff]\nhours = [{ key = "day", ranges = "08:00-18:00" }]\n'
            '[[tariff.labour]]\nhours = "day"\nper_hour = 1',
            "work “visit” by “technician” has no price in the hours “outside”",
        ),
        (
            '[tariff]\ngrades = [{ key = "a" }, { key = "b" }]\n[[tariff.labour]]\ngrade = "a"\nper_hour = 1',
            "work “visit” by “b” has no price",
        ),
        ("[[tariff.labour]]\nminutes_up_to = 60\nper_hour = 1", "work “visit” by “technician” has no price"),
        ('[[tariff.labour]]\narea = "audio"\nper_hour = 1', "work “visit” by “technician” has no price"),
        ("[[tariff.labour]]\nurgent = false\nper_hour = 1", "work “visit” by “technician” has no price"),
    ],
)
def test_work_without_a_price_is_told(text: str, what: str, tmp_path: Path) -> None:
    assert any(what in fault.what and "by_hand" in fault.remedy for fault in told(tmp_path, text))


def test_work_that_is_priced_by_hand_has_no_price_and_says_so(tmp_path: Path) -> None:
    file = tmp_path / "company.toml"
    file.write_text(SMALL + '[[tariff.labour]]\nwork = "visit"\nby_hand = true\n' + LABOUR, encoding="utf-8")
    assert read_prices(file).tariff.labour[0].by_hand


def test_an_example_without_a_price_is_a_fault(tmp_path: Path) -> None:
    zones = "[[tariff.travel]]\nzones = { a = 5 }\n"
    [fault] = told(tmp_path, LABOUR + zones + '[[published]]\ntext = "x"\nwork = "visit"\ntotal = 5')
    assert "has no price: travel has a price for each zone (a)" in fault.what
