"""What is done to a contract: offered, signed, suspended, changed, renewed, ended. Its calendar is walked day by day.

Whatever begins on a day (a paid period, a term, the end) is done in the order of the days, as often as nobody looked:
a program that was off for months catches up, and looking twice does nothing.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from domain import events, ledger, subscriptions
from domain.allotments import Allotment
from domain.company import Company
from domain.contracts import Contract, ContractStands, ContractState, Deed, advance
from domain.declared import Period
from domain.homes import Home
from domain.periods import first_from
from domain.plans import Plan
from domain.work import Refusal, Work

LIVING = (ContractState.ACTIVE, ContractState.SUSPENDED)


@dataclass(eq=False)
class PlanNotSold(Refusal):
    """There is no such plan, or it cannot be paid that way."""

    plan: str
    period: str


@dataclass(eq=False)
class SamePlan(Refusal):
    """That is the plan the home has already."""

    plan: str


@dataclass(eq=False)
class HomeHasContract(Refusal):
    """A home has one contract at a time; the other one must end first."""

    ref: str


def offer(work: Work, company: Company, home: Home, ref: str, to: tuple[str, Period], starts_on: date) -> Contract:
    """Put a plan to a home, with its terms as they stand today. Raises PlanNotSold."""
    plan = _sold(company, *to)
    made = Contract(
        ref=ref, home_id=home.id, plan=plan.key, terms=plan.model_dump(mode="json"), period=to[1],
        state=ContractState.OFFERED, starts_on=starts_on, term_months=plan.months, charged_until=starts_on,
    )  # fmt: skip
    work.session.add(made)
    work.session.flush()
    work.happened(events.ContractOffered(made.id))
    return made


def activate(work: Work, company: Company, contract: Contract) -> None:
    """It is signed. Raises ContractStands, HomeHasContract."""
    # The home's row is held, so that of two who sign at once one sees the other.
    work.session.scalars(select(Home.id).where(Home.id == contract.home_id).with_for_update()).one()
    others = select(Contract).where(
        Contract.home_id == contract.home_id, Contract.id != contract.id, Contract.state.in_(LIVING)
    )
    for other in work.session.scalars(others):
        if other.ends_on is None or other.ends_on >= contract.starts_on:
            raise HomeHasContract(other.ref)
    advance(contract, Deed.ACTIVATE)
    work.happened(events.ContractActivated(contract.id))
    roll(work, company, contract)


def suspend(work: Work, company: Company, contract: Contract, reason: str) -> None:
    """It includes nothing until it is resumed; periods that begin meanwhile are not charged. Raises ContractStands."""
    roll(work, company, contract)
    advance(contract, Deed.SUSPEND)
    contract.suspended_for = reason
    work.happened(events.ContractSuspended(contract.id))


def resume(work: Work, company: Company, contract: Contract) -> None:
    """It holds again. Raises ContractStands."""
    roll(work, company, contract)
    advance(contract, Deed.RESUME)
    contract.suspended_for = None
    work.happened(events.ContractResumed(contract.id))


def end(work: Work, company: Company, contract: Contract, last_day: date) -> None:
    """It ends after a day; an offer is withdrawn at once. What was paid beyond that day stays paid.

    Raises ContractStands.
    """
    roll(work, company, contract)
    if contract.state is ContractState.OFFERED:
        _ended(work, contract)
        return
    advance(contract, Deed.GIVE_NOTICE)
    if contract.ends_on != last_day:
        contract.ends_on = last_day
        work.happened(events.NoticeGiven(contract.id, last_day))
    roll(work, company, contract)


def change_plan(work: Work, company: Company, contract: Contract, key: str, period: Period | None = None) -> date:
    """Another plan, at the renewal or at once, as the signed terms say; the day from which it holds.

    Raises ContractStands, PlanNotSold, SamePlan.
    """
    roll(work, company, contract)
    period = period or contract.period
    plan, today = _sold(company, key, period), work.now.date()
    advance(contract, Deed.CHANGE)
    if (plan.key, period) == (contract.plan, contract.period) and contract.next_plan is None:
        raise SamePlan(plan.key)
    if Plan.model_validate(contract.terms).change == "renewal" and contract.starts_on <= today:
        contract.next_plan, contract.next_period = plan.key, period
        contract.next_terms = plan.model_dump(mode="json")
        work.happened(events.ChangeAgreed(contract.id, plan.key, contract.renews_on))
        return contract.renews_on
    if _begun_on(work, contract, today):
        raise ContractStands(contract.ref, contract.state)  # what it grants has begun today; tomorrow it can change
    day = max(today, contract.starts_on)
    _change(work, company, contract, (plan, period), day)
    roll(work, company, contract)
    return day


def roll(work: Work, company: Company, contract: Contract) -> None:
    """Bring its calendar up to today; a second time does nothing."""
    today = work.now.date()
    if contract.charged_until is None and contract.state in LIVING:
        # It was invoiced elsewhere until now: the first period that begins from today on is ours.
        ours = first_from(contract.charged_since, contract.period, max(today, contract.starts_on))
        contract.charged_until = ours
        work.happened(events.ChargingBegan(contract.id, ours))
    while (day := next_day(contract)) is not None and day <= today:
        if contract.ends_on is not None and day > contract.ends_on:
            _ended(work, contract)
        elif day == contract.renews_on:
            _renew(work, company, contract, day)
        else:
            subscriptions.due(work, company, contract, day)


def roll_all(work: Work, company: Company) -> None:
    """Bring every contract up to today."""
    for contract in work.session.scalars(
        select(Contract).where(Contract.state.in_(LIVING)).order_by(Contract.id)
    ).all():
        roll(work, company, contract)


def next_day(contract: Contract) -> date | None:
    """The next day on which something begins or ends by itself."""
    if contract.state not in LIVING:
        return None
    days = [contract.renews_on]
    days += [contract.charged_until] if contract.charged_until is not None else []
    ahead = min(days)
    if contract.ends_on is not None and ahead > contract.ends_on:
        return date.fromordinal(contract.ends_on.toordinal() + 1)
    return ahead


def _sold(company: Company, key: str, period: Period) -> Plan:
    plan = next((p for p in company.plans if p.key == key and period in p.prices), None)
    if plan is None:
        raise PlanNotSold(key, period)
    return plan


def _ended(work: Work, contract: Contract) -> None:
    advance(contract, Deed.END)
    ledger.close(work, contract.id, "contract_ended")
    work.happened(events.ContractEnded(contract.id))


def _renew(work: Work, company: Company, contract: Contract, day: date) -> None:
    """A new term: on the terms it has, or on those that were agreed for this day."""
    advance(contract, Deed.RENEW)
    if contract.next_terms is not None:
        plan = Plan.model_validate(contract.next_terms)
        _change(work, company, contract, (plan, contract.next_period or contract.period), day)
    contract.term_months += Plan.model_validate(contract.terms).months
    work.happened(events.ContractRenewed(contract.id, contract.renews_on))


def _change(work: Work, company: Company, contract: Contract, to: tuple[Plan, Period], day: date) -> None:
    subscriptions.replaced(work, company, contract, to, day)
    ledger.close(work, contract.id, "plan_changed")
    contract.plan, contract.terms, contract.terms_since = to[0].key, to[0].model_dump(mode="json"), day
    contract.next_plan = contract.next_terms = contract.next_period = None
    work.session.flush()
    work.happened(events.PlanChanged(contract.id, contract.plan))


def _begun_on(work: Work, contract: Contract, day: date) -> bool:
    begun = select(Allotment.id).where(Allotment.contract_id == contract.id, Allotment.period_start == day)
    return work.session.scalars(begun).first() is not None
