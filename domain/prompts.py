"""Prompts: what we come back with by ourselves, each planned once, asked once, and what was said to it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.people import ConsentKind
from domain.prompt_kinds import Kind as Kind
from domain.record import Short, Table, choice, impersonal

# Part of the contract, or of the talk one is in: no distance is kept, and they count in no month.
SERVICE = frozenset({Kind.RENEWAL, Kind.CONSENT, Kind.SECOND_ASK})


class PromptState(StrEnum):
    """The life of a prompt."""

    PLANNED = "planned"
    ASKED = "asked"
    LET_GO = "let_go"  # not true any more, not wanted, or too late
    UNREACHED = "unreached"  # Telegram does not reach him


class Reply(StrEnum):
    """What was said to it."""

    YES = "yes"
    MORE = "more"  # he wants to talk about it
    LATER = "later"
    NEVER = "never"  # nothing of this kind any more
    STOP = "stop"  # nothing at all any more


class Prompt(Table):
    """One of them, for one person; `occurrence` tells repeated ones apart. Marketing needs a consent."""

    __tablename__ = "prompts"
    __table_args__ = (
        UniqueConstraint("person_id", "kind", "subject", "occurrence"),
        CheckConstraint("topic NOT IN ('upgrades', 'offers') OR consent_id IS NOT NULL", "marketing_needs_consent"),
        ForeignKeyConstraint(
            ["consent_id", "person_id", "topic"], ["consents.id", "consents.person_id", "consents.kind"]
        ),
        Index("ix_prompts_planned", "person_id", "due_at", sqlite_where=text("state = 'planned'")),
        Index("ix_prompts_asked", "person_id", "asked_at"),
        Index("ix_prompts_kind", "kind", "asked_at"),
        Index("ix_prompts_subject", "subject", sqlite_where=text("state = 'planned'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    home_id: Mapped[int | None] = mapped_column(ForeignKey("homes.id"))
    kind: Mapped[Kind] = mapped_column(choice(Kind))
    topic: Mapped[ConsentKind | None] = mapped_column(choice(ConsentKind))  # none: it is part of what he asked for
    subject: Mapped[str] = impersonal(Short)  # what it is about: "request:12", "device:4", "year:2026"
    occurrence: Mapped[str] = impersonal(Short)
    facts: Mapped[dict[str, Any]] = impersonal()  # the reason, in figures
    wanted_at: Mapped[datetime]  # when it would be best
    due_at: Mapped[datetime]  # when it is polite
    until: Mapped[datetime]  # later than that it is let go
    state: Mapped[PromptState] = mapped_column(choice(PromptState), default=PromptState.PLANNED)
    let_go_for: Mapped[str | None] = impersonal(Short)  # why it was let go
    asked_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]  # when he first pressed anything on it
    reply: Mapped[Reply | None] = mapped_column(choice(Reply))
    replied_at: Mapped[datetime | None]
    consent_id: Mapped[int | None]
    request_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id"), index=True)  # what a yes led to
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id"), index=True)


class OptOut(Table):
    """Somebody wants none of this any more: one kind of prompt, or a whole topic."""

    __tablename__ = "opt_outs"
    __table_args__ = (UniqueConstraint("person_id", "of"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    of: Mapped[str] = impersonal(Short)  # "kind:warranty" or "topic:surveys"
    at: Mapped[datetime]
