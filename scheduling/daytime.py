"""Local times: what a wall clock shows, turned into one moment, whatever the clocks were changed to that night."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def at_local(on: date, clock: time, zone: str) -> datetime:
    """The moment a wall clock in `zone` shows `clock` on that date.

    An hour that is skipped in spring moves forward by the gap (02:30 is 03:30); one that happens twice in autumn is
    its first (`fold=0` means just that: PEP 495).
    """
    return datetime.combine(on, clock, ZoneInfo(zone)).astimezone(UTC)


def in_daytime(at: datetime, zone: str, window: tuple[time, time]) -> datetime:
    """That moment, or the next one inside the window of the day there."""
    local = at.astimezone(ZoneInfo(zone))
    if local.time() < window[0]:
        return at_local(local.date(), window[0], zone)
    if local.time() >= window[1]:
        return at_local(local.date() + timedelta(days=1), window[0], zone)
    return at
