"""Units of work and whoever runs them: what every database of ours has in common."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

T = TypeVar("T")
Unit = Callable[[Session], T]

SAVEPOINTS = (
    ("do_savepoint", "SAVEPOINT"),
    ("do_rollback_to_savepoint", "ROLLBACK TO SAVEPOINT"),
    ("do_release_savepoint", "RELEASE SAVEPOINT"),
)


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


JSON_FORM: dict[str, Any] = {"json_serializer": _json, "json_deserializer": msgspec.json.decode}  # for every engine


class Database:
    """Runs units of work: `write` in a transaction that commits, `read` in one that never does."""

    dialect: str

    async def write(self, unit: Unit[T]) -> T:
        """Run a unit of work and commit it; anything it raises undoes it."""
        raise NotImplementedError

    async def read(self, unit: Unit[T]) -> T:
        """Run a search; what it may have changed is thrown away."""
        raise NotImplementedError

    async def listen(self, rung: Callable[[str], Awaitable[None]]) -> None:
        """Hear what other processes commit: nothing, where there are none."""

    def ring(self, what: str) -> None:
        """Tell other processes that something was committed."""

    async def close(self) -> None:
        """Let go of all connections."""
        raise NotImplementedError


def short_savepoints(engine: Engine) -> None:
    """Savepoints said in their own few words: SQLAlchemy would compile them anew each time."""
    for deed, words in SAVEPOINTS:
        setattr(engine.dialect, deed, partial(_said, words))


def _said(words: str, connection: Connection, name: str) -> None:
    connection.exec_driver_sql(f"{words} {name}")
