"""Business time: the machine's, moved by the offset in CLOCK_FILE (seconds; no file, no offset).

Leases, rates and signatures never ask this clock: they use real or monotonic time.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path


class Clock:
    """The time people live in. A jump forward is not followed at once: the heartbeat walks through it.

    `now()` stands still at the offset that was last adopted; `target()` is where the file wants it to be.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._adopted = self._offset()

    def now(self) -> datetime:
        """The moment it is for us."""
        return real() + self._adopted

    def target(self) -> datetime:
        """The moment it shall be."""
        return real() + self._offset()

    def jumped(self) -> bool:
        """Whether the file was moved since the last `adopt`."""
        return self._offset() != self._adopted

    def halt_at(self, moment: datetime) -> None:
        """Walk forward to a moment between now and the target."""
        self._adopted = max(self._adopted, moment - real())

    def adopt(self) -> None:
        """Arrive: from here on now is the target."""
        self._adopted = self._offset()

    def _offset(self) -> timedelta:
        if self._file is None:
            return timedelta()
        try:
            return timedelta(seconds=float(self._file.read_text() or 0))
        except (FileNotFoundError, ValueError, OverflowError):
            return timedelta()


def real() -> datetime:
    """The machine's own time, for leases and rates."""
    return datetime.now(UTC)  # noqa: TID251 (a clock)
