"""Proposed times: we cannot come as agreed, and ask for another time, at no higher price. Until then the old stands."""

from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from msgspec.structs import replace
from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from domain import bookings, contracts, moved, proposals
from domain.appointments import Booking, BookingState, SlotTaken
from domain.bookings import Offer
from domain.cases import Case
from domain.company import Company
from domain.dispatching import TooLateToMove, searching, still_ahead, times
from domain.labour import NoPrice
from domain.pricing import Priced, price
from domain.record import Short, Table, choice, impersonal
from domain.requests import NotNow, Request
from domain.slots import Slot
from domain.stored import tariff_of
from domain.work import Work

SHORTLY = timedelta(hours=1)  # before the old time, and the new one, an answer comes too late


class ProposalState(StrEnum):
    """The life of a proposed time."""

    ASKED = "asked"
    AGREED = "agreed"
    LAPSED = "lapsed"  # no answer in time, or somebody was faster: the team calls; a late yes still counts
    WITHDRAWN = "withdrawn"  # there is nothing to move any more, or something better was found


OPEN = (ProposalState.ASKED, ProposalState.LAPSED)


class ProposedTime(Table):
    """A time we ask a homeowner to agree to, in place of the one he has."""

    __tablename__ = "proposed_times"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), index=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"), index=True)  # the one that stands
    held_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"), index=True)  # the one in its place
    state: Mapped[ProposalState] = mapped_column(choice(ProposalState), default=ProposalState.ASKED)
    proposed_by: Mapped[str] = impersonal(Short)
    proposed_at: Mapped[datetime]
    answer_by: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None] = impersonal(Short)  # the teammate who was told on the phone; none: he himself
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


def propose(work: Work, company: Company, booking: Booking, request: Request, slot: Slot, by: str) -> ProposedTime:
    """Keep a time for him and ask whether it suits. Raises TooLateToMove, SlotTaken."""
    still_ahead(work, booking)
    until = answer_by(company, work.now, booking.starts_at, slot.start)
    held = _hold(work, company, booking, request, slot, until)
    withdraw(work, booking)
    asked = ProposedTime(
        request_id=request.id, booking_id=booking.id, held_id=held.id, state=ProposalState.ASKED, proposed_by=by,
        proposed_at=work.now, answer_by=until,
    )  # fmt: skip
    work.session.add(asked)
    work.session.flush()
    work.happened(moved.TimeProposed(request.id, asked.id))
    return asked


def answer_by(company: Company, now: datetime, old: datetime, new: datetime) -> datetime:
    """Until when he may answer: the company's hours, never later than shortly before the earlier of both times."""
    begins = min(old, new)
    latest = begins - SHORTLY if begins - SHORTLY > now else now + (begins - now) / 2
    return min(now + timedelta(hours=company.booking.answer_hours), latest)


def _hold(
    work: Work, company: Company, booking: Booking, request: Request, slot: Slot, until: datetime
) -> Booking:  # fmt: skip
    """Keep the slot at the agreed price, or at a lower one where these hours cost less."""
    need = searching(work, company, booking, request).need
    agreed = bookings.stored_quote(work, booking)
    less = _cheaper(work, company, booking, request, slot.start)
    case = proposals.case_of(agreed) or Case(work=proposals.quote_of(agreed).work, minutes=need.minutes)
    priced = less or Priced(case, proposals.verdict_of(agreed), proposals.quote_of(agreed))
    # The price outlives the answer a little: a late yes is still a yes.
    valid = until + timedelta(hours=company.booking.answer_hours)
    offer = Offer(
        slot, need, booking.help, priced, agreed.tariff_id, valid, booking.window_minutes,
        agreed=None if less else agreed,
    )  # fmt: skip
    return bookings.hold(work, company, request, offer, until)


def _cheaper(work: Work, company: Company, booking: Booking, request: Request, start: datetime) -> Priced | None:
    """The price at another time by the tariff of then, if it is lower and takes no more from the plan."""
    agreed, contract = bookings.stored_quote(work, booking), contracts.running(work, request.home_id)
    case = proposals.case_of(agreed)
    if case is None or (contract.id if contract else None) != agreed.contract_id:
        return None
    notice = Decimal(int((start - work.now) / timedelta(minutes=1))) / 60
    there = replace(case, at=start, hours=None, stretches=(), notice_hours=notice)
    left = contracts.balances(work, contract, but_for=request.id)
    try:
        found = price(
            tariff_of(work, agreed.tariff_id),
            agreed.currency,
            company.time_zone,
            there,
            contracts.terms(contract),
            left,
        )
    except NoPrice:
        return None
    took, takes = ({(u.allowance, u.units) for u in v.uses} for v in (proposals.verdict_of(agreed), found.verdict))
    return found if took == takes and found.quote.total.minor < agreed.total_minor else None


