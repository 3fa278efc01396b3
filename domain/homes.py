"""Homes: what stands where, who lives there and may do what, and how one gets in."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint, bindparam, select, update
from sqlalchemy.orm import Mapped, mapped_column

from domain import referrals
from domain.areas import Area
from domain.events import PersonLinked
from domain.people import ClaimState, ContactClaim, Person, Presence
from domain.prepared import Nouns
from domain.record import Name, Short, Table, choice, impersonal, personal
from domain.requests import Request
from domain.work import Refusal, Work

INVITATION_LIFE = timedelta(hours=72)
ASK_AGAIN = timedelta(days=1)  # so long the team's "no" to a shared number holds


class Role(StrEnum):
    """What somebody is to a home."""

    OWNER = "owner"
    MEMBER = "member"
    TENANT = "tenant"
    HOUSE_MANAGER = "house_manager"


SEES_CONTRACT = {Role.OWNER, Role.MEMBER, Role.HOUSE_MANAGER}


class Home(Table):
    """A home we look after."""

    __tablename__ = "homes"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = impersonal(Short, unique=True)
    name: Mapped[str] = personal(Name)
    address: Mapped[str] = personal(Name)
    postcode: Mapped[str] = personal(Short)
    city: Mapped[str] = personal(Name)
    country: Mapped[str] = impersonal(Short)
    region: Mapped[str | None] = impersonal(Short)
    time_zone: Mapped[str] = impersonal(Short)
    latitude: Mapped[float | None] = personal()
    longitude: Mapped[float | None] = personal()
    zone: Mapped[str | None] = impersonal(Short)  # the tariff's travel zone
    km: Mapped[int | None]  # the way to it, one way
    complexity: Mapped[str | None] = impersonal(Short)  # the tariff's class of homes
    handed_over_on: Mapped[date | None]  # from then on the installation warranty runs


class Member(Table):
    """A person's place in a home; `spending_limit` in minor units, absent: no limit."""

    __tablename__ = "members"
    __table_args__ = (UniqueConstraint("home_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    home_id: Mapped[int] = mapped_column(ForeignKey("homes.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    role: Mapped[Role] = mapped_column(choice(Role))
    spending_limit: Mapped[int | None]
    ended_at: Mapped[datetime | None]


class Device(Table):
    """Something installed in a home."""

    __tablename__ = "devices"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = impersonal(Short, unique=True)
    home_id: Mapped[int] = mapped_column(ForeignKey("homes.id"), index=True)
    area: Mapped[Area] = mapped_column(choice(Area))
    room: Mapped[str] = personal(Name)
    brand: Mapped[str] = impersonal(Name)
    model: Mapped[str] = impersonal(Name)
    serial: Mapped[str | None] = personal(Name)
    firmware: Mapped[str | None] = impersonal(Short)  # its version, as it was last seen
    installed_on: Mapped[date | None]
    warranty_until: Mapped[date | None]


class Invitation(Table):
    """A one-time way in: only the hash of its token is kept."""

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = impersonal(Short, unique=True)
    home_id: Mapped[int] = mapped_column(ForeignKey("homes.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_by: Mapped[str] = impersonal(Short)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


@dataclass(eq=False)
class InvitationNotGood(Refusal):
    """Unknown, used or expired: the same answer for all three, so that nobody can probe."""


@dataclass(eq=False)
class AccountTaken(Refusal):
    """This Telegram account already belongs to another customer."""


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def invite(work: Work, home: Home, person: Person) -> str:
    """Make an invitation for a member of a home and return its token: the only time it is seen."""
    token = secrets.token_urlsafe(32)
    work.session.add(
        Invitation(
            token_hash=_hashed(token),
            home_id=home.id,
            person_id=person.id,
            created_by=work.actor,
            expires_at=work.now + INVITATION_LIFE,
        )
    )
    return token


def enter(work: Work, token: str, visitor: Person) -> Person:
    """Let a visitor in by his invitation, once: one conditional update has one winner.

    Raises InvitationNotGood, AccountTaken.
    """
    claimed = (
        update(Invitation)
        .where(Invitation.token_hash == _hashed(token), Invitation.used_at.is_(None), Invitation.expires_at > work.now)
        .values(used_at=work.now)
        .returning(Invitation.person_id, Invitation.home_id)
    )
    row = work.session.execute(claimed).one_or_none()
    if row is None:
        raise InvitationNotGood
    return link(work, visitor, work.session.get_one(Person, row.person_id), row.home_id)


def link(work: Work, visitor: Person, customer: Person, home: int) -> Person:
    """Give a customer the Telegram account he wrote from: the stranger's row becomes the customer's.

    Raises AccountTaken when the account is another customer's, or the customer has another account.
    """
    if visitor.id != customer.id:
        if homes_of(work, visitor) or customer.telegram not in (None, visitor.telegram):
            raise AccountTaken
        account, visitor.telegram = visitor.telegram, None
        work.session.flush()  # the account is unique: free it before it is given
        customer.telegram = account
        if visitor.language_chosen and not customer.language_chosen:
            customer.language, customer.language_chosen = visitor.language, True
        visitor.presence = Presence.UNLINKED
        for asked in work.session.scalars(select(Request).where(Request.person_id == visitor.id)):
            asked.person_id, asked.home_id = customer.id, asked.home_id or home
        referrals.went_over(work, visitor.id, customer.id)
    customer.presence = Presence.ACTIVE
    work.happened(PersonLinked(customer.id, home))
    return customer


def members_of(work: Work, home: int) -> list[Person]:
    """Everybody who lives in or looks after a home now."""
    living = select(Person).join(Member, Member.person_id == Person.id)
    return list(work.session.scalars(living.where(Member.home_id == home, Member.ended_at.is_(None))))


_homes_of = Nouns(
    select(Home, Member)
    .join(Member, Member.home_id == Home.id)
    .where(Member.person_id == bindparam("person"), Member.ended_at.is_(None))
    .order_by(Member.id),
    *(Home, Member),
)


def homes_of(work: Work, person: Person) -> list[tuple[Home, Member]]:
    """The homes a person belongs to now, oldest first."""
    return [(home, member) for home, member in _homes_of.all(work.session, person=person.id)]


def suggest(work: Work, phone: str) -> Person | None:
    """The customer who has this phone number (E.164) and belongs to a home."""
    with_phone = select(Person).join(Member, Member.person_id == Person.id).where(Person.phone == phone)
    return work.session.scalar(with_phone.where(Member.ended_at.is_(None)).order_by(Person.id).limit(1))


def claim_contact(work: Work, person: Person, phone: str) -> ContactClaim:
    """Write down a shared number, once per person and number; one that was refused is asked again, once a day."""
    same = select(ContactClaim).where(ContactClaim.person_id == person.id, ContactClaim.phone == phone)
    known = work.session.scalar(same)
    if known is not None:
        if known.state is ClaimState.REFUSED and work.now - known.created_at >= ASK_AGAIN:
            _ask_again(work, known)
        return known
    customer = suggest(work, phone)
    claim = ContactClaim(
        person_id=person.id, phone=phone, suggested_id=customer.id if customer else None, created_at=work.now
    )
    work.session.add(claim)
    work.session.flush()
    return claim


def _ask_again(work: Work, claim: ContactClaim) -> None:
    """The team may have been wrong, or knows him by now."""
    customer = suggest(work, claim.phone)
    claim.suggested_id = customer.id if customer else None
    claim.state, claim.decided_by, claim.created_at = ClaimState.WAITING, None, work.now


def devices_of(work: Work, home: int) -> list[Device]:
    """What is installed in a home, by area and room."""
    return list(
        work.session.scalars(select(Device).where(Device.home_id == home).order_by(Device.area, Device.room, Device.id))
    )
