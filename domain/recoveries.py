"""Recoveries: somebody was not satisfied, somebody of the team makes it good, and we ask again."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.record import Short, Table, choice, impersonal, personal


class Recovered(StrEnum):
    """What became of it."""

    OPEN = "open"
    YES = "yes"
    NO = "no"


class Recovery(Table):
    """One low answer: who makes it good, until when, and whether it came out well."""

    __tablename__ = "recoveries"
    __table_args__ = (
        UniqueConstraint("survey_id"),
        UniqueConstraint("recommendation_id"),
        CheckConstraint("(survey_id IS NULL) <> (recommendation_id IS NULL)", "of_one_answer"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    request_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id"), index=True)
    survey_id: Mapped[int | None] = mapped_column(ForeignKey("surveys.id"))
    recommendation_id: Mapped[int | None] = mapped_column(ForeignKey("recommendations.id"))
    channel: Mapped[str] = impersonal(Short)  # where its card hangs
    owner: Mapped[str | None] = impersonal(Short)  # the teammate's key
    opened_at: Mapped[datetime] = mapped_column(index=True)
    due_at: Mapped[datetime]
    warned: Mapped[int] = mapped_column(default=0)  # the highest percentage somebody was told of
    call_at: Mapped[datetime | None]  # the time he chose for a call
    contacted_at: Mapped[datetime | None]  # when somebody wrote to him or called
    outcome: Mapped[Recovered] = mapped_column(choice(Recovered), default=Recovered.OPEN)
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str | None] = impersonal(Short)  # none: his second answer did
    words: Mapped[str | None] = personal(Text)  # what was done about it
