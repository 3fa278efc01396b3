"""Marks: what became of parcels, gathered for a moment and written together, with what follows from it."""

import asyncio
from collections.abc import Callable, Iterable
from time import monotonic

import structlog
from sqlalchemy.orm import Session

from bot import inbox, outbox
from bot.channels.carrier import NotSent, Outcome
from bot.clock import real
from bot.failpoints import failpoint
from bot.housekeeping import forget, is_secret
from bot.outbox import Mark, OutboxState, Parcel
from bot.told import told
from bot.units import Database

log = structlog.get_logger("sender")

BATCH = 0.05  # seconds over which marks are gathered


class Marks:
    """Gathers marks and writes them; nothing is forgotten when the database is away."""

    def __init__(
        self,
        database: Database,
        *,
        woken: Callable[[Iterable[str]], None],
        dead: Callable[[Session, Parcel, str], list[Parcel]],
        committed: Callable[[list[Parcel]], None],
    ) -> None:
        self._database, self._woken, self._dead, self._committed = database, woken, dead, committed
        self._noted: list[tuple[Mark, Parcel, Outcome]] = []
        self._flush: asyncio.Task[None] | None = None
        self._flushed = 0.0  # when they were last written (monotonic)
        self._stopping = False

    @property
    def written(self) -> bool:
        """Nothing waits to be written."""
        return not self._noted and (self._flush is None or self._flush.done())

    def note(self, mark: Mark, parcel: Parcel, outcome: Outcome) -> None:
        """One more."""
        self._noted.append((mark, parcel, outcome))
        if self._flush is None or self._flush.done():
            self._flush = asyncio.create_task(self._flush_soon())

    async def stop(self) -> None:
        """Write what is left; what follows from it waits for the next start."""
        self._stopping = True
        await self._flush_now()

    async def _flush_soon(self) -> None:
        """The first mark is written at once, those that follow closely together: a crash can repeat but little."""
        while self._noted:
            await asyncio.sleep(max(0.0, self._flushed + BATCH - monotonic()))
            await self._flush_now()
            self._flushed = monotonic()

    async def _flush_now(self) -> None:
        noted, self._noted = self._noted, []
        if not noted:
            return
        failpoint("sender.before_mark")
        now = real()

        def unit(session: Session) -> tuple[list[str], list[Parcel]]:
            outbox.mark(session, [mark for mark, _, _ in noted])
            forget(session, [p.id for m, p, _ in noted if m.state is OutboxState.SENT and is_secret(p.payload)])
            for mark, parcel, _ in noted:
                if mark.remote is not None and parcel.about is not None:
                    outbox.hang(session, parcel.target, parcel.about, mark.remote)
            arrivals = [a for mark, parcel, outcome in noted for a in told(mark, parcel, outcome)]
            inbox.accept(session, arrivals, now)
            cards = [p for mark, parcel, outcome in noted for p in self._trouble(session, mark, parcel, outcome)]
            failpoint("sender.before_mark_commit")
            return [a.conversation for a in arrivals], cards

        try:
            woken, cards = await self._database.write(unit)
        except Exception:
            self._noted = noted + self._noted  # tried again with the next batch: nothing is forgotten
            log.exception("marks not written")
            await asyncio.sleep(1)
            return
        failpoint("sender.after_mark")
        self._woken(woken)
        if not self._stopping:
            self._committed(cards)

    def _trouble(self, session: Session, mark: Mark, parcel: Parcel, outcome: Outcome) -> list[Parcel]:
        """The team's card about a dead letter, in the transaction that marks it: its button works at once."""
        # A person who cannot be reached is told of by his mark; a channel that is gone is trouble.
        gone = isinstance(outcome, NotSent) and outcome.gone and parcel.network == "telegram"
        if mark.state is not OutboxState.DEAD or gone:
            return []
        return self._dead(session, parcel, mark.error or "")
