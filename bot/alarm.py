"""The alarm clock: finds timers that are due and puts them on the desk, walking through a jump of the clock."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from bot import inbox
from bot.channels.arrival import Arrival
from bot.clock import Clock, real
from bot.database import Database
from bot.failpoints import failpoint
from scheduling import timers


class Alarm:
    """Rings what is due. A jump forward halts at each due row in turn, so that nothing is late that only time moved."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        wake: Callable[[Iterable[str]], None],
        settled: Callable[[], Awaitable[None]],
    ) -> None:
        self._database, self._clock, self._wake, self._settled = database, clock, wake, settled
        self._lock = asyncio.Lock()

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
                if not await self._ring(self._clock.now()):
                    break
                await self._settled()
            await self._ring(self._clock.now())

    async def _ring(self, now: datetime) -> int:
        """Claim, put in the inbox and commit together: a timer rings once, whatever dies."""

        def unit(session: Session) -> list[str]:
            rung = timers.claim(session, now)
            failpoint("timers.claimed")
            arrivals = [
                Arrival(
                    "timer",
                    f"{r.kind}/{r.subject}/{r.occurrence}/{r.due_at:%Y-%m-%dT%H:%M:%S}",
                    r.subject,
                    {"kind": r.kind, "subject": r.subject, "occurrence": r.occurrence, "at": r.due_at.isoformat()},
                )
                for r in rung
            ]
            inbox.accept(session, arrivals, real())
            failpoint("timers.before_commit")
            return [a.conversation for a in arrivals]

        woken = await self._database.write(unit)
        if woken:
            failpoint("timers.after_commit")
            self._wake(woken)
        return len(woken)
