"""The days of a summary: whole weeks and months of the company's calendar that follow one another without a gap."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.summary_days import DAY, Days, Each, before, between, lately, midnight, of, parts

ZONES = st.sampled_from(
    ("Europe/Paris", "Atlantic/Canary", "America/Sao_Paulo", "Africa/Cairo", "Asia/Kathmandu", "Pacific/Apia")
)
DATES = st.dates(date(2000, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("each", "day", "first", "last"),
    [
        (Each.WEEK, date(2026, 3, 1), date(2026, 2, 23), date(2026, 3, 1)),  # a Sunday ends its week
        (Each.WEEK, date(2026, 1, 1), date(2025, 12, 29), date(2026, 1, 4)),
        (Each.MONTH, date(2028, 2, 10), date(2028, 2, 1), date(2028, 2, 29)),
        (Each.QUARTER, date(2026, 12, 31), date(2026, 10, 1), date(2026, 12, 31)),
        (Each.YEAR, date(2026, 7, 1), date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_each_is_what_the_calendar_on_the_wall_says(each: Each, day: date, first: date, last: date) -> None:
    found = of(each, day, "Europe/Paris")
    assert (found.first, found.last) == (first, last)


def test_a_week_in_which_the_clocks_change_begins_and_ends_at_midnight() -> None:
    week = of(Each.WEEK, date(2026, 3, 29), "Europe/Paris")
    assert (week.since, week.until) == (datetime(2026, 3, 22, 23, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC))
    assert week.until - week.since == timedelta(hours=167)


@given(st.sampled_from(Each), DATES, ZONES)
def test_what_comes_before_ends_where_it_begins(each: Each, day: date, zone: str) -> None:
    now = of(each, day, zone)
    assert now.since <= midnight(day, zone) < now.until
    assert before(now).until == now.since
    assert of(each, now.last, zone) == of(each, now.first, zone) == now


@given(DATES, st.integers(0, 800), ZONES)
def test_days_that_somebody_names_have_as_many_before_them(first: date, more: int, zone: str) -> None:
    last = first + more * DAY
    named = between(first, last, zone)
    assert (named.first, named.last) == (first, last)
    earlier = before(named)
    assert (earlier.last, earlier.last - earlier.first) == (first - DAY, last - first)
    assert earlier.until == named.since


@given(DATES, st.timedeltas(timedelta(0), DAY), st.integers(1, 800), ZONES)
def test_the_parts_of_any_days_follow_one_another_from_the_first_moment_to_the_last(
    day: date, more: timedelta, count: int, zone: str
) -> None:
    days = lately(midnight(day, zone) + more, zone, count)
    found = parts(days)
    assert (found[0].since, found[-1].until) == (days.since, days.until)
    assert all(one.until == other.since for one, other in pairwise(found))
    assert len({part.each for part in found}) == 1
    assert len(found) <= 28
    for part in found[1:]:
        there = part.since.astimezone(ZoneInfo(zone))
        assert there.weekday() == 0 if part.each is Each.WEEK else there.day == 1


def test_the_last_thirty_days_reach_to_this_moment() -> None:
    now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    days = lately(now, "Europe/Paris")
    assert (days.until, days.count) == (now, 30)
    assert before(days) == Days(now - timedelta(days=60), now - timedelta(days=30), "Europe/Paris")
