"""What was promised for a request, and how it stands: the plan's promises, reckoned from the log at this moment."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from domain import bookings, calendar, contracts
from domain.appointments import Booking, BookingState
from domain.areas import Help, Urgency
from domain.clocks import Clock, Kind, Mark, Standing, clocks
from domain.company import Company
from domain.notes import Direction, Note
from domain.plans import Promise
from domain.requests import Happening, Request
from domain.work import Work
from domain.worktime import Worktime

PLAIN = {
    "WordsSent": Kind.WE_SPOKE,
    "Booked": Kind.WE_SPOKE,  # he knows when somebody comes: that is an answer
    "WaitEnded": Kind.GOES_ON,
    "RequestResolved": Kind.SOLVED,
    "RequestReopened": Kind.REOPENED,
    "RequestCancelled": Kind.ENDED,
    "RequestMerged": Kind.ENDED,
}
WAITS = {"customer": Kind.WAITS_FOR_HIM, "parts": Kind.WAITS_FOR_PARTS}
CAME = (BookingState.DONE, BookingState.ON_THE_WAY, BookingState.NO_ACCESS)


def promises_for(work: Work, company: Company, request: Request) -> tuple[Promise, ...]:
    """What is promised to this home: by its plan, or to everybody."""
    plan = contracts.terms(contracts.running(work, request.home_id))
    return plan.promises if plan is not None else company.desk.promises


def standing(work: Work, company: Company, request: Request) -> list[Clock]:
    """How it stands with each promise at this moment."""
    promises = promises_for(work, company, request)
    if not promises:
        return []
    agreed = bookings.appointment_of(work, request)
    return clocks(
        promises,
        marks(work, request),
        worktime(work, company),
        work.now,
        pauses=frozenset(WAITS[what] for what in company.desk.pauses),
        work=bookings.quote_of(work, agreed).work if agreed is not None else None,
    )


def planned(work: Work, request: Request) -> datetime | None:
    """When help begins by what is agreed, if an appointment stands."""
    return min((b.starts_at for b in bookings.booked_for(work, request)), default=None)


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
    known, agreed = said(work, request), planned(work, request)
    found = []
    for clock in _owed(standing(work, company, request)):
        for percent in company.desk.percents:
            at = clock.reached(percent)
            if at is None or at > work.now or (clock.what, clock.began, percent) in known:
                continue
            if not (in_hand(clock, agreed) and percent < 100):
                found.append((clock, percent))
    return found


def next_warning(work: Work, company: Company, request: Request) -> datetime | None:
    """When somebody is to be told next, if nothing happens."""
    known = said(work, request)
    moments = [
        at
        for clock in _owed(standing(work, company, request))
        for percent in company.desk.percents
        if (clock.what, clock.began, percent) not in known
        if (at := clock.reached(percent)) is not None and at > work.now
    ]
    return min(moments, default=None)


def _owed(found: Sequence[Clock]) -> list[Clock]:
    return [clock for clock in found if clock.standing in (Standing.RUNNING, Standing.OVER)]


def worktime(work: Work, company: Company) -> Worktime:
    """The company's working time: the usual hours of its tariff, closed days aside."""
    table = company.tariff.timetable(company.time_zone)
    usual = company.tariff.hours[0].key if company.tariff.hours else company.tariff.otherwise
    there = ZoneInfo(company.time_zone)
    days = [(datetime.combine(d, time(), there), datetime.combine(d + timedelta(days=1), time(), there))
            for d in company.closing_days]  # fmt: skip
    return Worktime(table, usual, tuple(_joined([*days, *calendar.closed(work)])))


def _joined(spans: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """In order, and apart from one another."""
    found: list[tuple[datetime, datetime]] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def marks(work: Work, request: Request) -> list[Mark]:
    """All that happened to it that bears on a promise, in order."""
    work.session.flush()  # what has just happened is in the log, too
    dates = work.session.scalars(select(Booking).where(Booking.request_id == request.id)).all()
    subjects = [f"request:{request.id}", *(f"booking:{booking.id}" for booking in dates)]
    log = work.session.scalars(select(Happening).where(Happening.subject.in_(subjects)).order_by(Happening.id)).all()
    spoken = _spoken(work, request)
    found = [mark for happening in log for mark in _marks(happening, request, log, spoken)]
    found += [
        Mark(booking.expected_at or booking.starts_at, Kind.THERE if booking.help is Help.VISIT else Kind.HELPED)
        for booking in dates
        if booking.state in CAME
    ]
    return sorted(found, key=lambda mark: mark.at)


def _spoken(work: Work, request: Request) -> set[int]:
    """The notes in which the homeowner speaks."""
    his = select(Note.id).where(Note.request_id == request.id, Note.direction == Direction.FROM_HOMEOWNER)
    return set(work.session.scalars(his))


def _marks(happening: Happening, request: Request, log: Sequence[Happening], spoken: set[int]) -> Iterable[Mark]:
    name, facts, at = happening.name, happening.facts, happening.at
    if name in PLAIN:
        yield Mark(at, PLAIN[name])
    elif name == "RequestOpened":
        changes = (h.facts["was"] for h in log if h.name == "UrgencyChanged")
        yield Mark(at, Kind.OPENED, Urgency(next(changes, request.urgency)))
    elif name == "UrgencyChanged":
        yield Mark(at, Kind.URGENCY, Urgency(facts["now"]))
    elif name == "WaitBegan":
        yield Mark(at, WAITS[facts["what"]])
    elif name == "CommitmentMade" and facts["told"]:
        yield Mark(at, Kind.WE_SPOKE)  # when he hears of us: that is an answer
    elif name == "NoteAdded" and facts["note"] in spoken:
        yield Mark(at, Kind.HE_SPOKE)
