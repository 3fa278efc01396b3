"""Follow-ups: the policy on one page, walked fact by fact: each sets and clears exactly these timers."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from domain import (
    campaign_events,
    coming_back_events,
    desk_events,
    events,
    first_aid_events,
    money_events,
    moved,
    satisfaction_events,
)
from domain.appointments import Booking
from domain.areas import Area, Urgency
from domain.calendar import CalendarEntry, EntryKind
from domain.commitments import Wish, pin
from domain.contracts import ContractState
from domain.prompts import Kind, Prompt, PromptState
from domain.proposed_times import ProposedTime
from domain.recoveries import Recovered, Recovery
from domain.referrals import Referral, Referred
from domain.requests import Request
from domain.surveys import Survey
from domain.work import Work
from scheduling.briefs import EVENING, MORNING
from scheduling.coming_back import CAMPAIGN, PROMPT
from scheduling.followups import (
    ANSWER,
    COMMITMENT,
    COMMITMENT_SOON,
    CONTRACT,
    HOLD,
    PART,
    PAYING,
    POLICIES,
    REMINDER,
    SEND,
    SILENCE,
    SNOOZE,
    SOON,
    TALK,
    follow,
    home_zone,
)
from scheduling.looks import LOOK
from scheduling.promise_watch import PROMISE
from scheduling.satisfying import RECOVERY, RECOVERY_END, REFERRAL, THANKS
from scheduling.timers import Timer, TimerState, put
from tests.domain.ground import MONDAY, SAMPLE, contract, hold, home, offer, person, request

FAR = MONDAY + timedelta(days=90)
EVERY_KIND = (
    HOLD,
    REMINDER,
    SOON,
    SILENCE,
    PROMPT,
    LOOK,
    CONTRACT,
    ANSWER,
    PAYING,
    SEND,
    TALK,
    SNOOZE,
    PART,
    COMMITMENT_SOON,
    COMMITMENT,
    RECOVERY,
    RECOVERY_END,
    REFERRAL,
    THANKS,
    CAMPAIGN,
)
ELSEWHERE = {
    SEND: "note:1",
    COMMITMENT_SOON: "commitment:1",
    COMMITMENT: "commitment:1",
    LOOK: "home:1",
    THANKS: "referred:1",
    PROMISE: "request:1",
}  # not the fact's subject
TODAY = MONDAY.date()
PLANNED = {
    **{"kind": Kind.WARRANTY, "subject": "device:1", "occurrence": "first", "facts": {}, "wanted_at": FAR},
    **{"until": FAR, "state": PromptState.PLANNED},
}


def every(kind: type[events.Event] = events.Event) -> Iterator[type[events.Event]]:
    """Every fact there is: the leaves."""
    for child in kind.__subclasses__():
        if child.__subclasses__():
            yield from every(child)
        else:
            yield child


def held(
    work: Work, zone: str = "Europe/Paris", start: datetime = MONDAY + timedelta(days=2)
) -> tuple[Booking, Request]:
    """A slot that somebody keeps."""
    asked = request(work, person(work), home(work, zone=zone))
    return hold(work, asked, offer(work, None, start), work.now + timedelta(minutes=15)), asked


def fact_of(kind: type[events.Event], booking: int, asked: int, signed: int = 1) -> events.Event:
    """A fact of that kind about these."""
    known = {
        "booking": booking,
        "request": asked,
        "by": "ana",
        "score": 4,
        "note": 1,
        "person": 1,
        "home": 1,
        "claim": 1,
        "contract": signed,
        "change": 1,
        "question": None,
        **{"technician": "ana", "problem": "HTTP 503", "was": ("ana",), "proposal": 1},
        **{"storm": 1, "reached": 5, "solved": 5, "later": True, "lasts": True},
        **{"since": MONDAY, "began": MONDAY, "percent": 50, "again": False},
        **({"was": MONDAY} if kind is desk_events.CommitmentMoved else {}),
        **({"was": Urgency.NORMAL, "now": Urgency.HIGH} if kind is events.UrgencyChanged else {}),
        "what": "customer" if kind is events.WaitBegan else "answer",
        **{"order": 1, "movement": 1, "query": "q", "why": "gone", "fee": 3000},
        **{"minutes": 60, "charge": 1, "quote": 1, "entry": 1, "plan": "comfort", "waived": False, "moved": False},
        **{"before": Area.SHADES, "after": Area.LIGHTING, "to": "tom", "expected": TODAY, "into": 2, "of": 2},
        **dict.fromkeys(("recovery", "recommendation", "referred", "round"), 1),
        **{"task": 1, "yes": True, "aid": 1},
        **{"commitment": 1, "told": False, "time": 1, "outcome": "kept"},
        **{"prompt": 1, "at": FAR, "kind": "survey", "reply": "yes", "topic": "surveys"},
        **{"campaign": 1, "day": TODAY, "planned": 2, "following": TODAY},
        **({"again": FAR} if kind is coming_back_events.HomeLooked else {}),
        **dict.fromkeys(("last_day", "until", "on", "begins"), TODAY),
    }
    if kind is desk_events.Snoozed:
        known["until"] = MONDAY + timedelta(days=1)
    return kind(**{name: known[name] for name in kind.__struct_fields__})


def standing(work: Work) -> set[tuple[str, str]]:
    """The timers that will ring: kind and subject."""
    work.session.flush()
    found = work.session.execute(select(Timer.kind, Timer.subject).where(Timer.state == TimerState.SET))
    return {(kind, subject) for kind, subject in found}


def answered_and_referred(work: Work, asked: Request) -> None:
    """One answer that is made good, and somebody who came by his link."""
    made = {"opened_at": MONDAY, "due_at": FAR, "outcome": Recovered.OPEN, "warned": 0, "channel": "C0HAPPY"}
    people = {"person_id": asked.person_id}
    for row in (
        Survey(id=1, request_id=asked.id, asked_at=MONDAY, score=1, round=1, reasons=[], **people),
        Recovery(id=1, request_id=asked.id, survey_id=1, **made, **people),
        Referral(id=1, code="abc", made_at=MONDAY, **people),
        Referred(id=1, referral_id=1, person_id=person(work, "Paula").id, came_at=MONDAY),
    ):
        work.session.add(row)
        work.session.flush()


# What each fact sets, and which kinds of its own subject it clears.
EXPECTED: dict[type[events.Event], tuple[set[str], set[str]]] = {
    desk_events.WordsWaiting: ({SEND}, set()),
    desk_events.WordsSent: ({TALK}, {TALK}),
    desk_events.WordsTakenBack: (set(), set()),
    desk_events.TalkGoesOn: ({TALK}, set()),
    desk_events.Snoozed: ({SNOOZE}, {SNOOZE}),
    desk_events.PartAwaited: ({PART}, {PART}),
    desk_events.RequestMerged: (set(), set(EVERY_KIND)),
    desk_events.CommitmentMade: ({COMMITMENT_SOON, COMMITMENT}, set()),
    desk_events.CommitmentMoved: ({COMMITMENT_SOON, COMMITMENT}, set()),
    desk_events.CommitmentReopened: ({COMMITMENT_SOON, COMMITMENT}, set()),
    desk_events.CommitmentAsked: ({COMMITMENT}, set()),
    desk_events.CommitmentSettled: (set(), set()),
    events.SlotHeld: ({HOLD}, set()),
    events.Booked: ({REMINDER, SOON}, {HOLD}),
    events.BookingCancelled: (set(), set(EVERY_KIND)),
    events.BookingMoved: (set(), set(EVERY_KIND)),
    events.WorkDone: (set(), set(EVERY_KIND)),
    moved.DayBegan: ({MORNING, EVENING}, set()),
    moved.TimeProposed: ({ANSWER}, set()),
    moved.CalendarEntered: ({PROMISE}, set()),
    moved.CalendarTakenBack: ({PROMISE}, set()),
    events.RequestResolved: ({SILENCE}, set()),
    events.RequestConfirmed: (set(), {SILENCE}),
    events.RequestClosed: (set(), {SILENCE}),
    coming_back_events.PromptPlanned: ({PROMPT}, set()),
    coming_back_events.PromptLetGo: (set(), {PROMPT}),
    coming_back_events.HomeLooked: ({LOOK}, {LOOK}),
    events.PersonLinked: ({LOOK}, set()),
    campaign_events.CampaignStarted: ({CAMPAIGN}, {CAMPAIGN}),
    campaign_events.CampaignWent: ({CAMPAIGN}, {CAMPAIGN}),
    campaign_events.CampaignStopped: (set(), set(EVERY_KIND)),
    events.RequestReopened: (set(), set(EVERY_KIND)),
    events.RequestCancelled: (set(), set(EVERY_KIND)),
    first_aid_events.FirstAidHelped: (set(), set(EVERY_KIND)),
    events.WorkDone: (set(), set(EVERY_KIND)),
    money_events.PayingBegan: ({PAYING}, {PAYING}),
    money_events.OrderPaid: (set(), set(EVERY_KIND)),
    money_events.OrderLetGo: (set(), set(EVERY_KIND)),
    money_events.MoneyKept: (set(), set(EVERY_KIND)),
    events.SurveyAsked: (set(), set()),
    events.SurveyAnswered: (set(), set()),
    satisfaction_events.RecommendAnswered: (set(), set()),
    satisfaction_events.RecoveryOpened: ({RECOVERY}, {RECOVERY}),
    satisfaction_events.RecoveryWarned: ({RECOVERY}, {RECOVERY}),
    satisfaction_events.RecoveryMadeGood: ({RECOVERY_END}, {RECOVERY}),
    satisfaction_events.RecoverySettled: (set(), {RECOVERY, RECOVERY_END}),
    satisfaction_events.ReferralSigned: ({THANKS}, set()),
    events.ContractActivated: ({CONTRACT, REFERRAL}, {CONTRACT}),
    events.ContractSuspended: (set(), set()),
    events.ContractResumed: ({CONTRACT}, {CONTRACT}),
    events.ContractRenewed: ({CONTRACT}, {CONTRACT}),
    events.ContractEnded: ({CONTRACT}, {CONTRACT}),
    events.NoticeGiven: ({CONTRACT}, {CONTRACT}),
    events.PlanChanged: ({CONTRACT}, {CONTRACT}),
    events.ChargingBegan: ({CONTRACT}, {CONTRACT}),
    events.SubscriptionDue: ({CONTRACT}, {CONTRACT}),
    events.PromiseWarned: (set(), set()),
}


def test_the_table_names_what_the_policy_names() -> None:
    assert {kind for part in POLICIES for kind in part} == set(EXPECTED)


@pytest.mark.parametrize("kind", sorted(every(), key=lambda kind: kind.__name__), ids=lambda kind: kind.__name__)
def test_every_fact_sets_and_clears_exactly_its_timers(work: Work, kind: type[events.Event]) -> None:
    booking, asked = held(work)
    fact = fact_of(kind, booking.id, asked.id, contract(work, home(work, "H9")).id)
    proposed = {"booking_id": booking.id, "held_id": booking.id, "proposed_by": "ana", "proposed_at": MONDAY}
    work.session.add(ProposedTime(id=1, request_id=asked.id, answer_by=MONDAY + timedelta(hours=9), **proposed))
    work.session.add(Prompt(id=1, **PLANNED, person_id=1, home_id=asked.home_id, due_at=FAR))
    pin(work, asked, Wish("I call", MONDAY + timedelta(hours=9), "ana"), "ana")
    answered_and_referred(work, asked)
    shut = {
        "starts_at": FAR,
        "ends_at": FAR + timedelta(days=1),
        "entered_by": "lena",
        "entered_at": MONDAY,
        "reason": "",
    }
    work.session.add(CalendarEntry(id=1, kind=EntryKind.CLOSED, **shut))
    for standing_kind in EVERY_KIND:
        put(work, standing_kind, fact.subject, "before", FAR)
        put(work, standing_kind, "somebody:99", "before", FAR)
    follow(work, SAMPLE, fact)
    sets, clears = EXPECTED.get(kind, (set(), set()))
    work.session.flush()
    fresh = work.session.scalars(select(Timer).where(Timer.occurrence != "before")).all()
    assert {(t.kind, t.subject, t.state) for t in fresh} == {
        (k, ELSEWHERE.get(k, fact.subject), TimerState.SET) for k in sets
    }
    before = select(Timer.kind).where(Timer.occurrence == "before", Timer.state == TimerState.SET)
    mine = set(work.session.scalars(before.where(Timer.subject == fact.subject)))
    assert mine == set(EVERY_KIND) - clears
    assert len(work.session.scalars(before.where(Timer.subject == "somebody:99")).all()) == len(EVERY_KIND)


def test_a_contract_that_is_over_is_not_looked_at_again(work: Work) -> None:
    signed = contract(work, home(work))
    follow(work, SAMPLE, events.ContractResumed(signed.id))
    assert (CONTRACT, f"contract:{signed.id}") in standing(work)
    signed.state = ContractState.ENDED
    follow(work, SAMPLE, events.ContractEnded(signed.id))
    assert standing(work) == set()


def due(work: Work, kind: str, *states: TimerState) -> datetime:
    """When the timer of that kind rings."""
    work.session.flush()
    found = select(Timer.due_at).where(Timer.kind == kind, Timer.state.in_(states or TimerState))
    return work.session.scalars(found).one()


def walk(work: Work) -> None:
    """The policy sees the facts it brought about itself."""
    while work.events:
        follow(work, SAMPLE, work.events.pop(0))


def test_a_hold_rings_when_it_is_over(work: Work) -> None:
    booking, asked = held(work)
    follow(work, SAMPLE, events.SlotHeld(booking.id, asked.id))
    assert due(work, HOLD) == booking.hold_until


@pytest.mark.parametrize(
    ("zone", "start", "reminded"),
    [
        ("Europe/Paris", datetime(2026, 3, 5, 9, tzinfo=UTC), datetime(2026, 3, 4, 16, tzinfo=UTC)),
        ("Atlantic/Canary", datetime(2026, 3, 5, 9, tzinfo=UTC), datetime(2026, 3, 4, 17, tzinfo=UTC)),
        ("Europe/Paris", datetime(2026, 3, 30, 7, tzinfo=UTC), datetime(2026, 3, 29, 15, tzinfo=UTC)),
        # A visit at half past midnight in Kathmandu is on the day that has not begun in Paris.
        ("Asia/Kathmandu", datetime(2026, 3, 5, 18, 45, tzinfo=UTC), datetime(2026, 3, 5, 11, 15, tzinfo=UTC)),
    ],
)
def test_the_reminder_comes_the_day_before_at_five_where_the_home_is(
    work: Work, zone: str, start: datetime, reminded: datetime
) -> None:
    booking, asked = held(work, zone, start)
    follow(work, SAMPLE, events.Booked(booking.id, asked.id))
    assert due(work, REMINDER) == reminded


def test_nobody_is_reminded_of_what_he_has_just_booked_for_tomorrow(work: Work) -> None:
    work.now = datetime(2026, 3, 4, 16, 0, tzinfo=UTC)  # five in Paris
    booking, asked = held(work, start=datetime(2026, 3, 5, 9, tzinfo=UTC))
    follow(work, SAMPLE, events.Booked(booking.id, asked.id))
    assert standing(work) == {(SOON, f"booking:{booking.id}")}
    assert due(work, SOON) == datetime(2026, 3, 5, 7, tzinfo=UTC)  # two hours before


def test_nobody_is_woken_for_an_appointment_in_the_morning(work: Work) -> None:
    booking, asked = held(work, start=datetime(2026, 3, 5, 7, tzinfo=UTC))  # eight in Paris
    follow(work, SAMPLE, events.Booked(booking.id, asked.id))
    assert due(work, SOON) == datetime(2026, 3, 5, 6, tzinfo=UTC)  # seven


def test_who_books_for_the_next_hour_is_not_asked_twice(work: Work) -> None:
    booking, asked = held(work, start=work.now + timedelta(hours=1))
    follow(work, SAMPLE, events.Booked(booking.id, asked.id))
    assert standing(work) == set()


def test_silence_and_the_survey_come_when_the_company_says(work: Work) -> None:
    asked = request(work, person(work), home(work))
    follow(work, SAMPLE, events.RequestResolved(asked.id, "ana"))
    assert due(work, SILENCE) == work.now + timedelta(days=3)
    follow(work, SAMPLE, events.RequestConfirmed(asked.id))
    walk(work)
    assert due(work, PROMPT) == work.now + timedelta(hours=4)  # ten and four: two in the afternoon


def test_who_confirms_in_the_evening_is_asked_in_the_morning(work: Work) -> None:
    work.now = datetime(2026, 3, 2, 17, tzinfo=UTC)  # six in Paris, ten with the four hours
    asked = request(work, person(work), home(work))
    follow(work, SAMPLE, events.RequestClosed(asked.id))
    walk(work)
    morning = datetime(2026, 3, 3, 8, 30, tzinfo=UTC)
    assert morning <= due(work, PROMPT) <= morning + timedelta(hours=3)  # each has a minute of his own


def test_solved_a_second_time_the_silence_begins_anew(work: Work) -> None:
    asked = request(work, person(work), home(work))
    follow(work, SAMPLE, events.RequestResolved(asked.id, "ana"))
    follow(work, SAMPLE, events.RequestReopened(asked.id))
    assert standing(work) == set()
    work.now += timedelta(days=1)
    follow(work, SAMPLE, events.RequestResolved(asked.id, "ana"))
    assert standing(work) == {(SILENCE, f"request:{asked.id}")}


def test_the_survey_is_promised_once_however_often_it_is_solved(work: Work) -> None:
    asked = request(work, person(work), home(work))
    for _ in range(3):
        follow(work, SAMPLE, events.RequestConfirmed(asked.id))
    walk(work)
    assert len(work.session.scalars(select(Timer).where(Timer.kind == PROMPT)).all()) == 1


def test_solved_anew_before_we_asked_the_question_waits_for_the_new_end(work: Work) -> None:
    asked = request(work, person(work), home(work))
    follow(work, SAMPLE, events.RequestConfirmed(asked.id))
    walk(work)
    work.now += timedelta(hours=1)
    follow(work, SAMPLE, events.RequestReopened(asked.id))
    walk(work)
    assert standing(work) == set()
    work.now += timedelta(days=1)
    follow(work, SAMPLE, events.RequestConfirmed(asked.id))
    walk(work)
    assert due(work, PROMPT, TimerState.SET) == work.now + timedelta(hours=4)


def test_a_stranger_without_a_home_is_spoken_to_in_the_companys_zone(work: Work) -> None:
    assert home_zone(work, SAMPLE, request(work, person(work), None)) == "Europe/Paris"
    assert home_zone(work, SAMPLE, request(work, person(work), home(work, zone="UTC"))) == "UTC"
