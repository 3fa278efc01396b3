"""Dispatching: whoever is swapped in can come, whoever is asked pays no more, and nobody is ever in two places."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from domain import arranging, bookings, calendar, dispatching, leaving, occupancy, proposals, proposed_times, quoting
from domain.allotments import Entry
from domain.appointments import Booking, BookingState
from domain.areas import Area
from domain.calendar import CalendarEntry, EntryKind, Wish
from domain.cases import Case
from domain.company import Company
from domain.contracts import balances, running, terms
from domain.homes import Home
from domain.occupancy import Attendance, Cell
from domain.offering import search_for
from domain.pricing import price
from domain.proposed_times import ProposalState, ProposedTime
from domain.quoting import Look
from domain.requests import Request, State
from domain.roads import Roads
from domain.rota import cell
from domain.stored import keep
from domain.work import Work
from tests.domain.ground import MONDAY, PLAIN, busy, contract, home, person, refusal_of, request

PARIS = ZoneInfo("Europe/Paris")
LENA, ANA, TOM = (PLAIN.member(key) for key in ("lena", "ana", "tom"))
DAY = timedelta(days=1)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time in that first week of March, on a clock in Paris."""
    return datetime(2026, 3, day, hour, minute, tzinfo=PARIS)


def twins(company: Company = PLAIN) -> Company:
    """The sample company where Tom can do what Ana can."""
    team = tuple(
        m.model_copy(update={"skills": ANA.skills, "shifts": ANA.shifts, "regions": ()}) if m.key == "tom" else m
        for m in company.team
    )
    return company.model_copy(update={"team": team})


def has_visit(
    work: Work, company: Company, asked: Request, start: datetime, who: str = "ana"
) -> Booking:  # fmt: skip
    """A visit at that time, priced by the tariff at that time."""
    job = next(j for j in company.offered(asked.area) if j.work == "visit")
    place = work.session.get(Home, asked.home_id)
    assert place is not None
    case = Case(
        work="visit", minutes=job.minutes, area=asked.area, crew=job.people(company.tariff), at=start,
        region=place.region, plan="none",
    )  # fmt: skip
    signed = running(work, asked.home_id)
    left = balances(work, signed, but_for=asked.id)
    plan = terms(signed)
    made = price(company.tariff, company.currency, company.time_zone, case, plan, left)
    search = search_for(work, company, asked, job)
    slot = search.at(start)
    assert slot is not None
    assert slot.people == (who,), slot
    tariff = keep(work, company.tariff).id
    offer = bookings.Offer(slot, search.need, PLAIN.help_of("visit"), made, tariff, work.now + 14 * DAY)
    held = bookings.hold(work, company, asked, offer, work.now + timedelta(minutes=15))
    bookings.confirm(work, held, asked)
    return held


@pytest.fixture
def asked(work: Work) -> Request:
    place = home(work, owner=person(work, telegram="1"))
    place.region = "riviera"
    return request(work, person(work, "Emma", telegram="2"), place)


def absence(work: Work, company: Company, who: str, first: datetime, until: datetime) -> CalendarEntry:
    return calendar.enter(work, company, Wish(EntryKind.AWAY, who, first, until, "flu"), LENA)


def test_somebody_else_comes_at_the_same_time_and_both_days_say_so(work: Work, asked: Request) -> None:
    company = twins()
    visit = has_visit(work, company, asked, at(4, 10))
    (swap,) = dispatching.swaps(work, company, visit, asked)
    assert (swap.comes, swap.people) == ("tom", ("tom",))
    arranging.swap(work, company, visit, asked, swap.people, "lena")
    assert (visit.technician, visit.sequence, visit.state) == ("tom", 1, BookingState.BOOKED)
    assert occupancy.people_of(work, visit.id) == ("tom",)
    assert busy(work) == {"tom": [cell(at(4, 10)) + n for n in range(4)]}
    assert refusal_of(lambda: arranging.swap(work, company, visit, asked, ("tom",), "lena")) == "SamePeople"


def test_who_is_taken_away_or_unskilled_cannot_be_swapped_in(work: Work, asked: Request) -> None:
    company = twins()
    visit = has_visit(work, company, asked, at(4, 10))
    absence(work, company, "tom", at(4, 0), at(5, 0))
    assert dispatching.swaps(work, company, visit, asked) == []
    for who in ("tom", "paolo", "lena"):
        assert refusal_of(lambda who=who: arranging.swap(work, company, visit, asked, (who,), "lena")) == "SlotTaken"  # type: ignore[misc]
    assert occupancy.people_of(work, visit.id) == ("ana",)
    assert busy(work) == {"ana": [cell(at(4, 10)) + n for n in range(4)]}


