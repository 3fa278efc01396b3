"""What the checkers of the house rules stand on: the tree, its files, and copies of it with one fault planted."""

import ast
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("bot", "handlers", "scheduling", "locales", "domain", "sandbox")


@dataclass(frozen=True)
class Fault:
    """A rule that a line breaks."""

    place: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


@cache
def tree(file: Path, _changed: int) -> ast.Module:
    """A file, parsed once."""
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


def parsed(file: Path) -> ast.Module:
    """A file as its syntax tree."""
    return tree(file, file.stat().st_mtime_ns)


def sources(root: Path, *packages: str) -> Iterator[Path]:
    """The Python files of these packages (all floors if none is named)."""
    for package in packages or FLOORS:
        yield from sorted((root / package).rglob("*.py"))


def migration(file: Path) -> bool:
    """Whether a file is a migration: written once, by a generator."""
    return file.parent.name == "versions"


def tracked(root: Path = ROOT) -> list[Path]:
    """The files git knows, or would with `git add .`."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [root / name for name in listed.split("\0") if name and (root / name).is_file()]


def copied(target: Path) -> Path:
    """The floors and the project file, somewhere else."""
    skip = shutil.ignore_patterns("__pycache__", "*.mo", "data", "*.html", "*.js", "*.css")
    for package in FLOORS:
        shutil.copytree(ROOT / package, target / package, ignore=skip)
    shutil.copy(ROOT / "pyproject.toml", target)
    return target
