"""Briefs: one in the morning and one in the evening of every working day, in the technician's own zone."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from domain import moved
from domain.calendar import EntryKind, Wish, enter
from domain.company import Company
from domain.rota import NOTHING_ENTERED
from domain.team import Member
from domain.work import Work
from scheduling.briefs import EVENING, MORNING, plan, shifts
from scheduling.followups import follow
from scheduling.timers import Timer, TimerState, claim
from tests.domain.ground import SAMPLE

PARIS = ZoneInfo("Europe/Paris")
ANA = SAMPLE.member("ana")


def of(work: Work, key: str) -> dict[tuple[str, str], datetime]:
    """The timers that will ring for somebody: kind and day."""
    work.session.flush()
    mine = select(Timer).where(Timer.subject == f"member:{key}", Timer.state == TimerState.SET)
    return {(timer.kind, timer.occurrence): timer.due_at for timer in work.session.scalars(mine)}


def at(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=PARIS).astimezone(UTC)


def working(shift: list[dict[str, object]], zone: str = "Europe/Paris") -> Company:
    """The sample, where Ana works these hours."""
    ana = Member.model_validate({**ANA.model_dump(), "shifts": shift, "time_zone": zone, "breaks": ()})
    booking = SAMPLE.booking.model_copy(update={"holidays": "open"})
    return SAMPLE.model_copy(update={"team": (ana,), "closing_days": (), "booking": booking})


def test_each_working_day_has_its_morning_and_evening(work: Work) -> None:
    work.now = at(2, 6)  # a Monday
    plan(work, SAMPLE)
    found = of(work, "ana")
    assert found[MORNING, "2026-03-02"] == at(2, 9)
    assert found[EVENING, "2026-03-02"] == at(2, 18)
    assert found[EVENING, "2026-03-05"] == at(5, 21), "the long evening"
    assert (MORNING, "2026-03-07") not in found, "she is free on Saturdays"
    assert of(work, "yaiza")[MORNING, "2026-03-02"] == datetime(2026, 3, 2, 8, tzinfo=ZoneInfo("Atlantic/Canary"))
    assert of(work, "lena") == {}, "who goes nowhere has no visits"


def test_planned_again_nothing_is_said_twice(work: Work) -> None:
    work.now = at(2, 6)
    plan(work, SAMPLE, "ana")
    work.now = at(2, 9, 1)
    assert [rung.occurrence for rung in claim(work.session, work.now)] == ["2026-03-02"]
    for _ in range(3):
        plan(work, SAMPLE, "ana")
        work.now += timedelta(minutes=10)
    assert (MORNING, "2026-03-02") not in of(work, "ana")
    assert claim(work.session, work.now) == []


def test_nobody_gets_his_morning_at_noon(work: Work) -> None:
    work.now = at(2, 12)
    plan(work, SAMPLE, "ana")
    assert {day for _, day in of(work, "ana")} == {f"2026-03-0{n}" for n in (3, 4, 5, 6, 9)}


def test_an_absence_moves_the_morning_and_a_whole_one_takes_it_away(work: Work) -> None:
    work.now = at(2, 6)
    plan(work, SAMPLE, "ana")
    enter(work, SAMPLE, Wish(EntryKind.AWAY, "ana", at(3, 8), at(3, 14), ""), ANA)
    enter(work, SAMPLE, Wish(EntryKind.AWAY, "ana", at(4, 0), at(5, 0), ""), ANA)
    plan(work, SAMPLE, "ana")
    found = of(work, "ana")
    assert found[MORNING, "2026-03-03"] == at(3, 14)
    assert (MORNING, "2026-03-04") not in found
    assert (EVENING, "2026-03-04") not in found


def test_who_goes_home_earlier_today_is_reminded_earlier(work: Work) -> None:
    work.now = at(2, 6)
    plan(work, SAMPLE, "ana")
    work.now = at(2, 10)
    enter(work, SAMPLE, Wish(EntryKind.AWAY, "ana", at(2, 16), at(2, 18), ""), ANA)
    plan(work, SAMPLE, "ana")
    assert of(work, "ana")[EVENING, "2026-03-02"] == at(2, 16)


def test_a_night_belongs_to_the_day_it_begins_on(work: Work) -> None:
    night = working([{"days": ["mon"], "start": "22:00", "end": "06:00"}])
    work.now = at(2, 6)
    plan(work, night)
    assert of(work, "ana") == {
        (MORNING, "2026-03-02"): at(2, 22), (EVENING, "2026-03-02"): at(3, 6),
        (MORNING, "2026-03-09"): at(9, 22), (EVENING, "2026-03-09"): at(10, 6),
    }  # fmt: skip
    work.now = at(3, 1)
    plan(work, night)
    assert of(work, "ana")[EVENING, "2026-03-02"] == at(3, 6), "it is still to come"


def test_one_day_plans_the_next_however_long_nobody_looked(work: Work) -> None:
    work.now = at(9, 9)
    follow(work, SAMPLE, moved.DayBegan("ana"))
    assert (MORNING, "2026-03-16") in of(work, "ana")
    assert of(work, "tom") == {}


@pytest.mark.parametrize(("day", "month"), [(29, 3), (25, 10)])
def test_on_the_nights_when_the_clocks_change_he_begins_by_the_clock_on_his_wall(
    work: Work, day: int, month: int
) -> None:
    company = working([{"days": ["sun"], "start": "08:00", "end": "16:00"}])
    work.now = at(day, 0, 0, month) - timedelta(hours=5)
    plan(work, company)
    kinds = {kind: due.astimezone(PARIS).time() for (kind, _), due in of(work, "ana").items()}
    assert kinds == {MORNING: time(8), EVENING: time(16)}


ZONES = ("Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia")


@given(
    st.sampled_from(ZONES),
    st.integers(0, 700 * 24),
    st.integers(4, 10),
    st.integers(12, 22),
)
def test_whenever_one_looks_a_day_is_planned_once_and_for_the_same_hours(
    zone: str, hours: int, first: int, last: int
) -> None:
    days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    company = working([{"days": days, "start": f"{first:02}:00", "end": f"{last:02}:00"}], zone)
    (ana,) = company.team
    found = list(shifts(company, ana, at(1, 0) + timedelta(hours=hours), NOTHING_ENTERED))
    assert len({day for day, *_ in found}) == len(found) == 9
    there = ZoneInfo(zone)
    for day, start, end in found:
        assert start.astimezone(there).replace(tzinfo=None) == datetime.combine(day, time(first))
        assert end.astimezone(there).replace(tzinfo=None) == datetime.combine(day, time(last))
