"""When somebody can be called: three half days in which we work and he is awake."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.call_windows import LEAST, NOON, NOTICE, windows
from domain.company import Company
from domain.promised import usual_time
from tests.domain.ground import SAMPLE

AWAKE = (time(9, 30), time(20))
ZONES = ["Europe/Paris", "Atlantic/Canary", "America/New_York", "America/Los_Angeles", "Asia/Tokyo", "Pacific/Auckland"]


def found(company: Company, theirs: str, now: datetime) -> list[tuple[datetime, datetime]]:
    return [(w.begins, w.until) for w in windows(usual_time(company), company.time_zone, theirs, AWAKE, now)]


def local(at: datetime) -> str:
    return at.astimezone(ZoneInfo("Europe/Paris")).strftime("%a %H:%M")


def test_on_a_friday_afternoon_there_is_the_rest_of_it_and_monday() -> None:
    now = datetime(2026, 3, 6, 14, 10, tzinfo=UTC)  # ten past three in Paris
    said = [(local(begins), local(until)) for begins, until in found(SAMPLE, "Europe/Paris", now)]
    assert said == [("Fri 16:30", "Fri 19:00"), ("Mon 09:30", "Mon 13:00"), ("Mon 13:00", "Mon 19:00")]


def test_on_a_closing_day_nobody_calls() -> None:
    now = datetime(2026, 3, 6, 14, 10, tzinfo=UTC)
    shut = SAMPLE.model_copy(update={"closing_days": (*SAMPLE.closing_days, date(2026, 3, 9))})
    assert local(found(shut, "Europe/Paris", now)[1][0]).startswith("Tue")


@given(
    st.integers(0, 365 * 24 * 60).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)),
    st.sampled_from(ZONES),
)
def test_each_is_ahead_within_our_hours_and_his_day_in_order_and_apart(now: datetime, theirs: str) -> None:
    counted, there, his = usual_time(SAMPLE), ZoneInfo(SAMPLE.time_zone), ZoneInfo(theirs)
    shown = found(SAMPLE, theirs, now)
    assert len(shown) <= 3
    for begins, until in shown:
        assert begins >= now + NOTICE
        assert until - begins >= LEAST
        assert counted.passed(begins, until) > timedelta(0)
        for at in (begins, until):
            assert AWAKE[0] <= at.astimezone(his).time() <= AWAKE[1]
        assert begins.astimezone(there).date() == until.astimezone(there).date()
        assert begins.astimezone(there).time() >= NOON or until.astimezone(there).time() <= NOON
    assert all(first[1] <= second[0] for first, second in pairwise(shown))


@pytest.mark.parametrize("theirs", ["Europe/Paris", "Atlantic/Canary", "America/New_York"])
def test_whoever_lives_where_we_work_by_day_has_three_to_choose_from(theirs: str) -> None:
    for day in range(0, 365, 5):
        assert len(found(SAMPLE, theirs, datetime(2026, 1, 1, 17, tzinfo=UTC) + timedelta(days=day))) == 3
