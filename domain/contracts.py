"""Contracts: the terms as they were signed, and the statement of what was used."""

import hashlib
import json
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from domain.areas import Area
from domain.company import Company
from domain.coverage import Balance, Use, Verdict
from domain.declared import period_start
from domain.plans import Allowance, Plan
from domain.record import Name, Short, Table, choice, impersonal
from domain.tariff import Tariff
from domain.work import Work


class ContractState(StrEnum):
    """The life of a contract."""

    OFFERED = "offered"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDED = "ended"


class StoredTariff(Table):
    """A tariff as it was on the day it was first used: quotes keep pointing to it for ever."""

    __tablename__ = "tariffs"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = impersonal(Short, unique=True)
    body: Mapped[dict[str, Any]] = impersonal()
    first_used_at: Mapped[datetime]


class Contract(Table):
    """A home's contract: `terms` is the plan as it stood when it was signed."""

    __tablename__ = "contracts"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = impersonal(Short, unique=True)
    home_id: Mapped[int] = mapped_column(ForeignKey("homes.id"), index=True)
    plan: Mapped[str] = impersonal(Short)
    terms: Mapped[dict[str, Any]] = impersonal()
    state: Mapped[ContractState] = mapped_column(choice(ContractState), default=ContractState.ACTIVE)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Allotment(Table):
    """An allowance in one of its periods: `used` can never pass `granted`."""

    __tablename__ = "allotments"
    __table_args__ = (
        UniqueConstraint("contract_id", "kind", "period_start"),
        CheckConstraint("used >= 0 AND used <= granted", "within_grant"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"))
    kind: Mapped[str] = impersonal(Short)
    period_start: Mapped[date]
    granted: Mapped[int]
    used: Mapped[int] = mapped_column(default=0)


class Deduction(Table):
    """One line of the statement: what was taken from (or given back to) an allotment, for which booking."""

    __tablename__ = "ledger"
    __table_args__ = (UniqueConstraint("allotment_id", "reason", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    allotment_id: Mapped[int] = mapped_column(ForeignKey("allotments.id"))
    request_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id"), index=True)
    reason: Mapped[str] = impersonal(Short)  # "booked", "given_back"
    subject: Mapped[str] = impersonal(Name)  # what it stands for: "booking:7"
    quantity: Mapped[int]  # taken is positive
    at: Mapped[datetime]


def running(work: Work, home: int | None) -> Contract | None:
    """The contract of a home that is in force at this moment."""
    if home is None:
        return None
    today = work.now.date()
    found = select(Contract).where(
        Contract.home_id == home, Contract.state == ContractState.ACTIVE, Contract.starts_on <= today
    )
    candidates = work.session.scalars(found.order_by(Contract.starts_on.desc()))
    return next((c for c in candidates if c.ends_on is None or c.ends_on >= today), None)


def terms(contract: Contract | None) -> Plan | None:
    """The plan as it was signed."""
    return Plan.model_validate(contract.terms) if contract is not None else None


def balances(work: Work, contract: Contract | None, but_for: int | None = None) -> dict[str, Balance]:
    """What is left of each allowance in its running period; `but_for` a request: as if it had taken nothing yet."""
    plan = terms(contract)
    if contract is None or plan is None:
        return {}
    left: dict[str, Balance] = {}
    for allowance in plan.includes:
        granted = allowance.granted
        if granted is None:
            left[allowance.key] = Balance(allowance.key, allowance.unit, None, None)
            continue
        start = period_start(contract.starts_on, allowance.per, work.now.date())
        used = work.session.execute(
            select(Allotment.id, Allotment.used).where(
                Allotment.contract_id == contract.id,
                Allotment.kind == allowance.key,
                Allotment.period_start == start,
            )
        ).one_or_none()
        taken = used.used - _taken_for(work, used.id, but_for) if used else 0
        left[allowance.key] = Balance(allowance.key, allowance.unit, granted, granted - taken)
    return left


def _taken_for(work: Work, allotment: int, request: int | None) -> int:
    """What one request has taken from an allotment, and not given back."""
    if request is None:
        return 0
    lines = select(func.sum(Deduction.quantity))
    return work.session.scalar(lines.where(Deduction.allotment_id == allotment, Deduction.request_id == request)) or 0


def take(work: Work, contract: Contract, verdict: Verdict, request: int, subject: str) -> bool:
    """Take what a verdict uses from its allotments; False when somebody was faster and it is not there any more."""
    plan = terms(contract)
    if plan is None:
        return True
    limited = [use for use in verdict.uses if use.before is not None and use.units]
    return all(_take(work, contract, plan, use, request, subject) for use in limited)


def _take(work: Work, contract: Contract, plan: Plan, use: Use, request: int, subject: str) -> bool:
    allowance = next(a for a in plan.includes if a.key == use.allowance)
    allotment = _allotment(work, contract, allowance)
    taken = work.session.execute(
        update(Allotment)
        .where(Allotment.id == allotment, Allotment.used + use.units <= Allotment.granted)
        .values(used=Allotment.used + use.units)
        .returning(Allotment.id)
    ).one_or_none()
    if taken is None:
        return False
    work.session.add(
        Deduction(
            allotment_id=allotment,
            request_id=request,
            reason="booked",
            subject=subject,
            quantity=use.units,
            at=work.now,
        )
    )
    return True


def give_back(work: Work, subject: str) -> None:
    """Return what was taken for something that did not happen; a second time does nothing."""
    given = select(Deduction.allotment_id).where(Deduction.subject == subject, Deduction.reason == "given_back")
    if work.session.scalars(given).first() is not None:
        return
    for taken in work.session.scalars(
        select(Deduction).where(Deduction.subject == subject, Deduction.reason == "booked")
    ).all():
        work.session.execute(
            update(Allotment).where(Allotment.id == taken.allotment_id).values(used=Allotment.used - taken.quantity)
        )
        work.session.add(
            Deduction(
                allotment_id=taken.allotment_id,
                request_id=taken.request_id,
                reason="given_back",
                subject=subject,
                quantity=-taken.quantity,
                at=work.now,
            )
        )


def keep(work: Work, tariff: Tariff) -> StoredTariff:
    """The stored form of a tariff: written at its first use, found again by its digest."""
    body = tariff.model_dump(mode="json")
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    same = select(StoredTariff).where(StoredTariff.digest == digest)
    known = work.session.scalar(same)
    if known is not None:
        return known
    stored = StoredTariff(digest=digest, body=body, first_used_at=work.now)
    try:
        with work.session.begin_nested():
            work.session.add(stored)
    except IntegrityError:  # somebody else has just used it first
        return work.session.scalars(same).one()
    return stored


def covers(company: Company, contract: Contract | None) -> tuple[Area, ...]:
    """The areas of our company that a contract covers, in the order of the file."""
    plan = terms(contract)
    return tuple(a for a in company.areas if plan is not None and plan.serves(a))


def _allotment(work: Work, contract: Contract, allowance: Allowance) -> int:
    start = period_start(contract.starts_on, allowance.per, work.now.date())
    same = select(Allotment.id).where(
        Allotment.contract_id == contract.id, Allotment.kind == allowance.key, Allotment.period_start == start
    )
    found = work.session.scalar(same)
    if found is not None:
        return found
    fresh = Allotment(
        contract_id=contract.id, kind=allowance.key, period_start=start, granted=allowance.granted or 0, used=0
    )
    try:
        with work.session.begin_nested():
            work.session.add(fresh)
    except IntegrityError:  # somebody else has just begun the period
        return work.session.scalars(same).one()
    return fresh.id
