"""Choosing: of several who could come, whom the company sends, and what is said about why."""

import random
from itertools import permutations

import pytest

from domain.cases import Crew
from domain.choosing import Candidate, Why, chosen
from domain.need import comes_as
from domain.roads import Base, Pair, Place, Roads
from domain.team import BookingRules
from tests.domain.slot_ground import at, company, need, offered, searching, somebody, visit

HERE = Place("1", None, 1)
USUAL = ("skills", "travel", "knows", "load")
ROADS = Roads(
    zones=(Pair(start="1", end="2", minutes=15), Pair(start="1", end="3", minutes=40)), within=5, otherwise=60
)
# Each has something that speaks for him.
TEAM = (
    somebody("ben"),
    somebody("ana", brands=("Lutron",), base=Base(zone="3")),
    somebody("cleo", base=Base(zone="2")),
    somebody("dora", base=Base(zone="3")),
    somebody("emil", base=Base(zone="3")),
)
BUSY = tuple(visit(who, 6, 7.5) for who in ("ben", "ana", "cleo", "dora"))  # that morning, from afar


def comes(*prefer: str, **wish: object) -> str:
    """Who comes to a home where Dora has been, to look at a device of Lutron's."""
    given = company(*TEAM[1:], roads=ROADS, booking=BookingRules(prefer=prefer))
    wanted = need(place=HERE, brand="Lutron", known=frozenset({"dora"}), **wish)
    slot = searching(given, wanted, *BUSY).at(at(12))
    assert slot is not None
    return slot.technician


@pytest.mark.parametrize(
    ("prefer", "who"),
    [
        (USUAL, "ana"),
        (("travel", "skills"), "cleo"),
        (("knows", "load"), "dora"),
        (("load", "knows"), "emil"),
        ((), "ana"),  # of equals the first in the company file
    ],
)
def test_the_company_says_what_counts_first(prefer: tuple[str, ...], who: str) -> None:
    assert comes(*prefer) == who


def test_where_the_first_is_equal_the_next_decides() -> None:
    given = company(somebody("ana"), somebody("ben"), somebody("cleo"), booking=BookingRules(prefer=USUAL))
    day = (visit("ana", 8, 9), visit("cleo", 8, 10))
    slot = searching(given, need(), *day).at(at(12))
    assert slot is not None
    assert slot.technician == "ben"


def test_who_comes_already_comes_also_when_it_is_moved() -> None:
    assert comes(*USUAL, same=frozenset({"emil"})) == "emil"
    assert comes(*USUAL, same=frozenset({"nobody"})) == "ana"


def test_when_who_came_cannot_another_comes() -> None:
    given = company(somebody("ana"), somebody("ben"))
    found = dict(offered(searching(given, need(same=frozenset({"ben"})), visit("ben", 8, 10)), 8, 11))
    assert (found["08:00"], found["10:00"]) == (("ana",), ("ben",))


def test_what_spoke_for_him_is_said() -> None:
    given = company(*TEAM, roads=ROADS)
    search = searching(given, need(place=HERE, brand="LUTRON", known=frozenset({"ana"})), visit("ben", 1, 8), *BUSY[1:])
    slot = search.at(at(12))
    assert slot is not None
    assert (slot.technician, slot.why) == ("ben", Why(skilled=False, road=0, knows=False, load=420))
    ana = searching(company(TEAM[1], roads=ROADS), search.need, BUSY[1]).at(at(12))
    assert ana is not None
    assert ana.why == Why(skilled=True, road=80, knows=True, load=90)


def test_of_a_crew_each_place_goes_to_the_best_who_can_fill_it() -> None:
    given = company(
        somebody("ana", grades=("technician",)),
        somebody("ben", grades=("technician", "programmer")),
        somebody("cleo", grades=("programmer",)),
        booking=BookingRules(prefer=("knows",)),
    )
    for known, people in (("cleo", ("ana", "cleo")), ("ben", ("ana", "ben"))):
        wish = need(crew=(Crew("technician"), Crew("programmer")), known=frozenset({known, "ana"}))
        slot = searching(given, wish).at(at(12))
        assert slot is not None
        assert slot.people == people


def test_whoever_can_do_two_things_makes_room_for_who_can_do_one() -> None:
    """Ben would be the best technician, but nobody else is a programmer."""
    team = (somebody("ben"), somebody("ana", grades=("technician",)))
    slot = searching(company(*team), need(crew=(Crew("technician"), Crew("programmer")))).at(at(12))
    assert slot is not None
    assert slot.people == ("ana", "ben")


def test_a_crew_is_found_wherever_trying_everything_finds_one() -> None:
    dice = random.Random(20261123)
    for _ in range(400):
        grades = ("technician", "programmer", "junior")
        team = [
            somebody(f"t{n}", grades=tuple(dice.sample(grades, dice.randint(0, 2)))) for n in range(dice.randint(1, 5))
        ]
        crew = [Crew(grade, dice.randint(1, 2)) for grade in dice.sample(grades, dice.randint(1, 3))]
        places = [part.grade for part in crew for _ in range(part.count)]
        pool = [Candidate(member, Why(False, dice.randint(0, 9), False, 0), n) for n, member in enumerate(team)]
        found = chosen(company(*team), crew, pool, comes_as)
        teams = permutations(team, len(places))
        assert bool(found) == any(all(map(comes_as, some, places)) for some in teams)
        if found:
            assert all(comes_as(who.member, grade) for who, grade in zip(found, places, strict=True))
            assert len({who.member.key for who in found}) == len(places)
