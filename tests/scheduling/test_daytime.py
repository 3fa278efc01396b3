"""Local times: the moment a wall clock shows a time, for every day of a year, also where clocks are changed."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.daytime import at_local, in_daytime

YEAR = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
TIMES = (time(0, 0), time(1, 45), time(2, 30), time(9, 30), time(23, 59))
# Ordinary ones; clocks that change at midnight, by half an hour, by two hours, backwards, for Ramadan; odd offsets.
SAMPLE = (
    *("Europe/Paris", "Atlantic/Canary", "America/New_York", "Asia/Kathmandu", "UTC", "Pacific/Apia"),
    *("America/Santiago", "Australia/Lord_Howe", "Antarctica/Troll", "Europe/Dublin", "Africa/Casablanca"),
    *("Pacific/Chatham", "Asia/Beirut", "America/Havana"),
)


@pytest.fixture
def zones(full: bool) -> list[str]:
    """Every zone there is in full size, else the sample."""
    return sorted(available_timezones() - {"localtime"}) if full else list(SAMPLE)


def searched(on: date, clock: time, zone: ZoneInfo) -> datetime:
    """The same moment, by trying the offsets of the days around and looking at the wall."""
    wall = datetime.combine(on, clock)
    offsets = [(wall + timedelta(days=d)).replace(tzinfo=zone).utcoffset() or timedelta() for d in (-1, 1)]
    tries = [(wall - offset).replace(tzinfo=UTC) for offset in offsets]
    shown = [at for at in tries if at.astimezone(zone).replace(tzinfo=None) == wall]
    return min(shown) if shown else tries[0]  # in the gap: by the clock as it was before


def test_every_day_of_a_year_at_five_times_of_day(zones: list[str]) -> None:
    for name in zones:
        zone = ZoneInfo(name)
        wrong = [
            (on, clock) for on in YEAR for clock in TIMES if at_local(on, clock, name) != searched(on, clock, zone)
        ]
        assert wrong == [], name


@pytest.mark.parametrize(
    ("zone", "on", "clock", "moment"),
    [
        ("Europe/Paris", (2026, 3, 29), (2, 30), "2026-03-29T01:30+00:00"),  # skipped: it is 03:30
        ("Europe/Paris", (2026, 10, 25), (2, 30), "2026-10-25T00:30+00:00"),  # twice: the first
        ("Atlantic/Canary", (2026, 3, 29), (1, 30), "2026-03-29T01:30+00:00"),
        ("Atlantic/Canary", (2026, 10, 25), (1, 30), "2026-10-25T00:30+00:00"),
        ("Australia/Lord_Howe", (2026, 10, 4), (2, 15), "2026-10-03T15:45+00:00"),  # a gap of half an hour
        ("Europe/Paris", (2026, 7, 1), (17, 0), "2026-07-01T15:00+00:00"),
    ],
)
def test_nights_on_which_the_clocks_change(
    zone: str, on: tuple[int, int, int], clock: tuple[int, int], moment: str
) -> None:
    found = at_local(date(*on), time(*clock), zone)
    assert found == datetime.fromisoformat(moment)
    assert found.tzinfo is UTC


WINDOW = (time(9, 30), time(20, 0))
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 (hypothesis adds UTC)


@given(moments, st.sampled_from(SAMPLE))
def test_in_the_daytime_is_now_or_the_next_morning_and_never_earlier(at: datetime, zone: str) -> None:
    found = in_daytime(at, zone, WINDOW)
    local, mine = found.astimezone(ZoneInfo(zone)), at.astimezone(ZoneInfo(zone))
    assert WINDOW[0] <= local.time() < WINDOW[1]
    assert found >= at
    assert (found == at) == (WINDOW[0] <= mine.time() < WINDOW[1])
    if found != at:
        assert local.time() == WINDOW[0]
        assert local.date() - mine.date() == timedelta(days=int(mine.time() >= WINDOW[1]))


@pytest.mark.parametrize(
    ("at", "then"),
    [
        ("2026-03-02T07:00+01:00", "2026-03-02T09:30+01:00"),
        ("2026-03-02T09:30+01:00", "2026-03-02T09:30+01:00"),
        ("2026-03-02T19:59+01:00", "2026-03-02T19:59+01:00"),
        ("2026-03-02T20:00+01:00", "2026-03-03T09:30+01:00"),
        ("2026-03-28T23:00+01:00", "2026-03-29T09:30+02:00"),  # over the night of the change
        ("2026-12-31T21:00+01:00", "2027-01-01T09:30+01:00"),
    ],
)
def test_nobody_is_asked_at_night(at: str, then: str) -> None:
    assert in_daytime(datetime.fromisoformat(at), "Europe/Paris", WINDOW) == datetime.fromisoformat(then)
