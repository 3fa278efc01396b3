"""Surveys: one question for each request, an answer that can be changed until words lock it, and an honest mean."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot import routes
from domain import events, surveys
from domain.appointments import Booking, BookingState
from domain.areas import Help
from domain.surveys import Survey
from domain.work import Work
from handlers.homeowner import call_back, recommend, survey
from tests.domain.ground import person, refusal_of, request


def asked(work: Work) -> Survey:
    """A question that was put."""
    put = surveys.ask(work, request(work, person(work), None))
    assert put is not None
    return put


def test_the_question_is_put_once_for_each_request(work: Work) -> None:
    one = request(work, person(work), None)
    one.assignee = "ana"
    put = surveys.ask(work, one)
    assert put is not None
    assert (put.technician, put.person_id, put.asked_at) == ("ana", one.person_id, work.now)
    assert surveys.ask(work, one) is None
    assert [e for e in work.events if isinstance(e, events.SurveyAsked)] == [events.SurveyAsked(one.id)]


def test_an_answer_can_be_changed_until_words_lock_it(work: Work) -> None:
    survey = asked(work)
    surveys.answer(work, survey, 2)
    surveys.answer(work, survey, 5)
    surveys.remark(work, survey, "Quick and kind.")
    assert refusal_of(lambda: surveys.answer(work, survey, 1)) == "SurveyOver"
    assert refusal_of(lambda: surveys.remark(work, survey, "More.")) == "SurveyOver"
    assert (survey.score, survey.remark) == (5, "Quick and kind.")


@pytest.mark.parametrize("score", [0, 6, -1])
def test_a_score_that_does_not_exist_cannot_be_kept(work: Work, score: int) -> None:
    survey = asked(work)
    surveys.answer(work, survey, score)
    with pytest.raises(IntegrityError, match="score_in_range"):
        work.session.flush()
    work.session.rollback()


def test_up_to_two_reasons_that_fit_the_score_can_be_named_and_taken_back(work: Work) -> None:
    survey = asked(work)
    assert refusal_of(lambda: surveys.reason(work, survey, "quick")) == "SurveyOver", "he has given no score yet"
    surveys.answer(work, survey, 5)
    for key in ("quick", "kind"):
        surveys.reason(work, survey, key)
    assert refusal_of(lambda: surveys.reason(work, survey, "clean")) == "EnoughReasons"
    surveys.reason(work, survey, "quick")
    surveys.reason(work, survey, "slow")
    assert survey.reasons == ["kind"]
    surveys.answer(work, survey, 4)
    assert survey.reasons == ["kind"], "four and five are both good"
    surveys.answer(work, survey, 2)
    assert survey.reasons == []
    surveys.reason(work, survey, "slow")
    surveys.remark(work, survey, "Two hours late.")
    assert refusal_of(lambda: surveys.reason(work, survey, "late")) == "SurveyOver"
    work.session.flush()
    work.session.expire_all()
    assert survey.reasons == ["slow"]


def test_the_same_answer_again_is_no_news(work: Work) -> None:
    survey = asked(work)
    for _ in range(3):
        surveys.answer(work, survey, 4)
    assert len([e for e in work.events if isinstance(e, events.SurveyAnswered)]) == 1


@pytest.mark.parametrize("done", [True, False])
def test_whoever_did_the_work_is_kept_with_it_not_whoever_took_the_call(work: Work, done: bool) -> None:
    one = request(work, person(work), None)
    one.assignee = "lena"
    made = {"quote_id": 1, "help": Help.VISIT, "ends_at": work.now, "uid": "u", "window_minutes": 0, "sequence": 0}
    work.session.execute(text("PRAGMA defer_foreign_keys = ON"))
    for number, (technician, state) in enumerate(
        [("ana", BookingState.MOVED), ("tom", BookingState.DONE if done else BookingState.CANCELLED)]
    ):
        starts = work.now + timedelta(hours=number)
        work.session.add(Booking(request_id=one.id, technician=technician, state=state, starts_at=starts, **made))
    work.session.flush()
    assert surveys.done_by(work, one) == ("tom" if done else "lena")
    work.session.rollback()


def test_the_second_question_is_another_one(work: Work) -> None:
    one = request(work, person(work), None)
    first, second = surveys.ask(work, one), surveys.ask(work, one, 2)
    assert first is not None
    assert second is not None
    assert surveys.ask(work, one, 2) is None
    surveys.answer(work, first, 1)
    surveys.answer(work, second, 5)
    assert (first.score, second.score) == (1, 5)


@given(st.integers(1, 10**9), st.integers(0, 100))
def test_whether_a_request_is_drawn_never_changes_and_grows_with_the_share(number: int, percent: int) -> None:
    assert surveys.drawn(number, 100)
    assert not surveys.drawn(number, 0)
    assert surveys.drawn(number, percent) is surveys.drawn(number, percent)
    assert not surveys.drawn(number, percent) or surveys.drawn(number, min(percent + 1, 100))


def test_about_so_many_of_a_hundred_are_drawn() -> None:
    drawn = sum(surveys.drawn(number, 30) for number in range(10_000))
    assert abs(drawn - 3000) < 150


def test_nobody_of_the_team_can_answer_for_a_customer() -> None:
    acts = {*routes.TEAM, *routes.FORMS, *routes.SLASH, *routes.SHORTCUTS}
    answering = {*survey.PRESSES, *recommend.PRESSES, *call_back.PRESSES}
    assert acts.isdisjoint(answering)
    deeds = {"surveys.answer(", "surveys.reason(", "surveys.remark(", "recommending.answer(", "recommending.remark("}
    for file in Path("handlers").rglob("*.py"):
        if file.parent.name != "homeowner":
            assert not any(deed in file.read_text() for deed in deeds), file
