"""Quoting: prices a teammate makes for a request: more time, another grade, further lines, a price of his own.

Each needs the homeowner's tap. For an appointment that stands the price it was agreed at is the ceiling until then.
"""

from dataclasses import dataclass
from datetime import timedelta

from msgspec.structs import replace
from sqlalchemy import select

from domain import bookings, contracts, events, ledger, proposals
from domain.appointments import STANDING, Booking, HoldGone
from domain.cases import Case, Crew, Extra
from domain.company import Company, Job
from domain.labour import NoPrice
from domain.money import Money
from domain.pricing import price
from domain.proposals import Promise, QuoteDeed, QuoteState, StoredQuote
from domain.requests import NotNow, Request
from domain.stored import tariff_of
from domain.work import Work


@dataclass(frozen=True)
class Look:
    """What a teammate found when he looked closer: all that decides the price besides the tariff."""

    minutes: int
    grade: str | None = None  # instead of who was meant to come
    extras: tuple[Extra, ...] = ()
    fixed: Money | None = None  # his own price for the work
    fixed_for: str = ""

    def on(self, case: Case) -> Case:
        """The case as he found it."""
        crew = (Crew(self.grade, case.heads),) if self.grade else case.crew
        return replace(
            case, minutes=self.minutes, crew=crew, extras=self.extras, fixed=self.fixed, fixed_for=self.fixed_for,
            stretches=(),
        )  # fmt: skip

    @property
    def asks_for_more(self) -> bool:
        """Whether there is something besides the minutes to agree to."""
        return bool(self.extras) or self.fixed is not None


def revised(work: Work, zone: str, booking: Booking, request: Request, look: Look) -> Promise | None:
    """The price of an appointment as somebody found it, by the tariff it was made with; none where it cannot be said.

    `zone`: the company's time zone.
    """
    stored = bookings.stored_quote(work, booking)
    case = proposals.case_of(stored)
    if case is None:
        return None
    contract = contracts.running(work, request.home_id)
    left = contracts.balances(work, contract, but_for=request.id)
    tariff = tariff_of(work, stored.tariff_id)
    try:
        priced = price(tariff, stored.currency, zone, look.on(case), contracts.terms(contract), left)
    except NoPrice:
        return None
    return Promise(priced, stored.tariff_id, work.now + timedelta(days=tariff.quote_valid_days))


def propose(work: Work, booking: Booking | None, request: Request, promise: Promise, by: str) -> StoredQuote:
    """Put a price to the homeowner, for an appointment that stands or for one he then chooses.

    One that was put before is not open any more. Raises HoldGone, NotNow.
    """
    if not request.running:
        raise NotNow(request.number, request.state)
    if booking is not None and booking.state not in STANDING:
        raise HoldGone
    for older in open_for(work, request):
        proposals.settle(older, QuoteDeed.EXPIRE)
    contract = contracts.running(work, request.home_id)
    stored = proposals.propose(work, request.id, promise, contract, replaces=booking.quote_id if booking else None)
    stored.made_by = by
    work.happened(events.QuoteProposed(request.id, stored.id, by))
    return stored


def agree(work: Work, stored: StoredQuote, request: Request) -> None:
    """The homeowner taps the amount: from now on it is the ceiling. A second tap does nothing.

    Raises QuoteExpired, QuoteSettled, BalanceGone, HoldGone, NotNow.
    """
    if not request.running:
        raise NotNow(request.number, request.state)
    with work.session.begin_nested():
        if not proposals.accept(work, stored):
            return
        if stored.replaces_id is not None:
            booking = _standing_on(work, stored.replaces_id)
            ledger.release(work, bookings.stored_quote(work, booking).subject, "replaced")
            bookings.put_aside(work, stored, request)
            booking.quote_id = stored.id
    work.happened(events.QuoteAccepted(request.id, stored.id))


def again(work: Work, zone: str, stored: StoredQuote, request: Request) -> bool:
    """A price for an appointment that cannot be agreed to any more is put anew, as it is now; whether it could be.

    Raises HoldGone.
    """
    case = proposals.case_of(stored)
    if stored.replaces_id is None or case is None:
        return False
    booking = _standing_on(work, stored.replaces_id)
    grade = case.crew[0].grade if len(case.crew) == 1 else None
    look = Look(case.minutes, grade, case.extras, case.fixed, case.fixed_for)
    fresh = revised(work, zone, booking, request, look)
    if fresh is None:
        return False
    propose(work, booking, request, fresh, stored.made_by or booking.technician)
    return True


def decline(work: Work, stored: StoredQuote, request: Request) -> None:
    """The homeowner does not want it: what he agreed to stands. A second tap does nothing. Raises QuoteSettled."""
    if stored.state is QuoteState.REFUSED:
        return
    proposals.settle(stored, QuoteDeed.REFUSE)
    work.happened(events.QuoteRefused(request.id, stored.id))


def open_for(work: Work, request: Request) -> list[StoredQuote]:
    """The prices somebody made that nobody has answered."""
    mine = select(StoredQuote).where(StoredQuote.request_id == request.id, StoredQuote.made_by.is_not(None))
    return list(work.session.scalars(mine.where(StoredQuote.state == QuoteState.PROPOSED).order_by(StoredQuote.id)))


def agreed_for(work: Work, request: Request) -> StoredQuote | None:
    """The last price somebody made that the homeowner agreed to: what is booked for it from now on is this work."""
    mine = select(StoredQuote).where(StoredQuote.request_id == request.id, StoredQuote.made_by.is_not(None))
    agreed = mine.where(StoredQuote.state == QuoteState.ACCEPTED).order_by(StoredQuote.id.desc())
    return work.session.scalars(agreed).first()


def jobs_for(work: Work, company: Company, request: Request) -> tuple[Job, ...]:
    """How help is offered for a request: what was agreed to with a person, else what the company offers in its area."""
    offered, case = company.offered(request.area), agreed_case(work, request)
    job = next((job for job in offered if case is not None and job.work == case.work), None)
    return (_as_agreed(company, job, case),) if job is not None and case is not None else offered


def agreed_case(work: Work, request: Request) -> Case | None:
    """What was agreed to with a person."""
    stored = agreed_for(work, request)
    return proposals.case_of(stored) if stored is not None else None


def named_in(agreed: Case, case: Case) -> Case:
    """The same work at another time: what was named and priced goes with it, and the warranty it was priced under."""
    if case.work != agreed.work:
        return case
    return replace(
        case, crew=agreed.crew, parts=agreed.parts, warranty=agreed.warranty, extras=agreed.extras,
        fixed=agreed.fixed, fixed_for=agreed.fixed_for,
    )  # fmt: skip


def _as_agreed(company: Company, job: Job, case: Case) -> Job:
    """A job as long, and done by whom, as was agreed."""
    longer = job.model_copy(update={"minutes": case.minutes, "at_least": None})
    if case.crew == job.people(company.tariff):
        return longer
    return longer.model_copy(update={"crew": {each.grade: each.count for each in case.crew}})


def _standing_on(work: Work, quote: int | None) -> Booking:
    """The appointment that stands on a price."""
    mine = select(Booking).where(Booking.quote_id == quote, Booking.state.in_(STANDING))
    booking = work.session.scalars(mine).one_or_none()
    if booking is None:
        raise HoldGone
    return booking
