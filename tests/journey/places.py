"""What a walk keeps: a clock that stands still, a database that can be photographed, and what hangs in a chat."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import StaticPool
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.database import sqlite_engine
from bot.units import Database, Unit


class Still(Clock):
    """A clock that somebody else moves."""

    def __init__(self, at: datetime) -> None:
        super().__init__()
        self.at = at

    def now(self) -> datetime:
        return self.at

    def jumped(self) -> bool:
        return False


class Memory(Database):
    """A database that can be photographed."""

    dialect = "sqlite"

    def __init__(self) -> None:
        self._engine = sqlite_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})

    async def write(self, unit: Unit[Any]) -> Any:
        return self.now(unit)

    async def read(self, unit: Unit[Any]) -> Any:
        return self.now(unit)

    async def close(self) -> None:
        self._engine.dispose()

    def asks(self, sql: str, *values: Any) -> list[Any]:
        """A quick look, past the session."""
        found: list[Any] = self._raw().execute(sql, values).fetchall()
        return found

    def now(self, unit: Unit[Any]) -> Any:
        with Session(self._engine, expire_on_commit=False) as session, session.begin():
            return unit(session)

    def picture(self) -> bytes:
        taken: bytes = self._raw().serialize()
        return taken

    def becomes(self, picture: bytes) -> None:
        self._raw().deserialize(picture)

    def _raw(self) -> Any:
        connection = self._engine.raw_connection()
        try:
            return connection.driver_connection
        finally:
            connection.close()


@dataclass(frozen=True)
class Key:
    """A button as it hangs in a chat."""

    label: str
    token: str
    act: str
    args: tuple[tuple[str, str | int], ...]
    turn: int | None  # none: it stands for ever


@dataclass(frozen=True)
class Bubble:
    """A message of ours in a chat."""

    id: str
    text: str
    keys: tuple[Key, ...]


@dataclass(frozen=True)
class Spot:
    """Where a walk stands."""

    picture: bytes
    chat: tuple[Bubble, ...]
    team: tuple[Bubble, ...]
    at: datetime
    path: tuple[str, ...] = ()
    said: frozenset[str] = frozenset()


@dataclass
class Heard:
    """What one step brought about."""

    bubbles: list[Bubble] = field(default_factory=list)
    said: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)  # language, words, labels
    notices: list[str] = field(default_factory=list)
    answered: int = 0  # ended presses
    form: str | None = None
    asks_for: bool = False  # the phone's own button is shown
