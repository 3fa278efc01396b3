"""The schema: every table there is, and the migrations that lead to it."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, create_engine, make_url
from sqlalchemy.ext.asyncio import create_async_engine

from bot import inbox, leader, outbox
from bot.database import sqlite_engine
from domain import (
    allotments,
    appointments,
    calendar,
    campaigns,
    canned,
    charges,
    commitments,
    company_changes,
    contracts,
    feeds,
    first_aid,
    homes,
    notes,
    occupancy,
    orders,
    outside,
    people,
    phone_tasks,
    price_changes,
    prompts,
    proposals,
    proposed_times,
    receipts,
    recommending,
    recoveries,
    referrals,
    requests,
    standings,
    stored,
    storms,
    surveys,
    waiting,
)
from domain.record import metadata
from handlers import pipes
from scheduling import timers

# Naming the modules is what makes their tables known.
TABLES = (
    *(inbox, leader, outbox, pipes, timers),
    *(allotments, appointments, calendar, campaigns, canned, charges, commitments, company_changes),
    *(contracts, feeds, first_aid, price_changes),
    *(homes, notes, occupancy, orders, outside, people, phone_tasks, prompts),
    *(recommending, recoveries, referrals),
    *(proposals, proposed_times, receipts, requests, standings, stored, storms, surveys, waiting),
)

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
        _on_sqlite(url, up)
        return
    asyncio.run(_on_postgresql(url, up))


def _on_sqlite(url: str, up: Callable[[Connection], None]) -> None:
    """A table that is written anew is dropped on the way: references are looked at when all is done."""
    engine = sqlite_engine(url)
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")  # before the transaction: within it, nobody listens
        with connection.begin():
            up(connection)
            lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if lost:
                raise RuntimeError(f"after the migration these rows point to nothing: {lost[:5]}")
    engine.dispose()


async def _on_postgresql(url: str, up: object) -> None:
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(up)  # type: ignore[arg-type]
    finally:
        await engine.dispose()


def head() -> str:
    """The newest revision."""
    return ScriptDirectory.from_config(config()).get_current_head() or ""


def current(connection: Connection) -> str | None:
    """The revision a database stands at; nothing when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def differences(connection: Connection) -> list[object]:
    """What the models say and the database does not, or the other way round."""

    def ours(made: Any, _name: str, kind: str, reflected: bool, _other: Any) -> bool:
        """An index that one database needs is not missed in the other one."""
        only = made.info.get("only") if kind == "index" and not reflected else None
        return only in (None, connection.dialect.name)

    options = {"compare_type": True, "compare_server_default": True, "include_object": ours}
    context = MigrationContext.configure(connection, opts=options)
    return list(compare_metadata(context, everything()))


def stands(url: str) -> str | None:
    """The revision of an SQLite file, without changing anything."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = current(connection)
    engine.dispose()
    return found
