"""An owner, or a script of his, asks what help costs: `check`, `quote` and `schema`, as they are typed."""

import json
import os
import subprocess
import sys
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from tomllib import loads
from typing import Any

import jsonschema
import pytest
from typer.testing import CliRunner, Result

import bot
from bot.commands.cli import cli
from bot.commands.prices import quote
from bot.company_file.schema import schema

SAMPLE = Path(bot.__file__).parent / "sample" / "company.toml"
SHEETS = Path(__file__).parents[1] / "price_sheets"
DOCS = Path(bot.__file__).parents[1] / "docs"
assert quote  # the commands are there once their module is


def typed(*words: str, company: Path = SAMPLE) -> Result:
    """`python -m bot …` within this process."""
    return CliRunner().invoke(cli, words, env={"COMPANY_FILE": str(company)})


def asked(*words: str, company: Path = SAMPLE) -> dict[str, Any]:
    """The answer of `quote … --json`."""
    result = typed("quote", *words, "--json", company=company)
    assert result.exit_code == 0, result.output
    told: dict[str, Any] = json.loads(result.stdout)
    return told


def test_a_homeowner_with_comfort_asks_for_his_second_visit_on_the_evening_of_a_holiday() -> None:
    told = asked(
        *("--plan", "Confort", "--work", "visit", "--minutes", "90", "--area", "lighting"),
        *("--used", "visits=1", "--at", "2026-07-14T20:00"),
    )
    # 165.00, + 50 % = 82.50, - 10 % of 165.00 = 16.50: percentages add
    assert told["verdict"] == {"ruling": "not_included", "clause": "allowance_used_up", "uses": []}
    assert [(line["what"], line["key"], line["amount"]) for line in told["lines"]] == [
        ("labour", None, "165.00"),
        ("adjustment", "off-hours", "82.50"),
        ("discount", "plan", "-16.50"),
    ]
    assert (told["net"], told["tax"], told["total"], told["currency"]) == ("192.50", "38.50", "231.00", "EUR")
    assert told["taxes"] == [{"percent": "20", "of": "231.00", "amount": "38.50"}]


def test_the_shape_of_an_answer_stays_as_scripts_know_it() -> None:
    told = asked("--plan", "comfort", "--work", "remote", "--minutes", "45", "--area", "network", "--used", "remote=30")
    assert list(told) == [
        *("currency", "work", "plan", "minutes", "billed_minutes", "verdict", "lines", "taxes", "tax_included"),
        *("net", "tax", "total", "by_plan", "by_warranty"),
    ]
    assert told["verdict"] == {
        "ruling": "partly",
        "clause": "allowance_short",
        "uses": [
            {
                "allowance": "remote",
                "unit": "minutes",
                "before": 30,
                "taken": 30,
                "after": 0,
                "minutes": 30,
                "pays": ["labour", "fees", "travel"],
            }
        ],
    }
    assert told["lines"][0] == {
        "what": "labour",
        "key": None,
        "quantity": "45",
        "unit": "minute",
        "unit_price": "80.00",
        "hours": "working",
        "grade": "technician",
        "people": 1,
        "step": 15,
        "amount": "60.00",
    }
    assert (told["by_plan"], told["total"]) == ("36.00", "18.00")


def test_a_range_of_minutes_has_a_least_and_a_most() -> None:
    told = asked("--work", "visit", "--minutes", "60", "--minutes-up-to", "120")
    assert (told["least"]["total"], told["most"]["total"]) == ("110.00", "220.00")


def test_a_crew_its_way_and_a_warranty_can_be_asked_for() -> None:
    gizmo = SHEETS / "gizmo.toml"
    assert asked("--work", "visit", "--minutes", "120", "--crew", "lead=1,junior=2", company=gizmo)["total"] == "480.00"
    free = asked("--work", "visit", "--minutes", "120", "--warranty", "installation", company=gizmo)
    assert (free["total"], free["by_warranty"], free["verdict"]["clause"]) == ("0.00", "300.00", "warranty")
    far = asked("--work", "visit", "--grade", "installer", "--km", "36", company=SHEETS / "connected_homes.toml")
    assert far["total"] == "605.00"


def test_yen_have_no_decimals() -> None:
    told = asked("--work", "visit", "--minutes", "25", company=SHEETS / "tokyo_denki.toml")
    assert (told["net"], told["tax"], told["total"]) == ("10450", "1045", "11495")


