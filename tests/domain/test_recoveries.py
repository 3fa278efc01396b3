"""Somebody was not satisfied: one recovery for each low answer, its time, who has it, and how it came out."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import deadlines, promised, recommending, recoveries, surveys
from domain.deadlines import Deadline
from domain.recoveries import Recovered, Recovery
from domain.requests import Deed, State, advance
from domain.satisfaction_events import RecoveryOpened, RecoverySettled, RecoveryWarned
from domain.surveys import Survey
from domain.work import Work
from tests.domain.ground import MONDAY, SAMPLE, home, person, refusal_of, request

HOURS = SAMPLE.follow_ups.recovery_hours


def scored(work: Work, score: int) -> Survey:
    """Somebody answered."""
    owner = person(work)
    asked = request(work, owner, home(work, f"H{owner.id}", owner))
    asked.assignee = "ana"
    survey = surveys.ask(work, asked)
    assert survey is not None
    surveys.answer(work, survey, score)
    return survey


def low(work: Work, score: int = 1) -> tuple[Survey, Recovery]:
    """Somebody was not satisfied."""
    survey = scored(work, score)
    one = recoveries.answered(work, SAMPLE, survey)
    assert one is not None
    return survey, one


def again(work: Work, survey: Survey, score: int) -> Recovery | None:
    """He changes his score."""
    surveys.answer(work, survey, score)
    return recoveries.answered(work, SAMPLE, survey)


def facts(work: Work, kind: type) -> list[object]:
    return [fact for fact in work.events if isinstance(fact, kind)]


@pytest.mark.parametrize(("score", "opens"), [(1, True), (2, True), (3, False), (4, False), (5, False)])
def test_a_low_score_opens_one_and_only_one(work: Work, score: int, opens: bool) -> None:
    survey = scored(work, score)
    for _ in range(3):
        found = recoveries.answered(work, SAMPLE, survey)
        assert (found is not None) is opens
    assert len(facts(work, RecoveryOpened)) == opens


@pytest.mark.parametrize(("score", "opens"), [(0, True), (6, True), (7, False), (10, False)])
def test_so_does_somebody_who_would_not_recommend_us(work: Work, score: int, opens: bool) -> None:
    owner = person(work)
    place = home(work, owner=owner)
    last = request(work, owner, place)
    asked = recommending.ask(work, owner.id, place.id, "2026-1")
    assert asked is not None
    assert recommending.ask(work, owner.id, place.id, "2026-1") is None
    recommending.answer(work, asked, score)
    found = recoveries.answered(work, SAMPLE, asked)
    assert (found is not None) is opens
    if found is not None:
        assert found.request_id == last.id, "the team writes to him where it did last"


def test_who_never_asked_for_anything_and_would_not_recommend_us_has_a_request_now(work: Work) -> None:
    owner = person(work)
    asked = recommending.ask(work, owner.id, home(work, owner=owner).id, "2026-1")
    assert asked is not None
    recommending.answer(work, asked, 2)
    found = recoveries.answered(work, SAMPLE, asked)
    assert found is not None
    assert found.request_id is not None


def test_whoever_had_the_request_makes_it_good_unless_he_has_left(work: Work) -> None:
    assert low(work)[1].owner == "ana"
    survey = scored(work, 1)
    survey.request_id, asked = survey.request_id, work.session.get_one(recoveries.Request, survey.request_id)
    asked.assignee = "gone"
    found = recoveries.answered(work, SAMPLE, survey)
    assert found is not None
    assert found.owner is None


def test_its_time_is_working_time(work: Work) -> None:
    work.now = datetime(2026, 3, 6, 15, tzinfo=UTC)  # a Friday, four in Paris
    _, one = low(work)
    counted = promised.worktime(work, SAMPLE)
    assert counted.passed(one.opened_at, one.due_at) == timedelta(hours=HOURS)
    assert one.due_at > work.now + timedelta(hours=HOURS)


def test_each_height_is_told_once_also_when_we_were_away(work: Work) -> None:
    _, one = low(work)
    reached = recoveries.deadline(work, SAMPLE, one).reached
    rings = 0
    while (due := recoveries.next_warning(work, SAMPLE, one)) is not None:
        assert due == reached(SAMPLE.desk.percents[rings])
        work.now = due
        recoveries.warn(work, SAMPLE, one)
        recoveries.warn(work, SAMPLE, one)
        rings += 1
    told = [fact.percent for fact in facts(work, RecoveryWarned) if isinstance(fact, RecoveryWarned)]
    assert told == list(SAMPLE.desk.percents)
    _, late = low(work)
    work.now += timedelta(days=60)
    recoveries.warn(work, SAMPLE, late)
    assert len(facts(work, RecoveryWarned)) == 2 * len(SAMPLE.desk.percents)


def test_what_is_made_good_rings_no_more(work: Work) -> None:
    _, one = low(work)
    recoveries.made_good(work, one, "New motor", "ana")
    assert recoveries.next_warning(work, SAMPLE, one) is None
    work.now += timedelta(days=60)
    recoveries.warn(work, SAMPLE, one)
    assert facts(work, RecoveryWarned) == []


def test_a_score_that_is_raised_before_anybody_did_anything_ends_it_and_a_low_one_opens_it_again(work: Work) -> None:
    survey, one = low(work)
    assert again(work, survey, 4) is one
    assert one.outcome is Recovered.RAISED
    assert again(work, survey, 2) is one
    assert (one.outcome, one.settled_at) == (Recovered.OPEN, None)
    assert len(facts(work, RecoveryOpened)) == 2


def test_once_somebody_has_written_a_raised_score_does_not_end_it(work: Work) -> None:
    survey, one = low(work)
    recoveries.contacted(work, one, "tom")
    again(work, survey, 5)
    assert one.outcome is Recovered.OPEN


def test_nor_does_it_when_a_call_was_promised(work: Work) -> None:
    survey, one = low(work)
    recoveries.choose_call(work, one, MONDAY + timedelta(hours=3), MONDAY + timedelta(hours=6))
    again(work, survey, 5)
    assert one.outcome is Recovered.OPEN


@pytest.mark.parametrize(("score", "outcome"), [(1, "no"), (3, "no"), (4, "yes"), (5, "yes")])
def test_his_second_answer_says_how_it_came_out_and_may_change(work: Work, score: int, outcome: str) -> None:
    _, one = low(work)
    recoveries.second_answer(work, one, score)
    assert one.outcome is Recovered.OPEN, "nobody has made anything good yet"
    recoveries.made_good(work, one, "New motor", "ana")
    for _ in range(2):
        recoveries.second_answer(work, one, score)
    assert one.outcome == outcome
    assert len(facts(work, RecoverySettled)) == 1
    recoveries.second_answer(work, one, 6 - score if score != 3 else 5)
    assert one.outcome == ("yes" if outcome == "no" else "no")


def test_who_says_nothing_is_not_counted_as_recovered_until_he_does(work: Work) -> None:
    _, one = low(work)
    recoveries.silent(work, one)
    assert one.outcome is Recovered.OPEN
    recoveries.made_good(work, one, "New motor", "ana")
    recoveries.silent(work, one)
    assert one.outcome is Recovered.NO
    recoveries.second_answer(work, one, 5)
    assert one.outcome is Recovered.YES


def test_what_could_not_be_made_good_stays_so(work: Work) -> None:
    survey, one = low(work)
    recoveries.could_not(work, one, "He has moved away", "ana")
    assert (one.outcome, one.settled_by) == (Recovered.NO, "ana")
    recoveries.second_answer(work, one, 5)
    again(work, survey, 5)
    assert one.outcome is Recovered.NO
    for deed in (
        lambda: recoveries.take(work, one, "tom"),
        lambda: recoveries.made_good(work, one, "x", "tom"),
        lambda: recoveries.could_not(work, one, "x", "tom"),
        lambda: recoveries.choose_call(work, one, MONDAY, MONDAY),
    ):
        assert refusal_of(deed) == "RecoveryOver"


def test_he_chooses_one_time_for_the_call(work: Work) -> None:
    _, one = low(work)
    begins = MONDAY + timedelta(hours=3)
    for _ in range(2):
        recoveries.choose_call(work, one, begins, begins + timedelta(hours=2))
    other = begins + timedelta(days=1)
    assert refusal_of(lambda: recoveries.choose_call(work, one, other, other)) == "CallChosenAlready"


def test_the_one_about_the_latest_request_that_was_not_called_off(work: Work) -> None:
    owner = person(work)
    first, second = request(work, owner, None), request(work, owner, None)
    advance(second, Deed.CANCEL)
    assert second.state is State.CANCELLED
    asked = recommending.ask(work, owner.id, None, "2026-1")
    assert asked is not None
    recommending.answer(work, asked, 0)
    found = recoveries.answered(work, SAMPLE, asked)
    assert found is not None
    assert found.request_id == first.id


# ── heights, the same for promises ──


@given(
    st.lists(st.integers(1, 300), unique=True, max_size=6),
    st.integers(0, 400),
    st.sets(st.integers(1, 300)),
)
def test_of_each_height_somebody_is_told_now_later_or_was(percents: list[int], used: int, said: set[int]) -> None:
    deadline = Deadline(MONDAY, timedelta(minutes=100))
    now = MONDAY + timedelta(minutes=used)
    told = deadlines.passed(deadline.reached, percents, now, said)
    following = deadlines.ahead(deadline.reached, percents, now, said)
    assert told == [p for p in percents if p <= used and p not in said]
    left = [p for p in percents if p > used and p not in said]
    assert following == (MONDAY + timedelta(minutes=min(left)) if left else None)
