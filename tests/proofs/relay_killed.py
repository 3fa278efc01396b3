"""The same walk with a program of its own, which is killed in the middle of things and started again."""

import asyncio
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.clock import Clock
from scheduling.timers import Timer, TimerState
from tests.proofs.outside import PATIENCE, Outside
from tests.proofs.relay_walk import Walk

SEES_THE_CLOCK = 1.0  # seconds: three beats of the program's heart


@dataclass
class KilledWalk(Walk):
    """Whoever stops the program does it with SIGKILL; a supervisor starts it again."""

    out: Outside = field(kw_only=True)
    kills: int = 0

    async def quiet(self) -> None:
        await self.out.quiet()

    async def moves(self, seconds: float) -> None:
        """Until whatever is due has rung: the program looks at its clock by itself."""
        await self.house.moves_clock(seconds)
        await asyncio.sleep(SEES_THE_CLOCK)  # else what is said now would still be said at the hour before
        clock = Clock(self.house.clock_file)

        def overdue(session: Session) -> int:
            due = Timer.due_at <= clock.now()
            return session.scalar(select(func.count()).where(Timer.state == TimerState.SET, due)) or 0

        async with asyncio.timeout(PATIENCE):
            while await self.out.in_database(overdue):  # noqa: ASYNC110 (another process's rows)
                await asyncio.sleep(0.05)

    async def dies_and_lives(self) -> None:
        """At any moment: nothing waits for what is under way."""
        await asyncio.sleep(self.dice.uniform(0.0, 0.15))
        process, self.kills = self.out.process, self.kills + 1
        assert process is not None
        process.kill()
        await process.wait()
        async with asyncio.timeout(PATIENCE):
            while self.out.deaths < self.kills:  # noqa: ASYNC110 (the supervisor's)
                await asyncio.sleep(0.02)
        await self.out.ready()
        self.book.unmarked = self.out.unmarked.total()
