"""The alarm clock: finds timers that are due and puts them on the desk, walking through a jump of the clock.

It goes on while there is more, but never hands over more than the desk can soon see to, and of what is ours to ask no
more than can soon leave: what waits, waits as a timer, where it costs nothing and can still be taken back.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from datetime import datetime
from typing import Protocol

import structlog
from sqlalchemy.orm import Session

from bot import inbox, outbox
from bot.channels.arrival import Arrival
from bot.clock import Clock, real
from bot.failpoints import failpoint
from bot.gate import Gate
from bot.units import Database
from scheduling import timers
from scheduling.ranks import Rank
from scheduling.timers import Rung

log = structlog.get_logger("alarm")

BATCH = 100  # timers handed over in one transaction; the next ones when half of them are done
URGENT = (Rank.WAITED_FOR, Rank.PROMISED)


class Sees(Protocol):
    """Whoever sees to what rang: the desk."""

    gate: Gate

    def wake(self, conversations: Iterable[str], rank: int | None = None) -> None:
        """See to these."""

    def at_work_on(self, conversation: str) -> bool:
        """Whether it has not come to the end of it."""


class Alarm:
    """Rings what is due. A jump forward halts at each due row in turn, so that nothing is late that only time moved."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        desk: Sees,
        settled: Callable[[], Awaitable[None]],
        *,
        asked_at_most: int | None = None,
    ) -> None:
        self._database, self._clock, self._desk, self._settled = database, clock, desk, settled
        self._asked_at_most = asked_at_most  # so many of ours may wait to leave (none: any number)
        self._handed: Counter[str] = Counter()  # how many of a conversation we have handed over
        self._lock = asyncio.Lock()
        self._beating: asyncio.Task[None] | None = None

    async def tick(self) -> None:
        """The heartbeat's: begin to ring what is due, unless we are still at it."""
        if self._beating is None or self._beating.done():
            self._beating = asyncio.create_task(self._beat_safely(), name="alarm")

    async def stop(self) -> None:
        """Hand nothing more over."""
        if self._beating is not None:
            self._beating.cancel()
            with suppress(asyncio.CancelledError):
                await self._beating

    async def _beat_safely(self) -> None:
        try:
            await self.beat()
        except Exception:
            log.exception("the timers could not be looked at")

    async def beat(self) -> None:
        """Ring what is due now; if the clock was moved, arrive there step by step."""
        async with self._lock:
            while self._clock.jumped():
                target = self._clock.target()
                due = await self._database.read(timers.next_due)
                if due is None or due > target:
                    self._clock.adopt()
                    break
                self._clock.halt_at(due)
                if not await self._ring():
                    break
                await self._settled()
            await self._ring()

    async def _ring(self) -> int:
        """Hand over all that is due, in batches, as fast as the desk sees to it; how many.

        The clock is looked at for each: what falls due meanwhile may be what somebody waits for.
        """
        rung = 0
        while True:
            await self._room()
            found = await self._database.write(lambda session: self._hand_over(session, self._clock.now()))
            if found:
                failpoint("timers.after_commit")
            self._handed.update(one.subject for one in found)
            for rank in Rank:
                self._desk.wake((one.subject for one in found if one.rank == rank), rank)
            rung += len(found)
            if len(found) < BATCH:
                return rung

    async def _room(self) -> None:
        """Until the desk has seen to half of what we gave it."""
        while True:
            self._handed = Counter({of: n for of, n in self._handed.items() if self._desk.at_work_on(of)})
            if self._handed.total() <= BATCH // 2:
                return
            await self._desk.gate.somebody_left()

    def _hand_over(self, session: Session, now: datetime) -> list[Rung]:
        """Claim, put in the inbox and commit together: a timer rings once, whatever dies."""
        rung = timers.claim(session, now, BATCH, URGENT)
        left = BATCH - len(rung)
        if left and self._asked_at_most is not None:
            left = min(left, self._asked_at_most - outbox.asked(session, self._asked_at_most))
        if left > 0:
            rung += timers.claim(session, now, left, (Rank.OURS,))
        failpoint("timers.claimed")
        inbox.accept(session, [_arrival(one) for one in rung], real())
        failpoint("timers.before_commit")
        return rung


def _arrival(one: Rung) -> Arrival:
    payload = {"kind": one.kind, "subject": one.subject, "occurrence": one.occurrence, "rank": one.rank}
    return Arrival(
        inbox.TIMER,
        f"{one.kind}/{one.subject}/{one.occurrence}/{one.due_at:%Y-%m-%dT%H:%M:%S}",
        one.subject,
        {**payload, "at": one.due_at.isoformat()},
    )
