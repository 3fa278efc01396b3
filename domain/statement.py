"""Statement: every entry of a contract's ledger as its owner reads it, newest first, and his word that one is wrong."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update

from domain import events, ledger
from domain.allotments import Allotment, Entry, EntryKind
from domain.contracts import Contract, account_of
from domain.requests import Request
from domain.work import Refusal, Work


@dataclass(frozen=True)
class StatementLine:
    """One entry: the quantity (negative: taken) and what was left, in the units of the ledger."""

    entry: int
    at: datetime
    kind: EntryKind
    reason: str  # booked, done, called_off, moved, replaced, period, rollover, period_over, by_hand, …
    words: str | None
    allowance: str
    unit: str
    period_start: date
    quantity: int
    after: int | None
    request: str | None  # the number people quote
    disputed: bool


@dataclass(eq=False)
class NoSuchEntry(Refusal):
    """The statement has no such line."""


def statement(
    work: Work, contract: Contract, before: int | None = None, limit: int = 10
) -> tuple[list[StatementLine], int | None]:
    """A page of the statement, and the cursor of the next one (`before`), if there is one."""
    found = (
        select(Entry, Allotment, Request)
        .join(Allotment, Entry.allotment_id == Allotment.id)
        .outerjoin(Request, Entry.request_id == Request.id)
        .where(Allotment.contract_id == contract.id)
        .order_by(Entry.id.desc())
        .limit(limit + 1)
    )
    if before is not None:
        found = found.where(Entry.id < before)
    rows = work.session.execute(found).all()
    lines = [_line(entry, allotment, request) for entry, allotment, request in rows[:limit]]
    return lines, lines[-1].entry if len(rows) > limit else None


def _line(entry: Entry, allotment: Allotment, request: Request | None) -> StatementLine:
    return StatementLine(
        entry=entry.id, at=entry.at, kind=entry.kind, reason=entry.reason, words=entry.words,
        allowance=allotment.allowance, unit=allotment.unit, period_start=allotment.period_start,
        quantity=entry.quantity, after=entry.after, request=None if request is None else request.number,
        disputed=entry.disputed_at is not None,
    )  # fmt: skip


def dispute(work: Work, contract: Contract, entry: int, person: int) -> bool:
    """The homeowner says that an entry is wrong; the team hears of it once. Raises NoSuchEntry."""
    mine = select(Entry.id).join(Allotment, Entry.allotment_id == Allotment.id)
    if work.session.scalar(mine.where(Entry.id == entry, Allotment.contract_id == contract.id)) is None:
        raise NoSuchEntry
    marked = work.session.execute(
        update(Entry)
        .where(Entry.id == entry, Entry.disputed_at.is_(None))
        .values(disputed_at=work.now, disputed_by_id=person)
        .returning(Entry.id)
    ).one_or_none()
    if marked is not None:
        work.happened(events.AllowanceDisputed(contract.id, entry, person))
    return marked is not None


def adjust(work: Work, contract: Contract, key: str, quantity: int, words: str, subject: str) -> Entry:
    """The team gives (or takes) units by hand and says why, once per subject. Raises NoSuchEntry, NotThatMuch."""
    same = select(Entry.id).where(Entry.kind == EntryKind.ADJUST, Entry.subject == subject)
    again = work.session.scalars(same).first() is not None
    try:
        entry = ledger.adjust(work, account_of(contract), key, quantity, words, subject)
    except KeyError:
        raise NoSuchEntry from None
    if not again:
        work.happened(events.AllowanceAdjusted(contract.id, entry.id))
    return entry
