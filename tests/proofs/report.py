"""What the proofs found, as tables: written under docs/proofs only in full size."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = Path("docs/proofs")


@dataclass
class Report:
    """The rows of one proof; each row is kept in a file of its own, for several processes may write at once."""

    name: str
    seed: int
    test: str
    scratch: Path | None  # none: nothing is written (a sample)
    meaning: str = ""
    rows: list[dict[str, Any]] = field(default_factory=list)

    def row(self, **values: Any) -> None:
        """One line of the table."""
        self.rows.append(values)

    def keep(self) -> None:
        """Leave the rows for `write`."""
        if self.scratch is None or not self.rows:
            return
        self.scratch.mkdir(parents=True, exist_ok=True)
        said = {"name": self.name, "seed": self.seed, "test": self.test, "meaning": self.meaning, "rows": self.rows}
        safe = "".join(c if c.isalnum() else "_" for c in self.test)
        (self.scratch / f"{self.name}-{safe[-120:]}.json").write_text(json.dumps(said, ensure_ascii=False))


def write(scratch: Path) -> None:
    """Make one page of each proof out of what its tests left."""
    found: dict[str, list[dict[str, Any]]] = {}
    for file in sorted(scratch.glob("*.json")):
        part = json.loads(file.read_text())
        found.setdefault(part["name"], []).append(part)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, parts in found.items():
        (FOLDER / f"{name}.md").write_text(page(name, parts))


def page(name: str, parts: list[dict[str, Any]]) -> str:
    """One page: what is proved, with which seed, and the tables."""
    lines = [f"# {name}", "", parts[0]["meaning"], "", f"Seed {parts[0]['seed']}. Written by `make proof`.", ""]
    tables: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for part in parts:
        for row in part["rows"]:
            tables.setdefault(tuple(row), []).append(row)
    for heads, rows in tables.items():
        lines += [_line(head.replace("_", " ") for head in heads), _line("---" for _ in heads)]
        lines += [_line(str(row[head]) for head in heads) for row in rows]
        lines.append("")
    return "\n".join(lines)


def _line(cells: Any) -> str:
    return "| " + " | ".join(cells) + " |"
