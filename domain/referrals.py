"""Referrals: somebody's own link for friends, who came by it, and what came of it."""

import secrets
from datetime import datetime

from sqlalchemy import ForeignKey, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from domain.contracts import Contract
from domain.people import Person
from domain.record import Short, Table, personal
from domain.satisfaction_events import ReferralCame, ReferralSigned
from domain.work import Work

PREFIX = "ref_"  # how such a link's parameter begins: an invitation's never does


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


def link_of(work: Work, person: Person) -> Referral:
    """His own link, made when it is first wanted: always the same."""
    found = work.session.scalar(select(Referral).where(Referral.person_id == person.id))
    if found is not None:
        return found
    made = Referral(person_id=person.id, code=secrets.token_urlsafe(9), made_at=work.now)
    work.session.add(made)
    work.session.flush()
    return made


def sender(work: Work, parameter: str) -> tuple[Referral, Person] | None:
    """Whose link somebody came by."""
    if not parameter.startswith(PREFIX):
        return None
    whose = select(Referral, Person).join(Person, Person.id == Referral.person_id)
    row = work.session.execute(whose.where(Referral.code == parameter.removeprefix(PREFIX))).one_or_none()
    return (row[0], row[1]) if row is not None else None


def came(work: Work, link: Referral, visitor: Person) -> Referred | None:
    """Somebody came by a friend's link: whose he came by first counts. Nobody comes by his own; None then, or again."""
    if link.person_id == visitor.id or of_person(work, visitor.id) is not None:
        return None
    one = Referred(referral_id=link.id, person_id=visitor.id, came_at=work.now)
    try:
        with work.session.begin_nested():
            work.session.add(one)
    except IntegrityError:  # he pressed it on two devices at once
        return None
    work.happened(ReferralCame(visitor.id, one.id))
    return one


def of_person(work: Work, person: int) -> Referred | None:
    """By whose link somebody came."""
    return work.session.scalar(select(Referred).where(Referred.person_id == person))


def went_over(work: Work, visitor: int, customer: int) -> None:
    """The stranger turned out to be this customer: what brought him here stays known."""
    if of_person(work, customer) is None:
        moved = update(Referred).where(Referred.person_id == visitor).values(person_id=customer)
        work.session.execute(moved)


def waiting_for(work: Work, contract: Contract, members: list[int]) -> list[Referred]:
    """Who of these people came by a link before that contract began, and had none until now."""
    mine = select(Referred).where(Referred.person_id.in_(members), Referred.contract_id.is_(None))
    return [one for one in work.session.scalars(mine.order_by(Referred.id)) if one.came_at.date() <= contract.starts_on]


def signed(work: Work, one: Referred, contract: Contract) -> None:
    """He has a contract: that is noted once, with the first one."""
    first = update(Referred).where(Referred.id == one.id, Referred.contract_id.is_(None))
    won = work.session.execute(first.values(contract_id=contract.id).returning(Referred.id))
    if won.one_or_none() is not None:
        work.happened(ReferralSigned(contract.id, one.id))


def thank(work: Work, referred: int) -> Person | None:
    """The one who sent him, if he is still to be thanked: once for each. Whoever asks must do it."""
    first = update(Referred).where(
        Referred.id == referred, Referred.contract_id.is_not(None), Referred.thanked_at.is_(None)
    )
    won = work.session.execute(first.values(thanked_at=work.now).returning(Referred.referral_id)).one_or_none()
    return sent_by(work, won.referral_id) if won is not None else None


def sent_by(work: Work, referral: int) -> Person:
    """Whose link it is."""
    return work.session.get_one(Person, work.session.get_one(Referral, referral).person_id)
