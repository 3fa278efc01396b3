"""Charges: what a home owes, for the company's accounting. One for each occasion, whoever writes it how often."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import ForeignKey, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from domain import events
from domain.levies import Levy
from domain.money import Money
from domain.record import Name, Short, Table, choice, impersonal, personal
from domain.work import Work


class ChargeKind(StrEnum):
    """What a charge is for."""

    SUBSCRIPTION = "subscription"
    WORK = "work"
    CANCELLATION = "cancellation"
    PRORATION = "proration"
    GOODWILL = "goodwill"


class Charge(Table):
    """An amount with its tax in it, in minor units; a credit is negative."""

    __tablename__ = "charges"

    id: Mapped[int] = mapped_column(primary_key=True)
    occasion: Mapped[str] = impersonal(Name, unique=True)  # "subscription:7:2026-03-01:0": one charge for each
    kind: Mapped[ChargeKind] = mapped_column(choice(ChargeKind))
    home_id: Mapped[int | None] = mapped_column(ForeignKey("homes.id"), index=True)
    contract_id: Mapped[int | None] = mapped_column(ForeignKey("contracts.id"), index=True)
    request_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id"), index=True)
    amount_minor: Mapped[int]
    tax_minor: Mapped[int]
    currency: Mapped[str] = impersonal(Short)
    tax_rates: Mapped[list[Any]] = impersonal()
    words: Mapped[dict[str, Any]] = personal()  # the key of a phrase and its values
    covers_from: Mapped[date | None]
    covers_to: Mapped[date | None]  # the first day it does not cover
    due_on: Mapped[date] = mapped_column(index=True)
    written_by: Mapped[str] = impersonal(Short)
    written_at: Mapped[datetime]
    exported_at: Mapped[datetime | None]

    @property
    def amount(self) -> Money:
        """What is to be paid."""
        return Money(self.amount_minor, self.currency)


@dataclass(frozen=True)
class About:
    """What a charge is about."""

    kind: ChargeKind
    occasion: str
    home: int | None
    due_on: date
    contract: int | None = None
    request: int | None = None
    covers: tuple[date, date] | None = None
    words: Mapping[str, Any] = field(default_factory=dict)


def write(work: Work, levy: Levy, about: About) -> Charge | None:
    """Write a charge, once for its occasion; nothing to pay is no charge."""
    if not levy.amount:
        return None
    same = select(Charge).where(Charge.occasion == about.occasion)
    known = work.session.scalar(same)
    if known is not None:
        return known
    made = _made(work, levy, about)
    try:
        with work.session.begin_nested():
            work.session.add(made)
    except IntegrityError:  # somebody else has just written it
        return work.session.scalars(same).one()
    work.happened(events.Charged(made.id))
    return made


def _made(work: Work, levy: Levy, about: About) -> Charge:
    begin, end = about.covers or (None, None)
    return Charge(
        occasion=about.occasion,
        kind=about.kind,
        home_id=about.home,
        contract_id=about.contract,
        request_id=about.request,
        amount_minor=levy.amount.minor,
        tax_minor=levy.tax.minor,
        currency=levy.amount.currency,
        tax_rates=[msgspec.to_builtins(rate) for rate in levy.rates],
        words={"key": f"charge.{about.kind}", "values": dict(about.words)},
        covers_from=begin,
        covers_to=end,
        due_on=about.due_on,
        written_by=work.actor[:64],
        written_at=work.now,
    )


def goodwill(
    work: Work, home: int, money: Money, words: str, occasion: str, request: int | None = None
) -> Charge | None:
    """The team gives something back, with a reason, once for the occasion; the accounting sees to its tax."""
    credit = Levy(Money(-abs(money.minor), money.currency), Money(0, money.currency))
    kind, today = ChargeKind.GOODWILL, work.now.date()
    return write(work, credit, About(kind, f"goodwill:{occasion}", home, today, request=request, words={"why": words}))


def listed(work: Work, first: date | None = None, last: date | None = None, *, fresh: bool = False) -> list[Charge]:
    """The charges due between two days, in order; `fresh`: those that were not exported yet."""
    found = select(Charge).order_by(Charge.due_on, Charge.id)
    if first is not None:
        found = found.where(Charge.due_on >= first)
    if last is not None:
        found = found.where(Charge.due_on <= last)
    if fresh:
        found = found.where(Charge.exported_at.is_(None))
    return list(work.session.scalars(found))


def mark_exported(work: Work, charges: Iterable[Charge]) -> int:
    """Note that the accounting has them; how many it had not yet."""
    fresh = [charge for charge in charges if charge.exported_at is None]
    for charge in fresh:
        charge.exported_at = work.now
    return len(fresh)
