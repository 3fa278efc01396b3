"""A fresh record for each test: SQLite at once, PostgreSQL where people race."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot import schema, settings
from bot.database import sqlite_engine
from domain.work import Work
from tests.conftest import fresh_database
from tests.domain.ground import MONDAY


@pytest.fixture(scope="session")
def empty_record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with every table and nothing in it."""
    file = tmp_path_factory.mktemp("record") / "empty.db"
    engine = sqlite_engine(f"sqlite:///{file}")
    schema.everything().create_all(engine)
    engine.dispose()
    return file


@pytest.fixture
def record(empty_record: Path, tmp_path: Path) -> Iterator[Engine]:
    """A fresh SQLite record."""
    file = shutil.copy(empty_record, tmp_path / "record.db")
    engine = sqlite_engine(f"sqlite:///{file}")
    yield engine
    engine.dispose()


@pytest.fixture
def work(record: Engine) -> Iterator[Work]:
    """One unit of work, on a Monday morning."""
    with Session(record, expire_on_commit=False) as session:
        yield Work(session, MONDAY, "test")


@pytest.fixture(scope="module")
def server_record(postgresql: str) -> str:
    """A PostgreSQL record of our own, as the migrations make it."""
    url = settings.database_url(fresh_database(postgresql))
    schema.migrate(url)
    return url
