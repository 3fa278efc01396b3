"""Bookings: whatever people hold, confirm, cancel or let go, nobody is ever in two places."""

import tempfile
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot import schema
from bot.database import sqlite_engine
from domain import bookings, requests
from domain.allotments import Entry
from domain.appointments import LIFE, Booking, BookingDeed, BookingState, advance_booking
from domain.bookings import cancel, confirm, expire, verdict_of
from domain.contracts import Contract, balances
from domain.coverage import Ruling
from domain.occupancy import Cell
from domain.requests import Request, State
from domain.rota import cell
from domain.work import Refusal, Work
from tests.domain.ground import MONDAY, busy, contract, hold, home, offer, person, refusal_of, request

SOON = timedelta(minutes=15)


def booked(work: Work, signed: Contract | None, asked: Request, hours: int = 24, technician: str = "ana") -> Booking:
    """A visit that was held and confirmed."""
    made = hold(work, asked, offer(work, signed, work.now + timedelta(hours=hours), technician), work.now + SOON)
    confirm(work, made, asked)
    return made


def test_a_slot_that_is_held_is_busy_and_free_again_when_it_is_let_go(work: Work) -> None:
    asked = request(work, person(work), home(work))
    start = work.now + timedelta(hours=2)
    held = hold(work, asked, offer(work, None, start), work.now + SOON)
    assert busy(work) == {"ana": [cell(start) + n for n in range(4)]}
    work.now += SOON
    expire(work, held)
    assert (held.state, busy(work)) == (BookingState.EXPIRED, {})
    assert type(work.events[-1]).__name__ == "HoldExpired"


def test_what_is_still_held_does_not_run_out_early(work: Work) -> None:
    asked = request(work, person(work), home(work))
    held = hold(work, asked, offer(work, None, work.now + timedelta(hours=2)), work.now + SOON)
    expire(work, held)
    assert held.state is BookingState.HELD


def test_a_visit_that_was_kept_is_done_and_the_rest_of_its_time_is_free(work: Work) -> None:
    casa = home(work)
    signed, asked = contract(work, casa), request(work, person(work), casa)
    visit = booked(work, signed, asked)
    paid = work.session.scalar(select(func.sum(Entry.quantity)))
    work.now = visit.starts_at + timedelta(minutes=20)
    bookings.complete(work, visit, asked, None)
    assert visit.state is BookingState.DONE
    assert busy(work) == {"ana": [cell(visit.starts_at), cell(visit.starts_at) + 1]}
    assert work.session.scalar(select(func.sum(Entry.quantity))) == paid
    assert refusal_of(lambda: bookings.complete(work, visit, asked, None)) == "HoldGone"
    assert bookings.appointment_of(work, asked) is visit


def test_a_visit_that_is_still_to_come_cannot_be_done(work: Work) -> None:
    asked = request(work, person(work), home(work))
    visit = booked(work, None, asked)
    assert refusal_of(lambda: bookings.complete(work, visit, asked, None)) == "HoldGone"
    assert visit.state is BookingState.BOOKED


def test_who_books_again_after_a_visit_that_was_kept_has_used_that_one(work: Work) -> None:
    casa = home(work)
    signed, asked = contract(work, casa), request(work, person(work), casa)
    first = booked(work, signed, asked)
    work.now = first.ends_at
    bookings.complete(work, first, asked, None)
    requests.resolve(work, asked, "ana", "New motor", None)
    requests.reopen(work, asked)
    paid = work.session.scalar(select(func.sum(Entry.quantity)))
    second = booked(work, signed, asked)
    assert (first.state, second.state) == (BookingState.DONE, BookingState.BOOKED)
    assert work.session.scalar(select(func.sum(Entry.quantity))) == paid  # the first one is not given back
    assert bookings.appointment_of(work, asked) is second


def test_two_cannot_hold_the_same_quarter_hour_but_one_after_the_other_can(work: Work) -> None:
    owner, casa = person(work), home(work)
    first, second = request(work, owner, casa), request(work, owner, casa)
    start = work.now + timedelta(hours=2)
    until = work.now + SOON
    hold(work, first, offer(work, None, start), until)
    assert (
        refusal_of(lambda: hold(work, second, offer(work, None, start + timedelta(minutes=45)), until)) == "SlotTaken"
    )
    assert hold(work, second, offer(work, None, start + timedelta(minutes=60)), until).state is BookingState.HELD
    assert hold(work, second, offer(work, None, start, "tom"), until).state is BookingState.HELD


def test_a_hold_that_is_over_makes_room_even_before_its_timer_rings(work: Work) -> None:
    owner, casa = person(work), home(work)
    first, second = request(work, owner, casa), request(work, owner, casa)
    start = work.now + timedelta(hours=2)
    lost = hold(work, first, offer(work, None, start), work.now + SOON)
    work.now += SOON
    kept = hold(work, second, offer(work, None, start), work.now + SOON)
    assert refusal_of(lambda: confirm(work, lost, first)) == "HoldGone"
    expire(work, lost)
    confirm(work, kept, second)
    assert work.session.scalar(select(func.count()).select_from(Cell).where(Cell.booking_id == kept.id)) == 4