def test_what_has_begun_is_not_moved(work: Work, asked: Request) -> None:
    visit = has_visit(work, PLAIN, asked, at(4, 10))
    work.now = at(4, 10)
    assert refusal_of(lambda: dispatching.swaps(work, PLAIN, visit, asked)) == "TooLateToMove"
    assert refusal_of(lambda: arranging.swap(work, PLAIN, visit, asked, ("tom",), "lena")) == "TooLateToMove"


def test_a_new_time_is_kept_for_an_answer_and_the_old_one_stands_until_then(work: Work, asked: Request) -> None:
    visit = has_visit(work, PLAIN, asked, at(4, 10))
    slot = dispatching.searching(work, PLAIN, visit, asked).at(at(5, 14))
    assert slot is not None
    made = proposed_times.propose(work, PLAIN, visit, asked, slot, "lena")
    held = work.session.get_one(Booking, made.held_id)
    assert (visit.state, held.state) == (BookingState.BOOKED, BookingState.HELD)
    assert held.hold_until == made.answer_by == work.now + timedelta(hours=24)
    moved = proposed_times.agree(work, PLAIN, made, asked)
    assert moved is held
    assert (visit.state, moved.state, asked.state) == (BookingState.MOVED, BookingState.BOOKED, State.BOOKED)
    assert (moved.uid, moved.sequence) == (visit.uid, visit.sequence + 1)
    assert (made.state, made.answered_at, made.answered_by) == (ProposalState.AGREED, work.now, None)
    assert proposed_times.agree(work, PLAIN, made, asked) is moved  # a second tap


def test_the_price_that_was_agreed_stands_also_where_the_new_hours_cost_more(work: Work, asked: Request) -> None:
    shifts = tuple(s.model_copy(update={"days": ("mon", "tue", "wed", "thu", "fri", "sat")}) for s in ANA.shifts)
    team = tuple(m.model_copy(update={"shifts": shifts}) if m.key == "ana" else m for m in PLAIN.team)
    company = PLAIN.model_copy(update={"team": team})
    visit = has_visit(work, company, asked, at(6, 10))
    agreed = bookings.quote_of(work, visit)
    saturday = dispatching.searching(work, company, visit, asked).at(at(7, 10))
    assert saturday is not None
    made = proposed_times.propose(work, company, visit, asked, saturday, "lena")
    moved = proposed_times.agree(work, company, made, asked)
    assert bookings.quote_of(work, moved) == agreed
    assert moved.quote_id == visit.quote_id
    work.now = moved.ends_at
    charge = bookings.complete(work, moved, asked, None)
    assert charge is not None
    assert charge.amount_minor == agreed.total.minor == 11000


def test_where_the_new_hours_cost_less_he_pays_less(work: Work, asked: Request) -> None:
    shifts = tuple(s.model_copy(update={"days": ("mon", "sat")}) for s in ANA.shifts)
    team = tuple(m.model_copy(update={"shifts": shifts}) if m.key == "ana" else m for m in PLAIN.team)
    company = PLAIN.model_copy(update={"team": team})
    visit = has_visit(work, company, asked, at(7, 10))
    assert bookings.quote_of(work, visit).total.minor == 13750
    slot = dispatching.best(work, company, visit, asked)
    assert slot is not None
    monday = dispatching.searching(work, company, visit, asked).at(at(9, 9))
    assert monday is not None
    made = proposed_times.propose(work, company, visit, asked, monday, "lena")
    moved = proposed_times.agree(work, company, made, asked)
    assert bookings.quote_of(work, moved).total.minor == 11000
    assert proposals.case_of(bookings.stored_quote(work, moved)).at == at(9, 9)  # type: ignore[union-attr]


def test_a_price_that_was_agreed_meanwhile_goes_with_the_appointment(work: Work, asked: Request) -> None:
    visit, made = proposed(work, asked)
    longer = quoting.revised(work, PLAIN.time_zone, visit, asked, Look(120))
    assert longer is not None
    quoting.agree(work, quoting.propose(work, visit, asked, longer, "ana"), asked)
    moved = agrees(work, made, asked)
    assert (moved.quote_id, bookings.quote_of(work, moved).minutes) == (visit.quote_id, 120)


