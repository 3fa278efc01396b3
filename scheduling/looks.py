"""Looks: when somebody looks whether there is an occasion to come back to a home. One timer for each home."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import String, cast, literal, select

from domain import coming_back_events, events, first_aid_events
from domain.company import Company
from domain.contracts import Contract
from domain.homes import Home, Member
from domain.looking import morning_of, there
from domain.people import Person, Presence
from domain.requests import Request
from domain.work import Work
from scheduling import timers
from scheduling.timers import Timer, TimerState

LOOK = "look"
AT_ONCE = 1000  # homes planned in one go

# What may give an occasion, or take it away: the next look is on the next morning.
STIRS: tuple[type[events.Event], ...] = (
    events.WorkDone,
    events.BookingCancelled,
    events.RequestConfirmed,
    events.RequestClosed,
    events.ContractActivated,
    events.ContractResumed,
    events.ContractRenewed,
    events.ChangeAgreed,
    events.PlanChanged,
    events.AllowanceAdjusted,
    coming_back_events.ConsentGiven,
    first_aid_events.FirstAidHelped,
)


def follow(work: Work, fact: events.Event) -> None:
    """Something has changed."""
    if isinstance(fact, STIRS):
        for home in _homes(work, fact):
            _sooner(work, home)


def plan(work: Work, company: Company) -> None:
    """Whoever is to be looked at and is not: homes of before we looked at all, or whose look was lost."""
    subject = literal("home:") + cast(Home.id, String)
    planned = select(Timer.id).where(Timer.kind == LOOK, Timer.subject == subject, Timer.state == TimerState.SET)
    heard = select(Member.id).join(Person, Person.id == Member.person_id)
    heard = heard.where(Member.home_id == Home.id, Member.ended_at.is_(None), Person.presence == Presence.ACTIVE)
    waiting = select(Home).where(heard.exists(), ~planned.exists()).order_by(Home.id).limit(AT_ONCE)
    for home in work.session.scalars(waiting).all():
        first(work, company, home)


def first(work: Work, company: Company, home: Home) -> None:
    """In some days, for who is not waited for yet."""
    standing = select(Timer.id).where(Timer.kind == LOOK, Timer.subject == f"home:{home.id}")
    if work.session.scalar(standing.where(Timer.state == TimerState.SET)) is None:
        due = morning_of(home, there(work, home) + timedelta(days=company.follow_ups.first_days))
        timers.put(work, LOOK, f"home:{home.id}", due.isoformat(), due)


def _sooner(work: Work, home: Home) -> None:
    """On the next morning, where it would have been later."""
    subject, due = f"home:{home.id}", morning_of(home, there(work, home) + timedelta(days=1))
    later = select(Timer.id).where(Timer.kind == LOOK, Timer.subject == subject, Timer.state == TimerState.SET)
    if work.session.scalar(later.where(Timer.due_at > due)) is not None:
        timers.clear(work, subject, LOOK)
        timers.put(work, LOOK, subject, due.isoformat(), due)


def _homes(work: Work, fact: events.Event) -> Iterable[Home]:
    of = select(Home)
    if isinstance(fact, events.OfRequest | events.OfBooking):
        of = of.join(Request, Request.home_id == Home.id).where(Request.id == fact.request)
    elif isinstance(fact, events.OfContract):
        of = of.join(Contract, Contract.home_id == Home.id).where(Contract.id == fact.contract)
    elif isinstance(fact, events.OfPerson):
        of = of.join(Member, Member.home_id == Home.id).where(
            Member.person_id == fact.person, Member.ended_at.is_(None)
        )
    else:
        return ()
    return work.session.scalars(of).all()
