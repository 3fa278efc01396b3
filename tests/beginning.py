"""The moment at which every house of the tests opens: the same each day, so that what is green stays green.

`TESTS_BEGIN=2026-12-24T16:30+01:00` (or `now`) opens them at another: months end, people are on holiday, clocks change.
"""

import os
from datetime import UTC, datetime
from pathlib import Path

from bot.clock import Clock, real

USUAL = datetime(2026, 11, 9, 0, 50, tzinfo=UTC)  # the night to a Monday: nothing can be booked before the next morning


def offset() -> float:
    """How far the house's time is from the machine's, in seconds."""
    said = os.environ.get("TESTS_BEGIN")
    if said == "now":
        return 0.0
    begins = datetime.fromisoformat(said) if said else USUAL
    if begins.tzinfo is None:
        raise ValueError(f"TESTS_BEGIN={said} has no time zone: write 2026-12-24T16:30+01:00")
    return (begins - real()).total_seconds()


def clock(folder: Path) -> Clock:
    """A clock that stands at the beginning."""
    file = folder / "clock"
    file.write_text(str(offset()))
    return Clock(file)
