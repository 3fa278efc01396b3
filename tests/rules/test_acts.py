"""A button's act has one handler: of two tables that name it, one would silently win."""

import ast
from collections import Counter
from pathlib import Path

import pytest

from tests.rules.ground import ROOT

TABLES = ("PRESSES", "STEPS", "COMMANDS", "FORMS")


def named(root: Path, table: str) -> Counter[str]:
    """How often each key is written down in the tables of that name."""
    found = Counter[str]()
    for file in sorted((root / "handlers").rglob("*.py")):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            target = node.target if isinstance(node, ast.AnnAssign) else None
            targets = [target] if target is not None else node.targets if isinstance(node, ast.Assign) else []
            value = node.value if isinstance(node, ast.AnnAssign | ast.Assign) else None
            if isinstance(value, ast.Dict) and any(isinstance(t, ast.Name) and t.id == table for t in targets):
                found.update(key.value for key in value.keys if isinstance(key, ast.Constant))
    return found


@pytest.mark.parametrize("table", TABLES)
def test_what_a_button_means_is_written_down_once(table: str) -> None:
    assert [key for key, times in named(ROOT, table).items() if times > 1] == []


def test_an_act_that_is_written_down_twice_is_found(tmp_path: Path) -> None:
    assert named(ROOT, "PRESSES")["report.send"] == 1
    (tmp_path / "handlers").mkdir()
    for name in ("one", "other"):
        (tmp_path / "handlers" / f"{name}.py").write_text('PRESSES: dict[str, int] = {"report.calm": 1}\n')
    assert named(tmp_path, "PRESSES") == {"report.calm": 2}
