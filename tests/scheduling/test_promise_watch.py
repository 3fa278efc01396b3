"""A promise is watched until it is kept: whatever happens meanwhile, nobody forgets to ring."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot import routes
from domain import calendar, events, promised
from domain.calendar import CalendarEntry, EntryKind, Wish
from domain.clocks import Standing
from domain.company import Company
from domain.happened import write_down
from domain.requests import Request, wait
from domain.work import Work
from handlers import due
from handlers.conversation import Draft, Talk
from handlers.inbound import Due
from scheduling.followups import follow
from scheduling.timers import Timer, TimerState
from tests.domain.ground import MONDAY, contract, home, person, request
from tests.domain.test_dispatching import at, has_visit, twins

PARIS = ZoneInfo("Europe/Paris")
COMPANY = twins()


def settle(work: Work, company: Company = COMPANY) -> None:
    """The facts are written down, and their timers are set, as the desk does it."""
    while work.events:
        fact = work.events.pop(0)
        write_down(work, fact, None)
        follow(work, company, fact)
    work.session.flush()


def watched(work: Work) -> list[Timer]:
    """The timers of promises that will ring, the next one first."""
    found = select(Timer).where(Timer.kind == "promise", Timer.state == TimerState.SET)
    return list(work.session.scalars(found.order_by(Timer.due_at)))


def rings_until(work: Work, until: datetime, company: Company = COMPANY) -> list[tuple[str, int, datetime]]:
    """What is told until then, and when: each timer rings when it is due, and is answered."""
    told = []
    while (found := watched(work)) and found[0].due_at <= until:
        rung = found[0]
        work.now, rung.state = max(work.now, rung.due_at), TimerState.RUNG
        rings = Due(kind="promise", subject=rung.subject, occurrence=rung.occurrence, at=rung.due_at)
        talk = Talk(work, company, rings, Draft(conversation="x", said={}, turn=0), routes.STEPS)
        list(due.promise(talk))
        told += [(e.what, e.percent, work.now.astimezone(PARIS)) for e in _warnings(work.events)]
        settle(work, company)
    work.now = max(work.now, until)
    return told


def _warnings(found: Iterable[Any]) -> list[events.PromiseWarned]:
    return [fact for fact in found if isinstance(fact, events.PromiseWarned)]


@pytest.fixture
def asked(work: Work) -> Request:
    """Marta, to whom signature promises a visit by Thursday at ten, reports on Monday."""
    owner = person(work, telegram="1")
    place = home(work, owner=owner)
    place.region = "riviera"
    contract(work, place, "signature")
    made = request(work, owner, place)
    settle(work)
    return made


def of(what: str, told: list[tuple[str, int, datetime]]) -> list[int]:
    """How far one promise was told to have come."""
    return [percent for name, percent, _ in told if name == what]


def test_a_visit_that_was_booked_in_time_and_to_which_nobody_comes_is_told_as_late(work: Work, asked: Request) -> None:
    has_visit(work, COMPANY, asked, at(4, 10))
    settle(work)
    by = next(c.due for c in promised.standing(work, COMPANY, asked) if c.what == "visit")
    assert by == at(5, 10)
    told = rings_until(work, MONDAY + timedelta(days=20))
    assert of("visit", told) == [100, 120, 150], "what is in hand is said by nobody before its time is over"
    assert next(moment for what, _, moment in told if what == "visit") == by


def test_while_somebody_is_to_come_in_time_nothing_rings_in_vain(work: Work, asked: Request) -> None:
    has_visit(work, COMPANY, asked, at(4, 10))
    settle(work)
    (next_one,) = watched(work)
    clocks = {c.what: c for c in promised.standing(work, COMPANY, asked) if c.live}
    halves = [c.reached(50) for what, c in clocks.items() if what not in ("help", "visit")]
    assert next_one.due_at == min([at(5, 10), *(half for half in halves if half is not None)])


def closed(work: Work, first: datetime, until: datetime) -> CalendarEntry:
    """Marc closes the office for a while."""
    entry = calendar.enter(work, COMPANY, Wish(EntryKind.CLOSED, None, first, until), COMPANY.member("marc"))
    settle(work)
    return entry


def test_a_day_that_is_closed_later_makes_every_warning_later_and_none_is_forgotten(work: Work, asked: Request) -> None:
    before = {c.what: c.due for c in promised.standing(work, COMPANY, asked) if c.live and c.due}
    closed(work, at(2, 11), at(4, 0))
    after = {c.what: c.due for c in promised.standing(work, COMPANY, asked) if c.live and c.due}
    assert before["visit"] < after["visit"]
    told = rings_until(work, MONDAY + timedelta(days=20))
    for what in before:
        assert of(what, told) == list(COMPANY.desk.percents)
        over = next(moment for name, percent, moment in told if (name, percent) == (what, 100))
        assert over == after[what]


def test_a_warning_that_was_set_before_the_day_was_closed_rings_early_and_rings_again(
    work: Work, asked: Request
) -> None:
    (early,) = watched(work)
    closed(work, at(2, 11), at(4, 0))
    for timer in watched(work):  # as an older program left it: the one that was set before
        timer.state = TimerState.SET if timer is early else TimerState.CLEARED
    told = rings_until(work, early.due_at)
    assert told == []
    assert watched(work)
    assert of("visit", rings_until(work, MONDAY + timedelta(days=20))) == list(COMPANY.desk.percents)


def test_a_day_that_is_open_after_all_lets_nobody_be_warned_too_late(work: Work, asked: Request) -> None:
    entry = closed(work, at(2, 11), at(4, 0))
    rings_until(work, at(2, 15))
    calendar.take_back(work, entry, COMPANY.member("marc"))
    settle(work)
    due = {c.what: c.reached(50) for c in promised.standing(work, COMPANY, asked) if c.live}
    told = rings_until(work, MONDAY + timedelta(days=20))
    for what, half in due.items():
        moment = next(m for name, percent, m in told if (name, percent) == (what, 50))
        assert moment == max(half or moment, at(2, 15))


def test_a_contract_that_promises_more_is_watched_from_its_first_hour(work: Work) -> None:
    owner = person(work, telegram="1")
    place = home(work, owner=owner)
    request(work, owner, place)
    settle(work)
    assert watched(work) == []
    work.happened(events.ContractActivated(contract(work, place, "signature").id))
    settle(work)
    assert "visit" in {what for what, _, _ in rings_until(work, MONDAY + timedelta(days=20))}


def test_who_chooses_a_time_instead_of_answering_is_not_waited_for_any_more(work: Work, asked: Request) -> None:
    wait(work, asked, "customer")
    settle(work)
    has_visit(work, COMPANY, asked, at(4, 10))
    settle(work)
    clocks = [c for c in promised.standing(work, COMPANY, asked) if c.live]
    assert clocks
    assert Standing.PAUSED not in {c.standing for c in clocks}
