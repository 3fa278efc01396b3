"""Whom a campaign is for: owners by plan, region and devices; how many of them can be reached, and how many agreed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, tuple_

from domain.consents import TOPICS
from domain.contracts import Contract, ContractState
from domain.homes import Device, Home, Member, Role
from domain.people import Consent, Person, Presence
from domain.prompt_kinds import Kind
from domain.prompts import OptOut, Prompt
from domain.storm_rules import folded
from domain.tariff import NO_PLAN
from domain.work import Work

TOPIC = TOPICS[Kind.CAMPAIGN]
FIRST = "first"  # how a prompt is told from the same one after *later*


class Whom(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which owners; what is empty leaves nobody out. A model may end with a star: all that begin so."""

    plans: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    brand: str = ""
    model: str = ""
    installed_before: date | None = None


@dataclass(frozen=True)
class Counted:
    """How many it is for."""

    homes: int = 0
    people: int = 0
    agreed: int = 0
    languages: dict[str, int] = field(default_factory=dict)  # of those who agreed


def matching(work: Work, whom: Whom) -> list[tuple[Person, Home]]:
    """The owners who can be reached, each with each home it is about."""
    rows = work.session.execute(_owners(work, whom, Person, Home).order_by(Person.id, Member.id))
    return [(person, home) for person, home in rows]


def counted(work: Work, whom: Whom) -> Counted:
    """How many homes and people, and how many of them agreed to get offers."""
    work.session.flush()
    homes = work.session.scalar(_owners(work, whom, func.count(func.distinct(Home.id)))) or 0
    people = work.session.scalar(_owners(work, whom, func.count(func.distinct(Person.id)))) or 0
    spoken = _owners(work, whom, Person.language, func.count(func.distinct(Person.id))).where(_agreed())
    rows = work.session.execute(spoken.group_by(Person.language)).all()
    languages: dict[str, int] = {language: many for language, many in rows}  # noqa: C416 (rows are no pairs for mypy)
    return Counted(homes, people, sum(languages.values()), languages)


def agreed_of(work: Work, whom: Whom, but_for: int) -> Iterator[tuple[int, int]]:
    """Who agreed and was not planned for that campaign yet, each once, with the first home it is about."""
    work.session.flush()
    known = exists().where(Prompt.person_id == Person.id, Prompt.campaign_id == but_for)
    found = _owners(work, whom, Person.id, Home.id).where(_agreed(), ~known).order_by(Person.id, Member.id)
    last = 0
    for person, home in work.session.execute(found).all():
        if person != last:
            yield person, home
        last = person


def still_one(work: Work, whom: Whom, person: int) -> bool:
    """Whether somebody is (still) one of them."""
    work.session.flush()
    return work.session.scalar(_owners(work, whom, Person.id).where(Person.id == person).limit(1)) is not None


def regions(work: Work) -> list[str]:
    """Where homes are."""
    found = select(Home.region).where(Home.region.is_not(None)).distinct().order_by(Home.region)
    return [region for region in work.session.scalars(found) if region]


def _agreed() -> ColumnElement[bool]:
    """He agreed to offers, and did not say *never this*."""
    consent = exists().where(Consent.person_id == Person.id, Consent.kind == TOPIC, Consent.withdrawn_at.is_(None))
    no = exists().where(OptOut.person_id == Person.id, OptOut.of == f"kind:{Kind.CAMPAIGN}")
    return and_(consent, ~no)


def _owners(work: Work, whom: Whom, *what: Any) -> Select[Any]:
    found = (
        select(*what)
        .select_from(Member)
        .join(Person, Member.person_id == Person.id)
        .join(Home, Member.home_id == Home.id)
        .where(Member.role == Role.OWNER, Member.ended_at.is_(None))
        .where(Person.presence == Presence.ACTIVE, Person.telegram.is_not(None))
    )
    if whom.plans:
        found = found.where(_on_plan(work, whom.plans))
    if whom.regions:
        found = found.where(Home.region.in_(whom.regions))
    if whom.brand or whom.model or whom.installed_before:
        found = found.where(_with_device(work, whom))
    return found


def _on_plan(work: Work, plans: tuple[str, ...]) -> ColumnElement[bool]:
    """The contract that is in force today: the newest, where there are several."""
    today = work.now.date()
    plan = (
        select(Contract.plan)
        .where(Contract.home_id == Home.id, Contract.state == ContractState.ACTIVE, Contract.starts_on <= today)
        .where(or_(Contract.ends_on.is_(None), Contract.ends_on >= today))
        .order_by(Contract.starts_on.desc(), Contract.id.desc())
        .limit(1)
        .correlate(Home)
        .scalar_subquery()
    )
    named = plan.in_([key for key in plans if key != NO_PLAN])
    return or_(named, plan.is_(None)) if NO_PLAN in plans else named


def _with_device(work: Work, whom: Whom) -> ColumnElement[bool]:
    one = exists().where(Device.home_id == Home.id).correlate(Home)
    if whom.brand or whom.model:
        kinds = [(b, m) for b, m in work.session.execute(select(Device.brand, Device.model).distinct())
                 if _is_one(whom, b, m)]  # fmt: skip
        one = one.where(tuple_(Device.brand, Device.model).in_(kinds))
    if whom.installed_before is not None:
        one = one.where(Device.installed_on < whom.installed_before)
    return one


def _is_one(whom: Whom, brand: str, model: str) -> bool:
    """However they are written."""
    wanted, its = folded(whom.model), folded(model)
    named = its.startswith(wanted[:-1].rstrip()) if wanted.endswith("*") else its == wanted
    return (not whom.brand or folded(brand) == folded(whom.brand)) and (not wanted or named)
