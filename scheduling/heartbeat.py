"""The heartbeat: APScheduler beats, and does nothing else. Business hours are rows, never its jobs."""

from collections.abc import Awaitable, Callable
from datetime import UTC

from apscheduler.schedulers.asyncio import AsyncIOScheduler


class Heartbeat:
    """Calls each beat every so many seconds; a beat that is still busy is not called twice."""

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(timezone=UTC)

    def every(self, seconds: float, beat: Callable[[], Awaitable[None]], name: str) -> None:
        """Add a beat."""
        self._scheduler.add_job(
            beat, "interval", seconds=seconds, id=name, max_instances=1, coalesce=True, misfire_grace_time=None
        )

    def start(self) -> None:
        """Begin to beat (in the running loop)."""
        self._scheduler.start()

    def stop(self) -> None:
        """Stop beating."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
