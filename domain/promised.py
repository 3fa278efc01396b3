"""What was promised for a request, and how it stands: the plan's promises, reckoned from the log at this moment."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from domain import bookings, calendar, contracts, proposals
from domain.appointments import STANDING
from domain.areas import Help
from domain.clocks import Clock, Standing, clocks
from domain.company import Company
from domain.contracts import Contract
from domain.deadlines import ahead, passed
from domain.histories import WAITS, History, histories
from domain.plans import Promise
from domain.requests import Happening, Request
from domain.work import Work
from domain.worktime import Worktime


@dataclass(frozen=True)
class Stand:
    """How it stands with what was promised for one request: each promise, and when help begins by what is agreed."""

    clocks: list[Clock]
    planned: datetime | None
    on_site: bool = False  # and it begins with somebody who comes


def promises_for(work: Work, company: Company, request: Request) -> tuple[Promise, ...]:
    """What is promised to this home: by its plan, or to everybody."""
    return _promises(company, contracts.running(work, request.home_id))


def _promises(company: Company, contract: Contract | None) -> tuple[Promise, ...]:
    plan = contracts.terms(contract)
    return plan.promises if plan is not None else company.desk.promises


def standing(work: Work, company: Company, request: Request) -> list[Clock]:
    """How it stands with each promise at this moment."""
    return stands(work, company, [request])[request.id].clocks


def stands(work: Work, company: Company, requests: Sequence[Request]) -> dict[int, Stand]:
    """The same of many requests, by their ids: a few questions to the record, however many there are."""
    signed = contracts.running_in(work, {request.home_id for request in requests if request.home_id is not None})
    promises = {request.id: _promises(company, signed.get(request.home_id or 0)) for request in requests}
    return read(work, company, histories(work, requests), promises)


def read(
    work: Work, company: Company, found: Mapping[int, History], promises: Mapping[int, tuple[Promise, ...]]
) -> dict[int, Stand]:
    """How it stands with what was promised, by what happened."""
    agreed = {number: bookings.spoken_of(history.bookings) for number, history in found.items()}
    # Which work was agreed matters only where a promise names one.
    named = {n: one for n, one in agreed.items() if one is not None and any(p.work for p in promises[n])}
    prices = proposals.by_number(work, [one.quote_id for one in named.values()])
    works = {n: proposals.quote_of(prices[one.quote_id]).work for n, one in named.items()}
    first = {
        number: min((b for b in history.bookings if b.state in STANDING), key=lambda b: b.starts_at, default=None)
        for number, history in found.items()
    }
    return {
        number: Stand(
            _clocks(work, company, history, promises[number], works.get(number)) if promises[number] else [],
            one.starts_at if (one := first[number]) is not None else None,
            one is not None and one.help is Help.VISIT,
        )
        for number, history in found.items()
    }


def _clocks(
    work: Work, company: Company, history: History, promises: tuple[Promise, ...], agreed: str | None
) -> list[Clock]:
    return clocks(
        promises,
        history.marks(),
        worktime(work, company),
        work.now,
        pauses=frozenset(WAITS[what] for what in company.desk.pauses),
        work=agreed,
    )


def in_hand(clock: Clock, agreed: datetime | None) -> bool:
    """Whether nobody has to worry: somebody is to come before the time is over."""
    return clock.what in ("help", "visit") and agreed is not None and clock.due is not None and agreed <= clock.due


def said(work: Work, request: Request) -> set[tuple[str, datetime, int]]:
    """Of which promises people were told already, and how much of them had passed."""
    told = select(Happening.facts).where(
        Happening.subject == f"request:{request.id}", Happening.name == "PromiseWarned"
    )
    return {(f["what"], datetime.fromisoformat(f["began"]), f["percent"]) for f in work.session.scalars(told)}


def due_warnings(work: Work, company: Company, request: Request) -> list[tuple[Clock, int]]:
    """Which promises have come so far that somebody is to be told, each with how far; each once."""
    return [
        (clock, percent)
        for clock, percents, told in _unsaid(work, company, request)
        for percent in passed(clock.reached, percents, work.now, told)
    ]


def next_warning(work: Work, company: Company, request: Request) -> datetime | None:
    """When somebody is to be told next, if nothing happens; what is overdue to be said, now."""
    moments = []
    for clock, percents, told in _unsaid(work, company, request):
        overdue = passed(clock.reached, percents, work.now, told)
        moments.append(work.now if overdue else ahead(clock.reached, percents, work.now, told))
    return min((at for at in moments if at is not None), default=None)


def _unsaid(work: Work, company: Company, request: Request) -> Iterator[tuple[Clock, list[int], set[int]]]:
    """Each promise that runs, of which heights somebody is to be told, and of which somebody was."""
    known, stand = said(work, request), stands(work, company, [request])[request.id]
    for clock in stand.clocks:
        if clock.standing in (Standing.RUNNING, Standing.OVER):
            kept = in_hand(clock, stand.planned)
            percents = [percent for percent in company.desk.percents if percent >= 100 or not kept]
            yield clock, percents, _said_of(clock, known)


def _said_of(clock: Clock, known: Iterable[tuple[str, datetime, int]]) -> set[int]:
    return {percent for what, began, percent in known if (what, began) == (clock.what, clock.began)}


def worktime(work: Work, company: Company) -> Worktime:
    """The company's working time, what the team entered besides aside. Drawn once in a transaction."""
    whose, drawn = work.once.get("worktime", (None, None))
    if not isinstance(drawn, Worktime) or whose is not company:
        drawn = usual_time(company, calendar.closed(work))
        work.once["worktime"] = company, drawn
    return drawn


def usual_time(company: Company, closed: Iterable[tuple[datetime, datetime]] = ()) -> Worktime:
    """The usual hours of the tariff, but for the company's closing days and what else is closed."""
    table = company.tariff.timetable(company.time_zone)
    usual = company.tariff.hours[0].key if company.tariff.hours else company.tariff.otherwise
    there = ZoneInfo(company.time_zone)
    days = [(datetime.combine(d, time(), there), datetime.combine(d + timedelta(days=1), time(), there))
            for d in company.closing_days]  # fmt: skip
    return Worktime(table, usual, tuple(_joined([*days, *closed])))


def _joined(spans: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """In order, and apart from one another."""
    found: list[tuple[datetime, datetime]] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found
