"""Surveys: one question for each request, an answer that can be changed until words lock it, and an honest mean."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from domain import events, surveys
from domain.surveys import Satisfaction, Survey
from domain.work import Work
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


def test_the_mean_counts_only_who_answered_and_only_since_then(work: Work) -> None:
    old = asked(work)
    surveys.answer(work, old, 1)
    work.now += timedelta(days=40)
    for score in (5, 4, 4, None):
        survey = asked(work)
        if score is not None:
            surveys.answer(work, survey, score)
    found = surveys.satisfaction(work, work.now - timedelta(days=30))
    assert found == Satisfaction(asked=4, answered=3, mean=13 / 3, scores={4: 2, 5: 1})


def test_nobody_asked_is_no_mean(work: Work) -> None:
    assert surveys.satisfaction(work, work.now) == Satisfaction(0, 0, None, {})
