"""The gate: so many at a time of what can wait a moment, so that whoever presses a button never stands behind it."""

import asyncio
import heapq
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count


class Gate:
    """Lets so many through at once, the lower rank first."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._queue: list[tuple[int, int, asyncio.Future[None]]] = []
        self._numbers = count()
        self._left = asyncio.Event()

    @asynccontextmanager
    async def pass_through(self, rank: int) -> AsyncIterator[None]:
        """Wait for a place, and give it back in the end."""
        await self._enter(rank)
        try:
            yield
        finally:
            self._leave()

    async def somebody_left(self) -> None:
        """Until the next one comes out."""
        self._left.clear()
        await self._left.wait()

    async def _enter(self, rank: int) -> None:
        if self._free:
            self._free -= 1
            return
        waits: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._queue, (rank, next(self._numbers), waits))
        try:
            await waits
        except asyncio.CancelledError:
            if waits.done() and not waits.cancelled():
                self._leave()  # the place was given to somebody who is not coming
            raise

    def _leave(self) -> None:
        self._free += 1
        while self._free and self._queue:
            *_, waits = heapq.heappop(self._queue)
            if not waits.done():
                self._free -= 1
                waits.set_result(None)
        self._left.set()
