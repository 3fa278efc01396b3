"""Would you recommend us? 0 to 10, twice a year, and what was said."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.record import Short, Table, impersonal, personal


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
