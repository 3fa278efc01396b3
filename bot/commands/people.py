"""`invite`: the way in for a homeowner."""

import asyncio
import os
from typing import Annotated

import typer

from bot import settings as settings_file
from bot.commands import tasks
from bot.commands.cli import Json, cli, show


@cli.command()
def invite(
    home: Annotated[str, typer.Argument(help="The home's reference (homes.csv).")],
    customer: Annotated[str, typer.Argument(help="The customer's reference (customers.csv).")],
    as_json: Json = False,
) -> None:
    """Make a one-time invitation for a member of a home; it is shown once and lives 72 hours."""
    made = asyncio.run(tasks.invite(settings_file.read(os.environ), home, customer))
    if as_json:
        show(made)
    else:
        print(made["link"] or f"/start {made['token']}")