def agrees(work: Work, made: ProposedTime, asked: Request) -> Booking:
    """The homeowner says yes, in a company like the sample."""
    return proposed_times.agree(work, PLAIN, made, asked)


def test_a_lower_price_that_would_take_from_the_plan_is_not_put_in_place_of_what_he_agreed_to(
    work: Work, asked: Request
) -> None:
    place = work.session.get(Home, asked.home_id)
    assert place is not None
    contract(work, place)  # one visit a year
    first = request(work, person(work, "Luigi"), place)
    taken = has_visit(work, PLAIN, first, at(4, 9))
    visit = has_visit(work, PLAIN, asked, at(4, 10))
    agreed = bookings.quote_of(work, visit)
    assert agreed.total.minor > 0
    bookings.cancel(work, taken, first)
    slot = dispatching.best(work, PLAIN, visit, asked)
    assert slot is not None
    moved = agrees(work, proposed_times.propose(work, PLAIN, visit, asked, slot, "lena"), asked)
    assert bookings.quote_of(work, moved) == agreed
    assert work.session.scalar(select(func.sum(Entry.quantity)).where(Entry.request_id == asked.id)) is None


def test_what_the_plan_pays_stays_put_aside_once(work: Work, asked: Request) -> None:
    place = work.session.get(Home, asked.home_id)
    assert place is not None
    contract(work, place)
    visit = has_visit(work, PLAIN, asked, at(4, 10))
    aside = work.session.scalar(select(func.sum(Entry.quantity)).where(Entry.request_id == asked.id))
    assert aside == -1
    slot = dispatching.best(work, PLAIN, visit, asked)
    assert slot is not None
    moved = proposed_times.agree(work, PLAIN, proposed_times.propose(work, PLAIN, visit, asked, slot, "lena"), asked)
    assert work.session.scalar(select(func.sum(Entry.quantity)).where(Entry.request_id == asked.id)) == -1
    work.now = moved.ends_at
    bookings.complete(work, moved, asked, None)
    assert work.session.scalar(select(func.sum(Entry.quantity)).where(Entry.request_id == asked.id)) == -1
    used = select(func.sum(Entry.quantity)).where(Entry.kind == "use")
    assert work.session.scalar(used) == -1


def test_the_best_time_is_the_same_day_as_near_as_can_be_else_the_next_one(work: Work, asked: Request) -> None:
    visit = has_visit(work, PLAIN, asked, at(4, 10))
    absence(work, PLAIN, "ana", at(4, 9), at(4, 12))
    same_day = dispatching.best(work, PLAIN, visit, asked)
    assert same_day is not None
    assert same_day.start == at(4, 14)
    absence(work, PLAIN, "ana", at(4, 9), at(5, 12))
    later = dispatching.best(work, PLAIN, visit, asked)
    assert later is not None
    assert later.start == at(5, 14)


def test_the_answer_is_never_awaited_until_the_visit_would_begin(work: Work, asked: Request) -> None:
    now = MONDAY
    assert proposed_times.answer_by(PLAIN, now, now + 5 * DAY, now + 6 * DAY) == now + DAY
    assert proposed_times.answer_by(PLAIN, now, now + timedelta(hours=5), now + DAY) == now + timedelta(hours=4)
    assert proposed_times.answer_by(PLAIN, now, now + 5 * DAY, now + timedelta(hours=3)) == now + timedelta(hours=2)
    assert proposed_times.answer_by(PLAIN, now, now + timedelta(minutes=40), now + DAY) == now + timedelta(minutes=20)


def proposed(work: Work, asked: Request, company: Company = PLAIN) -> tuple[Booking, ProposedTime]:
    """A visit on Wednesday at ten, and Thursday afternoon in its place."""
    visit = has_visit(work, company, asked, at(4, 10))
    slot = dispatching.searching(work, company, visit, asked).at(at(5, 14))
    assert slot is not None
    return visit, proposed_times.propose(work, company, visit, asked, slot, "lena")