def agree(work: Work, company: Company, asked: ProposedTime, request: Request, by: str | None = None) -> Booking:
    """He says yes: the appointment is moved. A second yes does nothing; a late one counts while the time is free.

    `by`: the teammate whom he told so. Raises TooLateToMove, SlotTaken, HoldGone, NotNow.
    """
    held = work.session.get_one(Booking, asked.held_id)
    if asked.state is ProposalState.AGREED:
        return held
    old = _standing(work, asked, request)
    alive = held.state is BookingState.HELD and held.hold_until is not None and held.hold_until > work.now
    if not alive:
        held = _again(work, company, old, request, held)
    return _moved(work, asked, old, held, request, by)


def choose(work: Work, company: Company, asked: ProposedTime, request: Request, start: datetime) -> Booking:
    """He takes another time than the one we proposed. Raises TooLateToMove, SlotTaken, HoldGone, NotNow."""
    old = _standing(work, asked, request)
    search, window = times(work, company, old, request)
    slot = search.at(start) if window.first <= start < window.until else None
    if slot is None:
        raise SlotTaken
    held = _hold(work, company, old, request, slot, work.now + timedelta(minutes=company.booking.hold_minutes))
    return _moved(work, asked, old, held, request, None)


def _standing(work: Work, asked: ProposedTime, request: Request) -> Booking:
    old = work.session.get_one(Booking, asked.booking_id)
    if not request.running:
        raise NotNow(request.number, request.state)
    if asked.state not in OPEN or old.state is not BookingState.BOOKED:
        raise TooLateToMove
    return old


def _again(work: Work, company: Company, old: Booking, request: Request, gone: Booking) -> Booking:
    """What was kept for him was let go: is the time still free?"""
    search = searching(work, company, old, request)
    slot = search.at(gone.starts_at) if gone.starts_at > work.now else None
    if slot is None:
        raise SlotTaken
    until = work.now + timedelta(minutes=company.booking.hold_minutes)
    return _hold(work, company, old, request, slot, until)


def _moved(
    work: Work, asked: ProposedTime, old: Booking, held: Booking, request: Request, by: str | None
) -> Booking:  # fmt: skip
    if bookings.stored_quote(work, held).state is proposals.QuoteState.ACCEPTED:
        held.quote_id = old.quote_id  # the price that stands, also when it became another one meanwhile
    bookings.confirm(work, held, request)
    asked.state, asked.answered_at, asked.answered_by, asked.held_id = ProposalState.AGREED, work.now, by, held.id
    work.happened(moved.TimeAgreed(request.id, asked.id, by))
    return held


def unanswered(work: Work, asked: ProposedTime) -> None:
    """The time for an answer is over: somebody calls him, if there is still something to move."""
    if asked.state is not ProposalState.ASKED:
        return
    if work.session.get_one(Booking, asked.booking_id).state is not BookingState.BOOKED:
        _withdrawn(work, asked)
        return
    asked.state = ProposalState.LAPSED
    work.happened(moved.TimeNotAgreed(asked.request_id, asked.id))


def withdraw(work: Work, booking: Booking) -> None:
    """What was asked before about an appointment is not asked any more."""
    for older in _open(work, booking):
        _withdrawn(work, older)


def _open(work: Work, booking: Booking) -> list[ProposedTime]:
    mine = select(ProposedTime).where(ProposedTime.booking_id == booking.id, ProposedTime.state.in_(OPEN))
    return list(work.session.scalars(mine.order_by(ProposedTime.id)))


def _withdrawn(work: Work, asked: ProposedTime) -> None:
    asked.state = ProposalState.WITHDRAWN
    work.happened(moved.TimeWithdrawn(asked.request_id, asked.id))


def let_stand(work: Work, booking: Booking, since: datetime) -> bool:
    """We can come as agreed after all: what was asked since then is not asked any more, what was kept is free."""
    asked = next((p for p in reversed(_open(work, booking)) if p.proposed_at >= since), None)
    if asked is None:
        return False
    withdraw(work, booking)
    held = work.session.get_one(Booking, asked.held_id)
    if held.state is BookingState.HELD:
        held.hold_until = work.now
        bookings.expire(work, held)
    work.happened(moved.TimeStands(asked.request_id, asked.id))
    return True


def open_for(work: Work, booking: Booking) -> ProposedTime | None:
    """What he is asked about an appointment."""
    mine = select(ProposedTime).where(ProposedTime.booking_id == booking.id, ProposedTime.state == ProposalState.ASKED)
    return work.session.scalars(mine.order_by(ProposedTime.id.desc())).first()


def keeps_for_answer(work: Work, booking: int) -> ProposedTime | None:
    """The proposal a hold belongs to: nobody else had asked for that time."""
    return work.session.scalars(select(ProposedTime).where(ProposedTime.held_id == booking)).first()


def moved_by_us(work: Work, booking: Booking) -> bool:
    """Whether we want to move it: who calls it off then owes nothing."""
    return bool(_open(work, booking))
