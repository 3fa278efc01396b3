"""Manners: when somebody may be asked for something: in his daytime, on no day of rest, not too often. Pure.

What he waits for himself (a reminder of his appointment, an answer, a change) is no question: it never comes here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import blake2b
from zoneinfo import ZoneInfo

MONTH = timedelta(days=30)
DAY = timedelta(days=1)
FARTHEST = timedelta(days=400)  # later than that nobody waits for


@dataclass(frozen=True)
class Manners:
    """What a company holds itself to."""

    hours: tuple[time, time] = (time(9, 30), time(20, 0))  # his daytime: from, and before
    days: frozenset[int] = frozenset(range(6))  # weekdays, Monday is 0: nobody is asked on a Sunday
    apart: timedelta = timedelta(days=7)  # between two questions
    a_month: int = 3  # in any thirty days
    spread: timedelta = timedelta(hours=3)  # what is due for many on one morning is spread over so much of it

    def __post_init__(self) -> None:
        if self.hours[0] >= self.hours[1]:
            raise ValueError("the hours end before they begin")
        if not self.days or self.a_month < 1:
            raise ValueError("nobody could ever be asked")


class NeverAgain(ValueError):  # noqa: N818 (a fact about manners)
    """No moment within a year would be polite: the rules and what was asked leave none."""


def earliest(manners: Manners, zone: str, wanted: datetime, asked: Sequence[datetime], key: str = "") -> datetime:
    """The first polite moment from `wanted` on. `asked`: when he was asked before; `zone`: where he lives.

    `key` says whose question it is: where it has to wait for a morning, each has a minute of his own, always the same,
    so that ten thousand homes are not asked in one minute. Raises NeverAgain.
    """
    before = sorted(asked)
    at = wanted
    while at < wanted + FARTHEST:
        moment = _polite_hour(manners, zone, at, key)
        later = _rested(manners, before, moment)
        if later <= moment:
            return moment
        at = later
    raise NeverAgain


def _rested(manners: Manners, before: Sequence[datetime], moment: datetime) -> datetime:
    """That moment, or the first one at which the last question is long enough ago and there were not too many."""
    known = [at for at in before if at <= moment]
    after = [at for at in before if at > moment]  # set already, and still to come: the same distance holds
    found = moment
    if known:
        found = max(found, known[-1] + manners.apart)
    if after and after[0] - found < manners.apart:
        return max(found, after[0] + manners.apart)
    crowd = [at for at in before if found - MONTH < at <= found]
    if len(crowd) >= manners.a_month:
        found = max(found, crowd[-manners.a_month] + MONTH)
    return found


def _polite_hour(manners: Manners, zone: str, at: datetime, key: str) -> datetime:
    """That moment if it lies in his daytime, else in the next morning that does."""
    there = ZoneInfo(zone)
    local = at.astimezone(there)
    if local.weekday() in manners.days and manners.hours[0] <= local.time() < manners.hours[1]:
        return at
    day = local.date() if local.time() < manners.hours[0] else local.date() + DAY
    while day.weekday() not in manners.days:
        day += DAY
    return max(_in_the_morning(manners, there, day, key), at)


def _in_the_morning(manners: Manners, there: ZoneInfo, day: date, key: str) -> datetime:
    """His own minute of that morning, never past the end of his daytime."""
    opens = _moment(day, manners.hours[0], there)
    closes = _moment(day, manners.hours[1], there)
    room = min(manners.spread, closes - opens - timedelta(minutes=1))
    minutes = int(room / timedelta(minutes=1))
    return opens + timedelta(minutes=_number(key) % (minutes + 1) if key and minutes > 0 else 0)


def _moment(day: date, clock: time, there: ZoneInfo) -> datetime:
    """What a wall clock shows there, as one moment: a skipped hour moves forward, of a doubled one it is the first."""
    return datetime.combine(day, clock, there).astimezone(UTC)


def _number(key: str) -> int:
    """The same for ever, on every machine."""
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big")
