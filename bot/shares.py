"""Shares: of several processes that send, each has its part of what a network allows in all."""

from contextlib import suppress
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot import leader
from bot.clock import real
from bot.leader import leases
from bot.limits import Limiter
from bot.units import Database

SENDS = "sends "
RING = "senders"  # one came or went
KEPT = timedelta(minutes=5)  # how long a lease that is over is remembered, for whoever looks what happened


class Shares:
    """Says that we are there, counts who else is, and takes no more than our part."""

    def __init__(self, database: Database, owner: str, limiter: Limiter) -> None:
        self._database, self._owner, self._limiter = database, owner, limiter

    async def join(self) -> None:
        """From now on we send: the others hear of it, and leave us our part."""
        await self.look()
        self._database.ring(RING)

    async def look(self) -> None:
        """Say that we are still there, and count again."""
        self._limiter.share(await self._database.write(lambda session: present(session, self._owner)))

    async def leave(self) -> None:
        """Our part is free."""
        with suppress(SQLAlchemyError, OSError):
            mine = delete(leases).where(leases.c.name == SENDS + self._owner)
            await self._database.write(lambda session: session.execute(mine))
            self._database.ring(RING)


def present(session: Session, owner: str) -> int:
    """Renew our own lease, forget those that ended long ago; how many send now."""
    leader.take(session, SENDS + owner, owner)
    senders = leases.c.name.startswith(SENDS)
    session.execute(delete(leases).where(senders, leases.c.until < real() - KEPT))
    return session.scalar(select(func.count()).where(senders, leases.c.until > real())) or 1
