"""The house rules that a syntax tree can show, one function each: it yields the line and what is wrong with it."""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median

from tests.rules.ground import Fault, migration, parsed, sources

LONGEST_FILE = 320
LONGEST_FUNCTION = 45
MEDIAN_FUNCTION = 12
CLOCKS = (
    *("bot/clock.py", "sandbox/clock.py"),
    *("bot/channels/slack_http.py", "sandbox/slack/signed_http.py"),  # a signature is made and checked in real time
)
TABLES = ("bot/company_file/errors.py",)  # its patterns are a table of its own
# Loaded by name, so that a program which does not need it does not carry it: our own modules only.
# Who may load a module by its name, and how that name begins.
LOADERS = {
    "bot/database.py": "bot.",
    "bot/__main__.py": "bot.",
    "bot/commands/prices.py": "bot.commands.",
    "bot/commands/slots.py": "bot.commands.",
    "bot/papers/__init__.py": "bot.",
    "bot/calendar_feeds.py": "bot.papers.",
    "bot/outside.py": "bot.outside_reading",
    "bot/company_file/beforehand.py": ("holidays", "domain."),
    "domain/phones.py": "phonenumbers",
    "bot/commands/summary.py": "bot.papers.",
    "domain/statistics.py": "numpy",
    "handlers/understanding/meaning.py": "handlers.understanding.",
    "domain/working_time.py": "holidays",
}
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "base", "service", "services", "misc"}
SAYING = {"Message", "Button", "Fact", "Form", "Field", "FormErrors", "Said", "Listing", "say", "button", "standing"}
SENTENCE = re.compile(r"[^\W\d_]{2,}\s+\S*[^\W\d_]{2,}|</?[a-z]+>")
WORD = re.compile(r"[^\W\d_]{2,}")
NOW = {"now", "utcnow", "today", "time"}
SPEAKERS = {"print", "echo", "secho", "debug", "info", "warning", "error", "exception", "critical", "write"}

Found = Iterator[tuple[int, str]]


@dataclass(frozen=True)
class Leaf:
    """A file, its place in the tree, and its syntax."""

    place: str
    text: str
    module: ast.Module

    @property
    def floor(self) -> str:
        return self.place.split("/")[0]


