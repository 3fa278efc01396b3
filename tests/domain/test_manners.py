"""When somebody may be asked: in his daytime, on no day of rest, not too soon after the last time, not too often."""

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.manners import MONTH, Manners, NeverAgain, earliest

ZONES = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("posix", "right", "Etc")))
WEDNESDAY = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
moments = st.integers(0, 3 * 365 * 24 * 60).map(lambda m: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=m))
manners = st.builds(
    Manners,
    hours=st.sampled_from(
        [(time(9, 30), time(20)), (time(0, 30), time(4)), (time(2), time(3)), (time(8), time(23, 59))]
    ),
    days=st.sets(st.integers(0, 6), min_size=1).map(frozenset),
    apart=st.integers(0, 20).map(lambda d: timedelta(days=d)),
    a_month=st.integers(1, 5),
    spread=st.integers(0, 600).map(lambda m: timedelta(minutes=m)),
)


def polite(rules: Manners, zone: str, at: datetime, asked: list[datetime]) -> bool:
    """The rule once more, as one would check it on a calendar."""
    local = at.astimezone(ZoneInfo(zone))
    near = [a for a in asked if (abs(a - at) < rules.apart and a != at) or (a == at and rules.apart > timedelta(0))]
    crowd = [a for a in asked if at - MONTH < a <= at]
    return (
        local.weekday() in rules.days
        and rules.hours[0] <= local.time() < rules.hours[1]
        and not near
        and len(crowd) < rules.a_month
    )


@given(manners, st.sampled_from(ZONES), moments, st.lists(moments, max_size=6), st.text(max_size=5))
def test_nobody_is_asked_at_an_impolite_moment(
    rules: Manners, zone: str, wanted: datetime, asked: list[datetime], key: str
) -> None:
    found = earliest(rules, zone, wanted, asked, key)
    assert found >= wanted
    assert polite(rules, zone, found, asked)
    assert earliest(rules, zone, wanted, asked, key) == found


@given(manners, st.sampled_from(ZONES), moments, st.lists(moments, max_size=4))
def test_a_polite_moment_is_not_put_off(rules: Manners, zone: str, wanted: datetime, asked: list[datetime]) -> None:
    """Without a minute of one's own it is the first polite moment, to the quarter of an hour."""
    if polite(rules, zone, wanted, asked):
        assert earliest(rules, zone, wanted, asked) == wanted
    found = earliest(rules, zone, wanted, asked)
    at = wanted
    while at < min(found - timedelta(minutes=15), wanted + timedelta(days=9)):
        assert not polite(rules, zone, at, asked), at
        at += timedelta(minutes=15)


def test_in_the_night_it_waits_for_the_morning_of_where_he_lives() -> None:
    night = datetime(2026, 3, 4, 22, 0, tzinfo=UTC)
    for zone, hour in (("Europe/Paris", 8.5), ("Atlantic/Canary", 9.5), ("Asia/Kathmandu", 3.75)):
        found = earliest(Manners(spread=timedelta(0)), zone, night, [])
        assert (found - datetime(2026, 3, 5, tzinfo=UTC)) / timedelta(hours=1) == hour


def test_nobody_is_asked_on_a_sunday() -> None:
    saturday_night = datetime(2026, 3, 7, 20, 30, tzinfo=UTC)
    assert earliest(Manners(), "Europe/Paris", saturday_night, []).astimezone(ZoneInfo("Europe/Paris")).weekday() == 0


def test_a_week_lies_between_two_questions_and_three_are_enough_for_a_month() -> None:
    days = [WEDNESDAY - timedelta(days=n) for n in (24, 16, 8)]
    found = earliest(Manners(spread=timedelta(0)), "Europe/Paris", WEDNESDAY, days)
    assert found >= days[0] + MONTH
    assert earliest(Manners(), "Europe/Paris", WEDNESDAY, days[2:]) == WEDNESDAY
    assert earliest(Manners(), "Europe/Paris", WEDNESDAY, [WEDNESDAY - timedelta(days=2)]) > WEDNESDAY + timedelta(
        days=4
    )


def test_ten_thousand_homes_are_not_asked_in_one_minute() -> None:
    night = datetime(2026, 3, 4, 3, 0, tzinfo=UTC)
    minutes = Counter(earliest(Manners(), "Europe/Paris", night, [], f"home:{n}") for n in range(10_000))
    assert len(minutes) > 150
    assert max(minutes.values()) < 110


def test_what_is_due_by_day_leaves_by_day() -> None:
    assert earliest(Manners(), "Europe/Paris", WEDNESDAY, [], "home:1") == WEDNESDAY


def test_rules_under_which_nobody_is_ever_asked_are_refused() -> None:
    for wrong in ({"hours": (time(20), time(9))}, {"days": frozenset()}, {"a_month": 0}):
        with pytest.raises(ValueError, match=r"ever|end"):
            Manners(**wrong)  # type: ignore[arg-type]
    crowd = [WEDNESDAY + timedelta(days=n) for n in range(0, 3000, 5)]
    with pytest.raises(NeverAgain):
        earliest(Manners(), "Europe/Paris", WEDNESDAY, crowd)
