"""Promises are watched: which facts bear on them, when somebody looks again, and what moves every clock at once."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from domain import desk_events, events, first_aid_events, moved, promised
from domain.calendar import CalendarEntry, EntryKind
from domain.company import Company
from domain.contracts import Contract
from domain.queues import RUNNING
from domain.requests import Request
from domain.work import Work
from scheduling import timers

PROMISE = "promise"  # so much of a promised time has passed

# What bears on a promise: the clocks are looked at anew, and the next warning is set.
CLOCKS: tuple[type[events.Event], ...] = (
    events.RequestOpened,
    events.UrgencyChanged,
    events.NoteAdded,
    desk_events.WordsSent,
    desk_events.CommitmentMade,
    desk_events.ClocksLookedAt,
    events.WaitBegan,
    events.WaitEnded,
    events.Booked,
    events.BookingCancelled,
    events.TechnicianSetOut,
    events.NobodyThere,
    events.WorkDone,
    events.RequestResolved,
    events.RequestReopened,
    events.RequestCancelled,
    events.PromiseWarned,
    desk_events.RequestMerged,
    first_aid_events.FirstAidHelped,
)


def follow(work: Work, company: Company, fact: events.OfRequest | events.OfBooking) -> None:
    """Something happened to one request: where it bears on a promise, the next warning is set."""
    if not isinstance(fact, CLOCKS):
        return
    request = work.session.get_one(Request, fact.request)
    promises = promised.promises_for(work, company, request)
    if isinstance(fact, events.NoteAdded) and not any(p.what == "reply" for p in promises):
        return  # his words start no clock
    if promises:
        plan(work, company, request)


def plan(work: Work, company: Company, request: Request) -> None:
    """Look again when somebody is to be told how far a promise has come."""
    timers.clear(work, f"request:{request.id}", PROMISE)
    due = promised.next_warning(work, company, request)
    if due is not None:
        timers.put(work, PROMISE, f"request:{request.id}", due.isoformat(), due)


def look_anew(work: Work, at: datetime, *which: ColumnElement[bool]) -> None:
    """Time counts otherwise now, or something else is promised: each of these requests is looked at, one by one."""
    # Each by a timer of its own: however many there are, nobody waits behind them.
    for number in work.session.scalars(select(Request.id).where(Request.state.in_(RUNNING), *which)):
        timers.put(work, PROMISE, f"request:{number}", f"anew {at.isoformat()}", at)


def _calendar(work: Work, _company: Company, fact: moved.CalendarEntered | moved.CalendarTakenBack) -> None:
    if work.session.get_one(CalendarEntry, fact.entry).kind is EntryKind.CLOSED:
        look_anew(work, work.now)


def _contract(work: Work, _company: Company, fact: events.OfContract) -> None:
    look_anew(work, work.now, Request.home_id == work.session.get_one(Contract, fact.contract).home_id)


POLICY: dict[type[events.Event], Callable[[Work, Company, Any], None]] = {
    moved.CalendarEntered: _calendar,
    moved.CalendarTakenBack: _calendar,
    events.ContractActivated: _contract,
    events.ContractSuspended: _contract,
    events.ContractResumed: _contract,
    events.ContractEnded: _contract,
    events.PlanChanged: _contract,
}
