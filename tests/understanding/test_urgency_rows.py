"""The rules held to the rows written for them, and to a message whose language was told wrong."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from domain.areas import Urgency
from handlers.understanding.urgency import judged
from locales.catalogues import LANGUAGES

ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in (Path(__file__).parent / "urgency_dev.jsonl").read_text().splitlines()
]
DANGERS = [row for row in ROWS if row["level"] == Urgency.EMERGENCY]
HARMLESS = [row for row in ROWS if row["level"] != Urgency.EMERGENCY]


def called(rows: list[dict[str, Any]], told: str | None = None) -> list[str]:
    """The texts that are called an emergency."""
    return [row["text"] for row in rows if judged(row["text"], told or row["lang"]).level is Urgency.EMERGENCY]


def test_there_are_enough_rows_in_every_language() -> None:
    dangers, harmless = (Counter(row["lang"] for row in rows) for rows in (DANGERS, HARMLESS))
    assert all(dangers[language] >= 90 and harmless[language] >= 110 for language in LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_emergency_is_missed(language: str) -> None:
    of_language = [row for row in DANGERS if row["lang"] == language]
    found = called(of_language)
    assert [row["text"] for row in of_language if row["text"] not in found] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_what_is_called_an_emergency_nineteen_in_twenty_are(language: str) -> None:
    false = called([row for row in HARMLESS if row["lang"] == language])
    true = called([row for row in DANGERS if row["lang"] == language])
    assert len(true) >= 0.95 * (len(true) + len(false)), false


def test_the_kind_of_danger_is_told() -> None:
    kinded = [row for row in DANGERS if row["kind"]]
    wrong = [row["text"] for row in kinded if judged(row["text"], row["lang"]).kind != row["kind"]]
    assert len(wrong) <= 0.03 * len(kinded), wrong


def test_what_is_high_is_told_from_the_rest() -> None:
    def high(row: dict[str, Any]) -> bool:
        return judged(row["text"], row["lang"]).level is Urgency.HIGH

    written = [row for row in ROWS if row["id"][3] == "u"]
    missed = [row["text"] for row in written if row["level"] == Urgency.HIGH and not high(row)]
    false = [row["text"] for row in written if row["level"] != Urgency.HIGH and high(row)]
    assert (missed, len(false) <= 3) == ([], True), false


def test_what_can_wait_is_low() -> None:
    patient = [row for row in ROWS if row["level"] == Urgency.LOW]
    assert [row["text"] for row in patient if judged(row["text"], row["lang"]).level is not Urgency.LOW] == []


@pytest.mark.parametrize("told", [*LANGUAGES, "de"])
def test_a_language_told_wrong_hides_no_more_than_one_emergency_in_fifty(told: str) -> None:
    others = [row for row in DANGERS if row["lang"] != told]
    assert len(called(others, told)) >= 0.98 * len(others)
