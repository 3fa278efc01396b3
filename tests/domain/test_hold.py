"""Holding in the record: what was offered can be held, and what could not be kept cannot."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.postgresql import PostgreSQL
from domain import bookings, occupancy
from domain.appointments import Booking, BookingState
from domain.calendar import CalendarEntry, EntryKind
from domain.cases import Crew
from domain.company import Company
from domain.homes import Home
from domain.need import Need
from domain.occupancy import Attendance, Cell
from domain.offering import searching
from domain.requests import Request
from domain.roads import Pair, Roads
from domain.rota import cell, moment
from domain.slots import Slot
from domain.team import BookingRules
from domain.work import Work
from tests.domain.ground import busy, home, offer, person, refusal_of, request
from tests.domain.slot_ground import DAY, at, company, need, shift, somebody
from tests.domain.slot_oracle import Oracle, Visit, World
from tests.domain.slot_rules import broken
from tests.domain.slot_worlds import CREWS, PLACES, world

SOON = timedelta(minutes=15)
ZONES = (Pair(start="a", end="b", minutes=45),)


@pytest.fixture(autouse=True)
def monday(request: pytest.FixtureRequest) -> None:
    """It is the evening before."""
    if "work" in request.fixturenames:
        request.getfixturevalue("work").now = at(18, day=-1)


def home_in(work: Work, zone: str) -> Home:
    """A home in one of the company's zones."""
    made = home(work, f"H{zone}")
    made.zone = zone
    work.session.flush()
    return made


def visiting(casa: Home | None, minutes: int = 60, **more: object) -> Need:
    return need(minutes, occupancy.place_of(casa) if casa else None, **more)


def holds(work: Work, given: Company, asked: Request, wish: Need, slot: Slot) -> Booking:
    """He taps a time."""
    kind = "remote" if wish.place is None else "visit"
    made = replace(offer(work, None, slot.start, kind=kind), slot=slot, need=wish)
    return bookings.hold(work, given, asked, made, work.now + SOON)


def slot(hour: float, *people: str, minutes: int = 60) -> Slot:
    return Slot(at(hour), at(hour) + timedelta(minutes=minutes), people[0], people[1:])


def cells(begin: float, end: float) -> list[int]:
    return list(range(cell(at(begin)), cell(at(end))))


# ── whatever is offered ──


def diary(work: Work, homes: Sequence[Home], but_for: int | None = None) -> tuple[Visit, ...]:
    """Who is where when, as the record says."""
    places = {casa.id: occupancy.place_of(casa) for casa in homes}
    rows = work.session.scalars(select(Attendance).where(Attendance.request_id != (but_for or 0)))
    return tuple(Visit(r.technician, moment(r.first), moment(r.until), places.get(r.home_id or 0)) for r in rows)


def fill_up(work: Work, number: int) -> int:
    """In an invented world people hold, confirm and move what they are offered; how many did."""
    dice, given = random.Random(number), world(number)
    work.now = given.now
    owner, homes, held = person(work), list[Home](), list[Request]()
    for n, place in enumerate(PLACES):
        homes.append(home(work, f"H{number}-{n}", owner))
        homes[-1].zone, (homes[-1].latitude, homes[-1].longitude) = place.zone, place.at or (None, None)
    for _ in range(12):
        casa = dice.choice(homes)
        asked = request(work, owner, casa)
        if held and dice.random() < 0.3:  # an appointment is moved
            asked = dice.choice(held)
            casa = next(h for h in homes if h.id == asked.home_id)
        place = occupancy.place_of(casa) if dice.random() < 0.7 else None
        wish = replace(given.need, place=place, crew=dice.choice(CREWS), minutes=dice.choice((20, 45, 90)))
        search = searching(work, given.company, wish, but_for=asked.id)
        found = list(search.slots(given.first, given.until))
        if not found:
            continue
        chosen = dice.choice(found)
        booking = holds(work, given.company, asked, wish, chosen)
        seen = World(given.company, wish, given.now, given.first, given.until, diary(work, homes, asked.id))
        for key in chosen.people:
            assert broken(Oracle(seen), given.company.member(key), chosen.start) == []
        bookings.confirm(work, booking, asked)
        held.append(asked)
    return len(held)


def nobody_is_in_two_places(work: Work) -> None:
    """Every quarter of an attendance is a cell of its own, and there are no others."""
    rows = work.session.scalars(select(Attendance)).all()
    attended = [(r.technician, n, r.booking_id) for r in rows for n in range(r.first, r.until)]
    kept = work.session.execute(select(Cell.technician, Cell.number, Cell.booking_id)).all()
    assert sorted(attended) == sorted(tuple(row) for row in kept)


