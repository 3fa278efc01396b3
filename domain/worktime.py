"""Which time counts for a promise: all of it, or working time, holidays and closed days aside. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.working_time import Timetable

AHEAD = timedelta(days=366)  # a promise that is not over by then has no end one could name
NOTHING = timedelta()


@dataclass(frozen=True)
class Worktime:
    """Which time counts: these hours of a timetable, but for what is closed."""

    table: Timetable
    hours: str
    closed: tuple[tuple[datetime, datetime], ...] = ()  # in order, apart from one another

    def passed(self, start: datetime, end: datetime) -> timedelta:
        """How much of it lies between two moments."""
        return sum((until - begun for begun, until in self.open(start, end)), NOTHING)

    def later(self, start: datetime, span: timedelta) -> datetime | None:
        """The moment at which so much of it has passed; None when that takes more than a year."""
        left = span
        for begun, until in self.open(start, start + AHEAD):
            if until - begun >= left:
                return begun + left
            left -= until - begun
        return None

    def open(self, start: datetime, end: datetime) -> Iterable[tuple[datetime, datetime]]:
        """The stretches of it between two moments."""
        for hours, begun, until in self.table.stretches(start, end):
            if hours == self.hours:
                yield from _without(begun, until, self.closed)


def _without(
    begun: datetime, until: datetime, closed: Sequence[tuple[datetime, datetime]]
) -> Iterable[tuple[datetime, datetime]]:
    """A stretch without what is closed."""
    for first, last in closed:
        if first < until and last > begun:
            if first > begun:
                yield begun, first
            begun = max(begun, last)
    if begun < until:
        yield begun, until


class Always:
    """All time counts."""

    @staticmethod
    def passed(start: datetime, end: datetime) -> timedelta:
        """How much lies between two moments."""
        return max(end - start, NOTHING)

    @staticmethod
    def later(start: datetime, span: timedelta) -> datetime | None:
        """The moment at which so much has passed."""
        return start + span


ALWAYS = Always()
Time = Worktime | Always
