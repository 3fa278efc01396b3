"""Reach: whether somebody can come in time, and how far out of his way it is. All times are quarter hours."""

from domain.reach import Appointment, reachable
from domain.roads import Base, Pair, Place, Roads
from domain.rota import Span
from tests.domain.slot_ground import somebody

A, B, C = (Place(zone, None, home) for home, zone in enumerate("abc"))
ROADS = Roads(
    zones=(
        Pair(start="a", end="b", minutes=30),
        Pair(start="b", end="c", minutes=45),
        Pair(start="a", end="c", minutes=60),
    )
)
ANA = somebody(base=Base(zone="a"))
NO_BASE = somebody("ben")


def at_a(first: int, until: int) -> Appointment:
    return Appointment(first, until, A)


def afar(first: int, until: int) -> Appointment:
    return Appointment(first, until)


def reach(place: Place | None, first: int, until: int, *around: Appointment, tour: Span | None = None) -> int | None:
    return reachable(ROADS, ANA, place, Span(first, until), around, tour)


def test_who_comes_from_another_visit_needs_the_time_for_the_way() -> None:
    assert reach(B, 12, 16, at_a(6, 10)) is not None
    assert reach(B, 11, 16, at_a(6, 10)) is None
    assert reach(A, 10, 16, at_a(6, 10)) == 0


def test_who_goes_on_to_another_visit_needs_the_time_too() -> None:
    assert reach(C, 4, 6, at_a(10, 12)) is not None
    assert reach(C, 4, 7, at_a(10, 12)) is None


def test_what_he_does_from_afar_in_between_takes_time_in_which_he_does_not_drive() -> None:
    assert reach(B, 14, 16, at_a(6, 10), afar(11, 13)) is not None
    assert reach(B, 13, 16, at_a(6, 10), afar(11, 13)) is None
    assert reach(C, 2, 4, afar(5, 7), at_a(10, 12)) is not None
    assert reach(C, 2, 4, afar(5, 8), at_a(10, 12)) is None


def test_only_the_next_visits_count() -> None:
    day = (Appointment(0, 4, C), at_a(9, 10), at_a(14, 15), Appointment(15, 16, C))
    assert reach(A, 10, 14, *day) == 0


def test_help_from_afar_leaves_time_for_the_way_between_the_visits_around_it() -> None:
    day = (Appointment(0, 4, B), at_a(10, 12))
    assert reach(None, 5, 9, *day) == 0
    assert reach(None, 5, 10, *day) is None
    assert reach(None, 4, 5, day[0], afar(5, 8), day[1]) == 0
    assert reach(None, 4, 5, day[0], afar(5, 9), day[1]) is None
    assert reach(None, 4, 10, day[0]) == 0  # nothing after it: he may stay


def test_out_from_the_base_and_home_to_it_is_driven_within_his_hours_where_that_is_so() -> None:
    tour = Span(8, 40)
    assert reach(C, 12, 36, tour=tour) == 120
    assert reach(C, 11, 36, tour=tour) is None
    assert reach(C, 12, 37, tour=tour) is None
    assert reach(C, 11, 37) == 120
    assert reachable(ROADS, NO_BASE, C, Span(8, 40), (), tour) == 0  # nobody knows where he sets out


def test_only_the_first_visit_of_a_tour_is_reached_from_the_base_and_only_the_last_leads_home() -> None:
    tour, first, last = Span(8, 40), Appointment(12, 14, C), Appointment(34, 36, C)
    assert reach(C, 14, 16, first, tour=tour) == 0
    assert reach(C, 32, 34, last, tour=tour) == 0
    yesterday = Appointment(0, 7, C)
    assert reach(C, 11, 14, yesterday, tour=tour) is None


def test_help_from_afar_before_the_first_visit_and_after_the_last_leaves_time_for_the_way() -> None:
    tour, visit = Span(8, 40), Appointment(16, 20, C)
    assert reach(None, 8, 12, visit, tour=tour) == 0
    assert reach(None, 8, 13, visit, tour=tour) is None
    assert reach(None, 8, 10, afar(10, 13), visit, tour=tour) is None
    assert reach(None, 20, 36, visit, tour=tour) == 0
    assert reach(None, 20, 37, visit, tour=tour) is None
    assert reach(None, 8, 40, tour=tour) == 0


def test_a_visit_before_which_he_helps_from_afar_is_reached_in_time() -> None:
    tour = Span(8, 40)
    assert reach(C, 14, 20, afar(9, 11), tour=tour) is not None
    assert reach(C, 13, 20, afar(9, 11), tour=tour) is None


def test_the_minutes_on_the_road_are_those_that_it_adds_to_his_day() -> None:
    assert reach(B, 20, 24) == 60  # from the base and back
    assert reach(B, 20, 24, at_a(14, 16)) == 30 + 30 - 30  # instead of home from there
    assert reach(C, 20, 24, Appointment(14, 16, B), Appointment(28, 30, B)) == 90
    assert reach(B, 20, 24, at_a(14, 16), Appointment(30, 32, C)) == 30 + 45 - 60
    assert reach(B, 60, 64, Appointment(0, 4, C), Appointment(99, 100, C)) == 60  # he went home in between