def test_no_answer_is_a_task_and_a_late_yes_still_counts_while_the_time_is_free(work: Work, asked: Request) -> None:
    visit, made = proposed(work, asked)
    work.now = made.answer_by
    bookings.expire(work, work.session.get_one(Booking, made.held_id))
    proposed_times.unanswered(work, made)
    assert made.state is ProposalState.LAPSED
    assert [type(e).__name__ for e in work.events[-2:]] == ["HoldExpired", "TimeNotAgreed"]
    proposed_times.unanswered(work, made)  # the clock rings twice
    assert type(work.events[-1]).__name__ == "TimeNotAgreed"
    assert len([e for e in work.events if type(e).__name__ == "TimeNotAgreed"]) == 1
    moved = proposed_times.agree(work, PLAIN, made, asked, by="lena")
    assert (visit.state, moved.starts_at, made.answered_by) == (BookingState.MOVED, at(5, 14), "lena")


def test_a_late_yes_to_a_time_that_somebody_else_took_is_refused_and_the_old_one_stands(
    work: Work, asked: Request
) -> None:
    visit, made = proposed(work, asked)
    work.now = made.answer_by
    bookings.expire(work, work.session.get_one(Booking, made.held_id))
    faster = request(work, person(work, "Luigi"), work.session.get(Home, asked.home_id))
    has_visit(work, PLAIN, faster, at(5, 14))
    assert refusal_of(lambda: proposed_times.agree(work, PLAIN, made, asked)) == "SlotTaken"
    assert visit.state is BookingState.BOOKED


def test_who_has_chosen_himself_meanwhile_is_not_moved_again(work: Work, asked: Request) -> None:
    visit, made = proposed(work, asked)
    own = has_visit(work, PLAIN, asked, at(6, 9))
    assert visit.state is BookingState.MOVED
    assert refusal_of(lambda: proposed_times.agree(work, PLAIN, made, asked)) == "TooLateToMove"
    work.now = made.answer_by
    proposed_times.unanswered(work, made)
    assert (made.state, own.state) == (ProposalState.WITHDRAWN, BookingState.BOOKED)


def test_another_time_than_the_proposed_one_is_taken_at_the_same_price(work: Work, asked: Request) -> None:
    visit, made = proposed(work, asked)
    moved = proposed_times.choose(work, PLAIN, made, asked, at(6, 11))
    assert (moved.starts_at, moved.quote_id, visit.state) == (at(6, 11), visit.quote_id, BookingState.MOVED)
    assert made.held_id == moved.id
    assert len(busy(work)["ana"]) == 4  # the proposed one is free again
    assert refusal_of(lambda: proposed_times.choose(work, PLAIN, made, asked, at(6, 9))) == "TooLateToMove"


def entered(work: Work, who: str, start: datetime, end: datetime) -> CalendarEntry:
    """Somebody is away, as a dispatcher enters it."""
    return calendar.enter(work, PLAIN, Wish(EntryKind.AWAY, who, start, end), LENA)


def test_an_absence_that_is_taken_back_leaves_the_agreed_time_as_it_was(work: Work, asked: Request) -> None:
    visit = has_visit(work, PLAIN, asked, at(4, 10))
    flu = entered(work, "ana", at(4, 0), at(5, 0))
    assert arranging.arrange(work, PLAIN, flu, "lena").proposed == 1
    made = work.session.scalars(select(ProposedTime)).one()
    calendar.take_back(work, flu, LENA)
    assert arranging.let_stand(work, flu) == 1
    assert [type(e).__name__ for e in work.events[-3:]] == ["TimeWithdrawn", "HoldExpired", "TimeStands"]
    assert (made.state, visit.state) == (ProposalState.WITHDRAWN, BookingState.BOOKED)
    assert len(busy(work)["ana"]) == 4  # what was kept for his answer is free
    assert refusal_of(lambda: proposed_times.agree(work, PLAIN, made, asked)) == "TooLateToMove"
    work.now = made.answer_by
    proposed_times.unanswered(work, made)
    assert made.state is ProposalState.WITHDRAWN  # nobody is asked to call him


def test_it_is_still_asked_while_another_absence_is_in_the_way(work: Work, asked: Request) -> None:
    has_visit(work, PLAIN, asked, at(4, 10))
    entered(work, "ana", at(4, 9), at(4, 12))
    day = entered(work, "ana", at(4, 0), at(5, 0))
    arranging.arrange(work, PLAIN, day, "lena")
    calendar.take_back(work, day, LENA)
    assert arranging.let_stand(work, day) == 0
    assert work.session.scalars(select(ProposedTime)).one().state is ProposalState.ASKED