def test_a_request_holds_one_slot_at_a_time(work: Work) -> None:
    asked = request(work, person(work), home(work))
    first = hold(work, asked, offer(work, None, work.now + timedelta(hours=2)), work.now + SOON)
    second = hold(work, asked, offer(work, None, work.now + timedelta(hours=2, minutes=30)), work.now + SOON)
    assert (first.state, second.state) == (BookingState.EXPIRED, BookingState.HELD)


def test_the_last_visit_of_the_plan_has_one_winner_and_comes_back_when_he_cancels(work: Work) -> None:
    owner = person(work)
    casa = home(work, owner=owner)
    signed = contract(work, casa)  # one visit a year
    first, second = request(work, owner, casa), request(work, owner, casa)
    held = hold(work, second, offer(work, signed, work.now + timedelta(hours=48)), work.now + SOON)
    won = booked(work, signed, first)
    assert refusal_of(lambda: confirm(work, held, second)) == "BalanceGone"
    cancel(work, won, first)
    assert (won.state, won.sequence, first.state) == (BookingState.CANCELLED, 1, State.OPEN)
    confirm(work, held, second)
    assert balances(work, signed)["visits"].left == 0


def test_another_time_costs_what_the_first_one_did(work: Work) -> None:
    """Moving an appointment that the plan pays for: the plan pays for the new one."""
    owner = person(work)
    casa = home(work, owner=owner)
    signed = contract(work, casa)
    asked = request(work, owner, casa)
    old = booked(work, signed, asked)
    assert balances(work, signed)["visits"].left == 0
    assert balances(work, signed, asked.id)["visits"].left == 1
    fresh = offer(work, signed, work.now + timedelta(hours=72), but_for=asked.id)
    assert fresh.priced.verdict.ruling is verdict_of(work, old).ruling is Ruling.INCLUDED
    moved = hold(work, asked, fresh, work.now + SOON)
    confirm(work, moved, asked)
    assert (old.state, moved.state, asked.state) == (BookingState.MOVED, BookingState.BOOKED, State.BOOKED)
    assert (moved.uid, moved.sequence) == (old.uid, 1)
    assert balances(work, signed)["visits"].left == 0
    assert [b.id for b in bookings.booked_for(work, asked)] == [moved.id]


def test_who_had_the_request_keeps_it_when_the_appointment_is_called_off(work: Work) -> None:
    asked = request(work, person(work), home(work))
    requests.claim(work, asked, "ana")
    cancel(work, booked(work, None, asked), asked)
    assert (asked.state, asked.assignee) == (State.CLAIMED, "ana")


def test_what_is_not_booked_cannot_be_called_off(work: Work) -> None:
    asked = request(work, person(work), home(work))
    made = booked(work, None, asked)
    cancel(work, made, asked)
    assert refusal_of(lambda: cancel(work, made, asked)) == "HoldGone"
    assert refusal_of(lambda: confirm(work, made, asked)) == "HoldGone"


def test_the_price_stands_as_it_was_promised(work: Work) -> None:
    asked = request(work, person(work), home(work))
    promised = offer(work, None, work.now + timedelta(hours=24))
    made = hold(work, asked, promised, work.now + SOON)
    assert bookings.quote_of(work, made) == promised.priced.quote
    assert verdict_of(work, made) == promised.priced.verdict
    assert bookings.case_of(work, made) == promised.priced.case
    assert made.uid.startswith(asked.number)


def test_only_what_the_life_table_says_happens_to_a_booking(work: Work) -> None:
    for state in BookingState:
        for deed in BookingDeed:
            stands = Booking(state=state)
            after = LIFE.get((state, deed))
            refused = refusal_of(lambda stands=stands, deed=deed: advance_booking(stands, deed))
            assert (refused, stands.state) == ((None, after) if after else ("HoldGone", state))


