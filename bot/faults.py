"""Faults of what people set up: where, what is wrong, and how to mend it."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn


class Mistake(Exception):  # noqa: N818 (a person's, told to him)
    """Something was asked that cannot be: the text says what and how to mend it."""


def refuse(faults: Iterable[object]) -> NoReturn:
    """Tell every fault, a line each, and end with exit code 2."""
    for fault in faults:
        print(fault, file=sys.stderr)
    raise SystemExit(2)


@dataclass(frozen=True)
class SettingFault:
    """What is wrong with one variable of the environment; the value is never repeated."""

    variable: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.variable}: {self.what}; {self.remedy}"


class SettingsFault(Exception):  # noqa: N818 (the house says fault)
    """The environment cannot be used; all its faults at once."""

    def __init__(self, faults: Sequence[SettingFault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)


@dataclass(frozen=True)
class Fault:
    """What is wrong with one place of the company file; `line` and `column` count from 1."""

    file: str
    line: int | None
    key: str
    what: str
    remedy: str
    column: int | None = None

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        return f"{place}: {self.key + ': ' if self.key else ''}{self.what}; {self.remedy}"

    def as_json(self) -> dict[str, Any]:
        """For `check --json`."""
        place = {"file": self.file, "line": self.line, "column": self.column, "key": self.key}
        return {**place, "what": self.what, "remedy": self.remedy}


class CompanyFileFault(Exception):  # noqa: N818 (the house says fault)
    """The company file cannot be used; all its faults at once."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)

    def as_json(self) -> list[dict[str, Any]]:
        """All faults, for `check --json`."""
        return [fault.as_json() for fault in self.faults]


@dataclass(frozen=True)
class RowFault:
    """What is wrong with one cell of a CSV file; `row` counts lines of the file, the heading is 1."""

    file: str
    row: int | None
    column: str
    value: str
    reason: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.row}" if self.row else self.file
        return f"{place}: {self.column + ': ' if self.column else ''}{self.reason}; {self.remedy}"

    def as_json(self) -> dict[str, Any]:
        """For `import --json`."""
        where = {"file": self.file, "row": self.row, "column": self.column, "value": self.value}
        return {**where, "reason": self.reason, "remedy": self.remedy}


class ImportFaults(Exception):  # noqa: N818 (the house says fault)
    """The folder cannot be imported; all its bad rows at once."""

    def __init__(self, faults: Sequence[RowFault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)

    def as_json(self) -> list[dict[str, Any]]:
        """All faults, for `import --json`."""
        return [fault.as_json() for fault in self.faults]
