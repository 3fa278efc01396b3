"""The leader: of several workers, one polls Telegram and holds the Slack socket. The lease is a row with an expiry."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

import structlog
from sqlalchemy import Column, Table, delete, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.clock import real
from bot.database import insert_into
from bot.units import Database
from domain.record import Short, UTCDateTime, metadata

log = structlog.get_logger("leader")

LEASE = timedelta(seconds=20)
RENEW = 5.0  # seconds

leases = Table(
    "leases",
    metadata,
    Column("name", Short, primary_key=True, info={"personal": False}),
    Column("owner", Short, nullable=False, info={"personal": False}),
    Column("until", UTCDateTime, nullable=False),
)


class Leader:
    """Gains the lease, keeps it, and gives it back; `gained` and `lost` open and close what only one may hold."""

    def __init__(
        self,
        database: Database,
        name: str,
        owner: str,
        gained: Callable[[], Awaitable[None]],
        lost: Callable[[], Awaitable[None]],
    ) -> None:
        self._database, self._name, self._owner = database, name, owner
        self._gained, self._lost = gained, lost
        self._leading = False
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Try at once, then again and again."""
        self._task = asyncio.create_task(self._keep(), name=f"leader {self._name}")

    async def stop(self) -> None:
        """Give the lease back, so that another need not wait for its end."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        if self._leading:
            await self._step_down()
            mine = delete(leases).where(leases.c.name == self._name, leases.c.owner == self._owner)
            with suppress(SQLAlchemyError, OSError):
                await self._database.write(lambda session: session.execute(mine))

    async def _keep(self) -> None:
        while True:
            try:
                ours = await self._database.write(lambda session: take(session, self._name, self._owner))
            except (SQLAlchemyError, OSError, TimeoutError):
                ours = False  # whoever cannot reach the database cannot know that he leads
            if ours and not self._leading:
                log.info("leading", lease=self._name)
                self._leading = True
                await self._gained()
            elif not ours and self._leading:
                await self._step_down()
            await asyncio.sleep(RENEW)

    async def _step_down(self) -> None:
        log.info("not leading any more", lease=self._name)
        self._leading = False
        await self._lost()


def take(session: Session, name: str, owner: str) -> bool:
    """Take or renew a lease: one conditional update has one winner."""
    now = real()
    fresh = insert_into(session.get_bind().dialect.name, leases).on_conflict_do_nothing()
    session.execute(fresh.values(name=name, owner=owner, until=now + LEASE))
    mine = (
        update(leases)
        .where(leases.c.name == name, or_(leases.c.owner == owner, leases.c.until < now))
        .values(owner=owner, until=now + LEASE)
        .returning(leases.c.name)
    )
    return session.scalar(mine) is not None


def holder(session: Session, name: str) -> str | None:
    """Who leads now."""
    return session.scalar(select(leases.c.owner).where(leases.c.name == name, leases.c.until > real()))
