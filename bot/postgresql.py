"""PostgreSQL: for more than one process. Loaded by `bot.database.connect` where it is used."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import asyncpg
import structlog
from sqlalchemy import make_url, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import Session

from bot.units import JSON_FORM, Database, T, Unit, short_savepoints

log = structlog.get_logger("postgresql")

CHANNEL = "aftercare"
NOTIFY = text("SELECT pg_notify(:channel, :what)")
insert = postgresql.insert  # for `bot.database.insert_into`, which loads us by name


class PostgreSQL(Database):
    """A server for more than one process; every unit runs inside one `run_sync`."""

    dialect = "postgresql"

    def __init__(self, url: str, pool: int = 10) -> None:
        guards = {"statement_timeout": "15000", "idle_in_transaction_session_timeout": "20000"}
        self._bell = Bell(self, url)
        self._engine: AsyncEngine = create_async_engine(
            url,
            pool_size=pool,
            max_overflow=5,
            pool_pre_ping=True,
            hide_parameters=True,  # an error must not carry what people wrote into the log
            **JSON_FORM,
            connect_args={"server_settings": guards, "command_timeout": 20},
        )
        short_savepoints(self._engine.sync_engine)

    async def write(self, unit: Unit[T]) -> T:
        async with AsyncSession(self._engine, expire_on_commit=False) as session, session.begin():
            return await session.run_sync(unit)

    async def read(self, unit: Unit[T]) -> T:
        async with AsyncSession(self._engine, expire_on_commit=False) as session:
            return await session.run_sync(unit)

    async def listen(self, rung: Callable[[str], Awaitable[None]]) -> None:
        await self._bell.start(rung)

    def ring(self, what: str) -> None:
        self._bell.ring(what)

    async def close(self) -> None:
        await self._bell.stop()
        await self._engine.dispose()


class Bell:
    """LISTEN / NOTIFY between processes. A ring that is lost only costs the next sweep's wait."""

    def __init__(self, database: Database, url: str) -> None:
        self._database, self._url = database, url
        self._task: asyncio.Task[None] | None = None
        self._rings: set[asyncio.Task[Any]] = set()
        self._waiting: set[str] = set()  # rings that have not begun: one stands for all that come meanwhile

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
        if what in self._waiting:
            return
        self._waiting.add(what)
        task = asyncio.create_task(self._ring(what))
        self._rings.add(task)
        task.add_done_callback(self._rings.discard)

    async def _ring(self, what: str) -> None:
        def unit(session: Session) -> None:
            self._waiting.discard(what)
            session.execute(NOTIFY, {"channel": CHANNEL, "what": what})

        try:
            await self._database.write(unit)
        finally:
            self._waiting.discard(what)

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
            what = None
            with suppress(TimeoutError):
                async with asyncio.timeout(5):  # not wait_for: on Python 3.11 a ring can swallow the cancellation
                    what = await heard.get()
            if what is not None:
                await rung(what)
