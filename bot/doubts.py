"""Doubts: what a process may have died over is counted before it is tried again. The third time is the last."""

from collections.abc import Iterable
from datetime import timedelta
from enum import Enum, auto

from sqlalchemy.orm import Session

from bot import inbox
from bot.clock import real
from bot.units import Database

ABANDONED = timedelta(seconds=15)  # whoever accepts a row sees to it at once: after so long he has died


class Doubt(Enum):
    """What became of it."""

    GO = auto()  # it may be tried
    ASIDE = auto()  # it was tried too often
    THEIRS = auto()  # another process is at it: one that only came late must not be counted as one that died


class Doubts:
    """The conversations that were under way when a process died."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._several = database.dialect == "postgresql"
        self._about: set[str] = set()
        self._ours: dict[str, int] = {}  # the row that we have counted and are at

    def rise(self, conversations: Iterable[str]) -> None:
        """Somebody may have died over these."""
        self._about |= set(conversations)

    def over(self, conversation: str) -> None:
        """It was seen to."""
        self._about.discard(conversation)
        self._ours.pop(conversation, None)

    def let_go(self, conversation: str) -> None:
        """We failed, and live: it is tried again when its time has come, by anybody."""
        self._ours.pop(conversation, None)

    def ours(self, conversation: str, row: int) -> bool:
        """Whether we are the ones who are at it."""
        return self._ours.get(conversation) == row

    async def settle(self, conversation: str) -> Doubt:
        """Count, where there is doubt, and say whether to go on."""
        if conversation not in self._about:
            return Doubt.GO
        return await self._database.write(lambda session: self._count(session, conversation))

    def _count(self, session: Session, conversation: str) -> Doubt:
        if self._several and not inbox.mine(session, conversation):
            return Doubt.THEIRS
        row, _ = inbox.earliest(session, conversation)
        if row is None:
            return Doubt.GO
        now = real()
        if row.not_before is not None and row.not_before > now and not self.ours(conversation, row.id):
            return Doubt.THEIRS
        if not inbox.begin_again(session, row.id, now + ABANDONED if self._several else None):
            return Doubt.ASIDE
        self._ours[conversation] = row.id
        return Doubt.GO
