"""What every command shares: the root, how a mistake is told, how JSON is printed."""

import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

cli = typer.Typer(
    name="aftercare",
    help="Aftercare: the messaging bot of a connected-home company.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@cli.callback()
def root() -> None:
    """Aftercare: the messaging bot of a connected-home company."""


Json = Annotated[bool, typer.Option("--json", help="Print JSON for a script.")]


class Mistake(Exception):  # noqa: N818 (a person's, told to him)
    """Something was asked that cannot be: the text says what and how to mend it."""


def company_path() -> Path:
    """The company file that COMPANY_FILE names."""
    return Path(os.environ.get("COMPANY_FILE") or "company.toml")


def refuse(faults: Iterable[object]) -> NoReturn:
    """Tell every fault, a line each, and end with exit code 2."""
    for fault in faults:
        print(fault, file=sys.stderr)
    raise SystemExit(2)


def show(value: Any) -> None:
    """Print a value for a script."""
    print(json.dumps(value, ensure_ascii=False, default=str))
