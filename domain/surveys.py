"""Surveys: one question after the work, and what the answers say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, mapped_column

from domain import events, satisfaction_events
from domain.appointments import Booking, BookingState
from domain.record import Short, Table, impersonal, personal
from domain.requests import Request
from domain.work import Refusal, Work

GOOD = ("quick", "kind", "competent", "clean", "informed")
BAD = ("slow", "unfriendly", "not_solved", "expensive", "late", "unclear")
BEST = 5
GOOD_FROM = 4  # from that score on one is asked what was good
MOST_REASONS = 2


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

    def open_at(self, now: datetime, days: int) -> bool:
        """Whether it can still be answered, or answered otherwise."""
        return self.locked_at is None and now <= self.asked_at + timedelta(days=days)


@dataclass(eq=False)
class SurveyOver(Refusal):
    """The answer is locked, or the question is closed."""


class EnoughReasons(Refusal):
    """Two reasons say enough; the rest is for one's own words."""


# ── asking ──


def ask(work: Work, request: Request, number: int = 1) -> Survey | None:
    """Put the question, once per request and round; None when it was put before."""
    same = select(Survey.id).where(Survey.request_id == request.id, Survey.round == number)
    if work.session.scalar(same) is not None:
        return None
    survey = Survey(
        request_id=request.id, person_id=request.person_id, technician=done_by(work, request), round=number,
        asked_at=work.now, reasons=[],
    )  # fmt: skip
    work.session.add(survey)
    work.session.flush()
    work.happened(events.SurveyAsked(request.id, number))
    return survey


def done_by(work: Work, request: Request) -> str | None:
    """Who did the work: whoever was there last, else whoever has the request."""
    done = select(Booking.technician).where(Booking.request_id == request.id, Booking.state == BookingState.DONE)
    return work.session.scalar(done.order_by(Booking.starts_at.desc(), Booking.id.desc()).limit(1)) or request.assignee


def drawn(request: int, percent: int) -> bool:
    """Whether a request is among those that are asked about: so many of a hundred, and always the same ones."""
    number = int.from_bytes(blake2b(f"survey:{request}".encode(), digest_size=8).digest(), "big")
    return number % 100 < percent


def held(work: Work, request: int, number: int = 1) -> Survey | None:
    """The question about a request as it stands; until the end of the transaction nobody else answers it."""
    work.session.flush()
    found = select(Survey).where(Survey.request_id == request, Survey.round == number)
    return work.session.scalar(found.with_for_update().execution_options(populate_existing=True))


def newest_of(work: Work, person: int) -> Survey | None:
    """The one he answered last, if its answer is not locked."""
    mine = select(Survey).where(Survey.person_id == person, Survey.answered_at.is_not(None))
    found = work.session.scalar(mine.order_by(Survey.answered_at.desc(), Survey.id.desc()).limit(1))
    return found if found is not None and found.locked_at is None else None


# ── answering ──


def vocabulary(score: int) -> Sequence[str]:
    """What can have been good, or bad, by the score."""
    return GOOD if score >= GOOD_FROM else BAD


def answer(work: Work, survey: Survey, score: int) -> None:
    """Keep the score; answering again changes it until a remark locks it. Raises SurveyOver."""
    if survey.locked_at is not None:
        raise SurveyOver
    if survey.score is not None and vocabulary(survey.score) is not vocabulary(score):
        survey.reasons = []  # what was good is not what was bad
    news = survey.score != score
    survey.score = score
    survey.answered_at = work.now
    if news:
        work.happened(events.SurveyAnswered(survey.request_id, score, survey.round))


def reason(work: Work, survey: Survey, key: str) -> None:
    """Name what was good or bad, or take it back. Raises SurveyOver, EnoughReasons."""
    if survey.locked_at is not None or survey.score is None:
        raise SurveyOver
    if key not in vocabulary(survey.score):
        return  # a button of before he changed his score
    said = [one for one in survey.reasons if one != key]
    if len(said) == len(survey.reasons):
        if len(said) >= MOST_REASONS:
            raise EnoughReasons
        said.append(key)
    survey.reasons = said
    work.happened(satisfaction_events.SurveyReasoned(survey.request_id, survey.round))


def remark(work: Work, survey: Survey, words: str) -> None:
    """Keep the remark, and lock the answer. Raises SurveyOver."""
    if survey.locked_at is not None:
        raise SurveyOver
    survey.remark = words
    survey.locked_at = work.now
    work.happened(events.SurveyRemarked(survey.request_id, survey.round))
