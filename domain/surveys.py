"""Surveys: one question after the work, and what the answers say."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, func, select, text
from sqlalchemy.orm import Mapped, mapped_column

from domain import events
from domain.record import Short, Table, impersonal, personal
from domain.requests import Request
from domain.work import Refusal, Work


class Survey(Table):
    """The satisfaction question about one request; the technician who did the work is kept with it."""

    __tablename__ = "surveys"
    __table_args__ = (
        UniqueConstraint("request_id", "round"),
        CheckConstraint("score BETWEEN 1 AND 5", "score_in_range"),
        Index("ix_surveys_asked_at", "asked_at", "round", "score"),
        # In the order in which summaries count: SQLite reads it through, PostgreSQL needs no such help.
        Index(
            "ix_surveys_counted", "technician", "score", "reasons", "round", "asked_at", info={"only": "sqlite"}
        ).ddl_if(dialect="sqlite"),
        Index("ix_surveys_remarked", "asked_at", sqlite_where=text("remark IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    technician: Mapped[str | None] = impersonal(Short)
    round: Mapped[int] = mapped_column(default=1)  # 2: asked again after we made it good
    asked_at: Mapped[datetime]
    score: Mapped[int | None]
    reasons: Mapped[list[Any]] = impersonal(default=list)  # the keys of what was good or bad
    remark: Mapped[str | None] = personal(Text)
    answered_at: Mapped[datetime | None] = mapped_column(index=True)
    locked_at: Mapped[datetime | None]  # a remark locks the answer


@dataclass(eq=False)
class SurveyOver(Refusal):
    """The answer is locked, or the question is closed."""


@dataclass(frozen=True)
class Satisfaction:
    """What the answers of a time say: the mean of scores 1–5 and how many there were."""

    asked: int
    answered: int
    mean: float | None
    scores: dict[int, int]


def ask(work: Work, request: Request) -> Survey | None:
    """Put the question, once per request; None when it was put before."""
    if work.session.scalar(select(Survey.id).where(Survey.request_id == request.id)) is not None:
        return None
    survey = Survey(request_id=request.id, person_id=request.person_id, technician=request.assignee, asked_at=work.now)
    work.session.add(survey)
    work.session.flush()
    work.happened(events.SurveyAsked(request.id))
    return survey


def answer(work: Work, survey: Survey, score: int) -> None:
    """Keep the score; answering again changes it until a remark locks it. Raises SurveyOver."""
    if survey.locked_at is not None:
        raise SurveyOver
    survey.score = score
    survey.answered_at = work.now
    work.happened(events.SurveyAnswered(survey.request_id, score))


def remark(work: Work, survey: Survey, words: str) -> None:
    """Keep the remark, and lock the answer. Raises SurveyOver."""
    if survey.locked_at is not None:
        raise SurveyOver
    survey.remark = words
    survey.locked_at = work.now
    work.happened(events.SurveyRemarked(survey.request_id))


def satisfaction(work: Work, since: datetime) -> Satisfaction:
    """The summary of everything asked since a moment."""
    asked = work.session.scalar(select(func.count()).select_from(Survey).where(Survey.asked_at >= since)) or 0
    counted = (
        select(Survey.score, func.count())
        .where(Survey.asked_at >= since, Survey.score.is_not(None))
        .group_by(Survey.score)
    )
    scores = {score: count for score, count in work.session.execute(counted) if score is not None}
    answered = sum(scores.values())
    mean = sum(score * count for score, count in scores.items()) / answered if answered else None
    return Satisfaction(asked, answered, mean, scores)
