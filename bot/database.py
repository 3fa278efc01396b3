"""The database: one writer thread on SQLite, one `run_sync` on PostgreSQL; a unit of work never awaits."""

import asyncio
import importlib
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Table, create_engine, event, make_url
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.units import JSON_FORM, Database, T, Unit, short_savepoints

BEGIN = "BEGIN IMMEDIATE"
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA busy_timeout=10000",
    "PRAGMA foreign_keys=ON",
    "PRAGMA cache_size=-65536",
    "PRAGMA wal_autocheckpoint=4000",
)


def sqlite_engine(url: str | URL, **options: Any) -> Engine:
    """An engine whose transactions are BEGIN IMMEDIATE: a read-then-write can never fail half way."""
    engine = create_engine(url, hide_parameters=True, **JSON_FORM, **options)
    short_savepoints(engine)

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver's own default leaks savepoints past an outer rollback
        for pragma in PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def begun(connection: Any) -> None:
        try:  # straight to the driver: it is said before every unit of work
            connection.connection.driver_connection.execute(BEGIN)
        except sqlite3.Error as busy:
            raise OperationalError(BEGIN, None, busy) from busy

    return engine


def _reading_engine(url: str | URL) -> Engine:
    engine = create_engine(url, hide_parameters=True, **JSON_FORM)

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA busy_timeout=10000")
        connection.execute("PRAGMA query_only=ON")

    return engine


class SQLite(Database):
    """One file, one writer thread; readers have an engine and threads of their own."""

    dialect = "sqlite"

    def __init__(self, url: str) -> None:
        file = make_url(url).database
        if file:
            Path(file).parent.mkdir(parents=True, exist_ok=True)
        self._engine = sqlite_engine(url)
        self._readers = _reading_engine(url)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._reading = ThreadPoolExecutor(2, thread_name_prefix="reader")

    async def write(self, unit: Unit[T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._writer, self._write, unit)

    def _write(self, unit: Unit[T]) -> T:
        with Session(self._engine, expire_on_commit=False) as session, session.begin():
            return unit(session)

    async def read(self, unit: Unit[T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._reading, self._read, unit)

    def _read(self, unit: Unit[T]) -> T:
        with Session(self._readers, expire_on_commit=False) as session:
            return unit(session)

    async def close(self) -> None:
        self._writer.shutdown()
        self._reading.shutdown()
        self._engine.dispose()
        self._readers.dispose()


def connect(url: str) -> Database:
    """The database behind an address (`sqlite:///…` or `postgresql+asyncpg://…`)."""
    if make_url(url).get_backend_name() == "sqlite":
        return SQLite(url)
    # Its driver is loaded only where it is used: a small company's program stays small.
    server: Database = importlib.import_module("bot.postgresql").PostgreSQL(url)
    return server


def insert_into(dialect: str, table: Table) -> Any:
    """An insert that can say ON CONFLICT: each database has words of its own for it."""
    if dialect == "sqlite":
        return sqlite.insert(table)
    return importlib.import_module("bot.postgresql").insert(table)
