"""The deed of an import: all or nothing, by the company's own references; a second time changes nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.import_rows import Contract as ContractRow
from bot.import_rows import Customer, Membership, Parsed
from domain.company import Company
from domain.contract_life import roll
from domain.contracts import Contract, ContractState
from domain.declared import months_after
from domain.homes import Device, Home, Member
from domain.money import Money
from domain.people import Person, Presence
from domain.work import Work
from scheduling.followups import watch


@dataclass
class Changes:
    """What an import did (or would do): so many new and changed rows of each kind."""

    new: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    kept_terms: list[str] = field(default_factory=list)  # contracts whose plan was changed in the file only

    def count(self, kind: str, *, new: bool) -> None:
        """One more."""
        box = self.new if new else self.changed
        box[kind] = box.get(kind, 0) + 1


def bring_in(work: Work, company: Company, parsed: Parsed) -> Changes:
    """Write everything; what is there already is brought up to date and keeps what people chose themselves."""
    changes = Changes()
    session = work.session
    people = _by_ref(session, Person)
    for customer in parsed.customers:
        people[customer.ref] = _customer(work, people.get(customer.ref), customer, changes)
    homes = _by_ref(session, Home)
    for home in parsed.homes:
        values = {name: getattr(home, name) for name in _fields(home) if name != "ref"}
        homes[home.ref] = _upsert(session, Home, homes.get(home.ref), home.ref, values, changes)
    session.flush()
    _members(session, company, parsed.members, people, homes, changes)
    contracts = _by_ref(session, Contract)
    for contract in parsed.contracts:
        _contract(work, company, contracts.get(contract.ref), contract, homes[contract.home_ref].id, changes)
    devices = _by_ref(session, Device)
    for device in parsed.devices:
        values = {name: getattr(device, name) for name in _fields(device) if name not in ("ref", "home_ref")}
        values["home_id"] = homes[device.home_ref].id
        _upsert(session, Device, devices.get(device.ref), device.ref, values, changes)
    session.flush()
    return changes


def _fields(row: Any) -> Iterable[str]:
    return row.__dataclass_fields__.keys()  # type: ignore[no-any-return]


def _by_ref(session: Session, kind: Any) -> dict[str, Any]:
    return {thing.ref: thing for thing in session.scalars(select(kind).where(kind.ref.is_not(None)))}


def _upsert(
    session: Session, kind: Any, found: Any | None, ref: str, values: Mapping[str, Any], changes: Changes
) -> Any:
    name = kind.__tablename__
    if found is None:
        found = kind(ref=ref, **values)
        session.add(found)
        changes.count(name, new=True)
    elif any(getattr(found, key) != value for key, value in values.items()):
        for key, value in values.items():
            setattr(found, key, value)
        changes.count(name, new=False)
    return found


def _customer(work: Work, found: Person | None, row: Customer, changes: Changes) -> Person:
    values: dict[str, Any] = {"name": row.name, "phone": row.phone, "email": row.email}
    if found is None:
        values |= {"language": row.language, "presence": Presence.UNLINKED, "created_at": work.now}
        values["language_chosen"] = False
    elif not found.language_chosen:
        values["language"] = row.language
    made: Person = _upsert(work.session, Person, found, row.ref, values, changes)
    return made


def _members(
    session: Session,
    company: Company,
    rows: Iterable[Membership],
    people: Mapping[str, Person],
    homes: Mapping[str, Home],
    changes: Changes,
) -> None:
    standing = {(m.home_id, m.person_id): m for m in session.scalars(select(Member))}
    for row in rows:
        home, person = homes[row.home_ref].id, people[row.customer_ref].id
        limit = None if row.spending_limit is None else Money.of(row.spending_limit, company.currency).minor
        found = standing.get((home, person))
        if found is None:
            session.add(Member(home_id=home, person_id=person, role=row.role, spending_limit=limit))
            changes.count("members", new=True)
        elif (found.role, found.spending_limit) != (row.role, limit):
            found.role, found.spending_limit = row.role, limit
            changes.count("members", new=False)


def _contract(
    work: Work, company: Company, found: Contract | None, row: ContractRow, home: int, changes: Changes
) -> None:
    """The terms are those of the plan on the day the contract comes in; a running contract keeps its own.

    What it has cost until today was invoiced elsewhere; an empty `ends_on` does not take back a notice given here.
    """
    if found is None:
        _signed(work, company, row, home)
        changes.count("contracts", new=True)
        return
    if found.plan != row.plan:
        changes.kept_terms.append(row.ref)
    last_day = row.ends_on or found.ends_on
    if found.state is not ContractState.ENDED and (found.ends_on, found.home_id) != (last_day, home):
        found.ends_on, found.home_id = last_day, home
        changes.count("contracts", new=False)


def _signed(work: Work, company: Company, row: ContractRow, home: int) -> None:
    plan = company.plan(row.plan)
    months = plan.months
    while months_after(row.starts_on, months) <= work.now.date():
        months += plan.months
    made = Contract(
        ref=row.ref, home_id=home, plan=row.plan, terms=plan.model_dump(mode="json"), state=ContractState.ACTIVE,
        period=row.period, starts_on=row.starts_on, ends_on=row.ends_on, term_months=months,
    )  # fmt: skip
    work.session.add(made)
    work.session.flush()
    roll(work, company, made)
    watch(work, made)
