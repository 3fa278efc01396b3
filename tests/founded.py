"""Databases for tests, founded quickly: made once for each process that tests, then copied as files or templates."""

import asyncio
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import make_url
from sqlalchemy.orm import Session

from bot import schema, settings
from bot.company_file import reading
from bot.database import connect
from bot.import_deed import bring_in
from bot.importing import parse
from domain.work import Work
from tests.beginning import clock

SAMPLE = Path("bot/sample")
TEMPLATE = "the_sample"  # the name of the database on a server that the others are copied from


def with_the_sample(url: str) -> None:
    """An empty database, as the migrations and the sample company make it; it takes the place of what is there."""
    if url.startswith("sqlite"):
        shutil.copy(_file(), make_url(url).database or "")
    else:
        _on_server(make_url(url).set(database="postgres").render_as_string(hide_password=False))
        asyncio.run(_copied(url))


@cache
def migrated() -> Path:
    """An SQLite file as the migrations make it, with nobody in it; made once, for copies."""
    file = Path(tempfile.mkdtemp(prefix="aftercare-migrated-")) / "migrated.db"
    schema.migrate(f"sqlite:///{file}")
    return file


@cache
def _file() -> Path:
    file = Path(tempfile.mkdtemp(prefix="aftercare-founded-")) / "sample.db"
    shutil.copy(migrated(), file)
    _found(f"sqlite:///{file}")
    return file


@cache
def _on_server(server: str) -> None:
    asyncio.run(_told(server, f"CREATE DATABASE {TEMPLATE}"))
    url = make_url(server).set(database=TEMPLATE).render_as_string(hide_password=False)
    schema.migrate(settings.database_url(url))
    _found(url)


async def _copied(url: str) -> None:
    name = make_url(url).database
    server = make_url(url).set(database="postgres").render_as_string(hide_password=False)
    await _told(server, f"DROP DATABASE {name}", f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")


async def _told(server: str, *statements: str) -> None:
    connection = await asyncpg.connect(server)
    for statement in statements:
        await connection.execute(statement)
    await connection.close()


def _found(url: str) -> None:
    """Everybody of the sample is brought into it."""
    address = settings.database_url(url)
    company = reading.read(SAMPLE / "company.toml")
    parsed = parse(SAMPLE, company)

    with tempfile.TemporaryDirectory() as folder:
        now = clock(Path(folder)).now()

    def unit(session: Session) -> None:
        bring_in(Work(session, now, "test"), company, parsed)

    asyncio.run(_written(address, unit))


async def _written(address: str, unit: Callable[[Session], Any]) -> None:
    database = connect(address)
    await database.write(unit)
    await database.close()
