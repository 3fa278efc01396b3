"""Summaries: how requests were seen to, as the log tells it: what was promised, how soon, from afar or on site.

A promise is reckoned from what happened to its request, mark by mark: no sum in the database can do that. Where more
requests were under way than can be read, every so many-th is read instead, and the summary says so: shares then have
the wider interval of a sample.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import get_args

import msgspec
from sqlalchemy import ColumnElement, and_, func, select

from domain import commitments, first_aid, promised
from domain.appointments import BookingState
from domain.areas import Help
from domain.clocks import Clock, Kind, Mark, Standing
from domain.commitments import Counted
from domain.company import Company
from domain.contracts import Contract, ContractState
from domain.histories import History, histories
from domain.plans import Plan, Promise, What
from domain.requests import Request, State
from domain.statistics import Estimate, quantile, share
from domain.summary_days import Days
from domain.work import Work

MOST = 300  # requests that are read: more than a millisecond each
MINUTE = timedelta(minutes=1)
SPOKEN = (Kind.WE_SPOKE, Kind.HELPED, Kind.THERE, Kind.SOLVED)  # he has heard of us, or somebody sees to it
SOLVED = (State.RESOLVED, State.CONFIRMED, State.CLOSED)


class Kept(msgspec.Struct, frozen=True):
    """One kind of promise: how many were kept of those whose time came, or that were kept before."""

    what: What
    kept: int
    due: int

    @property
    def share(self) -> Estimate | None:
        """Of those that were due."""
        return share(self.kept, self.due)


class Spread(msgspec.Struct, frozen=True):
    """How long something took, in minutes: half of them at most, and nine of ten."""

    median: int
    ninety: int
    of: int


class Care(msgspec.Struct, frozen=True, kw_only=True):
    """How requests were seen to."""

    looked_at: int  # requests
    under_way: int  # requests in all
    promises: tuple[Kept, ...]
    commitments: Counted  # what teammates said themselves
    answered: Spread | None  # from the request to the first answer
    solved: Spread | None  # from the request to the solution
    remote: Estimate | None  # solved without a visit
    reopened: Estimate | None  # solved, as we said, and not
    mended: Estimate | None  # by first aid, of those who tried it to the end


def care(work: Work, company: Company, days: Days) -> Care:
    """How the requests that were under way in those days were seen to."""
    numbers, under_way = _sample(work, days)
    asked = list(work.session.scalars(select(Request).where(Request.id.in_(numbers)))) if numbers else []
    found = histories(work, asked)
    told = [(history, history.marks()) for history in found.values()]
    done = [history for history in found.values() if _solved_in(history.request, days)]
    remote = sum(not _was_there(history) for history in done)
    return Care(
        looked_at=len(asked),
        under_way=under_way,
        promises=_promises(work, company, found, days),
        commitments=commitments.counted(work, days.since, days.until),
        answered=_spread(_first_answers(told, days)),
        solved=_spread(minutes(h.request.opened_at, h.request.resolved_at) for h in done),
        remote=share(remote, len(done)),
        reopened=_reopened(told, days),
        mended=first_aid.mended(work, days),
    )


def _sample(work: Work, days: Days) -> tuple[Sequence[int], int]:
    """The numbers of the requests that were under way, or of every so many-th; and how many there were."""
    ways = (
        and_(Request.ended_at.is_(None), Request.opened_at < days.until),
        and_(Request.ended_at >= days.since, Request.opened_at < days.until),
    )
    under_way = sum(work.session.scalar(select(func.count()).select_from(Request).where(way)) or 0 for way in ways)
    step = -(-under_way // MOST)
    return sorted(number for way in ways for number in _every(work, way, step)), under_way


def _every(work: Work, way: ColumnElement[bool], step: int) -> Iterable[int]:
    found = select(Request.id).where(way)
    return work.session.scalars(found.where(Request.id % step == 0) if step > 1 else found)


# ── what was promised ──


def _promises(work: Work, company: Company, found: dict[int, History], days: Days) -> tuple[Kept, ...]:
    """Each kind of promise that was due in those days."""
    requests = [history.request for history in found.values()]
    stands = promised.read(work, company, found, _promised(work, company, requests))
    counts: dict[What, list[bool]] = {}
    for stand in stands.values():
        for clock in stand.clocks:
            at = _decided(clock)
            if at is not None and days.since <= at < days.until:
                counts.setdefault(clock.what, []).append(clock.standing is Standing.KEPT)
    order: tuple[What, ...] = get_args(What)
    return tuple(Kept(what, sum(counts[what]), len(counts[what])) for what in order if what in counts)


def _decided(clock: Clock) -> datetime | None:
    """When it was known whether it was kept; none while it is not, or when it came to nothing."""
    if clock.standing is Standing.KEPT:
        return clock.ends
    return clock.due if clock.standing in (Standing.BROKEN, Standing.OVER) else None


def _promised(work: Work, company: Company, requests: Sequence[Request]) -> dict[int, tuple[Promise, ...]]:
    """What was promised for each request: by the contract its home had on that day, else to everybody."""
    homes = {request.home_id for request in requests if request.home_id is not None}
    signed = select(Contract).where(Contract.home_id.in_(homes), Contract.state != ContractState.OFFERED)
    contracts: dict[int, list[Contract]] = {}
    for one in work.session.scalars(signed.order_by(Contract.starts_on, Contract.id)):
        contracts.setdefault(one.home_id, []).append(one)
    known: dict[bytes, tuple[Promise, ...]] = {}
    found = {}
    for request in requests:
        on = request.opened_at.date()
        theirs = contracts.get(request.home_id or 0, ())
        held = [c for c in theirs if c.starts_on <= on and (c.ends_on is None or c.ends_on >= on)]
        found[request.id] = _of(held[-1], known) if held else company.desk.promises
    return found


def _of(contract: Contract, known: dict[bytes, tuple[Promise, ...]]) -> tuple[Promise, ...]:
    """What its plan promises; plans that are the same are read once."""
    key = msgspec.json.encode(contract.terms)
    if key not in known:
        known[key] = Plan.model_validate(contract.terms).promises
    return known[key]


# ── how long it took, and how it ended ──


def minutes(begun: datetime, done: datetime | None) -> float:
    """Minutes that passed, nights and Sundays among them: as he has waited."""
    return 0.0 if done is None else (done - begun) / MINUTE


def _first_answers(told: Iterable[tuple[History, Sequence[Mark]]], days: Days) -> Iterator[float]:
    """Of requests that came in writing: who phoned had his answer at once."""
    for history, marks in told:
        spoken = next((mark.at for mark in marks if mark.kind in SPOKEN), None)
        if spoken is not None and days.since <= spoken < days.until and history.request.logged_by is None:
            yield minutes(history.request.opened_at, spoken)


def _solved_in(request: Request, days: Days) -> bool:
    """Solved in those days, and still so. What ended with a storm was nobody's work at that home."""
    at = request.resolved_at
    alone = request.storm_id is None and request.merged_into_id is None
    return alone and request.state in SOLVED and at is not None and days.since <= at < days.until


def _was_there(history: History) -> bool:
    return any(one.help is Help.VISIT and one.state is BookingState.DONE for one in history.bookings)


def _reopened(told: Iterable[tuple[History, Sequence[Mark]]], days: Days) -> Estimate | None:
    """Of those that we said were solved, for the first time in those days: how many turned out not to be."""
    back = of = 0
    for history, marks in told:
        said = next((mark.at for mark in marks if mark.kind is Kind.SOLVED), None)
        if said is not None and days.since <= said < days.until and history.request.storm_id is None:
            of += 1
            back += any(mark.kind is Kind.REOPENED and mark.at >= said for mark in marks)
    return share(back, of)


def _spread(values: Iterable[float]) -> Spread | None:
    ordered = sorted(values)
    median, ninety = quantile(ordered, 0.5), quantile(ordered, 0.9)
    if median is None or ninety is None:
        return None
    return Spread(round(median), round(ninety), len(ordered))
