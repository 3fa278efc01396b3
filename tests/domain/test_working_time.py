"""Working time against somebody who looks at the wall clock every single minute, on nights when clocks change too."""

import random
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

import holidays
import pytest
from pydantic import ValidationError

from domain.declared import WEEKDAYS
from domain.working_time import Holidays, Hours, Timetable
from domain.worktime import Worktime

SEED = 20261122
MINUTE = timedelta(minutes=1)
DAY = 24 * 60

# Nights on which clocks change, days that do not exist, year ends, leap days; any night for those that never change.
NIGHTS: dict[str, tuple[str, ...]] = {
    "Europe/Paris": ("2026-03-28", "2026-10-24", "2027-12-31", "2028-02-28"),
    "America/New_York": ("2026-03-07", "2026-10-31", "2026-12-31", "2028-02-29"),
    "America/Santiago": ("2026-04-04", "2026-09-05", "2026-12-31"),  # at midnight
    "America/St_Johns": ("2026-03-07", "2026-10-31", "2006-04-01"),  # at one minute past midnight, then
    "Australia/Sydney": ("2026-04-04", "2026-10-03", "2028-02-28"),
    "Australia/Lord_Howe": ("2026-04-04", "2026-10-03", "2026-12-31"),  # by half an hour
    "Antarctica/Troll": ("2026-03-28", "2026-10-24"),  # by two hours
    "Pacific/Apia": ("2011-12-28", "2011-12-29", "2011-12-31", "2026-04-04"),  # there was no 30 December
    "Africa/Casablanca": ("2026-02-14", "2026-03-21"),  # for Ramadan
    "Asia/Kathmandu": ("2026-02-28", "2026-12-31"),
    "UTC": ("2028-02-29", "2026-12-31"),
}
COUNTRIES = (("FR", None), ("ES", "CN"), ("US", "CA"), ("AU", "NSW"), ("IT", None))


