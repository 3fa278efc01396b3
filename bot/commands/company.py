"""`import`: what the company writes down of its customers."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.cli import Json, cli, show
from bot.commands.tasks import import_folder
from bot.company_file import reading
from bot.company_file.place import company_path
from bot.faults import ImportFaults, Mistake, refuse


@cli.command(name="import")
def import_(
    folder: Annotated[Path, typer.Argument(help="The folder with the CSV files.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and count, but write nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Bring in customers, homes, members, contracts and devices: all or nothing."""
    if not folder.is_dir():
        what = "this is no folder" if folder.exists() else "there is no such folder"
        raise Mistake(f"{folder}: {what}; name the one with customers.csv and homes.csv.")
    company = reading.read(company_path())
    try:
        changes = asyncio.run(import_folder(folder, company, dry_run=dry_run))
    except ImportFaults as fault:
        if not as_json:
            refuse(fault.faults)
        show({"ok": False, "faults": fault.as_json()})
        raise SystemExit(2) from None
    if as_json:
        show({"ok": True, "dry_run": dry_run, "new": changes.new, "changed": changes.changed})
        return
    for kind in sorted({*changes.new, *changes.changed}):
        print(f"{kind}: {changes.new.get(kind, 0)} new, {changes.changed.get(kind, 0)} changed")
    for ref in changes.kept_terms:
        print(f"contract {ref}: the file names another plan; a running contract keeps the terms it was signed with")
    if not changes.new and not changes.changed:
        print("Everything is there already; nothing was changed.")
    if dry_run:
        print("This was a dry run: nothing was written.")