def test_the_table_has_the_verdict_every_line_and_the_total() -> None:
    result = typed("quote", "--plan", "comfort", "--work", "visit", "--used", "visits=1", "--no-show")
    assert result.exit_code == 0
    assert [" ".join(row.split()) for row in result.stdout.splitlines()] == [
        "visit, 60 minutes (60 billed), plan comfort",
        "not included: allowance used up",
        "labour technician working 60 minute at 110.00 an hour 110.00",
        "discount plan -10 percent -11.00",
        "total EUR 99.00",
        "of which tax 20 % of 99.00 16.50",
        "Calling it off: €50.00",
    ]


def test_with_a_language_it_is_what_a_homeowner_reads() -> None:
    result = typed("quote", "--plan", "comfort", "--work", "visit", "--used", "visits=1", "--lang", "fr")
    rows = [" ".join(row.split()) for row in result.stdout.splitlines()]
    assert "La formule Confort comprend cette aide" in rows[0]
    assert "110,00 €" in rows[1]
    assert rows[3] == "Total 99,00 €"


EXCLUDED = ("--plan", "comfort", "--work", "visit", "--area", "power")


def with_a_reason(folder: Path) -> Path:
    """The sample, where Comfort says why it never does the mains."""
    file = folder / "company.toml"
    text = SAMPLE.read_text(encoding="utf-8")
    reason = 'reason = { en = "We do no mains work.", fr = "Nous ne touchons pas au secteur." }'
    file.write_text(text.replace('excludes = [{ areas = "power" }]', f'excludes = [{{ areas = "power", {reason} }}]'))
    return file


def test_what_the_plan_excludes_has_no_price_in_a_script_either() -> None:
    told = asked(*EXCLUDED, "--no-show")
    assert told["verdict"]["ruling"] == "excluded"
    assert (told["lines"], told["taxes"]) == ([], [])
    nothing = {"net": None, "tax": None, "total": None}
    assert {name: told[name] for name in ("net", "tax", "total", "by_plan", "by_warranty")} == {
        **nothing,
        "by_plan": None,
        "by_warranty": None,
    }
    assert told["cancellation"] == nothing
    wide = asked(*EXCLUDED, "--minutes-up-to", "120")
    assert [wide[end]["total"] for end in ("least", "most")] == [None, None]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), ["visit, 60 minutes, plan comfort", "excluded: area excluded", "Nobody comes, at any price. {reason}"]),
        (
            ("--lang", "fr", "--minutes-up-to", "90", "--no-show"),
            [
                "Nous n’assurons pas ce service. La formule Confort ne couvre pas ce domaine : Électricité.",
                "{reason}",
                "L’équipe peut vous indiquer qui s’en charge.",
            ],
        ),
    ],
)
def test_nobody_is_told_a_total_for_what_is_never_done(tmp_path: Path, words: tuple[str, ...], told: list[str]) -> None:
    result = typed("quote", *EXCLUDED, *words, company=with_a_reason(tmp_path))
    reason = "Nous ne touchons pas au secteur." if words else "We do no mains work."
    assert result.exit_code == 0
    assert [" ".join(row.split()) for row in result.stdout.splitlines()] == [row.format(reason=reason) for row in told]


def test_calling_off_has_a_price_too() -> None:
    told = asked("--work", "visit", "--no-show", company=SHEETS / "lavarun.toml")
    assert told["cancellation"] == {"net": "30.00", "tax": "6.00", "total": "36.00"}
    told = asked("--work", "visit", "--cancelled-hours-before", "2", company=SHEETS / "lavarun.toml")
    assert told["cancellation"]["total"] == "0.00"


def test_check_tells_warnings_apart_and_fails_over_them_only_when_asked(tmp_path: Path) -> None:
    odd = tmp_path / "odd.toml"
    odd.write_text(
        'name = "Odd"\ncurrency = "EUR"\ntime_zone = "Europe/Paris"\n'
        '[[tariff.labour]]\nper_hour = 60\n[[tariff.labour]]\nwork = "visit"\nper_hour = 70\n'
    )
    result = typed("check", str(odd))
    assert result.exit_code == 0
    assert "This price list can price, but not run yet." in result.stdout
    assert "channels: add a [channels] table" in result.stdout
    assert f"Worth a look (1):\n  {odd}:6: tariff.labour[2]: this is never reached" in result.stdout
    assert typed("check", str(odd), "--strict").exit_code == 2
    told = json.loads(typed("check", str(odd), "--json").stdout)
    assert (told["ok"], told["can_run"], [w["line"] for w in told["warnings"]]) == (True, False, [6])
    assert json.loads(typed("check", str(odd), "--json", "--strict").stdout)["ok"] is False


