"""Dispatching: somebody else comes at the same time, or another time is asked for. A time is asked, never told."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from domain import bookings, calendar, contracts, events, occupancy, offering, proposals
from domain.areas import Help
from domain.bookings import Booking, BookingState, Offer, SlotTaken
from domain.calendar import CalendarEntry, EntryKind
from domain.cases import Case
from domain.choosing import Why
from domain.company import Company, Job
from domain.homes import Home
from domain.labour import NoPrice
from domain.occupancy import Attendance
from domain.pricing import Priced, price
from domain.record import Short, Table, choice, impersonal
from domain.requests import NotNow, Request
from domain.rota import cell
from domain.slots import Search, Slot
from domain.spreading import Window
from domain.stored import tariff_of
from domain.team import Member
from domain.work import Refusal, Work

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


class TooLateToMove(Refusal):
    """It has begun, or does not stand any more."""


class NotYoursToMove(Refusal):
    """Technicians move their own appointments only."""


class SamePeople(Refusal):
    """They come already."""


@dataclass(frozen=True)
class Swap:
    """Who would come instead, and what speaks for the newcomer."""

    people: tuple[str, ...]
    comes: str
    why: Why


def may_move(work: Work, member: Member, booking: Booking) -> bool:
    """Dispatchers and managers move anything, technicians their own."""
    return calendar.arranges(member) or member.key in occupancy.people_of(work, booking.id)


# ── looking ──


def searching(work: Work, company: Company, booking: Booking, request: Request) -> Search:
    """Looks for times for an appointment as it was agreed: as long, the same work."""
    return offering.search_for(work, company, request, job_of(work, company, booking, request))


def job_of(work: Work, company: Company, booking: Booking, request: Request) -> Job:
    """The work that was agreed, as long as it was agreed; also when the company does not offer it any more."""
    kind = bookings.quote_of(work, booking).work
    minutes = int((booking.ends_at - booking.starts_at) / timedelta(minutes=1))
    offered = next((job for job in company.offered(request.area) if job.work == kind), None)
    if offered is not None:
        return offered.model_copy(update={"minutes": minutes})
    return Job(work=kind, minutes=minutes, technicians=max(1, len(occupancy.people_of(work, booking.id))))


def swaps(work: Work, company: Company, booking: Booking, request: Request) -> list[Swap]:
    """Who could come instead of whoever leads, at the same time; the preferred first."""
    _ahead(work, booking)
    search = searching(work, company, booking, request)
    leads, *others = occupancy.people_of(work, booking.id)
    found = []
    for candidate in search.could_come(booking.starts_at):
        comes = candidate.member.key
        people = (comes, *others)
        if comes not in (leads, *others) and search.keeps(people, booking.starts_at):
            found.append(Swap(people, comes, candidate.why))
    return found


def times(work: Work, company: Company, booking: Booking, request: Request) -> tuple[Search, Window]:
    """What a new time is looked for with, and from when to when."""
    job = job_of(work, company, booking, request)
    return searching(work, company, booking, request), offering.window_of(
        company, job, work.now, _zone(work, company, request)
    )


def best(work: Work, company: Company, booking: Booking, request: Request) -> Slot | None:
    """The time one would propose: the same day as near as can be, else as soon as possible after it, else before."""
    search, window = times(work, company, booking, request)
    there = ZoneInfo(window.zone)
    day = booking.starts_at.astimezone(there).date()
    begins, ends = (datetime.combine(d, time(), there) for d in (day, day + timedelta(days=1)))
    that_day = [
        slot
        for slot in search.slots(max(window.first, begins), min(window.until, ends))
        if slot.start != booking.starts_at
    ]
    if that_day:
        return min(that_day, key=lambda slot: abs(slot.start - booking.starts_at))
    after = next(search.slots(max(window.first, ends), window.until), None)
    return after or next(search.slots(window.first, min(begins, window.until)), None)


def _zone(work: Work, company: Company, request: Request) -> str:
    home = work.session.get(Home, request.home_id) if request.home_id is not None else None
    return home.time_zone if home else company.time_zone


# ── somebody else, at the same time ──


def swap(work: Work, company: Company, booking: Booking, request: Request, people: Sequence[str], by: str) -> None:
    """Others come, at the same time and price. Raises TooLateToMove, SamePeople, SlotTaken."""
    _ahead(work, booking)
    was = occupancy.people_of(work, booking.id)
    if set(was) == set(people):
        raise SamePeople
    occupancy.take_diaries(work, (*was, *people))
    _withdraw(work, booking)
    bookings.release_holds_of(work, request)
    search = searching(work, company, booking, request)
    if not search.keeps(people, booking.starts_at):
        raise SlotTaken
    home = work.session.get(Home, request.home_id) if booking.help is Help.VISIT and request.home_id else None
    occupancy.vacate(work, booking.id)
    block = search.need.block(cell(booking.starts_at))
    if not occupancy.occupy(work, booking.id, request.id, people, block, home):
        raise SlotTaken
    booking.technician, booking.sequence = people[0], booking.sequence + 1
    work.happened(events.TechnicianSwapped(booking.id, request.id, was, by))


# ── another time ──


def propose(work: Work, company: Company, booking: Booking, request: Request, slot: Slot, by: str) -> ProposedTime:
    """Keep a time for him and ask whether it suits. Raises TooLateToMove, SlotTaken."""
    _ahead(work, booking)
    until = answer_by(company, work.now, booking.starts_at, slot.start)
    held = _hold(work, company, booking, request, slot, until)
    _withdraw(work, booking)
    asked = ProposedTime(
        request_id=request.id, booking_id=booking.id, held_id=held.id, state=ProposalState.ASKED, proposed_by=by,
        proposed_at=work.now, answer_by=until,
    )  # fmt: skip
    work.session.add(asked)
    work.session.flush()
    work.happened(events.TimeProposed(request.id, asked.id))
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
    work.happened(events.TimeAgreed(request.id, asked.id, by))
    return held


def unanswered(work: Work, asked: ProposedTime) -> None:
    """The time for an answer is over: somebody calls him, if there is still something to move."""
    if asked.state is not ProposalState.ASKED:
        return
    if work.session.get_one(Booking, asked.booking_id).state is not BookingState.BOOKED:
        asked.state = ProposalState.WITHDRAWN
        return
    asked.state = ProposalState.LAPSED
    work.happened(events.TimeNotAgreed(asked.request_id, asked.id))


def _withdraw(work: Work, booking: Booking) -> None:
    """What was asked before about an appointment is not asked any more."""
    for older in work.session.scalars(select(ProposedTime).where(ProposedTime.booking_id == booking.id)):
        if older.state in OPEN:
            older.state = ProposalState.WITHDRAWN


def open_for(work: Work, booking: Booking) -> ProposedTime | None:
    """What he is asked about an appointment."""
    mine = select(ProposedTime).where(ProposedTime.booking_id == booking.id, ProposedTime.state == ProposalState.ASKED)
    return work.session.scalars(mine.order_by(ProposedTime.id.desc())).first()


def keeps_for_answer(work: Work, booking: int) -> ProposedTime | None:
    """The proposal a hold belongs to: nobody else had asked for that time."""
    return work.session.scalars(select(ProposedTime).where(ProposedTime.held_id == booking)).first()


def moved_by_us(work: Work, booking: Booking) -> bool:
    """Whether we want to move it: who calls it off then owes nothing."""
    mine = select(ProposedTime.id).where(ProposedTime.booking_id == booking.id, ProposedTime.state.in_(OPEN))
    return work.session.scalars(mine).first() is not None


def _ahead(work: Work, booking: Booking) -> None:
    if booking.state is not BookingState.BOOKED or booking.starts_at <= work.now:
        raise TooLateToMove


# ── what an absence concerns ──


@dataclass(frozen=True)
class Arranged:
    """What became of the appointments that an absence concerns."""

    swapped: int = 0
    proposed: int = 0
    asked: int = 0  # were asked before
    without: int = 0  # nothing was found: a task for the team


def affected(work: Work, entry: CalendarEntry) -> list[Booking]:
    """The appointments ahead that lie in an absence, or on a closing day, in order."""
    return _in(work, entry, BookingState.BOOKED, BookingState.PAYING)


def _in(work: Work, entry: CalendarEntry, *states: BookingState) -> list[Booking]:
    if entry.kind is EntryKind.EXTRA:
        return []
    first, until = entry.span
    there = select(Attendance.booking_id).where(Attendance.until > first, Attendance.first < until)
    if entry.technician is not None:
        there = there.where(Attendance.technician == entry.technician)
    found = select(Booking).where(Booking.id.in_(there), Booking.state.in_(states), Booking.starts_at > work.now)
    return list(work.session.scalars(found.order_by(Booking.starts_at, Booking.id)))


def let_holds_go(work: Work, entry: CalendarEntry) -> None:
    """What is only held in an absence cannot be confirmed any more: it is free, and who looked at it is told."""
    for held in _in(work, entry, BookingState.HELD):
        held.hold_until = work.now
        bookings.expire(work, held)
        asked = keeps_for_answer(work, held.id)
        if asked is not None:
            unanswered(work, asked)


def arrange(work: Work, company: Company, entry: CalendarEntry, by: str) -> Arranged:
    """Swap where somebody else can come at that time; ask about another time for the rest, each once."""
    concerned = [b for b in affected(work, entry) if b.state is BookingState.BOOKED]
    if concerned:  # all diaries at once, in order: two who arrange at the same moment do not wait in a ring
        occupancy.take_diaries(work, (m.key for m in company.team if "technician" in m.roles))
    count = {"swapped": 0, "proposed": 0, "asked": 0, "without": 0}
    for booking in concerned:
        count[_arranged(work, company, booking, by)] += 1
    return Arranged(**count)


def _arranged(work: Work, company: Company, booking: Booking, by: str) -> str:
    if open_for(work, booking) is not None:
        return "asked"
    request = work.session.get_one(Request, booking.request_id)
    same = searching(work, company, booking, request).at(booking.starts_at)
    if same is not None and set(same.people) != set(occupancy.people_of(work, booking.id)):
        with suppress(SlotTaken), work.session.begin_nested():
            swap(work, company, booking, request, same.people, by)
            return "swapped"
    slot = best(work, company, booking, request)
    if slot is None:
        work.happened(events.NoTimeFound(booking.id, request.id))
        return "without"
    propose(work, company, booking, request, slot, by)
    return "proposed"
