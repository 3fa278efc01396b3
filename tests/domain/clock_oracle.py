"""Promise clocks by somebody who counts slowly: at every minute he looks what happened last before it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.areas import Urgency
from domain.clocks import Kind, Mark, Standing
from domain.declared import WEEKDAYS
from domain.plans import Promise
from domain.working_time import Hours
from domain.worktime import Worktime

MINUTE = timedelta(minutes=1)
BEYOND = 3 * 24 * 60  # minutes after now in which it is looked for when something will be due
RANK = [Urgency.LOW, Urgency.NORMAL, Urgency.HIGH, Urgency.EMERGENCY]
DONE = {
    "answer": {Kind.WE_SPOKE, Kind.HELPED, Kind.THERE, Kind.SOLVED},
    "help": {Kind.HELPED, Kind.THERE},
    "visit": {Kind.THERE},
    "reply": {Kind.WE_SPOKE, Kind.SOLVED},
}
OFF = {Kind.SOLVED, Kind.ENDED}


@dataclass
class Life:
    """One request: what happened when (no two things in the same minute), and what counts."""

    given: Worktime
    marks: list[Mark]
    now: datetime
    pauses: frozenset[Kind]
    _counts: dict[datetime, bool] = field(default_factory=dict)

    def last(self, kinds: Iterable[Kind], by: datetime) -> Mark | None:
        """The last of some things that happened by then."""
        wanted = set(kinds)
        found = None
        for mark in self.marks:
            if mark.kind in wanted and mark.at <= by:
                found = mark
        return found

    def works(self, minute: datetime) -> bool:
        """Whether a minute is working time."""
        known = self._counts.get(minute)
        if known is None:
            known = self._counts[minute] = self._works(minute)
        return known

    def _works(self, minute: datetime) -> bool:
        table = self.given.table
        if any(first <= minute < last for first, last in self.given.closed):
            return False
        wall = minute.astimezone(UTC).astimezone(ZoneInfo(table.zone))
        today, now = wall.date(), wall.hour * 60 + wall.minute

        def opens(entry: Hours, day: date) -> bool:
            closed = any(first <= day <= last for first, last in table.closed)
            feast = table.holidays is not None and table.holidays.on(day)
            return WEEKDAYS[day.weekday()] in entry.days and not closed and not feast

        for entry in table.entries:
            for start, end in entry.ranges:
                night = end <= start
                if opens(entry, today) and start <= now and (night or now < end):
                    return entry.key == self.given.hours
                if night and opens(entry, today - timedelta(days=1)) and now < end:
                    return entry.key == self.given.hours
        return False

    def stands(self, what: str, minute: datetime) -> bool:
        """Whether the clock is stopped in a minute: somebody else's turn."""
        if what in ("answer", "reply"):
            return False
        turn = self.last({Kind.WAITS_FOR_HIM, Kind.WAITS_FOR_PARTS, Kind.GOES_ON, Kind.SOLVED}, minute)
        return turn is not None and turn.kind in self.pauses

    def off(self, minute: datetime) -> bool:
        """Whether it counts as solved, or as not wanted any more."""
        last = self.last({Kind.SOLVED, Kind.REOPENED, Kind.ENDED}, minute)
        return last is not None and last.kind in OFF

    def urgency(self, minute: datetime) -> Urgency:
        """How urgent it is in a minute."""
        mark = self.last({Kind.OPENED, Kind.URGENCY}, minute)
        assert mark is not None
        assert mark.urgency is not None
        return mark.urgency

    def beginnings(self, what: str) -> list[datetime]:
        """When clocks of that kind begin."""
        opened = self.marks[0].at
        if what != "reply":
            return [opened]
        found: list[datetime] = []
        for mark in self.marks:
            if mark.kind not in (Kind.HE_SPOKE, Kind.REOPENED) or self.off(mark.at):
                continue
            answered = any(m.kind in DONE["answer"] | {Kind.ENDED} and m.at < mark.at for m in self.marks)
            closers = [m.at for m in self.marks if m.kind in DONE["reply"] | {Kind.ENDED} and m.at < mark.at]
            waits = bool(found) and (not closers or closers[-1] < found[-1])
            if answered and not waits:
                found.append(mark.at)
        return found

    def ending(self, what: str, began: datetime) -> Mark | None:
        """What ended a clock, if something did."""
        if what == "solved":
            back = self.last({Kind.REOPENED}, self.now)
            since = back.at if back is not None else began
            return next((m for m in self.marks if m.at >= since and m.kind in OFF), None)
        ends = DONE[what] | OFF
        return next((m for m in self.marks if m.at > began and m.kind in ends), None)

    def starts(self, began: datetime, end: datetime) -> list[tuple[datetime, Urgency]]:
        """From when on a promise counts: from the beginning, and from each moment at which it became more urgent."""
        found = [(began, self.urgency(began))]
        for mark in self.marks:
            if mark.kind is Kind.URGENCY and began < mark.at < end and mark.urgency is not None:
                more = RANK.index(mark.urgency) > RANK.index(self.urgency(mark.at - MINUTE))
                found = [*found, (mark.at, mark.urgency)] if more else [(began, mark.urgency)]
        return found


@dataclass(frozen=True)
class Counted:
    """What came out."""

    began: datetime
    used: int
    standing: Standing
    due: datetime | None
    half: datetime | None


def counted(life: Life, promise: Promise) -> list[Counted]:
    """How it stands with one promise: one entry for each time it was owed."""
    found = []
    for began in life.beginnings(promise.what):
        ending = life.ending(promise.what, began)
        end = ending.at if ending is not None else life.now
        starts = [at for at, urgency in life.starts(began, end + MINUTE) if urgency in promise.urgencies]
        if starts:
            found.append(max((_one(life, promise, began, start, ending) for start in starts), key=lambda c: c.used))
    return found


def _one(life: Life, promise: Promise, began: datetime, start: datetime, ending: Mark | None) -> Counted:
    end = ending.at if ending is not None else life.now
    used, due, half, minute = 0, None, None, start
    beyond = end if ending is not None else life.now + BEYOND * MINUTE
    by_now = 0
    while minute < beyond:
        if minute == end:
            by_now = used
        known = min(minute, life.now)
        off = promise.what == "solved" and life.off(known)
        works = promise.clock == "always" or life.works(minute)
        if works and not off and not life.stands(promise.what, known):
            used += 1
            half = half or (minute + MINUTE if used * 2 >= promise.minutes else None)
            due = due or (minute + MINUTE if used >= promise.minutes else None)
        minute += MINUTE
    if ending is not None or end == beyond:
        by_now = used
    return Counted(began, by_now, _standing(life, promise, by_now, ending), due, half)


def _standing(life: Life, promise: Promise, used: int, ending: Mark | None) -> Standing:
    if ending is None:
        if used >= promise.minutes:
            return Standing.OVER
        return Standing.PAUSED if life.stands(promise.what, life.now) else Standing.RUNNING
    if used > promise.minutes:
        return Standing.BROKEN
    kept = ending.kind in (DONE[promise.what] if promise.what != "solved" else {Kind.SOLVED})
    return Standing.KEPT if kept else Standing.VOID
