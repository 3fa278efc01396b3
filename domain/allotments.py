"""Allotments: an allowance in one of its periods, and the entries whose sum is its balance.

An allotment is opened when it is first needed. Its `balance` is changed by one conditional update together with each
entry: the last unit has one winner, and the two never differ.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from domain.periods import carried, period_end, period_start, starts
from domain.plans import Allowance, Plan
from domain.record import Name, Short, Table, choice, impersonal, personal
from domain.work import Work


class EntryKind(StrEnum):
    """What an entry does to the balance."""

    GRANT = "grant"
    RESERVE = "reserve"
    USE = "use"
    RELEASE = "release"
    EXPIRE = "expire"
    ADJUST = "adjust"


class Allotment(Table):
    """An allowance in one of its periods, in the units of the ledger; without a limit it has no balance."""

    __tablename__ = "allotments"
    __table_args__ = (
        UniqueConstraint("contract_id", "allowance", "period_start"),
        CheckConstraint("balance >= 0", "never_below_zero"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"))
    allowance: Mapped[str] = impersonal(Short)
    unit: Mapped[str] = impersonal(Short)
    period_start: Mapped[date]
    period_end: Mapped[date]  # the first day of the next one
    granted: Mapped[int | None]
    balance: Mapped[int | None]


class Entry(Table):
    """One line of the ledger: what is given is positive, what is taken is negative."""

    __tablename__ = "ledger"
    __table_args__ = (UniqueConstraint("allotment_id", "kind", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    allotment_id: Mapped[int] = mapped_column(ForeignKey("allotments.id"))
    kind: Mapped[EntryKind] = mapped_column(choice(EntryKind))
    quantity: Mapped[int]
    after: Mapped[int | None]  # the balance it left
    request_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id"), index=True)
    subject: Mapped[str] = impersonal(Name)  # what it stands for: "quote:7"
    reason: Mapped[str] = impersonal(Short)
    words: Mapped[str | None] = personal(Text)  # what the team says about it
    by: Mapped[str] = impersonal(Short)
    at: Mapped[datetime]
    disputed_at: Mapped[datetime | None]
    disputed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


@dataclass(frozen=True)
class Account:
    """Whose allowances: the contract, its plan, and the day from which periods are counted."""

    contract: int
    plan: Plan
    since: date

    def granted_to(self, key: str) -> Allowance | None:
        """The allowance of that key."""
        return self.plan.allowance(key)


@dataclass(frozen=True)
class Post:
    """An entry before it is written."""

    kind: EntryKind
    quantity: int
    subject: str
    reason: str
    request: int | None = None
    words: str | None = None


# ── periods ──


def allotment(work: Work, account: Account, allowance: Allowance) -> int:
    """The allotment of today's period; it is opened when it is first needed, and has one opener."""
    start = start_of(work, account, allowance)
    same = select(Allotment.id).where(
        Allotment.contract_id == account.contract, Allotment.allowance == allowance.key, Allotment.period_start == start
    )
    found = work.session.scalar(same)
    if found is not None:
        return found
    try:
        with work.session.begin_nested():
            return _open(work, account, allowance, start)
    except IntegrityError:  # somebody else has just begun the period
        return work.session.scalars(same).one()


def _open(work: Work, account: Account, allowance: Allowance, start: date) -> int:
    last = newest(work, account, allowance.key)
    if last is not None:
        last = locked(work, last.id)
    carry = coming(account, allowance, start, last)
    granted = allowance.granted
    fresh = Allotment(
        contract_id=account.contract, allowance=allowance.key, unit=allowance.unit, period_start=start,
        period_end=period_end(account.since, allowance.per, start), granted=granted,
        balance=None if granted is None else 0,
    )  # fmt: skip
    work.session.add(fresh)
    work.session.flush()
    if granted is not None:
        post(work, fresh.id, Post(EntryKind.GRANT, granted, "period", "period"))
    if carry:
        post(work, fresh.id, Post(EntryKind.GRANT, carry, "rollover", "rollover"))
    if last is not None and last.balance:
        along = min(last.balance, _rollover(allowance))
        for quantity, reason in ((along, "carried_over"), (last.balance - along, "period_over")):
            if quantity:
                post(work, last.id, Post(EntryKind.EXPIRE, -quantity, reason, reason))
    return fresh.id


def coming(account: Account, allowance: Allowance, start: date, last: Allotment | None) -> int:
    """What comes along from the period before; periods that nobody needed were left whole."""
    granted, rollover = allowance.granted, _rollover(allowance)
    if granted is None or not rollover:
        return 0
    first = account.since if last is None else last.period_end
    untouched = sum(1 for _ in starts(account.since, allowance.per, first, start - timedelta(days=1)))
    return carried(granted, rollover, None if last is None else last.balance, untouched)


def _rollover(allowance: Allowance) -> int:
    """In the units of the ledger, like what is granted."""
    return allowance.rollover * 60 if allowance.unit == "hours" else allowance.rollover


def start_of(work: Work, account: Account, allowance: Allowance) -> date:
    """The first day of today's period."""
    return period_start(account.since, allowance.per, work.now.date())


def newest(work: Work, account: Account, key: str) -> Allotment | None:
    """The newest allotment of an allowance under these terms."""
    mine = select(Allotment).where(Allotment.contract_id == account.contract, Allotment.allowance == key)
    last = mine.where(Allotment.period_start >= account.since).order_by(Allotment.period_start.desc()).limit(1)
    return work.session.scalar(last.execution_options(populate_existing=True))


# ── entries ──


def post(work: Work, number: int, entry: Post) -> bool:
    """Write an entry if the balance allows it: one conditional update has one winner. What is written stays once."""
    same = select(Entry.id).where(
        Entry.allotment_id == number, Entry.kind == entry.kind, Entry.subject == entry.subject
    )
    if work.session.scalar(same) is not None:
        return True
    enough = or_(Allotment.balance.is_(None), Allotment.balance + entry.quantity >= 0)
    changed = work.session.execute(
        update(Allotment)
        .where(Allotment.id == number, enough)
        .values(balance=Allotment.balance + entry.quantity)
        .returning(Allotment.balance)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if changed is None:
        return False
    work.session.add(
        Entry(
            allotment_id=number, kind=entry.kind, quantity=entry.quantity, after=changed.balance,
            request_id=entry.request, subject=entry.subject, reason=entry.reason, words=entry.words,
            by=work.actor[:64], at=work.now,
        )
    )  # fmt: skip
    work.session.flush()
    return True


def locked(work: Work, number: int) -> Allotment:
    """An allotment as it stands, and as it stays until we are done (SQLite has one writer anyway)."""
    mine = select(Allotment).where(Allotment.id == number).with_for_update()
    return work.session.scalars(mine.execution_options(populate_existing=True)).one()
