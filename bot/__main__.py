"""The commands. `python -m bot --help` lists them; each has --help, works without prompts, and --json for scripts."""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from bot import commands, company_file, demo, logs
from bot import settings as settings_file
from bot.app import App, Duty
from bot.faults import CompanyFileFault, ImportFaults, SettingsFault
from bot.schema import migrate as migrate_database
from bot.settings import Settings
from domain.company import Company

cli = typer.Typer(
    name="aftercare",
    help="Aftercare: the messaging bot of a connected-home company.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON for a script.")]


def main() -> None:
    """Run a command; a person's mistake is told, never a traceback."""
    try:
        cli()
    except (SettingsFault, CompanyFileFault, ImportFaults) as fault:
        _told(fault)
    except commands.Mistake as mistake:
        print(mistake, file=sys.stderr)
        raise SystemExit(2) from None


def _told(fault: SettingsFault | CompanyFileFault | ImportFaults) -> NoReturn:
    for line in fault.faults:
        print(line, file=sys.stderr)
    raise SystemExit(2)


def _settings() -> Settings:
    return settings_file.read(os.environ)


def _company(file: Path | None = None) -> Company:
    return company_file.read(file or commands.company_path())


@cli.command()
def run() -> None:
    """Everything in one process: for SQLite and a small company."""
    _serve(Duty.ALL)


@cli.command()
def web() -> None:
    """Web hooks, health and metrics only (PostgreSQL; beside at least one worker)."""
    _serve(Duty.HOOKS)


@cli.command()
def worker() -> None:
    """Outbox and timers; polling and the Slack socket where there is no web hook (PostgreSQL)."""
    _serve(Duty.WORK)


def _serve(duty: Duty) -> None:
    settings = _settings()
    logs.configure(settings.log_level)
    if duty is not Duty.ALL and settings.on_sqlite:
        raise commands.Mistake(
            "An SQLite file has one writer, so it cannot be shared by several processes.\n"
            "Use `run`, or set DATABASE_URL to a PostgreSQL database."
        )
    commands.ready(settings)
    app = App(settings, _company(settings.company_file), duty)
    asyncio.run(_until_stopped(app))


async def _until_stopped(app: App) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stopped.set)
    try:
        await app.start()
    except OSError as taken:
        await app.stop()
        raise commands.Mistake(str(taken)) from taken
    await stopped.wait()
    await app.stop()


@cli.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    migrate_database(commands.database_url())
    print("The database is up to date.")


@cli.command()
def check(
    file: Annotated[Path | None, typer.Argument(help="The company file; COMPANY_FILE when left out.")] = None,
    as_json: Json = False,
) -> None:
    """Check the company file: every fault with its line and its remedy."""
    try:
        company = _company(file)
    except CompanyFileFault as fault:
        if not as_json:
            _told(fault)
        _print({"ok": False, "faults": fault.as_json()})
        raise SystemExit(2) from None
    if as_json:
        _print({"ok": True, "faults": [], "company": company.name})
    else:
        print(f"{company.name}: {len(company.plans)} plans, {len(company.team)} people. Nothing to mend.")


@cli.command(name="import")
def import_(
    folder: Annotated[Path, typer.Argument(help="The folder with the CSV files.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and count, but write nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Bring in customers, homes, members, contracts and devices: all or nothing."""
    try:
        changes = asyncio.run(commands.import_folder(folder, _company(), dry_run=dry_run))
    except ImportFaults as fault:
        if not as_json:
            _told(fault)
        _print({"ok": False, "faults": fault.as_json()})
        raise SystemExit(2) from None
    if as_json:
        _print({"ok": True, "dry_run": dry_run, "new": changes.new, "changed": changes.changed})
        return
    for kind in sorted({*changes.new, *changes.changed}):
        print(f"{kind}: {changes.new.get(kind, 0)} new, {changes.changed.get(kind, 0)} changed")
    for ref in changes.kept_terms:
        print(f"contract {ref}: the file names another plan; a running contract keeps the terms it was signed with")
    if not changes.new and not changes.changed:
        print("Everything is there already; nothing was changed.")
    if dry_run:
        print("This was a dry run: nothing was written.")


@cli.command()
def invite(
    home: Annotated[str, typer.Argument(help="The home's reference (homes.csv).")],
    customer: Annotated[str, typer.Argument(help="The customer's reference (customers.csv).")],
    as_json: Json = False,
) -> None:
    """Make a one-time invitation for a member of a home; it is shown once and lives 72 hours."""
    made = asyncio.run(commands.invite(_settings(), home, customer))
    if as_json:
        _print(made)
    else:
        print(made["link"] or f"/start {made['token']}")


@cli.command()
def retry(
    inbound: Annotated[int | None, typer.Option(help="Only this inbound.")] = None,
    message: Annotated[int | None, typer.Option(help="Only this message.")] = None,
    as_json: Json = False,
) -> None:
    """Bring dead letters back: inbounds that failed, messages that could not be delivered."""
    counts = asyncio.run(commands.retry(inbound, message))
    if as_json:
        _print(counts)
    else:
        print(f"{counts['inbound']} inbounds and {counts['messages']} messages will be tried again.")


@cli.command(name="demo")
def demo_(
    port: Annotated[int, typer.Option(help="Where the page is served; 0 takes a free port.")] = 8080,
    keep: Annotated[bool, typer.Option("--keep", help="Go on with the last demo instead of a fresh one.")] = False,
) -> None:
    """The whole product on this machine, without any account: prints the address of its page."""
    demo.play(port, keep=keep)


def _print(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, default=str))


if __name__ == "__main__":
    main()
