"""The sandbox's time: the machine's, moved by the offset in CLOCK_FILE (seconds, absent file = none)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path


class Clock:
    def __init__(self, file: Path | None = None) -> None:
        self.file = file

    @property
    def offset(self) -> float:
        if self.file is None:
            return 0.0
        try:
            return float(self.file.read_text() or 0)
        except (FileNotFoundError, ValueError):
            return 0.0

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.offset)  # noqa: TID251 (a clock)

    def move(self, by: timedelta) -> None:
        """Move the time forward (written whole, so that a reader never sees half a number)."""
        if self.file is None:
            raise ValueError("no CLOCK_FILE was given, so the time cannot be moved")
        fresh = self.file.with_suffix(".new")
        fresh.write_text(str(self.offset + by.total_seconds()))
        fresh.replace(self.file)
