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
from bot.faults import Mistake

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


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--work", "vist"), "there is no work “vist”; did you mean “visit”? known: remote, visit, workshop"),
        (("--work", "visit", "--plan", "comfrot"), "there is no plan “comfrot”; did you mean “comfort”? known: none,"),
        (("--work", "visit", "--region", "alp"), "there is no region “alp”; did you mean “alps”?"),
        (("--work", "visit", "--zone", "3"), "there is no zone “3”; this price list has none"),
        (("--work", "visit", "--hours", "night"), "there is no hours “night”"),
        (("--work", "visit", "--warranty", "x"), "known: installation, device"),
        (("--work", "visit", "--used", "visits=1"), "there is no allowance “visits”"),
        (("--work", "visit", "--minutes", "-5"), "minutes: “-5” is too small; write 0 or more"),
        (("--work", "visit", "--area", "garden"), "area: “garden” is not possible here; use one of: lighting,"),
        (("--work", "visit", "--at", "2026-07-14"), "at: “2026-07-14” is not a moment; write it like 2026-07-14T20:00"),
        (("--work", "visit", "--at", "2026"), "at: “2026” is not a moment"),
        (("--work", "visit", "--at", "0001-01-01T00:00"), "is too far away; write a year from 1970 to 2200"),
        (("--work", "visit", "--at", "9999-12-31T23:59"), "is too far away; write a year from 1970 to 2200"),
        (("--work", "visit", "--minutes-up-to", "45"), "minutes_up_to, 45, is less than minutes, 60; write the longer"),
        (
            ("--work", "visit", "--at", "2026-07-14T20:00", "--hours", "saturday"),
            "both at and hours are given; keep one",
        ),
        (
            ("--work", "visit", "--crew", "technician=1", "--technicians", "2"),
            "crew is given, and grade or technicians",
        ),
        (("--work", "visit", "--paid-for", "remote"), "needs paid_before and paid_for; write both, or none"),
        (("--work", "visit", "--at", "tonight"), "at: “tonight” is not a moment; write it like 2026-07-14T20:00"),
    ],
)
def test_what_is_not_known_is_refused_with_what_is(words: tuple[str, ...], told: str) -> None:
    result = typed("quote", *words)
    assert result.exit_code == 2
    assert told in result.stderr
    as_json = typed("quote", *words, "--json")
    assert as_json.exit_code == 2
    assert told in json.loads(as_json.stdout)["error"]["faults"][0]


@pytest.mark.parametrize(
    ("words", "how"),
    [
        ((), "Add --work: one of remote, visit, workshop"),
        (("--work", "visit", "--used", "visits"), "write it like visits=1"),
        (("--work", "visit", "--crew", "technician"), "write it like lead=1,junior=2"),
        (("--work", "visit", "--crew", "technician=1,technician=2"), "“technician” is there twice"),
        (("--work", "visit", "--lang", "de"), "use en, fr, es or it"),
        (("--work", "visit", "--lang", "de", "--json"), "use en, fr, es or it"),
        (("--batch", "cases.jsonl", "--plan", "comfort", "--used", "visits=1"), "write --plan, --used into each line"),
    ],
)
def test_a_question_that_is_not_understood_is_told_how_to_ask(words: tuple[str, ...], how: str) -> None:
    told = typed("quote", *words).exception
    assert isinstance(told, Mistake)
    assert how in str(told)


@pytest.mark.parametrize("words", [("quote", "--work", "visit"), ("check",)])
def test_a_company_file_that_is_none_is_told_in_the_same_words_everywhere(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_bytes(b"\xff\xfe")
    for file, told in (
        (tmp_path / "none.toml", "there is no such file; correct its name here, or in COMPANY_FILE"),
        (tmp_path, f"this is a folder; name the file in it, for example {tmp_path}/company.toml"),
        (wrong, "byte 0 is not UTF-8; save the file as UTF-8"),
    ):
        done = typed(*words, company=file)
        assert told in str(done.exception) + done.stderr


@pytest.mark.parametrize("words", [("schema", "x"), ("schema", "--pretty"), ("check", "a", "b"), ("quote", "visit")])
def test_words_too_many_are_refused(words: tuple[str, ...]) -> None:
    result = typed(*words)
    assert result.exit_code == 2
    assert words[-1] in result.stderr or "extra argument" in result.stderr


def test_a_price_that_needs_more_says_what_it_lacks() -> None:
    result = typed("quote", "--work", "visit", "--json", company=SHEETS / "nine_chip.toml")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["error"]["missing"] == "zone"


def test_many_are_answered_a_line_each_and_a_wrong_one_does_not_stop_the_others(tmp_path: Path) -> None:
    batch = tmp_path / "cases.jsonl"
    rows = [
        '{"id": "a", "work": "visit", "minutes": 60}',
        "",
        "[]",
        '{"id": "b", "work": "visit", "minuts": 60}',
        "{",
        '{"id": "c", "work": "visit", "plan": "Comfort", "used": {"visits": 1}, "minutes_up_to": 120, "parts": 10.5}',
    ]
    batch.write_text("\n".join(rows), encoding="utf-8")
    result = typed("quote", "--batch", str(batch), "--json")
    told = [json.loads(row) for row in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert [(answer["line"], answer.get("id"), "error" in answer) for answer in told] == [
        (1, "a", False),
        (3, None, True),
        (4, "b", True),
        (5, None, True),
        (6, "c", False),
    ]
    assert told[0]["total"] == "110.00"
    assert "did you mean “minutes”?" in told[2]["error"]["faults"][0]
    assert told[4]["least"]["total"] == "109.50"  # 99.00 and parts
    batch.write_text(rows[0], encoding="utf-8")
    assert typed("quote", "--batch", str(batch)).exit_code == 0


def test_a_line_of_a_batch_ends_at_the_newline_alone_and_a_wrong_one_says_where(tmp_path: Path) -> None:
    batch = tmp_path / "cases.jsonl"
    rows = [
        '{"id": "a\u2028b", "work": "visit"}\r',
        '{"work": visit}',
        "[" * 100_000,
        '{"work": "visit", "minutes": 1' + "0" * 5000 + "}",
        '{"work": "visit", "at": "0001-01-01T00:00"}',
        '{"work": "visit", "minutes": NaN}',
    ]
    batch.write_text("\n".join(rows), encoding="utf-8", newline="")
    result = typed("quote", "--batch", str(batch))
    assert result.exit_code == 1
    told = [json.loads(row) for row in result.stdout.split("\n") if row]
    assert (told[0]["id"], told[0]["total"]) == ("a\u2028b", "110.00")
    faults = [answer["error"]["faults"][0] for answer in told[1:]]
    assert faults[0] == "this is not JSON: expecting value, at character 10; write one object a line"
    assert all("write one plain object a line" in fault for fault in faults[1:3])
    assert "is too far away" in faults[3]
    assert faults[4].startswith("minutes: “")


def test_a_batch_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.jsonl"
    wrong.write_bytes(b"\xff\xfe")
    for file, why in (
        (tmp_path / "none", "No such file or directory"),
        (tmp_path, "Is a directory"),
        (wrong, "byte 0 is not UTF-8"),
    ):
        told = typed("quote", "--batch", str(file)).exception
        assert isinstance(told, Mistake)
        assert str(told).startswith(f"{file}: ")
        assert why in str(told)
        assert "name a UTF-8 file" in str(told)


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
