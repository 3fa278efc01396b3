"""What is kept as it was on the day it was first used: tariffs and plans, found again by what they say."""

import hashlib
import json
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from domain.declared import Value
from domain.plans import Plan
from domain.record import Short, Table, impersonal
from domain.tariff import Tariff
from domain.work import Work


class StoredTariff(Table):
    """A tariff as it was on the day it was first used: quotes keep pointing to it for ever."""

    __tablename__ = "tariffs"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = impersonal(Short, unique=True)
    body: Mapped[dict[str, Any]] = impersonal()
    first_used_at: Mapped[datetime]


class StoredPlan(Table):
    """A plan as it was on the day a price was first made with it."""

    __tablename__ = "plans"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = impersonal(Short, unique=True)
    body: Mapped[dict[str, Any]] = impersonal()
    first_used_at: Mapped[datetime]


S = TypeVar("S", StoredTariff, StoredPlan)


def keep(work: Work, tariff: Tariff) -> StoredTariff:
    """The stored form of a tariff: written at its first use, found again by its digest."""
    return _kept(work, StoredTariff, tariff)


def keep_plan(work: Work, plan: Plan) -> StoredPlan:
    """The stored form of a plan."""
    return _kept(work, StoredPlan, plan)


def tariff_of(work: Work, number: int) -> Tariff:
    """A tariff as it was stored."""
    return Tariff.model_validate(work.session.get_one(StoredTariff, number).body)


def plan_of(work: Work, number: int | None) -> Plan | None:
    """A plan as it was stored."""
    return None if number is None else Plan.model_validate(work.session.get_one(StoredPlan, number).body)


def _kept(work: Work, kind: type[S], value: Value) -> S:
    body = value.model_dump(mode="json")
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    same = select(kind).where(kind.digest == digest)
    known = work.session.scalar(same)
    if known is not None:
        return known
    stored = kind(digest=digest, body=body, first_used_at=work.now)
    try:
        with work.session.begin_nested():
            work.session.add(stored)
    except IntegrityError:  # somebody else has just used it first
        return work.session.scalars(same).one()
    return stored
