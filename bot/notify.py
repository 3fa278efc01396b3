"""The bell between processes: LISTEN / NOTIFY on PostgreSQL. A ring that is lost only costs the next sweep's wait."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import asyncpg
import structlog
from sqlalchemy import make_url, text

from bot.database import Database

log = structlog.get_logger("bell")

CHANNEL = "aftercare"


class Bell:
    """Rings when something was committed that another process may see to."""

    def __init__(self, database: Database, url: str) -> None:
        self._database, self._url = database, url
        self._task: asyncio.Task[None] | None = None
        self._rings: set[asyncio.Task[Any]] = set()

    async def start(self, rung: Callable[[str], Awaitable[None]]) -> None:
        """Listen, for as long as the program runs; a lost connection is built anew."""
        self._task = asyncio.create_task(self._listen(rung), name="bell")

    async def stop(self) -> None:
        """Stop listening."""
        for task in (self._task, *self._rings):
            if task is not None:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    def ring(self, what: str) -> None:
        """Tell the others, without waiting."""
        task = asyncio.create_task(self._ring(what))
        self._rings.add(task)
        task.add_done_callback(self._rings.discard)

    async def _ring(self, what: str) -> None:
        notify = text("SELECT pg_notify(:channel, :what)")
        await self._database.write(lambda session: session.execute(notify, {"channel": CHANNEL, "what": what}))

    async def _listen(self, rung: Callable[[str], Awaitable[None]]) -> None:
        url = make_url(self._url).set(drivername="postgresql").render_as_string(hide_password=False)
        while True:
            try:
                connection = await asyncpg.connect(url, timeout=10)
            except (OSError, asyncpg.PostgresError, TimeoutError):
                log.warning("the database does not answer")
                await asyncio.sleep(5)
                continue
            try:
                await self._hear(connection, rung)
            except (OSError, asyncpg.PostgresError):
                log.warning("the database went away")
            finally:
                with suppress(OSError, asyncpg.PostgresError, TimeoutError):
                    await connection.close(timeout=2)

    async def _hear(self, connection: Any, rung: Callable[[str], Awaitable[None]]) -> None:
        heard: asyncio.Queue[str] = asyncio.Queue()
        await connection.add_listener(CHANNEL, lambda _c, _p, _n, what: heard.put_nowait(str(what)))
        while not connection.is_closed():
            with suppress(TimeoutError):
                await rung(await asyncio.wait_for(heard.get(), 5))
