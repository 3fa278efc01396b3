"""Campaigns: what a manager writes to many who agreed to that, spread over the days."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from domain.record import Name, Short, Table, choice, impersonal


class CampaignState(StrEnum):
    """The life of a campaign."""

    DRAFT = "draft"
    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"


class Campaign(Table):
    """What is written, to whom, from when on, and to how many a day."""

    __tablename__ = "campaigns"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = impersonal(Name)
    whom: Mapped[dict[str, Any]] = impersonal()  # plans, regions, brands, models, ages
    words: Mapped[dict[str, Any]] = impersonal()  # by language
    work: Mapped[str | None] = impersonal(Short)  # what a yes asks for: a kind of work
    area: Mapped[str | None] = impersonal(Short)
    starts_on: Mapped[date]
    a_day: Mapped[int]
    state: Mapped[CampaignState] = mapped_column(choice(CampaignState), default=CampaignState.DRAFT)
    made_by: Mapped[str] = impersonal(Short)
    made_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]  # stopped, or done
