"""Rates: what a network allows. A limit for one target delays no other; answers to presses are never limited.

When more wants to leave than may, what somebody waits for goes first.
"""

import asyncio
import heapq
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from math import ceil
from time import monotonic

KEPT = 10_000
SECOND = 1.05  # seconds: what leaves evenly does not arrive evenly
AHEAD = 2  # seconds: how much a process takes into its hands at once


@dataclass(frozen=True)
class Rates:
    """Messages a second: to one target, and in all (0: no limit)."""

    per_target: float
    overall: float = 0.0


@dataclass
class Waits:
    """Somebody's place in the queue for the network as a whole."""

    rank: int
    go: asyncio.Future[None]


class Limiter:
    """Hands out the moments at which something may leave for one network: never more in any second than it allows."""

    def __init__(self, rates: Rates) -> None:
        self._pause = 1 / rates.per_target if rates.per_target else 0.0
        self._overall = rates.overall
        self._next: OrderedDict[str, float] = OrderedDict()
        self._gone: deque[float] = deque()  # when the last ones left, as many as may leave in one window
        self._queue: list[tuple[int, int, Waits]] = []
        self._waiting: dict[str, Waits] = {}  # by target
        self._numbers = count()
        self._alarm: asyncio.TimerHandle | None = None
        self._inside = 0
        self.share(1)

    def share(self, among: int) -> None:
        """So many processes send: each has its part of the whole."""
        mine = self._overall / among
        self._most = max(1, int(mine))
        self._window = max(SECOND, SECOND * self._most / mine) if mine else 0.0

    def room(self) -> int | None:
        """How many more it is worth taking in hand: what can leave within a moment (none: any number)."""
        return max(0, ceil(AHEAD * self._rate) - self._inside) if self._overall else None

    @property
    def calm(self) -> bool:
        """Whether what waits will soon have left."""
        return self._inside <= self._rate * AHEAD / 2

    @property
    def _rate(self) -> float:
        return self._most / self._window * SECOND

    async def turn(self, target: str, rank: Callable[[], int]) -> None:
        """Wait for this target's turn, then for the network's; `rank` is asked for when it comes to that."""
        self._inside += 1
        try:
            if (wait := self._target_wait(target)) > 0:
                await asyncio.sleep(wait)
            if self._overall:
                await self._among_all(target, rank())
        finally:
            self._inside -= 1

    def hurry(self, target: str, rank: int) -> None:
        """Something that cannot wait stands behind this target's first: that one goes as soon."""
        waits = self._waiting.get(target)
        if waits is not None and rank < waits.rank:
            waits.rank = rank
            heapq.heappush(self._queue, (rank, next(self._numbers), waits))

    def _target_wait(self, target: str) -> float:
        if not self._pause:
            return 0.0
        now = monotonic()
        start = max(now, self._next.get(target, 0.0))
        self._next[target] = start + self._pause
        self._next.move_to_end(target)
        while len(self._next) > KEPT:
            self._next.popitem(last=False)
        return start - now

    async def _among_all(self, target: str, rank: int) -> None:
        waits = self._waiting[target] = Waits(rank, asyncio.get_running_loop().create_future())
        heapq.heappush(self._queue, (rank, next(self._numbers), waits))
        self._let_go()
        try:
            await waits.go
        finally:
            if self._waiting.get(target) is waits:
                del self._waiting[target]

    def _let_go(self) -> None:
        """Let as many go as may, the lowest rank first; look again when the next one may."""
        while self._queue:
            now = monotonic()
            while self._gone and self._gone[0] <= now - self._window:
                self._gone.popleft()
            if len(self._gone) >= self._most:
                self._look_again(self._gone[0] + self._window - now)
                return
            *_, waits = heapq.heappop(self._queue)
            if not waits.go.done():  # gone already in a hurry, or given up
                self._gone.append(now)
                waits.go.set_result(None)

    def _look_again(self, seconds: float) -> None:
        if self._alarm is None:
            self._alarm = asyncio.get_running_loop().call_later(seconds, self._on_time)

    def _on_time(self) -> None:
        self._alarm = None
        self._let_go()