def test_what_a_dispatcher_had_asked_before_the_absence_is_asked_on(work: Work, asked: Request) -> None:
    _, made = proposed(work, asked)
    work.now += timedelta(minutes=1)
    day = entered(work, "ana", at(4, 0), at(5, 0))
    calendar.take_back(work, day, LENA)
    assert arranging.let_stand(work, day) == 0
    assert made.state is ProposalState.ASKED


def test_who_calls_off_what_we_wanted_to_move_owes_nothing(work: Work, asked: Request) -> None:
    visit = has_visit(work, PLAIN, asked, at(3, 9))
    assert leaving.fee_now(work, visit, asked) is not None
    slot = dispatching.best(work, PLAIN, visit, asked)
    assert slot is not None
    proposed_times.propose(work, PLAIN, visit, asked, slot, "lena")
    assert leaving.fee_now(work, visit, asked) is None


def test_an_absence_swaps_where_it_can_asks_where_it_must_and_does_so_once(work: Work, asked: Request) -> None:
    company = twins()
    first = has_visit(work, company, asked, at(4, 10))
    other = request(work, person(work, "Luigi"), work.session.get(Home, asked.home_id))
    absence(work, company, "tom", at(4, 11), at(4, 18))
    second = has_visit(work, company, other, at(4, 11), "ana")
    entry = absence(work, company, "ana", at(4, 0), at(5, 0))
    assert arranging.affected(work, entry) == [first, second]
    done = arranging.arrange(work, company, entry, "lena")
    assert (done.swapped, done.proposed, done.asked, done.without) == (1, 1, 0, 0)
    assert first.technician == "tom"
    (made,) = work.session.scalars(select(ProposedTime))
    assert made.booking_id == second.id
    assert work.session.get_one(Booking, made.held_id).starts_at == at(4, 9)  # Tom, who has the rest of the morning
    again = arranging.arrange(work, company, entry, "lena")
    assert (again.swapped, again.proposed, again.asked) == (0, 0, 1)


def test_what_is_only_held_in_an_absence_is_let_go(work: Work, asked: Request) -> None:
    visit, made = proposed(work, asked)
    entry = absence(work, PLAIN, "ana", at(5, 0), at(6, 0))
    assert arranging.affected(work, entry) == []
    arranging.let_holds_go(work, entry)
    assert work.session.get_one(Booking, made.held_id).state is BookingState.EXPIRED
    assert (made.state, visit.state) == (ProposalState.LAPSED, BookingState.BOOKED)
    assert refusal_of(lambda: proposed_times.agree(work, PLAIN, made, asked)) == "SlotTaken"


def some_visits(work: Work, company: Company, data: st.DataObject) -> Iterator[Request]:
    """A few visits of different homes, on two days."""
    for number in range(data.draw(st.integers(2, 5))):
        place = home(work, ref=f"P{work.session.scalar(select(func.count(Home.id)))}")
        place.region = "riviera"
        asked = request(
            work, person(work, f"N{number}"), place, data.draw(st.sampled_from([Area.LIGHTING, Area.SHADES]))
        )
        job = next(j for j in company.offered(asked.area) if j.work == "visit")
        slots = list(search_for(work, company, asked, job).slots(at(3, 8), at(4, 20)))
        if slots:
            slot = data.draw(st.sampled_from(slots))
            has_visit(work, company, asked, slot.start, slot.technician)
            yield asked


def swaps_some(work: Work, company: Company, asked: Request, data: st.DataObject) -> None:
    """Somebody at the desk may swap the technician of an appointment."""
    (stands,) = bookings.booked_for(work, asked)
    for swap in dispatching.swaps(work, company, stands, asked)[:1]:
        if data.draw(st.booleans()):
            arranging.swap(work, company, stands, asked, swap.people, "lena")


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_swap_and_no_proposal_ever_breaks_a_rule_of_the_search(work: Work, data: st.DataObject) -> None:
    """Whatever absences come and whoever is swapped: all that stands could be found by the search as it is now."""
    for table in (Attendance, Cell, ProposedTime, CalendarEntry):
        work.session.execute(delete(table))
    work.now, work.events = MONDAY, []
    company = twins().model_copy(update={"roads": Roads(otherwise=data.draw(st.sampled_from([0, 30, 60])))})
    live = list(some_visits(work, company, data))
    who, day = data.draw(st.sampled_from(["ana", "tom", "ines"])), data.draw(st.sampled_from([3, 4]))
    entry = absence(work, company, who, at(day, 0), at(day + 1, 0))
    arranging.arrange(work, company, entry, "lena")
    for made in work.session.scalars(select(ProposedTime)).all():
        if data.draw(st.booleans()):
            proposed_times.agree(work, company, made, work.session.get_one(Request, made.request_id))
    for asked in live:
        swaps_some(work, company, asked, data)
    waiting = select(ProposedTime.booking_id).where(ProposedTime.state == ProposalState.ASKED)
    unanswered = set(work.session.scalars(waiting))
    for asked in live:
        (stands,) = bookings.booked_for(work, asked)
        if stands.id not in unanswered:  # who has not answered yet still has his old time
            people = occupancy.people_of(work, stands.id)
            assert dispatching.searching(work, company, stands, asked).keeps(people, stands.starts_at)
            assert stands not in arranging.affected(work, entry)


