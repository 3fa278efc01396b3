"""Danger on rows that nobody read who wrote the rules or the phrases: how much is heard, how much of it is danger."""

import json
from pathlib import Path
from typing import Any

from domain.areas import Urgency
from handlers.understanding.urgency import judged

JUDGE = Path(__file__).parent / "judge"


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (JUDGE / f"{name}.jsonl").read_text().splitlines()]


def heard(found: list[tuple[dict[str, Any], bool]]) -> tuple[float, float]:
    """Recall and precision: each row, and whether it is an emergency."""
    called = [(judged(row["text"], row["lang"]).level is Urgency.EMERGENCY, meant) for row, meant in found]
    right = called.count((True, True))
    return right / (right + called.count((False, True))), right / (right + called.count((True, False)))


def test_of_everyday_messages_and_near_misses_at_least_so_many_emergencies_are_heard() -> None:
    every = [row for name in ("emergencies", "in_scope", "out_of_scope") for row in rows(name)]
    recall, precision = heard([(row, row["urgency"] == "emergency") for row in every])
    assert recall >= 0.92  # 174 of 188; the goal is all of them
    assert precision >= 0.86


def test_of_the_indirect_ones_that_were_never_learnt_at_least_four_in_five_are_heard() -> None:
    recall, precision = heard([(row, row["level"] == "emergency") for row in rows("danger_unseen")])
    assert recall >= 0.80
    assert precision >= 0.89
