"""Subscriptions: what a contract costs by the period, and what a change of plan within one gives and takes."""

from datetime import date, timedelta

from sqlalchemy import func, select

from domain import charges, events
from domain.cases import Case
from domain.charges import About, Charge, ChargeKind
from domain.company import Company
from domain.contracts import Contract, ContractState
from domain.declared import Period
from domain.homes import Home
from domain.levies import levied
from domain.money import Money
from domain.periods import first_from, part_of, period_start
from domain.plans import Plan
from domain.work import Work


def due(work: Work, company: Company, contract: Contract, begins: date) -> None:
    """A period begins: it is charged, once; while the contract is suspended it is waived."""
    until = first_from(contract.charged_since, contract.period, begins, after=True)
    waived = contract.state is ContractState.SUSPENDED
    if waived:
        contract.waived_until = until
    else:
        whole = price_of(company, Plan.model_validate(contract.terms), contract.period)
        last = until if contract.ends_on is None else min(until, contract.ends_on + timedelta(days=1))
        price = part_of(whole, (last - begins).days, (until - begins).days)
        # A period may begin on a day on which one began already that has come back since.
        occasion = f"subscription:{contract.id}:{begins.isoformat()}:{_changes(work, contract)}"
        _charge(work, company, contract, price, About(ChargeKind.SUBSCRIPTION, occasion, contract.home_id, begins,
                contract.id, covers=(begins, last), words={"plan": contract.plan}))  # fmt: skip
    contract.charged_until = until
    work.happened(events.SubscriptionDue(contract.id, begins, waived))


def price_of(company: Company, plan: Plan, period: Period) -> int:
    """What a period of a plan costs, in minor units and as the company declares its prices. Raises KeyError."""
    return Money.of(plan.prices[period], company.currency).minor


def replaced(work: Work, company: Company, contract: Contract, to: tuple[Plan, Period], day: date) -> None:
    """Another plan from a day on: the days of the old one that are paid come back, those of the new one are charged.

    A change to another period begins to be paid anew on that day.
    """
    plan, period = to
    until = contract.charged_until
    if until is not None and until > day and (contract.waived_until is None or day >= contract.waived_until):
        begins = max(period_start(contract.charged_since, contract.period, day), contract.starts_on)
        of, rest = (until - begins).days, (until - day).days
        old = price_of(company, Plan.model_validate(contract.terms), contract.period)
        _prorated(work, company, contract, -part_of(old, rest, of), "credit", (day, until))
        if period == contract.period:
            _prorated(
                work, company, contract, part_of(price_of(company, plan, period), rest, of), plan.key, (day, until)
            )
    if period != contract.period:
        contract.charged_since, contract.charged_until = day, day
    contract.period = period


def _changes(work: Work, contract: Contract) -> int:
    """How often its plan or its way of paying has changed within a paid period."""
    changes = select(func.count()).where(Charge.contract_id == contract.id, Charge.kind == ChargeKind.PRORATION)
    return work.session.scalars(changes).one()


def _prorated(
    work: Work, company: Company, contract: Contract, minor: int, what: str, covers: tuple[date, date]
) -> None:
    occasion = f"proration:{contract.id}:{contract.version}:{what}"  # each change is a version of its own
    about = About(ChargeKind.PRORATION, occasion, contract.home_id, covers[0], contract.id, covers=covers,
                  words={"plan": contract.plan if what == "credit" else what, "credit": what == "credit"})  # fmt: skip
    _charge(work, company, contract, minor, about)


def _charge(work: Work, company: Company, contract: Contract, minor: int, about: About) -> Charge | None:
    home = work.session.get_one(Home, contract.home_id)
    case = Case(work="", minutes=0, plan=contract.plan, region=home.region, zone=home.zone, complexity=home.complexity)
    return charges.write(work, levied(company.tariff, Money(minor, company.currency), case), about)
