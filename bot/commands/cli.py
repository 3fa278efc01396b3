"""What every command shares: the root, how JSON is printed."""

import json
from datetime import date
from typing import Annotated, Any

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


def day(written: str) -> date:
    """A day as an option says it."""
    try:
        return date.fromisoformat(written.strip())
    except ValueError:
        raise typer.BadParameter(f"“{written}” is no day; write it like 2026-07-14") from None


def counted(number: int, one: str, more: str) -> str:
    """“1 plan”, “2 plans”."""
    return f"{number} {one if number == 1 else more}"


Json = Annotated[bool, typer.Option("--json", help="Print JSON for a script.")]


def show(value: Any) -> None:
    """Print a value for a script."""
    print(json.dumps(value, ensure_ascii=False, default=str))
