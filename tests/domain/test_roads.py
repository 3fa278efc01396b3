"""Roads: how long a way takes, by what the company declares of it."""

import random

import pytest
from pydantic import ValidationError

from domain.roads import Band, Base, Pair, Place, Roads, straight_km
from tests.domain.slot_oracle import road, straight
from tests.domain.slot_worlds import world

NICE, CANNES, LYON = (43.70, 7.27), (43.55, 7.01), (45.76, 4.84)
A, B, NOWHERE = Place("a", NICE), Place("b", CANNES), Place(None, None)


def test_the_zones_say_how_long_it_takes_both_ways() -> None:
    roads = Roads(zones=(Pair(start="a", end="b", minutes=35),))
    assert (roads.minutes(A, B), roads.minutes(B, A)) == (35, 35)


def test_the_way_back_may_have_an_entry_of_its_own() -> None:
    roads = Roads(zones=(Pair(start="b", end="a", minutes=50), Pair(start="a", end="b", minutes=35)))
    assert (roads.minutes(A, B), roads.minutes(B, A)) == (35, 50)


def test_inside_a_zone_it_takes_what_is_said_for_it_else_it_is_measured() -> None:
    near = Place("a", CANNES)
    assert Roads(within=12).minutes(A, near) == 12
    assert Roads(zones=(Pair(start="a", end="a", minutes=8),)).minutes(A, near) == 8
    assert Roads(km_per_hour=60, factor=1).minutes(A, near) == 27  # 26.7 km


def test_without_an_entry_for_the_zones_the_distance_counts_first_by_bands_then_by_speed() -> None:
    roads = Roads(bands=(Band(up_to_km=10, minutes=20), Band(up_to_km=40, minutes=45)), km_per_hour=60, factor=1.3)
    assert roads.minutes(A, B) == 45  # 34.8 km of road
    assert roads.minutes(A, Place("c", NICE)) == 20
    far = straight_km(NICE, LYON) * 1.3
    assert far - 1 < roads.minutes(A, Place("c", LYON)) - 1 < far
    assert Roads(factor=2, bands=(Band(up_to_km=40, minutes=45),), km_per_hour=100).minutes(A, B) == 33  # 53.5 km


def test_of_what_is_nowhere_a_round_number_is_said() -> None:
    roads = Roads(otherwise=55, zones=(Pair(start="a", end="b", minutes=35),))
    assert [roads.minutes(*way) for way in ((A, NOWHERE), (NOWHERE, A), (NOWHERE, NOWHERE))] == [55, 55, 55]
    assert roads.minutes(Place("c"), A) == 55


def test_from_a_home_to_the_same_home_there_is_no_way() -> None:
    roads = Roads(within=20, otherwise=55)
    assert roads.minutes(Place("a", None, 7), Place("a", None, 7)) == 0
    assert roads.minutes(Place("a", None, 7), Place("a", None, 8)) == 20
    assert roads.minutes(NOWHERE, NOWHERE) == 55  # two homes nobody knows are not one


def test_a_base_may_be_a_zone_or_a_point() -> None:
    assert Base(zone=2).place == Place("2")
    assert Base(at=NICE).place == Place(None, NICE)


def test_bands_that_do_not_rise_are_refused() -> None:
    with pytest.raises(ValidationError, match="the bands do not rise"):
        Roads(bands=(Band(up_to_km=40, minutes=45), Band(up_to_km=10, minutes=20)))


def test_a_band_reaches_up_to_its_last_metre_and_two_do_not_end_at_the_same() -> None:
    far = straight_km(NICE, LYON)
    roads = Roads(factor=1, bands=(Band(up_to_km=far, minutes=45),), km_per_hour=10)
    assert roads.minutes(Place(None, NICE), Place(None, LYON)) == 45
    with pytest.raises(ValidationError, match="the bands do not rise"):
        Roads(bands=(Band(up_to_km=40, minutes=45), Band(up_to_km=40, minutes=50)))


def test_a_way_of_so_many_minutes_is_not_one_longer() -> None:
    far = straight_km(NICE, LYON)
    for minutes in range(120, 600):
        roads = Roads(factor=1, km_per_hour=far * 60 / minutes)
        assert roads.minutes(Place(None, NICE), Place(None, LYON)) == minutes


def test_the_other_side_of_the_globe_is_somewhere() -> None:
    one, other = (-16.81199803224885, 23.017772076822098), (16.81199803224885, -156.9822279231779)
    assert straight_km(one, other) == pytest.approx(20_015, abs=1)


def test_two_ways_of_measuring_the_globe_agree() -> None:
    dice = random.Random(20261123)
    for _ in range(300):
        one, other = ((dice.uniform(-85, 85), dice.uniform(-180, 180)) for _ in range(2))
        assert straight_km(one, other) == pytest.approx(straight(one, other), abs=0.01)


@pytest.mark.parametrize("number", range(70_000, 70_010))
def test_every_way_of_a_company_is_as_somebody_reads_it(number: int) -> None:
    given = world(number).company
    places = [
        Place(zone, at, home) for zone in (None, "1", "2", "9") for at in (None, NICE, LYON) for home in (None, 1)
    ]
    for start in places:
        for end in places:
            assert given.roads.minutes(start, end) == road(given, start, end)
