"""Labelled messages nobody learnt from: the development set, and the judges' rows by their numbers."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from domain.areas import Area, Intent, Urgency

JUDGE = Path(__file__).parent / "judge"


@dataclass(frozen=True)
class Row:
    """A message and what somebody who read the guide found in it."""

    number: int
    text: str
    language: str
    intent: Intent
    area: Area | None
    also: Intent | None
    urgency: Urgency


def odd() -> list[Row]:
    """What may be looked at while developing."""
    return [row for row in rows() if row.number % 2]


def even() -> list[Row]:
    """What may not."""
    return [row for row in rows() if not row.number % 2]


def rows() -> Iterator[Row]:
    """All of them, in and out of scope."""
    yield from _file("in_scope")
    yield from _file("out_of_scope")


def danger_rows() -> Iterator[Row]:
    """Emergencies and near misses, and everyday messages beside them."""
    yield from _file("emergencies")
    yield from rows()


def _file(name: str) -> Iterator[Row]:
    for line in (JUDGE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        yield _row(json.loads(line))


def _row(told: dict[str, str | list[str] | None]) -> Row:
    area, also = told["area"], told.get("also")
    return Row(
        int(re.findall(r"\d+", str(told["id"]))[-1]),
        str(told["text"]),
        str(told["lang"]),
        Intent(str(told["intent"])),
        Area(str(area)) if area else None,
        Intent(also[0]) if isinstance(also, list) and also else None,
        Urgency(str(told["urgency"])),
    )