@pytest.mark.parametrize("number", range(80_000, 80_012))
def test_who_takes_a_time_that_was_offered_has_it(work: Work, number: int) -> None:
    fill_up(work, number)
    nobody_is_in_two_places(work)


@pytest.mark.slow
async def test_on_a_server_he_has_it_too(server_record: str, full: bool) -> None:
    database, counts = PostgreSQL(server_record), list[int]()

    def story(session: object, number: int) -> None:
        work = Work(session, DAY, "test")  # type: ignore[arg-type]
        counts.append(fill_up(work, number))
        nobody_is_in_two_places(work)
        session.rollback()  # type: ignore[attr-defined]

    for number in range(80_000, 80_200 if full else 80_008):
        await database.read(lambda session, number=number: story(session, number))
    await database.close()
    assert sum(counts) > len(counts)


# ── what is kept is kept for everybody who comes ──


def test_a_crew_is_taken_together_or_not_at_all(work: Work) -> None:
    given, owner = company(somebody("ana"), somebody("ben")), person(work)
    two = replace(visiting(None), crew=(Crew("technician", 2),), before=15, after=30)
    holds(work, given, request(work, owner, None), two, slot(10, "ben", "ana"))
    assert busy(work) == {who: cells(9.75, 11.5) for who in ("ana", "ben")}
    assert set(occupancy.people_of(work, work.session.scalars(select(Booking.id)).one())) == {"ana", "ben"}
    holds(work, given, request(work, owner, None), visiting(None), slot(15, "ana"))
    late = request(work, owner, None)
    assert refusal_of(lambda: holds(work, given, late, two, slot(14, "ben", "ana"))) == "SlotTaken"
    assert busy(work)["ben"] == cells(9.75, 11.5)


def test_a_time_that_was_never_offered_cannot_be_held(work: Work) -> None:
    given, asked = company(somebody("ana", shift(8, 12)), somebody("ben", skills=())), request(work, person(work), None)
    wish = visiting(None)
    for no in (slot(7.75, "ana"), slot(11.25, "ana"), slot(9, "ben"), slot(9, "ana", "ben"), slot(9, "nobody")):
        assert refusal_of(lambda no=no: holds(work, given, asked, wish, no)) == "SlotTaken"
    assert (busy(work), work.session.scalar(select(func.count()).select_from(Booking))) == ({}, 0)


def test_two_visits_without_time_for_the_way_between_them_are_not_both_kept(work: Work) -> None:
    given = company(somebody("ana"), roads=Roads(zones=ZONES))
    owner, here, there = person(work), home_in(work, "a"), home_in(work, "b")
    holds(work, given, request(work, owner, here), visiting(here), slot(10, "ana"))
    asked = request(work, owner, there)
    for hour in (8.5, 11.5):  # no quarter of it is taken
        assert refusal_of(lambda h=hour: holds(work, given, asked, visiting(there), slot(h, "ana"))) == "SlotTaken"
    assert holds(work, given, asked, visiting(there), slot(11.75, "ana")).state is BookingState.HELD
    assert holds(work, given, asked, visiting(there), slot(8.25, "ana")).state is BookingState.HELD


def test_a_hold_that_is_over_is_not_in_the_way_of_what_is_next_to_it_before_its_timer_rings(work: Work) -> None:
    given = company(somebody("ana"), roads=Roads(zones=ZONES))
    owner, here, there = person(work), home_in(work, "a"), home_in(work, "b")
    first = holds(work, given, request(work, owner, here), visiting(here), slot(10, "ana"))
    asked = request(work, owner, there)
    assert refusal_of(lambda: holds(work, given, asked, visiting(there), slot(11.5, "ana"))) == "SlotTaken"
    assert first.hold_until is not None
    work.now = first.hold_until
    assert holds(work, given, asked, visiting(there), slot(11.5, "ana")).state is BookingState.HELD
    assert first.state is BookingState.EXPIRED


def test_help_from_afar_does_not_take_the_time_for_the_way_between_two_visits(work: Work) -> None:
    given = company(somebody("ana"), roads=Roads(zones=ZONES))
    owner, here, there = person(work), home_in(work, "a"), home_in(work, "b")
    holds(work, given, request(work, owner, here), visiting(here), slot(10, "ana"))
    holds(work, given, request(work, owner, there), visiting(there), slot(12, "ana"))
    asked = request(work, owner, here)
    assert refusal_of(lambda: holds(work, given, asked, need(30), slot(11, "ana", minutes=30))) == "SlotTaken"
    assert holds(work, given, asked, need(15), slot(11, "ana", minutes=15)).state is BookingState.HELD


