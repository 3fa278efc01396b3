"""Promise clocks: how much of the time a plan promises has passed, reckoned from the log when somebody looks. Pure.

No counter is kept, so none can drift. A clock counts working time, or all time, as the plan says. What is
owed besides words stands while we wait for the homeowner or for parts, as the company declares. When a request becomes
more urgent, the new promise counts from that moment and the old one goes on: what is due first counts. When it becomes
less urgent, the milder promise counts from the beginning, as if it had never been anything else.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from domain.areas import Urgency
from domain.plans import Promise, What
from domain.worktime import AHEAD, ALWAYS, NOTHING, Time, Worktime

WORDS: tuple[What, ...] = ("answer", "reply")  # owed whatever else is waited for
MILDEST_FIRST = tuple(reversed(Urgency))  # as they are declared: the most urgent first


class Kind(StrEnum):
    """What the log tells that bears on a promise."""

    OPENED = "opened"
    URGENCY = "urgency"  # it is another one from now on
    WE_SPOKE = "we_spoke"
    HE_SPOKE = "he_spoke"
    WAITS_FOR_HIM = "waits_for_him"
    WAITS_FOR_PARTS = "waits_for_parts"
    GOES_ON = "goes_on"  # nothing is waited for any more
    HELPED = "helped"  # help has begun, from afar
    THERE = "there"  # somebody is on site
    SOLVED = "solved"
    REOPENED = "reopened"
    ENDED = "ended"  # it is not wanted any more, or closed


WAITS = (Kind.WAITS_FOR_HIM, Kind.WAITS_FOR_PARTS)


class Mark(NamedTuple):
    """One thing that happened."""

    at: datetime
    kind: Kind
    urgency: Urgency | None = None  # with `OPENED` and `URGENCY`


class Standing(StrEnum):
    """How it stands with a promise."""

    RUNNING = "running"
    PAUSED = "paused"
    OVER = "over"  # it runs, and its time is over
    KEPT = "kept"
    BROKEN = "broken"  # done, too late
    VOID = "void"  # it came to nothing before its time was over


@dataclass(frozen=True)
class Clock:
    """A promise as it stands at one moment."""

    what: What
    began: datetime
    promise: Promise
    used: timedelta
    standing: Standing
    due: datetime | None  # when its time is (or was) over; none while it is paused, or was done in time
    ends: datetime | None = None  # when it was done
    lived: tuple[tuple[datetime, datetime | None], ...] = ()  # while it ran, from the moment it counts from
    time: Time = ALWAYS

    @property
    def allowed(self) -> timedelta:
        """How long was promised."""
        return timedelta(minutes=self.promise.minutes)

    @property
    def live(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.standing in (Standing.RUNNING, Standing.PAUSED, Standing.OVER)

    def reached(self, percent: int) -> datetime | None:
        """The moment at which so much of it has passed (or will have, if nothing happens); none while it is paused."""
        return _hits(self.lived, self.time, self.allowed * percent / 100)


@dataclass
class _Run:
    """One promise from its beginning to its end."""

    what: What
    began: datetime
    epochs: list[tuple[datetime, Urgency]]
    lived: list[tuple[datetime, datetime]] = field(default_factory=list)
    since: datetime | None = None  # it runs since then; none: it stands
    ends: datetime | None = None
    void: bool = False

    def stand(self, at: datetime) -> None:
        """From now on it does not count."""
        if self.since is not None:
            self.lived.append((self.since, at))
            self.since = None

    def end(self, at: datetime, *, void: bool = False) -> None:
        """It is done, or came to nothing."""
        self.stand(at)
        self.ends, self.void = at, void


class _Scan:
    """Reads the marks in order, and starts, stops and ends the runs."""

    def __init__(self, pauses: frozenset[Kind]) -> None:
        self.pauses = pauses
        self.runs: list[_Run] = []
        self.opened = False
        self.urgency = Urgency.NORMAL
        self.waits = False
        self.done = False

    def read(self, mark: Mark) -> None:
        """What this one changes; before a request is opened nothing does."""
        if self.opened or mark.kind is Kind.OPENED:
            _CHANGES[mark.kind](self, mark)

    def open(self, mark: Mark) -> None:
        """All clocks start, but for the next answer's."""
        self.opened, self.urgency = True, mark.urgency or self.urgency
        self._begin(mark.at, "answer", "help", "visit", "solved")

    def change_urgency(self, mark: Mark) -> None:
        """More urgent: from now on, besides what was promised before. Less: from the beginning."""
        urgency = mark.urgency or self.urgency
        more = MILDEST_FIRST.index(urgency) > MILDEST_FIRST.index(self.urgency)
        self.urgency = urgency
        for run in self._unfinished():
            run.epochs = [*run.epochs, (mark.at, urgency)] if more else [(run.began, urgency)]

    def wait(self, mark: Mark) -> None:
        """Somebody else's turn: where the company declares it, the clocks stand."""
        if mark.kind in self.pauses:
            self.waits = True
            for run in self._unfinished():
                if run.what not in WORDS:
                    run.stand(mark.at)
        else:
            self.go_on(mark)

    def go_on(self, mark: Mark) -> None:
        """Our turn again."""
        self.waits = False
        for run in self._unfinished():
            run.since = run.since or mark.at

    def we_spoke(self, mark: Mark) -> None:
        """He has an answer."""
        self._end(mark.at, "answer", "reply")

    def he_spoke(self, mark: Mark) -> None:
        """He waits for the next answer, from his first words on."""
        answered = any(run.what == "answer" and run.ends for run in self.runs)
        if answered and not self.done and not any(run.what == "reply" for run in self._unfinished()):
            self._begin(mark.at, "reply")

    def help_began(self, mark: Mark) -> None:
        """Somebody sees to it, from afar or on site."""
        self._end(mark.at, "answer", "help", *(("visit",) if mark.kind is Kind.THERE else ()))

    def solve(self, mark: Mark) -> None:
        """It is solved; help or a visit that had not come yet was not needed."""
        self.done = True
        self._end(mark.at, "answer", "reply", "solved")
        self._drop(mark.at)
        self.waits = False

    def reopen(self, mark: Mark) -> None:
        """It is not: he waits for an answer, and the time to the solution goes on."""
        self.done = False
        for run in self.runs:
            if run.what == "solved" and run.ends is not None:
                run.ends, run.void, run.since = None, False, None if self.waits else mark.at
        self.he_spoke(mark)

    def finish(self, mark: Mark) -> None:
        """Nothing is owed any more."""
        self.done = True
        self._drop(mark.at)

    def _unfinished(self) -> list[_Run]:
        return [run for run in self.runs if run.ends is None]

    def _begin(self, at: datetime, *whats: What) -> None:
        for what in whats:
            since = None if self.waits and what not in WORDS else at
            self.runs.append(_Run(what, at, [(at, self.urgency)], since=since))

    def _end(self, at: datetime, *whats: What) -> None:
        for run in self._unfinished():
            if run.what in whats:
                run.end(at)

    def _drop(self, at: datetime) -> None:
        for run in self._unfinished():
            run.end(at, void=True)


