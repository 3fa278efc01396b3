"""The log of what the company changes of its own things: who, when, what was and what is. Also what of it cannot change
while the program runs."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from domain import occupancy
from domain.appointments import STANDING, Booking
from domain.company import Company
from domain.contracts import Contract, ContractState
from domain.people import Person, Presence
from domain.record import Short, Table, choice, impersonal, personal
from domain.work import Work

FILE = "file"  # who changed it, where it is the company file


class ChangeKind(StrEnum):
    """What happened."""

    READ = "read"  # the company file was read anew, and holds
    FAULTY = "faulty"  # it has faults: the one from before goes on
    REFUSED = "refused"  # it would change what cannot change while the program runs
    PRICES = "prices"  # prices were changed from a day on
    PRICES_BACK = "prices_back"  # such a change was taken back


class CompanyChange(Table):
    """One change. Those of the file are a chain, each after another: so of several processes only one tells."""

    __tablename__ = "company_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    who: Mapped[str] = impersonal(Short)  # "file", or a teammate
    kind: Mapped[ChangeKind] = mapped_column(choice(ChangeKind))
    what: Mapped[list[Any]] = personal()  # of each: key, of, before, after; a teammate may be among them
    starts_on: Mapped[date | None]
    digest: Mapped[str | None] = impersonal(Short)  # of the file; of its faults, where it has some
    follows: Mapped[int | None] = mapped_column(unique=True)  # the file's row before this one; 0 for the first
    body: Mapped[dict[str, Any] | None] = personal()  # what the file said; of the newest that was read only


class Stays(StrEnum):
    """What cannot change while the program runs."""

    CURRENCY = "currency"
    TIME_ZONE = "time_zone"
    LANGUAGE = "language"  # somebody speaks it with us
    PLAN = "plan"  # a contract has it
    TEAMMATE = "teammate"  # he has appointments to come


class Kept(msgspec.Struct, frozen=True):
    """One thing that has to stay: which, and how many need it."""

    what: Stays
    name: str
    count: int


def note(work: Work, who: str, kind: ChangeKind, what: list[Any], *, starts: date | None = None) -> None:
    """Write down what a teammate changed."""
    work.session.add(CompanyChange(at=work.now, who=who, kind=kind, what=what, starts_on=starts))


def newest(work: Work) -> CompanyChange | None:
    """How it stands with the file."""
    of_file = select(CompanyChange).where(CompanyChange.follows.is_not(None))
    return work.session.scalars(of_file.order_by(CompanyChange.id.desc()).limit(1)).first()


def last_read(work: Work) -> CompanyChange | None:
    """The file as it was last read without a fault."""
    read = select(CompanyChange).where(CompanyChange.kind == ChangeKind.READ)
    return work.session.scalars(read.order_by(CompanyChange.id.desc()).limit(1)).first()


def note_file(
    work: Work, kind: ChangeKind, digest: str, what: list[Any], body: Mapping[str, Any] | None = None
) -> CompanyChange | None:
    """Write down how it stands with the file; nothing when that is written down already, by whichever process."""
    before = newest(work)
    if before is not None and before.digest == digest:
        return None
    row = CompanyChange(at=work.now, who=FILE, kind=kind, what=what, digest=digest,
                        follows=before.id if before else 0, body=dict(body) if body else None)  # fmt: skip
    older = last_read(work)
    try:
        with work.session.begin_nested():
            work.session.add(row)
    except IntegrityError:  # another process has just written it down
        return None
    if body and older is not None:
        older.body = None
    return row


def every(work: Work, most: int) -> list[CompanyChange]:
    """The last changes, the newest first."""
    found = select(CompanyChange).order_by(CompanyChange.id.desc()).limit(most)
    return list(work.session.scalars(found))


# ── what cannot change while the program runs ──


def kept(work: Work, before: Company, after: Company) -> list[Kept]:
    """What a new file would change and must not: people count on it."""
    return [
        *(Kept(what, was, 0) for what, was, now in (
            (Stays.CURRENCY, before.currency, after.currency), (Stays.TIME_ZONE, before.time_zone, after.time_zone),
        ) if was != now),
        *_languages(work, before, after),
        *_plans(work, before, after),
        *_teammates(work, before, after),
    ]  # fmt: skip


def _languages(work: Work, before: Company, after: Company) -> Iterator[Kept]:
    gone = [language for language in before.languages if language not in after.languages]
    for language in gone:
        speak = select(func.count()).select_from(Person).where(
            Person.language == language, Person.presence == Presence.ACTIVE)  # fmt: skip
        if count := work.session.scalar(speak):
            yield Kept(Stays.LANGUAGE, language, count)


def _plans(work: Work, before: Company, after: Company) -> Iterator[Kept]:
    sold = {plan.key for plan in after.plans}
    for plan in before.plans:
        if plan.key not in sold:
            have = select(func.count()).select_from(Contract).where(
                Contract.plan == plan.key, Contract.state != ContractState.ENDED)  # fmt: skip
            if count := work.session.scalar(have):
                yield Kept(Stays.PLAN, plan.key, count)


def _teammates(work: Work, before: Company, after: Company) -> Iterator[Kept]:
    here = {member.key for member in after.team}
    gone = [member for member in before.team if member.key not in here]
    if not gone:
        return
    ahead = select(Booking).where(Booking.state.in_(STANDING), Booking.ends_at > work.now)
    coming = [occupancy.people_of(work, booking.id) or (booking.technician,) for booking in work.session.scalars(ahead)]
    for member in gone:
        if count := sum(member.key in people for people in coming):
            yield Kept(Stays.TEAMMATE, member.name, count)
