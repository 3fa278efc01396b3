"""Rates: what a network allows. A limit for one target delays no other; answers to presses are never limited."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from time import monotonic

KEPT = 10_000


@dataclass(frozen=True)
class Rates:
    """Messages a second: to one target, and in all (0: no limit)."""

    per_target: float
    overall: float = 0.0


class Limiter:
    """Hands out the moments at which something may leave for one network."""

    def __init__(self, rates: Rates) -> None:
        self._pause = 1 / rates.per_target if rates.per_target else 0.0
        self._gap = 1 / rates.overall if rates.overall else 0.0
        self._burst = max(1.0, rates.overall)
        self._next: OrderedDict[str, float] = OrderedDict()
        self._allowance = self._burst
        self._seen = monotonic()

    async def turn(self, target: str) -> None:
        """Wait for this target's turn, then for the network's."""
        if (wait := self._target_wait(target)) > 0:
            await asyncio.sleep(wait)
        if self._gap and (wait := self._overall_wait()) > 0:
            await asyncio.sleep(wait)

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

    def _overall_wait(self) -> float:
        """A bucket of a second's worth, refilled evenly; below nothing it is a queue."""
        now = monotonic()
        self._allowance = min(self._burst, self._allowance + (now - self._seen) / self._gap) - 1
        self._seen = now
        return max(0.0, -self._allowance * self._gap)
