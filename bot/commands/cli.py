"""What every command shares: the root, how JSON is printed."""

import json
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


Json = Annotated[bool, typer.Option("--json", help="Print JSON for a script.")]


def show(value: Any) -> None:
    """Print a value for a script."""
    print(json.dumps(value, ensure_ascii=False, default=str))
