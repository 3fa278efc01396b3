"""Promise clocks agree with somebody who counts minute by minute, over random calendars, pauses and plans."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.areas import Urgency
from domain.clocks import WAITS, Kind, Mark, Standing, clocks
from domain.plans import Promise, What
from domain.working_time import Holidays, Hours, Timetable
from domain.worktime import Worktime
from tests.domain.clock_oracle import BEYOND, MINUTE, Life, counted

ZONES = ("Europe/Paris", "Atlantic/Canary", "America/Los_Angeles", "Asia/Kolkata", "Australia/Lord_Howe", "UTC")
# Days on which somewhere the clocks are changed, feasts, and days like any other.
DAYS = (date(2026, 3, 27), date(2026, 10, 23), date(2026, 3, 6), date(2026, 4, 2), date(2026, 12, 23), date(2026, 6, 8))
WHATS: tuple[What, ...] = ("answer", "reply", "help", "visit", "solved")
LATER = [kind for kind in Kind if kind is not Kind.OPENED]
SAMPLE, FULL = 160, 10_000


def timetable(dice: random.Random, day: date) -> Timetable:
    """Some hours of the week: several ranges, nights too, feasts, closed days, several names."""
    entries = []
    for key in dice.sample(["work", "duty", "odd"], dice.randint(1, 3)):
        ranges = []
        for _ in range(dice.randint(1, 3)):
            start = dice.randrange(0, 1440, dice.choice([5, 15, 60]))
            end = dice.choice([dice.randrange(0, 1440, 15), 1440, (start + 240) % 1440])
            if end != start:
                ranges.append((start, end))
        days = dice.sample(["mon", "tue", "wed", "thu", "fri", "sat", "sun"], dice.randint(1, 7))
        if ranges:
            entries.append(Hours.model_validate({"key": key, "days": days, "ranges": ranges}))
    closed = tuple((d, d + timedelta(days=1)) for d in [day + timedelta(days=dice.randrange(4))] if dice.random() < 0.4)
    holidays = Holidays(country=dice.choice(["FR", "ES", "IT", "US"])) if dice.random() < 0.5 else None
    return Timetable(zone=dice.choice(ZONES), entries=tuple(entries), closed=closed, holidays=holidays)


def story(dice: random.Random, opened: datetime) -> list[Mark]:
    """What happened to a request, in no sensible order; it becomes more or less urgent only while it is not solved."""
    marks = [Mark(opened, Kind.OPENED, dice.choice(list(Urgency)))]
    moments = sorted(dice.sample(range(1, 4 * 1440), dice.randint(0, 12)))
    off = False
    for minute in moments:
        kind = dice.choice(LATER)
        if kind is Kind.URGENCY and off:
            continue
        off = kind in (Kind.SOLVED, Kind.ENDED) or (off and kind is not Kind.REOPENED)
        urgency = dice.choice(list(Urgency)) if kind is Kind.URGENCY else None
        marks.append(Mark(opened + minute * MINUTE, kind, urgency))
    return marks


def promised(dice: random.Random, what: What) -> Promise:
    """Something a plan could promise."""
    return Promise(
        what=what,
        minutes=dice.choice([1, 15, 60, 240, 480, 1440, dice.randint(1, 2000)]),
        urgencies=tuple(dice.sample(list(Urgency), dice.randint(1, 4))),
        clock=dice.choice(["always", "working", "working"]),
    )


def life(dice: random.Random) -> Life:
    """A calendar, a story, and a moment at which somebody looks."""
    day = dice.choice(DAYS)
    opened = datetime(day.year, day.month, day.day, tzinfo=UTC) + dice.randrange(1440) * MINUTE
    table = timetable(dice, day)
    shut = opened + dice.randrange(2 * 1440) * MINUTE
    closed = ((shut, shut + dice.randint(1, 1440) * MINUTE),) if dice.random() < 0.4 else ()
    now = opened + dice.randrange(1, 5 * 1440) * MINUTE
    marks = [mark for mark in story(dice, opened) if mark.at <= now]
    pauses = frozenset(dice.sample(list(WAITS), dice.randint(0, 2)))
    return Life(Worktime(table, "work", closed), marks, now, pauses)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_the_clocks_agree_with_somebody_who_counts_every_minute(part: int, full: bool) -> None:
    worlds, seen = (FULL if full else SAMPLE) // 4, set[Standing]()
    for number in range(worlds):
        dice = random.Random(f"{part}:{number}")
        one = life(dice)
        for what in WHATS:
            promise = promised(dice, what)
            slow = counted(one, promise)
            fast = clocks([promise], one.marks, one.given, one.now, pauses=one.pauses)
            where = (part, number, what)
            assert [(c.began, c.used, c.standing) for c in fast] == [
                (c.began, c.used * MINUTE, c.standing) for c in slow
            ], where
            for ours, theirs in zip(fast, slow, strict=True):
                seen.add(ours.standing)
                horizon = one.now + BEYOND * MINUTE
                due = None if ours.due is not None and ours.due > horizon else ours.due
                late = theirs.standing in (Standing.KEPT, Standing.VOID) and theirs.used == promise.minutes
                assert due == (None if late else theirs.due), where
                half = ours.reached(50)
                if promise.minutes % 2 == 0:
                    assert (None if half is not None and half > horizon else half) == theirs.half, where
    assert seen == set(Standing)