def test_a_full_day_takes_no_more(work: Work) -> None:
    given, owner = company(somebody("ana"), booking=BookingRules(most_a_day=1)), person(work)
    holds(work, given, request(work, owner, None), need(), slot(10, "ana"))
    asked = request(work, owner, None)
    assert refusal_of(lambda: holds(work, given, asked, need(), slot(15, "ana"))) == "SlotTaken"
    assert holds(work, given, asked, need(), slot(24 + 15, "ana")).state is BookingState.HELD


def test_who_was_entered_as_away_meanwhile_does_not_come(work: Work) -> None:
    given, asked = company(somebody("ana")), request(work, person(work), None)
    away = {"kind": EntryKind.AWAY, "technician": "ana", "reason": "ill", "entered_by": "ben", "entered_at": work.now}
    entry = CalendarEntry(starts_at=at(10) + timedelta(minutes=50), ends_at=at(12), **away)
    work.session.add(entry)
    work.session.flush()
    assert refusal_of(lambda: holds(work, given, asked, need(), slot(10, "ana"))) == "SlotTaken"
    assert holds(work, given, asked, need(45), slot(10, "ana", minutes=45)).state is BookingState.HELD
    entry.removed_at = work.now
    work.session.flush()
    assert holds(work, given, asked, need(), slot(10, "ana")).state is BookingState.HELD


# ── an appointment is moved ──


def test_an_appointment_moves_by_a_quarter_of_an_hour_onto_itself(work: Work) -> None:
    given, asked = company(somebody("ana"), somebody("ben")), request(work, person(work), None)
    first = holds(work, given, asked, need(), slot(10, "ana"))
    bookings.confirm(work, first, asked)
    second = holds(work, given, asked, need(), slot(10.25, "ana"))
    assert busy(work) == {"ana": cells(10, 11.25)}  # both are kept until he says yes
    other = request(work, person(work, "Luca"), None)
    for hour in (9.25, 11):
        assert refusal_of(lambda h=hour: holds(work, given, other, need(), slot(h, "ana"))) == "SlotTaken"
    bookings.confirm(work, second, asked)
    assert busy(work) == {"ana": cells(10.25, 11.25)}
    assert (first.state, second.state) == (BookingState.MOVED, BookingState.BOOKED)
    assert set(work.session.scalars(select(Cell.booking_id))) == {second.id}
    nobody_is_in_two_places(work)
    assert holds(work, given, other, need(), slot(9.25, "ana")).state is BookingState.HELD


def test_who_does_not_say_yes_to_the_new_time_keeps_the_old_one(work: Work) -> None:
    given, asked = company(somebody("ana")), request(work, person(work), None)
    bookings.confirm(work, holds(work, given, asked, need(), slot(10, "ana")), asked)
    second = holds(work, given, asked, need(), slot(10.5, "ana"))
    work.now += SOON
    bookings.expire(work, second)
    assert busy(work) == {"ana": cells(10, 11)}
    nobody_is_in_two_places(work)


def test_a_crew_that_changes_on_the_way_leaves_who_does_not_come_any_more(work: Work) -> None:
    given, asked = company(*(somebody(key) for key in ("ana", "ben", "cleo"))), request(work, person(work), None)
    wish = need(crew=(Crew("technician", 2),))
    bookings.confirm(work, holds(work, given, asked, wish, slot(10, "ana", "ben")), asked)
    bookings.confirm(work, holds(work, given, asked, wish, slot(10.5, "ben", "cleo")), asked)
    assert busy(work) == {who: cells(10.5, 11.5) for who in ("ben", "cleo")}
    nobody_is_in_two_places(work)


def test_his_own_appointment_is_no_hindrance_on_the_road_when_it_is_moved(work: Work) -> None:
    """Only one visit fits between two others; it may still move by a quarter of an hour."""
    given = company(somebody("ana"), roads=Roads(zones=ZONES))
    owner, here, there = person(work), home_in(work, "a"), home_in(work, "b")
    for hour in (8, 12):
        holds(work, given, request(work, owner, there), visiting(there), slot(hour, "ana"))
    asked = request(work, owner, here)
    bookings.confirm(work, holds(work, given, asked, visiting(here), slot(9.75, "ana")), asked)
    offered = searching(work, given, visiting(here), but_for=asked.id).slots(at(9), at(12))
    assert [f"{slot.start:%H:%M}" for slot in offered] == ["09:45", "10:00", "10:15"]
    bookings.confirm(work, holds(work, given, asked, visiting(here), slot(10.25, "ana")), asked)
    assert busy(work)["ana"] == [*cells(8, 9), *cells(10.25, 11.25), *cells(12, 13)]
