"""The card of a question how it was: the scores, what was good or bad, and one's own words; edited in place."""

from collections.abc import Iterable

from domain import surveys
from domain.company import Company
from domain.recommending import Recommendation
from domain.requests import Request
from domain.surveys import GOOD_FROM, Survey
from handlers.cards.request import headline, who_is
from handlers.conversation import rows, standing
from handlers.messages import Button, Homeowner, Message, Part, Plain, Said
from locales.text import Listing, Value, t

AGAIN = 2  # the round in which one asks whether it is all right now

Keyboard = tuple[tuple[Button, ...], ...]


def reasons(survey: Survey) -> Listing:
    """What he named."""
    return Listing(tuple(t(f"reason.{key}") for key in survey.reasons), "plain")


def of_survey(
    company: Company, to: Homeowner, request: Request, survey: Survey, *, live: bool, about: str | None = None
) -> Message:
    """The question as it stands: to be answered, answered, or kept for good. `live`: it can still be changed."""
    asked = _what_is_asked(company, request, survey)
    return Message(
        to=to,
        title=headline(request),
        body=asked if survey.score is None else (*asked[:1], *_answered(company, survey, live=live)),
        buttons=(*(_of_survey(survey) if live else ()), *_review(company, survey.score, survey.round)),
        about=about,
    )


def _what_is_asked(company: Company, request: Request, survey: Survey) -> tuple[Part, ...]:
    if survey.round == AGAIN:
        return t("second.ask"), t("second.scale")
    by = survey.technician or request.assignee
    return t("survey.ask", name=who_is(company, by) if by else company.name), t("survey.scale")


def _answered(company: Company, survey: Survey, *, live: bool) -> Iterable[Part]:
    score = survey.score or 0
    yield t("survey.yours", score=str(score))
    if survey.reasons:
        yield t("survey.because", reasons=reasons(survey))
    if survey.remark:
        yield Said(survey.remark)
    if survey.round == AGAIN:
        yield t("second.good") if score >= GOOD_FROM else t("second.bad")
    elif score <= company.follow_ups.low_score:
        yield t("survey.sorry")
    else:
        yield t("survey.thanks")
    if live and survey.round != AGAIN:
        yield t("survey.why.good") if score >= GOOD_FROM else t("survey.why.bad")


def _of_survey(survey: Survey) -> Keyboard:
    which: dict[str, Plain] = {"request": survey.request_id, "round": survey.round}
    scores = tuple(_score("survey.score", n, survey.score, which) for n in range(1, 6))
    if survey.score is None:
        return (scores,)
    named = () if survey.round == AGAIN else _reasons(survey, which)
    return (scores, *named, (standing("survey.words", "survey.words", **which),
                             standing("menu.human", "human.ask")))  # fmt: skip


def _reasons(survey: Survey, which: dict[str, Plain]) -> Keyboard:
    each = (
        Button(
            _marked(t(f"reason.{key}"), key in survey.reasons), "survey.reason", {**which, "key": key}, standing=True
        )
        for key in surveys.vocabulary(survey.score or 0)
    )
    return rows(each)


def of_recommendation(
    company: Company, to: Homeowner, asked: Recommendation, *, live: bool, about: str | None = None
) -> Message:
    """Would you recommend us? as it stands."""
    question = t("recommend.ask", company=company.name)
    return Message(
        to=to,
        body=(question, t("recommend.scale")) if asked.score is None else (question, *_said(asked, live=live)),
        buttons=(*(_of_recommendation(asked) if live else ()), *_review(company, asked.score, 1)),
        about=about,
    )


def _said(asked: Recommendation, *, live: bool) -> Iterable[Part]:
    yield t("recommend.yours", score=str(asked.score))
    if asked.remark:
        yield Said(asked.remark)
    yield t("survey.thanks")
    if live:
        yield t("recommend.why")


def _of_recommendation(asked: Recommendation) -> Keyboard:
    which: dict[str, Plain] = {"recommendation": asked.id}
    scores = [_score("recommend.score", n, asked.score, which) for n in range(11)]
    two = (tuple(scores[:6]), tuple(scores[6:]))
    if asked.score is None:
        return two
    return (*two, (standing("survey.words", "recommend.words", recommendation=asked.id),
                   standing("menu.human", "human.ask")))  # fmt: skip


def _score(act: str, score: int, chosen: int | None, which: dict[str, Plain]) -> Button:
    return Button(_marked(str(score), score == chosen), act, {**which, "score": score}, standing=True)


def _marked(label: Value, chosen: bool) -> Value:
    return t("survey.chosen", what=label) if chosen else label


def _review(company: Company, score: int | None, number: int) -> Keyboard:
    """The page to write a review on: for everybody who answered, whatever he answered, or for nobody."""
    link = company.follow_ups.review
    if link is None or score is None or number == AGAIN:
        return ()
    return ((Button(t("survey.review"), url=link),),)
