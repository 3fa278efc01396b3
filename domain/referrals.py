"""Referrals: somebody's own link for friends, who came by it, and what came of it."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from domain.record import Short, Table, personal


class Referral(Table):
    """The link of one person."""

    __tablename__ = "referrals"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), unique=True)
    code: Mapped[str] = personal(Short, unique=True)
    made_at: Mapped[datetime]


class Referred(Table):
    """Somebody who came by such a link; `contract` once he signed one, `thanked` once the one who sent him was."""

    __tablename__ = "referred"

    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referrals.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), unique=True)
    came_at: Mapped[datetime]
    contract_id: Mapped[int | None] = mapped_column(ForeignKey("contracts.id"))
    thanked_at: Mapped[datetime | None]
