"""Summaries: what contracts and help came to: what plans paid, what homes paid, upgrades, plans, who came by whom.

Amounts are those of the company's currency, with their tax in them, as they were charged.
"""

from datetime import date

import msgspec
from sqlalchemy import ColumnElement, String, and_, case, cast, distinct, exists, func, literal, or_, select

from domain import advice
from domain.appointments import STANDING, Booking, BookingState
from domain.areas import Help
from domain.charges import Charge, ChargeKind
from domain.company import Company
from domain.contracts import Contract, ContractState
from domain.declared import months_after
from domain.homes import Member
from domain.money import Money
from domain.people import Person
from domain.plans import Plan
from domain.prompts import Kind, Prompt, Reply
from domain.proposals import StoredQuote
from domain.referrals import Referred
from domain.requests import NAMED, Happening
from domain.summary_days import Days, midnight
from domain.work import Work

DEAREST = 20  # contracts whose use exceeds their price


class Sum(msgspec.Struct, frozen=True):
    """So many of them, and what they came to."""

    count: int
    amount: Money


class Upgrades(msgspec.Struct, frozen=True):
    """What became of the prompts to replace a device."""

    shown: int
    opened: int
    yes: int
    booked: int
    revenue: Money


class Used(msgspec.Struct, frozen=True):
    """A contract that paid for more help in twelve months than it costs in twelve months."""

    contract: str
    plan: str
    used: Money
    price: Money


class Business(msgspec.Struct, frozen=True, kw_only=True):
    """What it came to."""

    included: Money  # of help that took place: paid by plans
    remote: Sum
    visits: Sum
    subscriptions: Sum
    goodwill: Sum
    upgrades: Upgrades
    overused: tuple[Used, ...]  # in the twelve months up to the last of those days
    plans: dict[str, int]  # contracts that ran on the last of those days
    renewed: int
    begun: int
    ended: int
    strangers: int  # who wrote for the first time and belong to no home
    came: int  # by somebody's personal link
    signed: int  # of these, those with a contract now


def business(work: Work, company: Company, days: Days) -> Business:
    """What those days came to."""
    currency = company.currency
    came, signed = _referred(work, days)
    return Business(
        included=Money(_included(work, currency, *_during(days)), currency),
        remote=_helped(work, currency, days, Help.REMOTE),
        visits=_helped(work, currency, days, Help.VISIT),
        subscriptions=_charged(work, currency, days, ChargeKind.SUBSCRIPTION, ChargeKind.PRORATION),
        goodwill=_given(_charged(work, currency, days, ChargeKind.GOODWILL)),
        upgrades=_upgrades(work, currency, days),
        overused=_overused(work, company, days),
        plans=_plans(work, days),
        renewed=_renewed(work, days),
        begun=_count(work, Contract.starts_on >= days.first, Contract.starts_on <= days.last, SIGNED),
        ended=_count(work, Contract.ends_on >= days.first, Contract.ends_on <= days.last, SIGNED),
        strangers=_strangers(work, days),
        came=came,
        signed=signed,
    )


SIGNED = Contract.state != ContractState.OFFERED
WORK = literal("work:") + cast(Booking.id, String)  # the occasion of the charge for an appointment


def _during(days: Days) -> tuple[ColumnElement[bool], ...]:
    """Appointments of those days that took place."""
    return Booking.state == BookingState.DONE, Booking.starts_at >= days.since, Booking.starts_at < days.until


# ── help ──


def _included(work: Work, currency: str, *which: ColumnElement[bool]) -> int:
    paid = select(func.sum(BY_PLAN)).join(StoredQuote, StoredQuote.id == Booking.quote_id)
    return int(work.session.scalar(paid.select_from(Booking).where(StoredQuote.currency == currency, *which)) or 0)


BY_PLAN = StoredQuote.body[("by_plan", "minor")].as_integer()


def _helped(work: Work, currency: str, days: Days, how: Help) -> Sum:
    """Help that took place, and what was charged for it besides what plans paid."""
    counts = select(func.count(), func.sum(Charge.amount_minor)).select_from(Booking)
    joined = counts.outerjoin(Charge, and_(Charge.occasion == WORK, Charge.currency == currency))
    count, minor = work.session.execute(joined.where(Booking.help == how, *_during(days))).one()
    return Sum(count, Money(int(minor or 0), currency))


