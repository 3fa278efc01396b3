"""`run`, `web`, `worker`: the program itself, without what reads commands: a start must be quick and small."""

import asyncio
import gc
import os
import signal
import subprocess
import sys
from pathlib import Path

from sqlalchemy import create_engine, inspect, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from bot import logs
from bot import settings as settings_file
from bot.app import App, Duty
from bot.company_file import reading
from bot.company_file.beforehand import ask, learn
from bot.database import connect
from bot.faults import Mistake
from bot.settings import Settings

VERSION = text("SELECT version_num FROM alembic_version")
MIGRATIONS = Path(__file__).parent / "migrations" / "versions"
DUTIES = {"run": Duty.ALL, "web": Duty.HOOKS, "worker": Duty.WORK}


def serve(command: str, asked: "subprocess.Popen[bytes] | None" = None) -> None:
    """Run until SIGINT or SIGTERM, then stop in order. `asked`: what is being looked up meanwhile."""
    duty = DUTIES[command]
    settings = settings_file.read(os.environ)
    logs.configure(settings.log_level)
    if duty is not Duty.ALL and settings.on_sqlite:
        raise Mistake(
            "An SQLite file has one writer, so it cannot be shared by several processes.\n"
            "Use `run`, or set DATABASE_URL to a PostgreSQL database."
        )
    learn(asked or ask())
    company = reading.read(settings.company_file)
    if settings.on_sqlite:
        _bring_up_to_date(settings)
    else:
        asyncio.run(_is_up_to_date(settings))
    asyncio.run(_until_stopped(App(settings, company, duty)))


def _bring_up_to_date(settings: Settings) -> None:
    """On SQLite the schema is ours alone: migrated here (by a process of its own, whose memory goes with it)."""
    url = settings.database_url.get_secret_value()
    if Path(make_url(url).database or "").exists() and _revision(url) == _newest():
        return
    done = subprocess.run((sys.executable, "-m", "bot", "migrate"), check=False)
    if done.returncode:
        raise Mistake("The database could not be brought to the newest schema; see above.")


async def _is_up_to_date(settings: Settings) -> None:
    """A server's schema belongs to several processes: `migrate` brings it up to date, a start only looks."""
    database = connect(settings.database_url.get_secret_value())
    try:
        stands = await database.read(lambda session: session.execute(VERSION).scalar())
    except (SQLAlchemyError, OSError) as fault:
        if "alembic_version" not in str(fault):
            raise Mistake(
                "The database cannot be reached: look at DATABASE_URL, and whether the server runs."
            ) from None
        stands = None
    finally:
        await database.close()
    if stands != _newest():
        raise Mistake("The database has not the newest schema. Run `python -m bot migrate` first.")


def _revision(url: str) -> str | None:
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            revision: str | None = connection.execute(VERSION).scalar()
            return revision
    finally:
        engine.dispose()


def _newest() -> str:
    """The newest revision, by the names of the files (their numbers only grow)."""
    return max(file.name.partition("_")[0] for file in MIGRATIONS.glob("[0-9]*.py"))


async def _until_stopped(app: App) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stopped.set)
    try:
        await app.start()
    except OSError as taken:
        await app.stop()
        raise Mistake(str(taken)) from taken
    # From here on garbage is looked for, but not among what was loaded: that would stop everything for a moment.
    gc.freeze()
    gc.enable()
    await stopped.wait()
    await app.stop()
