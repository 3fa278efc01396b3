"""Prices on a day: the file’s with all changes whose day has come, in order; whoever edits the file is right."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.company_file.reading import read, read_prices
from bot.faults import CompanyFileFault
from domain.company import Company, PriceList
from domain.figures import DeclaredChange, EnteredChange, Line

SAMPLE = read(Path("bot/sample/company.toml"))
FIRST = date(2027, 1, 1)
KEYS = [figure.key for figure in SAMPLE.figures]
DAYS = st.integers(0, 40).map(lambda n: FIRST + timedelta(days=n))
AMOUNTS = st.decimals(0, 500, places=2)
SOME = st.dictionaries(st.sampled_from(KEYS), AMOUNTS, min_size=1, max_size=4)
CHANGES = st.lists(st.tuples(DAYS, SOME, st.booleans()), max_size=6)


def said(prices: PriceList) -> dict[str, Decimal]:
    """Every amount by its key."""
    return {figure.key: figure.amount for figure in prices.figures}


def entered(number: int, starts: date, amounts: dict[str, Decimal]) -> EnteredChange:
    """A change as a manager enters it over the file of now."""
    by_key = {figure.key: figure for figure in SAMPLE.figures}
    lines = tuple(Line(by_key[key].mark, by_key[key].amount, amount) for key, amount in amounts.items())
    return EnteredChange(number, starts, lines)


@given(CHANGES, DAYS)
def test_a_day_has_the_prices_of_the_file_with_the_changes_up_to_it_in_order(
    changes: list[tuple[date, dict[str, Decimal], bool]], day: date
) -> None:
    filed = tuple(DeclaredChange(starts=starts, amounts=a) for starts, a, in_file in changes if in_file)
    others = [entered(n, starts, a) for n, (starts, a, in_file) in enumerate(changes) if not in_file]
    company = SAMPLE.model_copy(update={"price_changes": filed})
    expected = said(SAMPLE)
    # The file's before Slack's on the same day, each in the order in which they were written.
    for starts, amounts, in_file in sorted(changes, key=lambda c: (c[0], not c[2])):
        if starts <= day:
            assert expected.keys() >= amounts.keys(), in_file
            expected.update(amounts)
    assert said(company.on(day, others)) == expected
    assert said(company) == said(SAMPLE), "the file itself says what it says"


@given(CHANGES, DAYS, DAYS)
def test_the_prices_of_a_day_are_the_same_from_whichever_day_one_looks(
    changes: list[tuple[date, dict[str, Decimal], bool]], one: date, other: date
) -> None:
    company = SAMPLE.model_copy(
        update={"price_changes": tuple(DeclaredChange(starts=starts, amounts=a) for starts, a, _ in changes)}
    )
    assert company.on(one).on(other) is company.on(other)


def edited(before: str, after: str) -> Company:
    """The sample as somebody edited it."""
    text = Path("bot/sample/company.toml").read_text(encoding="utf-8")
    return read(Path("company.toml"), text.replace(before, after, 1))


def test_whoever_edits_the_file_has_the_last_word() -> None:
    dearer = [entered(1, FIRST, {"tariff.fees[1].amount": Decimal(40), "tariff.labour[1].per_hour": Decimal(85)})]
    assert SAMPLE.on(FIRST, dearer).tariff.fees[0].amount == 40
    later = edited("amount = 35", "amount = 45")
    assert later.on(FIRST, dearer).tariff.fees[0].amount == 45, "what the file says now was written later"
    assert later.on(FIRST, dearer).tariff.labour[0].per_hour == 85, "the others still hold"


def test_an_entry_that_moves_in_the_file_keeps_its_coming_price() -> None:
    dearer = [entered(1, FIRST, {"tariff.labour[4].per_hour": Decimal(95)})]  # the workshop
    moved = edited(
        "[[tariff.labour]]", '[[tariff.labour]]\nwork = "visit"\nbrand = "Velamar"\nper_hour = 90\n\n[[tariff.labour]]'
    )
    rates = [rule.per_hour for rule in moved.on(FIRST, dearer).tariff.labour]
    assert rates == [90, 80, 140, 110, 95]


def test_bands_zones_and_plans_have_figures_too(tmp_path: Path) -> None:
    file = tmp_path / "prices.toml"
    file.write_text(
        'name = "Ombrelune"\ncurrency = "EUR"\ntime_zone = "Europe/Paris"\n[tariff]\nminimum_total = 60\n'
        "[[tariff.labour]]\nbands = [{ up_to = 240, price = 260 }, { per_hour = 75 }]\n"
        "[[tariff.travel]]\nzones = { 1 = 35, 2 = 50 }\n"
        '[[plans]]\nkey = "club"\nname = { en = "Club", fr = "Club", es = "Club", it = "Club" }\n'
        'summary = { en = "x", fr = "x", es = "x", it = "x" }\nprices = { month = 20 }\n'
        '[[price_changes]]\nstarts = 2027-01-01\namounts = { "tariff.labour[1].bands[1].price" = 280, '
        '"tariff.travel[1].zones.2" = 55, "plans[1].prices.month" = 22, "tariff.minimum_total" = 65 }\n'
    )
    then = read_prices(file).on(FIRST)
    assert then.tariff.labour[0].bands[0].price == 280
    assert then.tariff.travel[0].zones == {"1": 35, "2": 55}
    assert then.plans[0].prices == {"month": 22}
    assert then.tariff.minimum_total == 65


def test_a_key_that_no_amount_has_is_a_fault_with_its_line_and_the_nearest_keys(tmp_path: Path) -> None:
    file = tmp_path / "company.toml"
    text = Path("bot/sample/company.toml").read_text(encoding="utf-8")
    file.write_text(
        text + '\n[[price_changes]]\nstarts = 2027-01-01\n[price_changes.amounts]\n"tariff.labor[3].per_hour" = 120\n'
    )
    with pytest.raises(CompanyFileFault) as told:
        read(file)
    (fault,) = told.value.faults
    assert fault.line == text.count("\n") + 5
    assert "tariff.labour[3].per_hour" in fault.remedy


def test_a_cap_below_its_minimum_from_a_day_on_is_a_fault(tmp_path: Path) -> None:
    file = tmp_path / "prices.toml"
    file.write_text(
        'name = "Ombrelune"\ncurrency = "EUR"\ntime_zone = "Europe/Paris"\n'
        "[[tariff.labour]]\nper_hour = 100\nminimum = 150\ncap = 700\n"
        '[[price_changes]]\nstarts = 2027-01-01\namounts = { "tariff.labour[1].cap" = 140 }\n'
    )
    with pytest.raises(CompanyFileFault, match="below its minimum"):
        read_prices(file)