def test_one_plan_is_one_plan() -> None:
    assert typed("check", str(SHEETS / "fr_av.toml")).stdout.startswith("Salle Obscure: 1 plan. Nothing to mend.")


def test_check_of_a_whole_company_says_that_all_is_well() -> None:
    result = typed("check", "--strict")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "Ombrelune: 3 plans, 7 people. Nothing to mend.",
        "Published examples: 5, all as printed.",
    ]


def test_prices_need_neither_the_database_nor_the_networks() -> None:
    code = (
        "import sys, bot.commands.prices; print([m for m in ('sqlalchemy', 'telegram', 'aiohttp') if m in sys.modules])"
    )
    done = subprocess.run(
        (sys.executable, "-c", code), capture_output=True, text=True, env=dict(os.environ), check=True
    )
    assert done.stdout.strip() == "[]"


# ── the schema ──


def plain(value: Any) -> Any:
    """TOML as an editor's validator sees it."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if isinstance(value, date | time):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def test_the_schema_in_the_docs_is_the_models(tmp_path: Path) -> None:
    kept = (DOCS / "company-file.schema.json").read_text(encoding="utf-8")
    assert typed("schema").stdout == kept, "run: python -m bot schema > docs/company-file.schema.json"


@pytest.mark.parametrize("file", [SAMPLE, *sorted(SHEETS.rglob("*.toml"))], ids=lambda path: path.stem)
def test_an_editor_takes_every_file_we_have(file: Path) -> None:
    table = plain(loads(file.read_text(encoding="utf-8")))
    jsonschema.Draft202012Validator(schema()).validate(table)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"currency": 5}, "$.currency"),
        ({"curency": "EUR"}, "$"),
        ({"areas": ["garden"]}, "$.areas[0]"),
        ({"tariff": {"labour": [{"per_hour": "60"}]}}, "$.tariff.labour[0].per_hour"),
        ({"tariff": {"labour": [{"per_hour": -1}]}}, "$.tariff.labour[0].per_hour"),
        ({"tariff": {"labour": []}}, "$.tariff.labour"),
        ({"team": None}, "$"),
    ],
)
def test_an_editor_underlines_what_is_wrong(change: dict[str, Any], place: str) -> None:
    table = {**plain(loads(SAMPLE.read_text(encoding="utf-8"))), **change}
    table = {key: value for key, value in table.items() if value is not None}
    errors = list(jsonschema.Draft202012Validator(schema()).iter_errors(table))
    assert place in {error.json_path for error in errors}
    assert json.dumps(schema()).count('"description"') > 80


# ── prices from a day on ──

NEW_YEAR = """
[[price_changes]]
starts = 2027-01-01
why = "The yearly adjustment"
amounts = { "tariff.labour[3].per_hour" = 115.5, "plans[2].prices.month" = 41 }
"""


@pytest.fixture
def dearer(tmp_path: Path) -> Path:
    """The sample, where a visit is dearer from New Year on."""
    file = tmp_path / "company.toml"
    file.write_text(SAMPLE.read_text(encoding="utf-8") + NEW_YEAR, encoding="utf-8")
    return file


def test_an_hour_costs_what_it_costs_on_the_day_one_asks_for(dearer: Path) -> None:
    for day, total in (("2026-12-31", "110.00"), ("2027-01-01", "115.50"), ("2031-05-01", "115.50")):
        assert asked("--work", "visit", "--on", day, company=dearer)["total"] == total
    assert "write it like" in typed("quote", "--work", "visit", "--on", "tomorrow", company=dearer).output


def test_check_lists_what_will_change_and_the_printed_examples_stay_as_they_are(dearer: Path) -> None:
    told = typed("check", company=dearer)
    assert told.exit_code == 0
    assert "From 2027-01-01: tariff.labour[3].per_hour 110 → 115.5" in told.stdout
    assert "all as printed" in told.stdout
    listed = json.loads(typed("check", "--json", company=dearer).stdout)["price_changes"]
    assert listed[1] == {"starts": "2027-01-01", "key": "plans[2].prices.month", "before": "39", "after": "41"}
