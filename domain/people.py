"""People: who writes to us, in which language, and what they agreed to."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, bindparam, select, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.prepared import Nouns
from domain.record import Name, Short, Table, choice, impersonal, personal
from domain.work import Work


class Presence(StrEnum):
    """Whether we can reach a person in Telegram."""

    UNLINKED = "unlinked"  # known from the import, never wrote
    ACTIVE = "active"
    BLOCKED = "blocked"
    ERASED = "erased"

    @property
    def reachable(self) -> bool:
        """Whether a message can arrive."""
        return self is Presence.ACTIVE


class Person(Table):
    """Somebody who may write to us: a customer, a member of his home, or a stranger."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str | None] = impersonal(Short, unique=True)  # the company's own key, from the import
    name: Mapped[str] = personal(Name)
    language: Mapped[str] = impersonal(Short)
    language_chosen: Mapped[bool] = mapped_column(default=False)  # by himself: no import overwrites it
    phone: Mapped[str | None] = personal(Short, index=True)  # E.164
    email: Mapped[str | None] = personal(Name)
    telegram: Mapped[str | None] = personal(Short, unique=True)  # the Telegram user id, also his private chat
    presence: Mapped[Presence] = mapped_column(choice(Presence), default=Presence.UNLINKED)
    created_at: Mapped[datetime]


class ConsentKind(StrEnum):
    """What we come back with by ourselves; to each one agrees, or not, separately."""

    SURVEYS = "surveys"  # how it was
    MAINTENANCE = "maintenance"  # what his contract and his devices need
    UPGRADES = "upgrades"  # what could be better in his home
    OFFERS = "offers"  # campaigns, and what he may recommend


class Consent(Table):
    """One agreement to one kind of message: which text, in which language, when; and when it was taken back."""

    __tablename__ = "consents"
    __table_args__ = (
        UniqueConstraint("id", "person_id", "kind"),  # what a prompt points to: this person's, for this kind
        Index("uq_consents_standing", "person_id", "kind", unique=True, sqlite_where=text("withdrawn_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[ConsentKind] = mapped_column(choice(ConsentKind))
    text_version: Mapped[str] = impersonal(Short)
    language: Mapped[str] = impersonal(Short)
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class Group(Table):
    """A group chat we were put into: answered once, then left alone (unless an owner binds it to his home)."""

    __tablename__ = "groups"

    chat: Mapped[str] = personal(Short, primary_key=True)
    greeted_at: Mapped[datetime]
    home_id: Mapped[int | None] = mapped_column(ForeignKey("homes.id"))


class ClaimState(StrEnum):
    """What the team said about a stranger's phone number."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class ContactClaim(Table):
    """A stranger shared his own number: `suggested` is the customer who has it; the team decides."""

    __tablename__ = "contact_claims"
    __table_args__ = (UniqueConstraint("person_id", "phone"), CheckConstraint("phone <> ''", "phone_given"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    phone: Mapped[str] = personal(Short)
    suggested_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    state: Mapped[ClaimState] = mapped_column(choice(ClaimState), default=ClaimState.WAITING)
    decided_by: Mapped[str | None] = impersonal(Short)
    created_at: Mapped[datetime]


_by_telegram = Nouns(select(Person).where(Person.telegram == bindparam("user")), Person)


def by_telegram(work: Work, user: str) -> Person | None:
    """The person behind a Telegram account."""
    return _by_telegram.first(work.session, user=user)


def meet(work: Work, user: str, name: str, language: str) -> Person:
    """The person behind a Telegram account; a stranger is written down at his first word."""
    known = by_telegram(work, user)
    if known is not None:
        return known
    stranger = Person(
        name=name,
        language=language,
        telegram=user,
        presence=Presence.ACTIVE,
        created_at=work.now,
        language_chosen=False,
    )
    work.session.add(stranger)
    work.session.flush()
    return stranger


def speak(person: Person, language: str) -> None:
    """He chose his language."""
    person.language = language
    person.language_chosen = True
