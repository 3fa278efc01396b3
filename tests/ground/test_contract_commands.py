"""Contracts and charges, as an operator types them."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.spreadsheet import DANGEROUS, guarded, sheet
from tests.ground.test_commands import bot, rows


@pytest.fixture
def people(with_sample: str) -> dict[str, str]:
    """The sample's homes and contracts."""
    return {"database": with_sample}


def said(*words: str, people: dict[str, str]) -> dict[str, Any]:
    told = bot(*words, "--json", **people)
    assert told.returncode == 0, told.stderr
    found: dict[str, Any] = json.loads(told.stdout)
    return found


def refused(*words: str, people: dict[str, str]) -> str:
    told = bot(*words, **people)
    assert (told.returncode, told.stdout) == (2, "")
    assert "Traceback" not in told.stderr
    return told.stderr


def test_a_contract_lives_from_its_offer_to_its_end(people: dict[str, str]) -> None:
    assert "already" in refused("contract", "offer", "K012", "H012", "comfort", people=people)
    ended = said("contract", "end", "K012", "--on", "2026-01-01", people=people)
    assert (ended["state"], ended["ends_on"]) == ("ended", "2026-01-01")
    offered = said("contract", "offer", "K112", "H012", "comfort", "--period", "quarter", people=people)
    assert (offered["state"], offered["price"], offered["balances"]["visits"]["left"]) == ("offered", "117", 1)
    assert said("contract", "activate", "K112", people=people)["state"] == "active"
    assert "is active" in refused("contract", "activate", "K112", people=people)
    held = said("contract", "suspend", "K112", "--reason", "unpaid", people=people)
    assert (held["state"], held["suspended_for"]) == ("suspended", "unpaid")
    assert said("contract", "resume", "K112", people=people)["state"] == "active"
    changed = said("contract", "change", "K112", "signature", "--period", "year", people=people)
    assert (changed["plan"], changed["next_plan"]) == ("comfort", "signature")
    assert "visits: 1 of 1 visits left" in bot("contract", "show", "K112", **people).stdout
    assert rows(people["database"], "timers") > 0
    assert rows(people["database"], "happenings") >= 6


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("show", "K999"), "no contract with the reference K999"),
        (("offer", "K113", "H999", "comfort"), "no home with the reference H999"),
        (("offer", "K113", "H001", "gold"), "no plan “gold”"),
        (("offer", "K113", "H001", "comfort", "--period", "week"), "use one of: month, quarter, year"),
        (("offer", "K113", "H001", "gold"), "comfort: month, quarter, year"),
        (("offer", "K113", "H001", "comfort", "--starts", "2026-02-30"), "“2026-02-30” is no day; write it like"),
        (("offer", "K002", "H001", "comfort"), "give this one another"),
        (("end", "K002", "--on", "tomorrow"), "“tomorrow” is no day; write it like"),
        (("end", "K002", "--on", "2020-01-01"), "begins on 2025-06-15; it cannot end on 2020-01-01"),
        (("suspend", "K002", "--reason", " "), "write why"),
        (("activate", "K002"), "`contract show K002` says how it stands"),
        (("change", "K002", "comfort"), "already"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(words: tuple[str, ...], why: str, people: dict[str, str]) -> None:
    assert why in refused("contract", *words, people=people)


def test_two_contracts_for_one_home_are_refused(people: dict[str, str]) -> None:
    said("contract", "offer", "K101", "H001", "comfort", people=people)
    assert "end it first (`contract end K001`)" in refused("contract", "activate", "K101", people=people)


def test_charges_are_listed_exported_and_marked_once(people: dict[str, str], tmp_path: Path) -> None:
    said("contract", "end", "K012", "--on", "2026-01-01", people=people)
    said("contract", "offer", "K112", "H012", "comfort", people=people)
    said("contract", "activate", "K112", people=people)
    file = tmp_path / "charges.csv"
    told = bot("charges", "--csv", str(file), "--mark-exported", **people)
    assert told.returncode == 0, told.stderr
    with file.open(encoding="utf-8", newline="") as lines:
        found = list(csv.DictReader(lines))
    mine = next(row for row in found if row["contract"] == "K112")
    assert (mine["kind"], mine["home"], mine["net"], mine["tax"], mine["amount"]) == (
        "subscription", "H012", "32.50", "6.50", "39.00",
    )  # fmt: skip
    assert mine["tax_rates"] == "20%: 6.50"
    assert "is there already" in refused("charges", "--csv", str(file), people=people)
    assert json.loads(bot("charges", "--mark-exported", "--json", **people).stdout) == []
    again = json.loads(bot("charges", "--json", **people).stdout)
    assert {row["exported_at"] is None for row in again} == {False}
    assert json.loads(bot("charges", "--from", "2001-01-01", "--to", "2001-12-31", "--json", **people).stdout) == []


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--from", "yesterday"), "“yesterday” is no day; write it like 2026-07-14"),
        (("--from", "2026-05-01", "--to", "2026-01-01"), "later than --to 2026-01-01; exchange them"),
        (("--csv", "nowhere/charges.csv"), "name a file in a folder that we may write to"),
        (("--cvs", "charges.csv"), "No such option: --cvs"),
    ],
)
def test_charges_that_cannot_be_listed_are_told_why(words: tuple[str, ...], why: str, people: dict[str, str]) -> None:
    assert why in refused("charges", *words, people=people)


@pytest.mark.parametrize("variable", ["DATABASE_URL_FILE", "CLOCK_FILE"])
def test_a_setting_that_names_a_folder_is_told(variable: str, people: dict[str, str], tmp_path: Path) -> None:
    told = bot("charges", **people, **{variable: str(tmp_path)})
    assert told.returncode == 2
    assert f"{variable}: cannot read {tmp_path}: Is a directory; name a file" in told.stderr


@pytest.mark.parametrize("words", [("contract",), ("contract", "offer"), ("contract", "change"), ("charges",)])
def test_every_command_has_help(words: tuple[str, ...]) -> None:
    told = bot(*words, "--help", database="")
    assert told.returncode == 0
    assert "Usage" in told.stdout


@pytest.mark.parametrize("start", DANGEROUS)
def test_what_begins_like_a_formula_is_text(start: str) -> None:
    assert guarded(f"{start}1+1") == f"'{start}1+1"
    assert guarded(f"  {start}1+1") == f"'  {start}1+1"


@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",))), st.integers())
def test_a_cell_comes_back_as_it_was_written_but_for_the_mark(text: str, number: int) -> None:
    written = io.StringIO(sheet(("a", "b", "c"), [("x", text, number)]), newline="")
    assert list(csv.reader(written))[1] == ["x", str(guarded(text)), str(number)]
    assert not str(guarded(text)).startswith(tuple(DANGEROUS))
