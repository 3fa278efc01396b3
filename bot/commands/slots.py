"""`slots`: which times could be offered, by the same rules as in the chat."""

from datetime import date
from importlib import import_module
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from bot.commands.cli import Json, cli, day, show
from bot.commands.prices import CompanyFile
from bot.company_file import reading
from bot.company_file.ask import AskFault, read_ask
from bot.company_file.place import company_path
from bot.faults import Mistake, refuse
from domain.company import Company

Day = Annotated[date | None, typer.Option("--day", parser=day, metavar="DAY", help="Only this day, 2026-07-14.")]


@cli.command()
def slots(
    company: CompanyFile = None,
    work: Annotated[str | None, typer.Option(help="The kind of work: remote, visit, …")] = None,
    area: Annotated[str, typer.Option(help="The part of the home.")] = "other",
    home: Annotated[str | None, typer.Option(help="A home's reference: its place, plan and time zone.")] = None,
    plan: Annotated[str | None, typer.Option(help="The plan, by key or by name; the home's when left out.")] = None,
    brand: Annotated[str | None, typer.Option(help="The brand of the device.")] = None,
    urgency: Annotated[str, typer.Option(help="emergency, high, normal, low.")] = "normal",
    asked_at: Annotated[
        str | None, typer.Option("--from", help="As if asked then, 2026-07-14T20:00 in the company's zone.")
    ] = None,
    on: Day = None,
    evenings: Annotated[bool, typer.Option("--evenings", help="Only evenings.")] = False,
    count: Annotated[int, typer.Option(min=1, max=500, help="How many times.")] = 4,
    every: Annotated[bool, typer.Option("--all", help="Every start there is, not only a few.")] = False,
    as_json: Json = False,
) -> None:
    """Say which times could be offered, who comes, why, and at what price."""
    firm = reading.read(company or company_path())
    given = {"work": work, "area": area, "plan": plan, "brand": brand, "urgency": urgency, "at": asked_at}
    when = {"day": on, "evenings": evenings, "count": None if every else count}
    try:
        question = _understood(firm, {name: value for name, value in given.items() if value is not None})
        # The record brings a database library along: only who asks something that makes sense waits for it.
        words = import_module("bot.commands.slot_words")
        found = words.answer(firm, {**question, **when, "home": home})
    except (AskFault, Mistake) as fault:
        told = fault.faults if isinstance(fault, AskFault) else (str(fault),)
        faults = [f"--from{what[2:]}" if what.startswith("at: ") else what for what in told]
        if not as_json:
            refuse(faults)
        show({"error": {"faults": faults}})
        raise SystemExit(2) from None
    if as_json:
        show(words.for_scripts(firm, found))
    else:
        print("\n".join(words.for_people(found)))


def _understood(company: Company, given: dict[str, Any]) -> dict[str, Any]:
    """The facts, every name and moment checked. Raises AskFault, Mistake."""
    if "work" not in given:
        booked = dict.fromkeys(job.work for area in company.areas for job in company.offered(area))
        raise Mistake(f"Which work? Add --work: one of {', '.join(booked)}.")
    ask = read_ask(company, given)
    at = ask.at.replace(tzinfo=ZoneInfo(company.time_zone)) if ask.at and ask.at.tzinfo is None else ask.at
    plan = ask.plan if "plan" in given else None
    return {"work": ask.work, "area": ask.area, "urgency": ask.urgency, "brand": ask.brand, "plan": plan, "at": at}
