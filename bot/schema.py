"""The schema: every table there is, and the migrations that lead to it."""

import asyncio
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, create_engine, make_url
from sqlalchemy.ext.asyncio import create_async_engine

from bot import inbox, leader, outbox
from bot.database import sqlite_engine
from domain import bookings, contracts, homes, payments, people, requests, surveys
from domain.record import metadata
from handlers import pipes
from scheduling import timers

# Naming the modules is what makes their tables known.
TABLES = (inbox, leader, outbox, bookings, contracts, homes, payments, people, requests, surveys, pipes, timers)

HERE = Path(__file__).parent / "migrations"


def everything() -> MetaData:
    """All tables. What an index says for SQLite holds on PostgreSQL too: said here, for it loads that dialect."""
    for index in (index for table in metadata.tables.values() for index in table.indexes):
        index.dialect_options["postgresql"]["where"] = index.dialect_options["sqlite"]["where"]
    return metadata


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, made here: no file with an address in it."""
    made = Config()
    made.set_main_option("script_location", str(HERE))
    made.attributes["connection"] = connection
    return made


def migrate(url: str, revision: str = "head") -> None:
    """Bring the database to a revision (synchronously: nothing else runs meanwhile)."""

    def up(connection: Connection) -> None:
        command.upgrade(config(connection), revision)

    if make_url(url).get_backend_name() == "sqlite":
        file = make_url(url).database
        if file:
            Path(file).parent.mkdir(parents=True, exist_ok=True)
        engine = sqlite_engine(url)
        with engine.begin() as connection:
            up(connection)
        engine.dispose()
        return
    asyncio.run(_on_postgresql(url, up))


async def _on_postgresql(url: str, up: object) -> None:
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(up)  # type: ignore[arg-type]
    await engine.dispose()


def head() -> str:
    """The newest revision."""
    return ScriptDirectory.from_config(config()).get_current_head() or ""


def current(connection: Connection) -> str | None:
    """The revision a database stands at; nothing when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def differences(connection: Connection) -> list[object]:
    """What the models say and the database does not, or the other way round."""
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return list(compare_metadata(context, everything()))


def stands(url: str) -> str | None:
    """The revision of an SQLite file, without changing anything."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = current(connection)
    engine.dispose()
    return found
