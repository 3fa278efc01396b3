"""Ledger: what is put aside, used, given back and adjusted. The sum of the entries is the balance."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select

from domain.allotments import (
    Account,
    Allotment,
    Entry,
    EntryKind,
    Post,
    allotment,
    coming,
    locked,
    newest,
    post,
    start_of,
)
from domain.coverage import Balance, Use
from domain.plans import Allowance
from domain.work import Refusal, Work

OF_REQUESTS = (EntryKind.RESERVE, EntryKind.RELEASE, EntryKind.USE)


@dataclass(eq=False)
class NotThatMuch(Refusal):
    """There is less left of the allowance than one wants to take away."""

    left: int


def balances(work: Work, account: Account, but_for: int | None = None) -> dict[str, Balance]:
    """What is left of each allowance today; `but_for` a request: as if it had taken nothing yet."""
    return {allowance.key: _balance(work, account, allowance, but_for) for allowance in account.plan.includes}


def _balance(work: Work, account: Account, allowance: Allowance, but_for: int | None) -> Balance:
    granted = allowance.granted
    if granted is None:
        return Balance(allowance.key, allowance.unit, None, None)
    last, start = newest(work, account, allowance.key), start_of(work, account, allowance)
    if last is None or last.period_start != start or last.balance is None:
        more = coming(account, allowance, start, last)
        return Balance(allowance.key, allowance.unit, granted, granted + more)
    taken = select(func.sum(Entry.quantity)).where(
        Entry.allotment_id == last.id, Entry.request_id == but_for, Entry.kind.in_(OF_REQUESTS)
    )
    mine = 0 if but_for is None else work.session.scalar(taken) or 0
    return Balance(allowance.key, allowance.unit, granted, last.balance - mine)


# ── booked, done, called off ──


def reserve(work: Work, account: Account, uses: Iterable[Use], request: int, subject: str) -> bool:
    """Put aside what is booked, once per subject; False when it is not there any more (whoever asks undoes it all)."""
    for use in uses:
        allowance = account.granted_to(use.allowance)
        if allowance is None:
            return False  # other terms hold now
        if allowance.granted is None or not use.units:
            continue
        aside = Post(EntryKind.RESERVE, -use.units, subject, "booked", request)
        if not post(work, allotment(work, account, allowance), aside):
            return False
    return True


def release(work: Work, subject: str, reason: str = "called_off", *, lapsing: bool = True) -> list[Allotment]:
    """Give back what was put aside, once; where the period is over it lapses, unless it is about to be used."""
    found: list[Allotment] = []
    for entry in _reserved(work, subject):
        post(work, entry.allotment_id, Post(EntryKind.RELEASE, -entry.quantity, subject, reason, entry.request_id))
        found.append(locked(work, entry.allotment_id))
        if lapsing:
            lapse(work, entry.allotment_id)
    return found


def spend(work: Work, account: Account, uses: Iterable[Use], request: int, subject: str) -> None:
    """Take what was really used, once per subject: from where it was put aside, and never more than there is."""
    aside = {a.allowance: a.id for a in _allotments_of(work, subject)}
    for use in uses:
        allowance = account.granted_to(use.allowance)
        if allowance is None or not use.units:
            continue
        where = aside.get(use.allowance) or allotment(work, account, allowance)
        left = locked(work, where).balance
        units = use.units if left is None else min(use.units, left)
        if units:
            post(work, where, Post(EntryKind.USE, -units, subject, "done", request))
    for number in aside.values():
        lapse(work, number)


def lapse(work: Work, number: int) -> None:
    """What comes back to a period after the next one has begun is gone."""
    old = locked(work, number)
    later = select(Allotment.id).where(
        Allotment.contract_id == old.contract_id,
        Allotment.allowance == old.allowance,
        Allotment.period_start > old.period_start,
    )
    if old.balance and work.session.scalars(later).first() is not None:
        post(work, number, Post(EntryKind.EXPIRE, -old.balance, _unheard(work, number), "period_over"))


def adjust(work: Work, account: Account, key: str, quantity: int, words: str, subject: str) -> Entry:
    """The team gives or takes by hand, with a reason, once per subject. Raises KeyError, NotThatMuch."""
    allowance = account.granted_to(key)
    if allowance is None:
        raise KeyError(key)
    number = allotment(work, account, allowance)
    if not post(work, number, Post(EntryKind.ADJUST, quantity, subject, "by_hand", words=words)):
        raise NotThatMuch(locked(work, number).balance or 0)
    written = select(Entry).where(Entry.allotment_id == number, Entry.kind == EntryKind.ADJUST)
    return work.session.scalars(written.where(Entry.subject == subject)).one()


def close(work: Work, contract: int, reason: str) -> None:
    """Let go of everything that is left: other terms begin, or none."""
    mine = select(Allotment.id).where(Allotment.contract_id == contract, Allotment.balance > 0)
    for number in work.session.scalars(mine.order_by(Allotment.id)).all():
        left = locked(work, number).balance
        if left:
            post(work, number, Post(EntryKind.EXPIRE, -left, _unheard(work, number), reason))


def _reserved(work: Work, subject: str) -> list[Entry]:
    """What is put aside for a subject and not given back."""
    mine = select(Entry).where(Entry.subject == subject).order_by(Entry.id)
    written = list(work.session.scalars(mine))
    back = {e.allotment_id for e in written if e.kind is EntryKind.RELEASE}
    return [e for e in written if e.kind is EntryKind.RESERVE and e.allotment_id not in back]


def _allotments_of(work: Work, subject: str) -> list[Allotment]:
    mine = select(Allotment).join(Entry, Entry.allotment_id == Allotment.id)
    return list(work.session.scalars(mine.where(Entry.subject == subject, Entry.kind == EntryKind.RESERVE)))


def _unheard(work: Work, number: int) -> str:
    """A subject for an entry that may come again."""
    count = select(func.count()).select_from(Entry).where(Entry.allotment_id == number)
    return f"lapsed:{work.session.scalar(count)}"