@cache
def nodes(module: ast.Module) -> tuple[ast.AST, ...]:
    """Everything in a file, walked once."""
    return tuple(ast.walk(module))


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def _words(node: ast.AST) -> Iterator[ast.Constant]:
    """The strings in an expression that a reader could see: not those inside another call."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Constant) and isinstance(child.value, str):
            yield child
        elif not isinstance(child, ast.Call | ast.Lambda):
            yield from _words(child)


def sentences(leaf: Leaf) -> Found:
    """No sentence in code: what is said is a phrase."""
    if leaf.floor == "sandbox":
        return  # a network of its own, with a page of its own
    for node in nodes(leaf.module):
        if isinstance(node, ast.Call) and _called(node) in SAYING:
            for said in _words(node):
                if SENTENCE.search(str(said.value)):
                    yield said.lineno, f"a sentence: {said.value!r}"
            for label in _labels(node):
                if isinstance(label, ast.Constant) and WORD.search(str(label.value)):
                    yield label.lineno, f"a word: {label.value!r}"
    if leaf.floor in ("handlers", "scheduling"):
        yield from _anywhere(leaf)


def _labels(node: ast.Call) -> list[ast.expr]:
    """The parts of a button or a fact that are read."""
    places = {"Button": 1, "Fact": 2}.get(_called(node), 0)
    return [*node.args[:places], *(k.value for k in node.keywords if places and k.arg in ("label", "value"))]


def _anywhere(leaf: Leaf) -> Found:
    """Where people are spoken to, no sentence stands at all, except to us (docstrings, our own mistakes)."""
    ours: set[int] = set()
    for node in nodes(leaf.module):
        to_us = isinstance(node, ast.Raise | ast.Assert)
        if to_us or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            ours |= {id(child) for child in ast.walk(node)}
    for node in nodes(leaf.module):
        if isinstance(node, ast.Constant) and id(node) not in ours and SENTENCE.search(str(node.value)):
            yield node.lineno, f"a sentence: {node.value!r}"


def clocks(leaf: Leaf) -> Found:
    """Time is given, never taken."""
    if leaf.place in CLOCKS:
        return
    for node in nodes(leaf.module):
        if isinstance(node, ast.Attribute) and node.attr in NOW and isinstance(node.value, ast.Name | ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
            if owner in ("datetime", "date") or (owner, node.attr) == ("time", "time"):
                yield node.lineno, f"{owner}.{node.attr}: ask a clock"


def imports(leaf: Leaf) -> Found:
    """No import inside a function; loading by name only where it is declared, and only our own."""
    within: list[tuple[int, int]] = []
    for node in nodes(leaf.module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            within.append((node.lineno, node.end_lineno or node.lineno))
    for node in nodes(leaf.module):
        if isinstance(node, ast.Import | ast.ImportFrom) and any(a < node.lineno <= b for a, b in within):
            yield node.lineno, "an import inside a function"
        if isinstance(node, ast.Call) and _called(node) in ("import_module", "__import__"):
            starts = [c.value for c in ast.walk(node) if isinstance(c, ast.Constant) and isinstance(c.value, str)]
            if not starts or not starts[0].startswith(LOADERS.get(leaf.place, "-")):
                yield node.lineno, "a module loaded by name"


def names(leaf: Leaf) -> Found:
    """A name that says nothing."""
    for part in Path(leaf.place).with_suffix("").parts:
        if part in VAGUE:
            yield 1, f"the name {part} says nothing"


def lengths(leaf: Leaf) -> Found:
    """Short files, short functions."""
    lines = leaf.text.count("\n")
    if lines > LONGEST_FILE:
        yield lines, f"{lines} lines, at most {LONGEST_FILE}"
    for node in nodes(leaf.module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and size(node) > LONGEST_FUNCTION:
            yield node.lineno, f"{node.name} has {size(node)} lines, at most {LONGEST_FUNCTION}"


def size(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def loading(leaf: Leaf) -> Found:
    """Relations point from child to parent, and nothing is loaded by looking at it."""
    for node in nodes(leaf.module):
        if isinstance(node, ast.Call) and _called(node) in ("relationship", "backref", "deferred", "column_property"):
            yield node.lineno, f"{_called(node)}(): nothing is loaded lazily"


def formats(leaf: Leaf) -> Found:
    """A pattern that comes from somewhere is never filled: it could ask for anything."""
    if leaf.place in TABLES:
        return
    for node in nodes(leaf.module):
        if isinstance(node, ast.Call) and _called(node) in ("format", "format_map"):
            pattern: ast.expr | None = node.func.value if isinstance(node.func, ast.Attribute) else None
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
            pattern = node.left if isinstance(node.right, ast.Tuple | ast.Dict) else None
        else:
            continue
        ours = isinstance(pattern, ast.Constant) or (isinstance(pattern, ast.Name) and pattern.id.isupper())
        if pattern is not None and not ours:
            yield node.lineno, f"a pattern from elsewhere: {ast.unparse(pattern)}"


def mocks(leaf: Leaf) -> Found:
    """Nothing of ours is mocked."""
    for node in nodes(leaf.module):
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = getattr(node, "module", "") or ""
            for name in (*(a.name for a in node.names), module):
                if re.search(r"(^|\.)mock($|\.)|pytest_mock|MagicMock", name):
                    yield node.lineno, "a mock"


def commits(leaf: Leaf) -> Found:
    """Only the desk's database opens and commits transactions."""
    if leaf.floor not in ("domain", "handlers", "scheduling", "locales"):
        return
    for node in nodes(leaf.module):
        name = _called(node) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""
        if name in ("commit", "rollback", "begin"):
            yield node.lineno, f"{name}(): only the desk does"


def secrets(leaf: Leaf) -> Found:
    """A secret goes where it is used, never where it is read."""
    for node in nodes(leaf.module):
        spoken = isinstance(node, ast.Call) and _called(node) in SPEAKERS
        if spoken or isinstance(node, ast.Raise | ast.JoinedStr):
            for inner in ast.walk(node):
                if isinstance(inner, ast.Attribute) and inner.attr == "get_secret_value":
                    yield inner.lineno, "a secret is told"


RULES: dict[str, Callable[[Leaf], Found]] = {
    rule.__name__: rule
    for rule in (sentences, clocks, imports, names, lengths, loading, formats, mocks, commits, secrets)
}


def leaves(root: Path, *packages: str) -> Iterator[Leaf]:
    """The Python files of a tree, without migrations."""
    for file in sources(root, *packages):
        if not migration(file):
            yield Leaf(file.relative_to(root).as_posix(), file.read_text(encoding="utf-8"), parsed(file))


def broken(rule: str, root: Path, *packages: str) -> list[Fault]:
    """Where a rule does not hold."""
    return [Fault(f"{leaf.place}:{line}", what) for leaf in leaves(root, *packages) for line, what in RULES[rule](leaf)]


def middle(root: Path, *packages: str) -> float:
    """The median length of all functions."""
    sizes = [
        size(node)
        for leaf in leaves(root, *packages)
        for node in nodes(leaf.module)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    return median(sizes)