def _charged(work: Work, currency: str, days: Days, *kinds: ChargeKind) -> Sum:
    counts = select(func.count(), func.sum(Charge.amount_minor)).where(
        Charge.due_on >= days.first, Charge.due_on <= days.last, Charge.kind.in_(kinds), Charge.currency == currency
    )
    count, minor = work.session.execute(counts).one()
    return Sum(count, Money(int(minor or 0), currency))


def _given(credits: Sum) -> Sum:
    """What was given, without its minus."""
    return Sum(credits.count, Money(-credits.amount.minor, credits.amount.currency))


# ── upgrades ──


def _upgrades(work: Work, currency: str, days: Days) -> Upgrades:
    mine = (Prompt.kind == Kind.UPGRADE, Prompt.asked_at >= days.since, Prompt.asked_at < days.until)
    yes = Prompt.reply == Reply.YES
    counts = select(
        func.count(),
        func.count(Prompt.opened_at),
        func.sum(case((yes, 1), else_=0)),
    ).where(*mine)
    shown, opened, agreed = work.session.execute(counts).one()
    led = select(Prompt.request_id).where(*mine, yes, Prompt.request_id.is_not(None))
    booked = select(func.count(distinct(Booking.request_id))).where(
        Booking.request_id.in_(led), Booking.state.in_((*STANDING, BookingState.DONE))
    )
    charged = select(func.sum(Charge.amount_minor)).where(
        Charge.request_id.in_(led), Charge.kind == ChargeKind.WORK, Charge.currency == currency
    )
    revenue = Money(int(work.session.scalar(charged) or 0), currency)
    return Upgrades(shown, opened, int(agreed or 0), work.session.scalar(booked) or 0, revenue)


# ── contracts ──


def _count(work: Work, *which: ColumnElement[bool]) -> int:
    return work.session.scalar(select(func.count()).select_from(Contract).where(*which)) or 0


def _running(day: date) -> tuple[ColumnElement[bool], ...]:
    return SIGNED, Contract.starts_on <= day, or_(Contract.ends_on.is_(None), Contract.ends_on >= day)


def _plans(work: Work, days: Days) -> dict[str, int]:
    counts = select(Contract.plan, func.count()).where(*_running(days.last)).group_by(Contract.plan)
    return {row[0]: row[1] for row in work.session.execute(counts.order_by(func.count().desc(), Contract.plan))}


def _renewed(work: Work, days: Days) -> int:
    found = select(func.count()).select_from(Happening).where(
        NAMED, Happening.name == "ContractRenewed", Happening.at >= days.since, Happening.at < days.until
    )  # fmt: skip
    return work.session.scalar(found) or 0


def _overused(work: Work, company: Company, days: Days) -> tuple[Used, ...]:
    """What its plan paid for a contract in twelve months, against its price for twelve months: the most first."""
    year = midnight(months_after(days.last, -12), days.zone)
    paid = func.sum(BY_PLAN)
    used = (
        select(StoredQuote.contract_id, paid)
        .join(Booking, Booking.quote_id == StoredQuote.id)
        .where(Booking.state == BookingState.DONE, Booking.starts_at >= year, Booking.starts_at < days.until)
        .where(StoredQuote.contract_id.is_not(None), StoredQuote.currency == company.currency)
        .group_by(StoredQuote.contract_id)
        .having(paid > 0)
    )
    sums = {row[0]: int(row[1]) for row in work.session.execute(used)}
    found = []
    for contract in work.session.scalars(select(Contract).where(Contract.id.in_(sums), *_running(days.last))):
        price = advice.fees_of(Plan.model_validate(contract.terms), company.currency, contract.period)
        if sums[contract.id] > price.minor:
            found.append(Used(contract.ref, contract.plan, Money(sums[contract.id], company.currency), price))
    found.sort(key=lambda one: (one.price.minor - one.used.minor, one.contract))
    return tuple(found[:DEAREST])


# ── who came ──


def _strangers(work: Work, days: Days) -> int:
    """Who wrote for the first time in those days and belongs to no home."""
    at_home = exists().where(Member.person_id == Person.id)
    found = select(func.count()).select_from(Person).where(
        Person.created_at >= days.since, Person.created_at < days.until, Person.telegram.is_not(None), ~at_home
    )  # fmt: skip
    return work.session.scalar(found) or 0


def _referred(work: Work, days: Days) -> tuple[int, int]:
    counts = select(func.count(), func.count(Referred.contract_id)).where(
        Referred.came_at >= days.since, Referred.came_at < days.until
    )
    came, signed = work.session.execute(counts).one()
    return came, signed
