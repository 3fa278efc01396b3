"""Contracts: a plan signed for a home, with its terms as they were signed, and its life."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from domain import ledger
from domain.allotments import Account
from domain.coverage import Balance
from domain.declared import Period, months_after
from domain.plans import Plan
from domain.record import Short, Table, choice, impersonal, personal
from domain.work import Refusal, Work


class ContractState(StrEnum):
    """The life of a contract."""

    OFFERED = "offered"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDED = "ended"


class Deed(StrEnum):
    """What can be done to a contract."""

    ACTIVATE = "activate"
    SUSPEND = "suspend"
    RESUME = "resume"
    RENEW = "renew"
    CHANGE = "change"
    GIVE_NOTICE = "give_notice"
    END = "end"


_SIGNED = (ContractState.ACTIVE, ContractState.SUSPENDED)

LIFE: dict[tuple[ContractState, Deed], ContractState] = {
    (ContractState.OFFERED, Deed.ACTIVATE): ContractState.ACTIVE,
    (ContractState.ACTIVE, Deed.SUSPEND): ContractState.SUSPENDED,
    (ContractState.SUSPENDED, Deed.RESUME): ContractState.ACTIVE,
    (ContractState.ACTIVE, Deed.CHANGE): ContractState.ACTIVE,
    # Not to pay stops the help, not the calendar.
    **{(s, Deed.RENEW): s for s in _SIGNED},
    **{(s, Deed.GIVE_NOTICE): s for s in _SIGNED},
    **{(s, Deed.END): ContractState.ENDED for s in (ContractState.OFFERED, *_SIGNED)},
}


def _like(column: str) -> Callable[[Any], Any]:
    """The default of a column that begins like another one."""
    return lambda context: context.get_current_parameters()[column]


class Contract(Table):
    """A home's contract: `terms` is the plan as it stood when it was signed."""

    __tablename__ = "contracts"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = impersonal(Short, unique=True)
    home_id: Mapped[int] = mapped_column(ForeignKey("homes.id"), index=True)
    plan: Mapped[str] = impersonal(Short)
    terms: Mapped[dict[str, Any]] = impersonal()
    state: Mapped[ContractState] = mapped_column(choice(ContractState), default=ContractState.ACTIVE)
    suspended_for: Mapped[str | None] = personal(Text)  # why
    period: Mapped[Period] = impersonal(Short, default="month")  # how it is paid
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]  # the last day
    term_months: Mapped[int] = mapped_column(default=12)  # from the first day to the next renewal
    terms_since: Mapped[date] = mapped_column(default=_like("starts_on"))  # the periods of allowances count from it
    charged_since: Mapped[date] = mapped_column(default=_like("starts_on"))  # the periods that are paid count from it
    charged_until: Mapped[date | None]  # the first day that no charge covers; none: nobody has looked yet
    waived_until: Mapped[date | None]  # so long nothing was charged, for it was suspended
    next_plan: Mapped[str | None] = impersonal(Short)  # what begins at the renewal
    next_terms: Mapped[dict[str, Any] | None] = impersonal()
    next_period: Mapped[Period | None] = impersonal(Short)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def renews_on(self) -> date:
        """The first day of its next term."""
        return months_after(self.starts_on, self.term_months)


@dataclass(eq=False)
class ContractStands(Refusal):
    """The contract stands where this makes no sense (ended, not active yet, changed today already …)."""

    ref: str
    contract: ContractState


@dataclass(frozen=True)
class Standing:
    """The contract that a home has at this moment, and whether it is suspended: then it includes nothing."""

    contract: Contract
    suspended: bool


def advance(contract: Contract, deed: Deed) -> None:
    """Change the state by the life table. Raises ContractStands."""
    after = LIFE.get((contract.state, deed))
    if after is None:
        raise ContractStands(contract.ref, contract.state)
    contract.state = after


def running(work: Work, home: int | None) -> Contract | None:
    """The contract of a home that is in force at this moment: a suspended one is not."""
    found = standing(work, home)
    return None if found is None or found.suspended else found.contract


def standing(work: Work, home: int | None) -> Standing | None:
    """The contract of a home today, in force or suspended; the newest that is in force goes before."""
    return None if home is None else _today(work, (home,)).get(home)


def running_in(work: Work, homes: Collection[int]) -> dict[int, Contract]:
    """The contracts that are in force at this moment, by home."""
    return {home: one.contract for home, one in _today(work, homes).items() if not one.suspended}


def _today(work: Work, homes: Collection[int]) -> dict[int, Standing]:
    today = work.now.date()
    found = select(Contract).where(
        Contract.home_id.in_(homes), Contract.state.in_(_SIGNED), Contract.starts_on <= today
    )
    best: dict[int, Contract] = {}
    for one in work.session.scalars(found.order_by(Contract.starts_on.desc(), Contract.id.desc())):
        other = best.get(one.home_id)
        better = other is None or (other.state is not ContractState.ACTIVE and one.state is ContractState.ACTIVE)
        if better and (one.ends_on is None or one.ends_on >= today):
            best[one.home_id] = one
    return {home: Standing(one, one.state is ContractState.SUSPENDED) for home, one in best.items()}


def terms(contract: Contract | None) -> Plan | None:
    """The plan as it was signed."""
    return Plan.model_validate(contract.terms) if contract is not None else None


def account_of(contract: Contract) -> Account:
    """The allowances of a contract, as the ledger knows them."""
    return Account(contract.id, Plan.model_validate(contract.terms), contract.terms_since)


def balances(work: Work, contract: Contract | None, but_for: int | None = None) -> dict[str, Balance]:
    """What is left of each allowance in its running period; `but_for` a request: as if it had taken nothing yet."""
    return {} if contract is None else ledger.balances(work, account_of(contract), but_for)