def test_a_technician_enters_his_own_absence_and_nothing_else(work: Work) -> None:
    def enters(kind: EntryKind, who: str | None, by: str) -> str | None:
        wish = Wish(kind, who, at(4, 9), at(4, 12))
        return refusal_of(lambda: calendar.enter(work, PLAIN, wish, PLAIN.member(by)))

    assert enters(EntryKind.AWAY, "ana", "ana") is None
    assert enters(EntryKind.AWAY, "tom", "ana") == "NotYourCalendar"
    assert enters(EntryKind.EXTRA, "ana", "ana") == "NotYourCalendar"
    assert enters(EntryKind.CLOSED, None, "ana") == "NotYourCalendar"
    assert enters(EntryKind.EXTRA, "ana", "lena") is None
    assert enters(EntryKind.CLOSED, None, "marc") is None


def test_what_makes_no_sense_cannot_be_entered(work: Work) -> None:
    def enters(first: datetime, until: datetime) -> str | None:
        return refusal_of(lambda: absence(work, PLAIN, "ana", first, until))

    assert enters(at(4, 12), at(4, 12)) == "EndsTooEarly"
    assert enters(at(1, 9), at(1, 12)) == "OverAlready"
    assert enters(at(4, 9), at(4, 9) + timedelta(days=367)) == "TooLong"


def test_an_extra_shift_and_a_closing_day_hold_at_once(work: Work, asked: Request) -> None:
    job = next(j for j in PLAIN.offered(asked.area) if j.work == "visit")

    def offered(start: datetime) -> bool:
        return search_for(work, PLAIN, asked, job).at(start) is not None

    assert (offered(at(8, 10)), offered(at(4, 10))) == (False, True)  # a Sunday, a Wednesday
    calendar.enter(work, PLAIN, Wish(EntryKind.EXTRA, "ana", at(8, 10), at(8, 11, 10)), LENA)
    closed = calendar.stretch(date(2026, 3, 4), date(2026, 3, 4), (None, None), "Europe/Paris")
    calendar.enter(work, PLAIN, Wish(EntryKind.CLOSED, None, *closed), LENA)
    assert (offered(at(8, 10)), offered(at(8, 10, 15)), offered(at(4, 10))) == (True, False, False)


def test_days_and_times_are_those_of_his_wall(work: Work) -> None:
    whole = calendar.stretch(date(2026, 3, 29), date(2026, 3, 29), (None, None), "Europe/Paris")
    assert whole[1].timestamp() - whole[0].timestamp() == 23 * 3600  # the clocks go forward
    there = calendar.stretch(date(2026, 3, 4), date(2026, 3, 5), (time(9), time(12, 30)), "Atlantic/Canary")
    assert [moment.isoformat() for moment in there] == ["2026-03-04T09:00:00+00:00", "2026-03-05T12:30:00+00:00"]


def test_what_is_taken_back_does_not_hold_and_stays_written_down(work: Work) -> None:
    entry = absence(work, PLAIN, "ana", at(4, 0), at(5, 0))
    assert calendar.entries(work).away == {"ana": (entry.span,)}
    assert refusal_of(lambda: calendar.take_back(work, entry, TOM)) == "NotYourCalendar"
    calendar.take_back(work, entry, ANA)
    assert calendar.entries(work).away == {}
    assert (entry.entered_by, entry.removed_by, entry.removed_at) == ("lena", "ana", work.now)
    assert refusal_of(lambda: calendar.take_back(work, entry, ANA)) == "TakenBackAlready"
    assert calendar.ahead(work) == []
