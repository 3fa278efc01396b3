"""`retry`: what could not be handled or delivered."""

import asyncio
from typing import Annotated

import typer

from bot.commands import tasks
from bot.commands.cli import Json, cli, show


@cli.command()
def retry(
    inbound: Annotated[int | None, typer.Option(help="Only this inbound.")] = None,
    message: Annotated[int | None, typer.Option(help="Only this message.")] = None,
    as_json: Json = False,
) -> None:
    """Bring dead letters back: inbounds that failed, messages that could not be delivered."""
    counts = asyncio.run(tasks.retry(inbound, message))
    if as_json:
        show(counts)
    else:
        print(f"{counts['inbound']} inbounds and {counts['messages']} messages will be tried again.")