_CHANGES: dict[Kind, Callable[[_Scan, Mark], None]] = {
    Kind.OPENED: _Scan.open,
    Kind.URGENCY: _Scan.change_urgency,
    Kind.WE_SPOKE: _Scan.we_spoke,
    Kind.HE_SPOKE: _Scan.he_spoke,
    Kind.WAITS_FOR_HIM: _Scan.wait,
    Kind.WAITS_FOR_PARTS: _Scan.wait,
    Kind.GOES_ON: _Scan.go_on,
    Kind.HELPED: _Scan.help_began,
    Kind.THERE: _Scan.help_began,
    Kind.SOLVED: _Scan.solve,
    Kind.REOPENED: _Scan.reopen,
    Kind.ENDED: _Scan.finish,
}


def clocks(
    promises: Sequence[Promise],
    marks: Iterable[Mark],
    working: Worktime,
    now: datetime,
    *,
    pauses: frozenset[Kind] = frozenset(WAITS),
    work: str | None = None,
) -> list[Clock]:
    """How it stands with each of the promises, in the order in which they began; `work` is the work that was agreed.

    Where several fit, the one that is due first counts. What was never promised has no clock.
    """
    scan = _Scan(pauses)
    for mark in sorted(marks, key=lambda mark: mark.at):
        if mark.at <= now:
            scan.read(mark)
    found = (_tightest(run, promises, working, now, work) for run in scan.runs)
    return [clock for clock in found if clock is not None]


def _tightest(
    run: _Run, promises: Sequence[Promise], working: Worktime, now: datetime, work: str | None
) -> Clock | None:
    read = [
        _reading(run, begun, promise, working if promise.clock == "working" else ALWAYS, now)
        for begun, urgency in run.epochs
        for promise in promises
        if promise.what == run.what and urgency in promise.urgencies and (not promise.work or work in promise.work)
    ]
    return min(read, key=lambda clock: _ends_first(clock, now), default=None)


def _ends_first(clock: Clock, now: datetime) -> tuple[datetime, timedelta]:
    """When it is due; of one that stands, when it would be if it went on now."""
    left = max(clock.allowed - clock.used, NOTHING)
    due = clock.due or clock.time.later(now, left) or now + AHEAD
    return due, left


def _reading(run: _Run, begun: datetime, promise: Promise, time: Time, now: datetime) -> Clock:
    """One promise of a run, counted from one moment on."""
    closed = [(max(start, begun), end) for start, end in run.lived if end > begun]
    lived: list[tuple[datetime, datetime | None]] = [*closed]
    used = sum((time.passed(start, end) for start, end in closed), NOTHING)
    if run.since is not None:
        start = max(run.since, begun)
        lived.append((start, None))
        used += time.passed(start, now)
    allowed = timedelta(minutes=promise.minutes)
    due = _hits(lived, time, allowed)
    if run.ends is not None and used <= allowed:
        due = None
    how = _standing(run, used, allowed)
    return Clock(run.what, run.began, promise, used, how, due, run.ends, tuple(lived), time)


def _standing(run: _Run, used: timedelta, allowed: timedelta) -> Standing:
    if run.ends is not None:
        return Standing.BROKEN if used > allowed else Standing.VOID if run.void else Standing.KEPT
    if used >= allowed:
        return Standing.OVER
    return Standing.PAUSED if run.since is None else Standing.RUNNING


def _hits(lived: Iterable[tuple[datetime, datetime | None]], time: Time, span: timedelta) -> datetime | None:
    """The moment at which so much has passed; none if what was lived through is over before."""
    left = span
    for start, end in lived:
        if end is None:
            return time.later(start, left)
        passed = time.passed(start, end)
        if passed >= left:
            return time.later(start, left)
        left -= passed
    return None
