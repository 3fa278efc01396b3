"""`feed` and `outside-calendar`: a technician's calendar for his own program, and his own one for us."""

import asyncio
import os
import sys
from typing import Annotated, Any

import typer

from bot.channels.outside_calendar import address_of
from bot.commands.cli import Json, cli, show
from bot.commands.deeds import on_record
from bot.faults import Mistake
from domain import feeds, outside
from domain.company import Company
from domain.work import Work

Who = Annotated[str, typer.Argument(metavar="TECHNICIAN", help="The technician's key in the company file.")]


def _known(company: Company, technician: str) -> None:
    keys = [m.key for m in company.team if "technician" in m.roles]
    if technician not in keys:
        raise Mistake(f"There is no technician “{technician}” in the company file; use one of: {', '.join(keys)}.")


@cli.command()
def feed(
    technician: Who,
    revoke: Annotated[bool, typer.Option("--revoke", help="The address works no more; no new one is made.")] = False,
    as_json: Json = False,
) -> None:
    """Make a secret calendar address for a technician; it is shown once, and the one he had works no more."""

    def deed(work: Work, company: Company) -> dict[str, Any]:
        _known(company, technician)
        if revoke:
            return {"technician": technician, "revoked": feeds.revoke(work, technician, "command")}
        base = (
            os.environ.get("PUBLIC_URL", "").strip().rstrip("/") or f"http://127.0.0.1:{os.environ.get('PORT', 8080)}"
        )
        token = feeds.make(work, technician, "command")
        return {"technician": technician, "address": f"{base}/calendar/{token}.ics"}

    said = asyncio.run(on_record(deed))
    if as_json:
        show(said)
    elif revoke:
        print("The address works no more." if said["revoked"] else "There is no address that works.")
    else:
        print(said["address"])


@cli.command(name="outside-calendar")
def outside_calendar(
    technician: Who,
    address: Annotated[str | None, typer.Argument(help="Its ICS address (https); “-” reads it from the input.")] = None,
    remove: Annotated[bool, typer.Option("--remove", help="It does not count any more.")] = False,
    as_json: Json = False,
) -> None:
    """Name a technician's other calendar: what it says is busy for us. The address is a secret and never printed."""
    if remove is (address is not None):
        raise Mistake("Name the address of the calendar, or --remove.")
    given = sys.stdin.readline() if address == "-" else address
    try:
        named = None if given is None else address_of(given)
    except ValueError as wrong:
        raise Mistake(f"The address cannot be used: {wrong}.") from None

    def deed(work: Work, company: Company) -> dict[str, Any]:
        _known(company, technician)
        if named is None:
            return {"technician": technician, "removed": outside.forget(work, technician)}
        outside.name(work, technician, named, "command")
        return {"technician": technician, "named": True}

    said = asyncio.run(on_record(deed))
    if as_json:
        show(said)
    elif named is None:
        print("It does not count any more." if said["removed"] else "There was none.")
    else:
        print("It is read within a quarter of an hour.")
