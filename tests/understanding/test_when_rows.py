"""What homeowners write about days and hours, row by row: an independent hand's rows, and more of our own."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from handlers.understanding.when import When, Wish, understood

HERE = Path(__file__).parent
ROWS = [
    json.loads(line)
    for name in ("when", "when_more")
    for line in (HERE / f"{name}.jsonl").read_text("utf-8").splitlines()
]


def written(wish: Wish) -> dict[str, Any]:
    """A wish as the rows write it."""
    days = None if wish.first is None or wish.last is None else [wish.first.isoformat(), wish.last.isoformat()]
    until = wish.until.strftime("%H:%M") if wish.until else "24:00"
    return {"days": days, "hours": None if wish.since is None else [wish.since.strftime("%H:%M"), until]}


def answer(when: When) -> dict[str, Any]:
    """An answer as the rows write it."""
    said: dict[str, Any] = {"wishes": [written(wish) for wish in when.wishes]}
    if when.readings:
        said = {"ask": [[written(wish) for wish in reading] for reading in when.readings]}
    if when.never:
        said["not"] = [written(wish) for wish in when.never]
    return said


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_a_message_means_the_days_and_hours_its_reader_would_note(row: dict[str, Any]) -> None:
    expected = {key: row[key] for key in ("wishes", "ask", "not") if key in row}
    assert answer(understood(row["text"], row["lang"], datetime.fromisoformat(row["now"]))) == expected


def test_there_are_as_many_rows_in_every_language_as_were_written() -> None:
    counts = {lang: sum(row["lang"] == lang for row in ROWS) for lang in ("en", "fr", "es", "it")}
    assert all(count >= 225 for count in counts.values()), counts
    assert len({row["id"] for row in ROWS}) == len(ROWS)
