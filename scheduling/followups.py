"""Follow-ups: which fact sets and clears which timer. The whole policy, on one page."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from domain import desk_events, events, first_aid_events, money_events, moved, prompting
from domain.appointments import Booking
from domain.commitments import Commitment
from domain.company import Company
from domain.contract_life import next_day
from domain.contracts import Contract
from domain.homes import Home
from domain.payments import PATIENCE
from domain.proposed_times import ProposedTime
from domain.requests import Request
from domain.work import Work
from scheduling import briefs, coming_back, digests, looks, promise_watch, satisfying, timers
from scheduling.daytime import at_local

HOLD = "hold"  # a slot that nobody confirmed goes back
REMINDER = "reminder"  # the day before an appointment
SOON = "soon"  # two hours before it
SILENCE = "silence"  # resolved, and nobody objected
SNOOZE = "snooze"  # it rested long enough
PART = "part"  # the day on which a part was expected
SEND = "send"  # words to a homeowner, when nobody has taken them back
TALK = "talk"  # a teammate talked with a homeowner, and nobody has said anything since
COMMITMENT_SOON = "commitment_soon"  # what a teammate promised is due before long
COMMITMENT = "commitment"  # its time is over: was it kept?
ANSWER = "answer"  # we asked for another time, and nobody has answered
PAYING = "paying"  # money was on its way, and nobody has heard of it since
CONTRACT = "contract"  # a period, a term or the end of a contract has come

BEFORE, AT_LEAST = timedelta(hours=2), timedelta(minutes=30)
ASKED_AGAIN, ASKED_TIMES = timedelta(hours=1), 3  # whether a promise was kept
MORNING = time(9)  # when the team is told of the day
EARLIEST = time(7)  # nobody is woken for an appointment in the morning

Policy = Callable[[Work, Company, Any], None]


def home_zone(work: Work, company: Company, request: Request) -> str:
    """The time zone people speak in about a request: the home's, else the company's."""
    home = work.session.get(Home, request.home_id) if request.home_id is not None else None
    return home.time_zone if home is not None else company.time_zone


def _held(work: Work, _company: Company, fact: events.SlotHeld) -> None:
    booking = work.session.get_one(Booking, fact.booking)
    if booking.hold_until is not None:
        timers.put(work, HOLD, fact.subject, str(fact.booking), booking.hold_until)


def _booked(work: Work, company: Company, fact: events.Booked) -> None:
    timers.clear(work, fact.subject, HOLD)
    booking = work.session.get_one(Booking, fact.booking)
    zone = home_zone(work, company, work.session.get_one(Request, fact.request))
    eve = booking.starts_at.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
    due = at_local(eve, company.follow_ups.reminder_hour, zone)
    if due > work.now:
        timers.put(work, REMINDER, fact.subject, eve.isoformat(), due)
    soon = max(booking.starts_at - BEFORE, at_local(eve + timedelta(days=1), EARLIEST, zone))
    if work.now < soon <= booking.starts_at - AT_LEAST:
        timers.put(work, SOON, fact.subject, booking.starts_at.date().isoformat(), soon)


def _unbooked(
    work: Work, _company: Company, fact: events.BookingCancelled | events.BookingMoved | events.WorkDone
) -> None:
    timers.clear(work, fact.subject)


def _asked(work: Work, _company: Company, fact: moved.TimeProposed) -> None:
    asked = work.session.get_one(ProposedTime, fact.proposal)
    timers.put(work, ANSWER, fact.subject, "first", asked.answer_by)


def _paying(work: Work, _company: Company, fact: money_events.PayingBegan) -> None:
    timers.clear(work, fact.subject, PAYING)
    timers.put(work, PAYING, fact.subject, fact.query[:200], work.now + PATIENCE)


def _waiting(work: Work, company: Company, fact: desk_events.WordsWaiting) -> None:
    due = work.now + timedelta(seconds=company.desk.undo_seconds)
    timers.put(work, SEND, f"note:{fact.note}", work.now.isoformat(), due)


def _sent(work: Work, company: Company, fact: desk_events.WordsSent) -> None:
    timers.clear(work, f"note:{fact.note}", SEND)
    timers.clear(work, fact.subject, TALK)
    timers.put(work, TALK, fact.subject, work.now.isoformat(), work.now + timedelta(hours=company.desk.talk_hours))


def _talking(work: Work, company: Company, fact: desk_events.TalkGoesOn) -> None:
    timers.put(work, TALK, fact.subject, fact.since.isoformat(), fact.since + timedelta(hours=company.desk.talk_hours))


def _snoozed(work: Work, _company: Company, fact: desk_events.Snoozed) -> None:
    timers.clear(work, fact.subject, SNOOZE)
    timers.put(work, SNOOZE, fact.subject, fact.until.isoformat(), fact.until)


def _part(work: Work, company: Company, fact: desk_events.PartAwaited) -> None:
    timers.clear(work, fact.subject, PART)
    due = at_local(fact.expected, MORNING, company.time_zone)
    timers.put(work, PART, fact.subject, f"{fact.expected.isoformat()} {_stamp(work.now)}", max(due, work.now))


def _committed(
    work: Work,
    company: Company,
    fact: desk_events.CommitmentMade | desk_events.CommitmentMoved | desk_events.CommitmentReopened,
) -> None:
    one = work.session.get_one(Commitment, fact.commitment)
    subject, due = f"commitment:{one.id}", one.due_at
    timers.clear(work, subject)
    soon = due - timedelta(minutes=company.desk.commitment_warning_minutes)
    if work.now < soon < due:
        timers.put(work, COMMITMENT_SOON, subject, due.isoformat(), soon)
    timers.put(work, COMMITMENT, subject, due.isoformat(), max(due, work.now))


def _kept(work: Work, _company: Company, fact: desk_events.CommitmentAsked) -> None:
    one = work.session.get_one(Commitment, fact.commitment)
    if fact.time < ASKED_TIMES:
        again = f"{one.due_at.isoformat()} {fact.time + 1}"
        timers.put(work, COMMITMENT, f"commitment:{one.id}", again, work.now + ASKED_AGAIN)


def _settled(work: Work, _company: Company, fact: desk_events.CommitmentSettled) -> None:
    timers.clear(work, f"commitment:{fact.commitment}")


def _taken_back(work: Work, _company: Company, fact: desk_events.WordsTakenBack) -> None:
    timers.clear(work, f"note:{fact.note}", SEND)


def _resolved(work: Work, company: Company, fact: events.RequestResolved) -> None:
    due = work.now + timedelta(days=company.follow_ups.silent_close_days)
    timers.put(work, SILENCE, fact.subject, _stamp(work.now), due)


def _ended(work: Work, company: Company, fact: events.RequestConfirmed | events.RequestClosed) -> None:
    timers.clear(work, fact.subject, SILENCE)
    coming_back.ended(work, company, fact)


def _off(work: Work, _company: Company, fact: events.OfRequest | money_events.OfOrder) -> None:
    timers.clear(work, fact.subject)


def _reopened(work: Work, _company: Company, fact: events.RequestReopened) -> None:
    timers.clear(work, fact.subject)
    prompting.untrue(work, fact.subject)


def _contract(work: Work, _company: Company, fact: events.OfContract) -> None:
    watch(work, work.session.get_one(Contract, fact.contract))


def watch(work: Work, contract: Contract) -> None:
    """Look at a contract again on the next day on which something begins or ends by itself."""
    timers.clear(work, f"contract:{contract.id}", CONTRACT)
    day = next_day(contract)
    if day is not None:
        timers.put(work, CONTRACT, f"contract:{contract.id}", day.isoformat(), datetime.combine(day, time(0), UTC))


def _signed(work: Work, company: Company, fact: events.ContractActivated) -> None:
    _contract(work, company, fact)
    satisfying.look_who_sent_them(work, fact.contract, "first")


def _day_began(work: Work, company: Company, fact: moved.DayBegan) -> None:
    briefs.plan(work, company, fact.technician)


def _looks_wrong(work: Work, company: Company, _fact: events.SurveyAnswered | events.PromiseWarned) -> None:
    digests.look(work, company)


POLICY: dict[type[events.Event], Policy] = {
    moved.DayBegan: _day_began,
    desk_events.WordsWaiting: _waiting,
    desk_events.WordsSent: _sent,
    desk_events.WordsTakenBack: _taken_back,
    desk_events.TalkGoesOn: _talking,
    desk_events.Snoozed: _snoozed,
    desk_events.PartAwaited: _part,
    desk_events.RequestMerged: _off,
    desk_events.CommitmentMade: _committed,
    desk_events.CommitmentMoved: _committed,
    desk_events.CommitmentReopened: _committed,
    desk_events.CommitmentAsked: _kept,
    desk_events.CommitmentSettled: _settled,
    events.SlotHeld: _held,
    events.Booked: _booked,
    events.BookingCancelled: _unbooked,
    events.BookingMoved: _unbooked,
    events.WorkDone: _unbooked,
    moved.TimeProposed: _asked,
    events.RequestResolved: _resolved,
    events.RequestConfirmed: _ended,
    events.RequestClosed: _ended,
    events.RequestReopened: _reopened,
    events.RequestCancelled: _off,
    first_aid_events.FirstAidHelped: _off,
    money_events.PayingBegan: _paying,
    money_events.OrderPaid: _off,
    money_events.OrderLetGo: _off,
    money_events.MoneyKept: _off,
    events.ContractActivated: _signed,
    events.ContractResumed: _contract,
    events.ContractRenewed: _contract,
    events.ContractEnded: _contract,
    events.NoticeGiven: _contract,
    events.PlanChanged: _contract,
    events.ChargingBegan: _contract,
    events.SubscriptionDue: _contract,
    events.SurveyAnswered: _looks_wrong,
    events.PromiseWarned: _looks_wrong,
}


# Each its own side of a fact: what belongs to a request, what we come back with, what is made good, what time counts.
POLICIES: tuple[dict[type[events.Event], Policy], ...] = (
    POLICY,
    coming_back.POLICY,
    satisfying.POLICY,
    promise_watch.POLICY,
)


def follow(work: Work, company: Company, fact: events.Event) -> None:
    """Set and clear what this fact asks for."""
    for part in POLICIES:
        policy = part.get(type(fact))
        if policy is not None:
            policy(work, company, fact)
    if isinstance(fact, events.OfRequest | events.OfBooking):
        promise_watch.follow(work, company, fact)
    looks.follow(work, fact)


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S")
