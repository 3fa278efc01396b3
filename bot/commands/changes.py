"""`changes`: what the company changed of its own things: who, when, what was and what is."""

import asyncio
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from bot.commands.cli import Json, cli, counted, show
from bot.commands.deeds import on_record
from domain.company import Company
from domain.company_changes import FILE, ChangeKind, CompanyChange, every
from domain.work import Work

SAID = {
    ChangeKind.READ: "the company file was read",
    ChangeKind.FAULTY: "the company file has faults; the one from before went on",
    ChangeKind.REFUSED: "the company file would change what cannot change; the one from before went on",
    ChangeKind.PRICES: "prices change",
    ChangeKind.PRICES_BACK: "prices do not change after all",
}


@cli.command()
def changes(
    last: Annotated[int, typer.Option("--last", min=1, max=10_000, help="How many, the newest first.")] = 50,
    as_json: Json = False,
) -> None:
    """List what was changed in the company file and, from Slack, of the prices."""
    found = asyncio.run(on_record(lambda work, company: listed(work, company, last)))
    if as_json:
        show(found)
        return
    for change in found:
        print("\n".join(_told(change)))
    print(counted(len(found), "change", "changes"))


def listed(work: Work, company: Company, last: int) -> list[dict[str, Any]]:
    """The changes for a script: who is `file`, or a teammate’s key."""
    return [_row(change, ZoneInfo(company.time_zone)) for change in every(work, last)]


def _row(change: CompanyChange, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "at": change.at.astimezone(zone).isoformat(timespec="seconds"),
        "who": change.who,
        "kind": change.kind.value,
        "starts": str(change.starts_on) if change.starts_on else None,
        "what": change.what,
        "digest": change.digest if change.kind is ChangeKind.READ else None,
    }


def _told(change: dict[str, Any]) -> list[str]:
    who = "the file" if change["who"] == FILE else change["who"]
    when = f" from {change['starts']}" if change["starts"] else ""
    said = [f"{change['at'][:16].replace('T', ' ')}  {who}: {SAID[ChangeKind(change['kind'])]}{when}"]
    return said + [f"    {_line(ChangeKind(change['kind']), line)}" for line in change["what"]]


def _line(kind: ChangeKind, line: dict[str, Any]) -> str:
    if kind is ChangeKind.FAULTY:
        place = ": ".join(str(part) for part in (line.get("line"), line["key"]) if part)
        return f"{place}: {line['before']}; {line['after']}".removeprefix(": ")
    name = f"{line['key']} ({line['of']})" if line["of"] else line["key"]
    if kind is ChangeKind.REFUSED:
        return name
    before, after = line["before"], line["after"]
    if "" in (before, after):
        return f"{name}: {'new' if after == '' else 'taken out'}"
    return f"{name}: {before if before is not None else '–'} → {after if after is not None else '–'}"