@cache
def empty_diary() -> bytes:
    """An SQLite file with every table and nothing in it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "empty.db"
        engine = sqlite_engine(f"sqlite:///{file}")
        schema.everything().create_all(engine)
        engine.dispose()
        return file.read_bytes()


class Diary(RuleBasedStateMachine):
    """Two homes, two technicians, a few hours, and everybody at once; every step is a transaction of its own."""

    held = Bundle("held")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        file = Path(self.folder.name) / "diary.db"
        file.write_bytes(empty_diary())
        self.engine = sqlite_engine(f"sqlite:///{file}")
        self.now = MONDAY
        self.asked: list[int] = []

    def teardown(self) -> None:
        self.engine.dispose()
        self.folder.cleanup()

    def done(self, deed: str, number: int) -> None:
        """One deed to a booking; a refusal undoes it."""
        try:
            with Session(self.engine) as session, session.begin():
                work = Work(session, self.now, "test")
                booking = session.get_one(Booking, number)
                if deed == "expire":
                    expire(work, booking)
                else:
                    asked = session.get_one(Request, booking.request_id)
                    (confirm if deed == "confirm" else cancel)(work, booking, asked)
        except Refusal:
            pass

    @initialize()
    def people_ask(self) -> None:
        with Session(self.engine) as session, session.begin():
            work = Work(session, self.now, "test")
            for n, plan in enumerate(("comfort", "signature")):
                owner = person(work)
                casa = home(work, f"H{n}", owner)
                contract(work, casa, plan)
                self.asked += [request(work, owner, casa).id for _ in range(2)]

    @rule(target=held, which=st.integers(0, 3), quarter=st.integers(0, 10), who=st.sampled_from(("ana", "tom")))
    def somebody_holds(self, which: int, quarter: int, who: str) -> int:
        try:
            with Session(self.engine) as session, session.begin():
                work = Work(session, self.now, "test")
                asked = session.get_one(Request, self.asked[which])
                signed = bookings.contracts.running(work, asked.home_id)
                start = MONDAY + timedelta(days=2, minutes=15 * quarter)
                return hold(work, asked, offer(work, signed, start, who), self.now + SOON).id
        except Refusal:
            return 0

    @rule(number=held)
    def somebody_confirms(self, number: int) -> None:
        if number:
            self.done("confirm", number)

    @rule(number=held)
    def somebody_cancels(self, number: int) -> None:
        if number:
            self.done("cancel", number)

    @rule(number=held)
    def a_timer_rings(self, number: int) -> None:
        if number:
            self.done("expire", number)

    @precondition(lambda self: self.now < MONDAY + timedelta(hours=20))
    @rule(minutes=st.sampled_from((1, 14, 15, 60)))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @invariant()
    def every_cell_belongs_to_a_standing_booking_and_every_standing_booking_has_its_cells(self) -> None:
        with Session(self.engine) as session:
            everything = session.scalars(select(Booking)).all()
            owned: dict[int, set[tuple[str, int]]] = {}
            for technician, number, booking in session.execute(select(Cell.technician, Cell.number, Cell.booking_id)):
                owned.setdefault(booking, set()).add((technician, number))
        standing = {b.id: b for b in everything if b.state in (BookingState.HELD, BookingState.BOOKED)}
        assert set(owned) <= set(standing)
        for number, booking in standing.items():
            over = booking.state is BookingState.HELD and booking.hold_until and booking.hold_until <= self.now
            whole = {(booking.technician, n) for n in range(cell(booking.starts_at), cell(booking.ends_at))}
            assert owned.get(number, set()) <= whole
            # Where a new time overlaps the old one of the same request, the old one keeps the quarters until it moves.
            older = [b.id for b in standing.values() if b.request_id == booking.request_id and b.id != number]
            kept = set[tuple[str, int]]().union(*(owned.get(b, set()) for b in older))
            assert over or owned.get(number, set()) == (whole - kept if booking.state is BookingState.HELD else whole)

    @invariant()
    def one_appointment_and_one_hold_for_each_request(self) -> None:
        with Session(self.engine) as session:
            found = session.execute(
                select(Booking.request_id, Booking.state, func.count())
                .where(Booking.state.in_((BookingState.HELD, BookingState.BOOKED)))
                .group_by(Booking.request_id, Booking.state)
            )
            assert all(count == 1 for _, _, count in found)

    @invariant()
    def the_plan_has_paid_for_exactly_what_is_booked(self) -> None:
        with Session(self.engine) as session:
            work = Work(session, self.now)
            standing = session.scalars(select(Booking).where(Booking.state == BookingState.BOOKED)).all()
            of_requests = select(func.sum(Entry.quantity)).where(Entry.request_id.is_not(None))
            aside = -(session.scalar(of_requests) or 0)
            assert aside == sum(use.units for b in standing for use in verdict_of(work, b).uses)


Diary.TestCase.settings = settings(max_examples=30, stateful_step_count=25, deadline=None)
TestDiary = pytest.mark.slow(Diary.TestCase)


def test_a_cell_without_its_booking_would_be_seen(work: Work) -> None:
    """The walk above can fail: a booking that lost its cells breaks its invariant."""
    walk = Diary()
    try:
        walk.people_ask()
        number = walk.somebody_holds(0, 0, "ana")
        walk.every_cell_belongs_to_a_standing_booking_and_every_standing_booking_has_its_cells()
        with Session(walk.engine) as session, session.begin():
            session.execute(delete(Cell).where(Cell.booking_id == number))
        try:
            walk.every_cell_belongs_to_a_standing_booking_and_every_standing_booking_has_its_cells()
        except (AssertionError, KeyError):
            return
        raise AssertionError("a booking without its cells was not seen")
    finally:
        walk.teardown()
