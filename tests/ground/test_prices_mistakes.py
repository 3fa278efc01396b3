"""A clumsy operator: what he types wrongly is told, with where it is and how it is mended; many questions at once."""

import json
from pathlib import Path

import pytest

from bot.faults import Mistake
from tests.ground.test_prices_command import SHEETS, typed


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
