"""Digests: on Mondays and on the first of the month at nine, once for each date, whatever the clocks do."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from domain import events
from domain.surveys import Survey
from domain.work import Work
from scheduling.digests import DIGEST, WRONG, occurrences, plan
from scheduling.followups import follow
from scheduling.timers import Timer, TimerState, claim
from tests.domain.ground import SAMPLE, person, request

PARIS = ZoneInfo("Europe/Paris")


def timers_of(work: Work, kind: str) -> list[Timer]:
    work.session.flush()
    return list(work.session.scalars(select(Timer).where(Timer.kind == kind).order_by(Timer.due_at)))


@pytest.mark.slow
@pytest.mark.parametrize("zone", ["Europe/Paris", "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Chatham"])
def test_a_year_looked_at_every_six_hours_has_every_date_once_at_nine_on_the_wall(work: Work, zone: str) -> None:
    company = SAMPLE.model_copy(update={"time_zone": zone})
    there = ZoneInfo(zone)
    work.now = begins = datetime(2026, 1, 1, tzinfo=UTC)
    rung = []
    while work.now < begins + timedelta(days=366):
        plan(work, company)
        work.session.flush()
        rung += claim(work.session, work.now)
        work.now += timedelta(hours=6)
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(366)]
    expected = [one for day in days for one in occurrences(day)]
    assert len(expected) == len(set(expected)) == 52 + 13
    told = [one.occurrence for one in rung]
    assert sorted(told) == sorted(set(told))
    assert set(expected) - set(told) <= {"month 2026-01-01", "month 2027-01-01"}, "the first had begun, or lies ahead"
    for one in rung:
        at = one.due_at.astimezone(there)
        assert (at.hour, at.minute, at.date().isoformat()) == (9, 0, one.occurrence.split()[1])


def test_another_time_zone_moves_what_is_still_to_come(work: Work) -> None:
    plan(work, SAMPLE)
    work.session.flush()
    (next_one,) = [t for t in timers_of(work, DIGEST) if t.due_at > work.now]
    plan(work, SAMPLE.model_copy(update={"time_zone": "Atlantic/Canary"}))
    work.session.refresh(next_one)
    assert next_one.due_at.astimezone(ZoneInfo("Atlantic/Canary")).hour == 9


def test_the_third_low_score_of_a_day_sets_one_timer_and_the_fourth_none(work: Work) -> None:
    for number in range(5):
        asked = request(work, person(work), None)
        put = {"person_id": asked.person_id, "round": 1, "asked_at": work.now}
        work.session.add(Survey(request_id=asked.id, score=1, answered_at=work.now, **put))
        work.session.flush()
        follow(work, SAMPLE, events.SurveyAnswered(asked.id, 1))
        found = timers_of(work, WRONG)
        assert len(found) == (number >= 2)
        if number == 3:
            assert len(claim(work.session, work.now)) == 1
            work.session.expire_all()
    assert [t.state for t in timers_of(work, WRONG)] == [TimerState.RUNG]
    assert found[0].occurrence == work.now.astimezone(PARIS).date().isoformat()
