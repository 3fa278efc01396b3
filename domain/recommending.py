"""Would you recommend us? 0 to 10, twice a year, and what was said."""

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from domain.record import Short, Table, impersonal, personal
from domain.satisfaction_events import RecommendAnswered, RecommendAsked, RecommendRemarked
from domain.surveys import SurveyOver
from domain.work import Work

PROMOTES = 9  # from that score on he would
DETRACTS = 6  # up to that score he would not


class Recommendation(Table):
    """The recommend question to one person in one half of a year ("2026-1")."""

    __tablename__ = "recommendations"
    __table_args__ = (
        UniqueConstraint("person_id", "half"),
        CheckConstraint("score BETWEEN 0 AND 10", "score_in_range"),
        Index("ix_recommendations_asked_at", "asked_at", "score"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    home_id: Mapped[int | None] = mapped_column(ForeignKey("homes.id"))
    half: Mapped[str] = impersonal(Short)
    asked_at: Mapped[datetime]
    score: Mapped[int | None]
    remark: Mapped[str | None] = personal(Text)
    answered_at: Mapped[datetime | None] = mapped_column(index=True)
    locked_at: Mapped[datetime | None]  # a remark locks the answer

    def open_at(self, now: datetime, days: int) -> bool:
        """Whether it can still be answered, or answered otherwise."""
        return self.locked_at is None and now <= self.asked_at + timedelta(days=days)


def ask(work: Work, person: int, home: int | None, half: str) -> Recommendation | None:
    """Put the question, once per person and half-year; None when it was put before."""
    if of_half(work, person, half) is not None:
        return None
    asked = Recommendation(person_id=person, home_id=home, half=half, asked_at=work.now)
    work.session.add(asked)
    work.session.flush()
    work.happened(RecommendAsked(person, asked.id))
    return asked


def of_half(work: Work, person: int, half: str) -> Recommendation | None:
    """What somebody was asked in a half-year."""
    same = select(Recommendation).where(Recommendation.person_id == person, Recommendation.half == half)
    return work.session.scalar(same)


def held(work: Work, recommendation: int) -> Recommendation | None:
    """One as it stands; until the end of the transaction nobody else answers it."""
    work.session.flush()
    found = select(Recommendation).where(Recommendation.id == recommendation)
    return work.session.scalar(found.with_for_update().execution_options(populate_existing=True))


def newest_of(work: Work, person: int) -> Recommendation | None:
    """The one he answered last, if its answer is not locked."""
    mine = select(Recommendation).where(
        Recommendation.person_id == person, Recommendation.answered_at.is_not(None), Recommendation.locked_at.is_(None)
    )
    return work.session.scalar(mine.order_by(Recommendation.answered_at.desc()).limit(1))


def answer(work: Work, asked: Recommendation, score: int) -> None:
    """Keep the score; answering again changes it until a remark locks it. Raises SurveyOver."""
    if asked.locked_at is not None:
        raise SurveyOver
    news = asked.score != score
    asked.score, asked.answered_at = score, work.now
    if news:
        work.happened(RecommendAnswered(asked.person_id, asked.id, score))


def remark(work: Work, asked: Recommendation, words: str) -> None:
    """Keep what he said, and lock the answer. Raises SurveyOver."""
    if asked.locked_at is not None:
        raise SurveyOver
    asked.remark, asked.locked_at = words, work.now
    work.happened(RecommendRemarked(asked.person_id, asked.id))