class Watcher:
    """Reads a timetable as its owner would, for one minute at a time."""

    def __init__(self, table: Timetable) -> None:
        self.table, self.zone, self.known = table, ZoneInfo(table.zone), dict[date, bool]()

    def holiday(self, day: date) -> bool:
        if day not in self.known:
            said = self.table.holidays
            if said is None:
                self.known[day] = False
            elif day in said.also:
                self.known[day] = True
            else:
                listed = day in holidays.country_holidays(said.country, subdiv=said.subdivision, years=day.year)
                self.known[day] = listed and day not in said.never
        return self.known[day]

    def works_on(self, entry: Hours, day: date) -> bool:
        if entry.holidays == "only":
            return self.holiday(day)
        in_week = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[day.weekday()] in entry.days
        if entry.holidays == "also":
            return in_week or self.holiday(day)
        return in_week and not self.holiday(day)

    def sees(self, moment: datetime) -> str:
        """The hours that the wall says."""
        wall = moment.astimezone(UTC).astimezone(self.zone)
        minute, today, before = wall.hour * 60 + wall.minute, wall.date(), wall.date() - timedelta(days=1)
        for entry in self.table.entries:
            for start, end in entry.ranges:
                over_midnight = end <= start
                if self.works_on(entry, today) and start <= minute and (over_midnight or minute < end):
                    return entry.key
                if over_midnight and minute < end and self.works_on(entry, before):
                    return entry.key
        return self.table.otherwise


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def ranges(dice: random.Random) -> list[str]:
    """One to three ranges, some of them over midnight; whole quarter hours for the most part."""
    found = []
    for _ in range(dice.choice((1, 1, 2, 3))):
        step = dice.choice((15, 15, 1))
        start = dice.randrange(DAY // step) * step
        end = dice.choice((dice.randrange(DAY // step) * step, DAY))
        if start != end:
            found.append(f"{clock(start)}-{clock(end)}")
    return found or ["08:00-18:00"]


def invented(dice: random.Random, zone: str, near: date) -> Timetable:
    """Some company's hours, with holidays near a day."""
    entries = tuple(
        Hours(
            key=dice.choice(("working", "evening", "saturday", "night")),
            days=tuple(dice.sample(WEEKDAYS, dice.randint(1, 7))),
            ranges=ranges(dice) if dice.random() < 0.85 else ["00:00-24:00"],
            holidays=dice.choice(("never", "also", "only")),
        )
        for _ in range(dice.randint(0, 4))
    )
    country, region = dice.choice(COUNTRIES)
    around = [near + timedelta(days=n) for n in range(-1, 4)]
    feasts = Holidays(
        country=country,
        subdivision=region,
        also=tuple(dice.sample(around, dice.randint(0, 2))),
        never=tuple(dice.sample(around, dice.randint(0, 1))),
    )
    return Timetable(zone=zone, entries=entries, holidays=feasts if dice.random() < 0.7 else None)


def case(number: int) -> tuple[random.Random, Timetable, datetime, int]:
    """A timetable, a start (in UTC, in the company's zone or in another) and how many minutes."""
    dice = random.Random(SEED + number)
    zone = dice.choice(tuple(NIGHTS))
    night = date.fromisoformat(dice.choice(NIGHTS[zone]))
    table = invented(dice, zone, night)
    midnight = datetime(night.year, night.month, night.day, 12, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    start = midnight + dice.randrange(DAY * 3 // 2) * MINUTE
    as_written = dice.choice((UTC, ZoneInfo(zone), ZoneInfo("Asia/Kathmandu")))
    return dice, table, start.astimezone(as_written), dice.choice((1, 7, 90, 240, 600, 1500, 2 * DAY))


@pytest.mark.slow
def test_minute_by_minute_the_timetable_is_right(full: bool) -> None:
    for number in range(10_000 if full else 300):
        dice, table, start, minutes = case(number)
        watcher, began = Watcher(table), start.astimezone(UTC)
        seen = [watcher.sees(began + n * MINUTE) for n in range(minutes)]
        told = f"case {number}: {table!r} {start!r} {minutes}"

        stretches = table.split(start, minutes)
        assert [(s.hours, s.minutes) for s in stretches] == [(k, len(list(g))) for k, g in groupby(seen)], told
        some = dice.randrange(minutes)
        assert table.at(start + timedelta() if some == 0 else began + some * MINUTE) == seen[some], told
        for hours in {*seen, "working"}:
            lasted = Worktime(table, hours).passed(start, began + minutes * MINUTE)
            assert lasted == seen.count(hours) * MINUTE, told
        hours = dice.choice(seen)
        wanted = dice.randint(1, seen.count(hours))
        passed = [n + 1 for n, key in enumerate(seen) if key == hours]
        then = Worktime(table, hours).later(start, wanted * MINUTE)
        assert then == began + passed[wanted - 1] * MINUTE, told


def test_a_start_with_seconds_loses_no_minute(full: bool) -> None:
    """Luigi presses at 17:59:40: an hour is an hour, and the evening begins at six sharp."""
    for number in range(2_000 if full else 150):
        dice, table, start, minutes = case(number)
        odd = start.astimezone(UTC) + timedelta(seconds=dice.randint(1, 59), microseconds=dice.randrange(10**6))
        assert table.split(odd, minutes) == table.split(start, minutes), number
        edges = [begin for _, begin, _ in table.stretches(odd, odd + minutes * MINUTE)][1:]
        assert all(edge.second == edge.microsecond == 0 for edge in edges), number


@pytest.mark.parametrize(
    ("zone", "start", "minutes", "found"),
    [
        ("Europe/Paris", "2026-03-28T22:00", 600, [("day", 60), ("night", 420), ("day", 120)]),  # 02:00 is 03:00
        ("Europe/Paris", "2026-10-24T22:00", 600, [("day", 60), ("night", 540)]),  # an hour comes twice
        ("Australia/Lord_Howe", "2026-10-03T22:30", 600, [("day", 30), ("night", 450), ("day", 120)]),
        (
            "Pacific/Apia",
            "2011-12-29T22:30",
            600,
            [("day", 30), ("night", 480), ("day", 90)],
        ),  # over a day that was not
    ],
)
def test_the_night_is_as_long_as_it_was(zone: str, start: str, minutes: int, found: list[tuple[str, int]]) -> None:
    table = Timetable(zone=zone, entries=(Hours(key="day", ranges=["07:00-23:00"]),), otherwise="night")
    at = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(zone))
    assert [(s.hours, s.minutes) for s in table.split(at, minutes)] == found


def test_a_time_that_the_clock_skips_is_the_one_it_shows_instead() -> None:
    """Marta writes 02:30 in the night in which two is three: it is half past three, also for the price."""
    table = Timetable(zone="Europe/Paris", entries=(Hours(key="early", ranges=["03:00-06:00"]),))
    skipped = datetime(2026, 3, 29, 2, 30, tzinfo=ZoneInfo("Europe/Paris"))
    assert (table.at(skipped), table.split(skipped, 60)[0].hours) == ("early", "early")


def test_there_may_be_too_little_time_in_a_year() -> None:
    table = Timetable(zone="UTC", entries=(Hours(key="feast", days="mon", ranges=["08:00-08:01"]),))
    assert Worktime(table, "feast").later(datetime(2026, 1, 1, tzinfo=UTC), 54 * MINUTE) is None


@pytest.mark.parametrize(
    "text", ["8-12", "08:00", "08:00-08:00", "24:00-06:00", "08:00-25:00", "08:00:30-12:00", "", "-"]
)
def test_hours_nobody_can_keep_are_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="write them like 08:30-12:00"):
        Hours(key="working", ranges=[text])


@pytest.mark.parametrize("pair", [(0, 0), (480, 480), (-1, 60), (480, 1441), (1440, 60)])
def test_minutes_of_the_day_nobody_can_keep_are_refused(pair: tuple[int, int]) -> None:
    with pytest.raises(ValidationError):
        Hours(key="working", ranges=[pair])
