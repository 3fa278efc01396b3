"""What a burst of like requests is: nobody's order of arrival matters, a home counts once, and too few are none."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.areas import Area
from domain.storm_rules import FORGOTTEN, Burst, Likeness, Report, StormRules, burst, joins, likenesses
from tests.domain.ground import MONDAY

RULES = StormRules(homes=3)
NETWORK = Area.NETWORK


def report(
    number: int, home: int | None = None, brand: str | None = None, region: str | None = None, ago: int = 0,
    area: Area = NETWORK,
) -> Report:  # fmt: skip
    return Report(number, home if home is not None else number, MONDAY - timedelta(minutes=ago), area, brand, region)


def found(reports: Sequence[Report], rules: StormRules = RULES) -> Burst | None:
    return burst(reports, rules, MONDAY)


reports = st.lists(
    st.builds(
        report,
        st.integers(1, 40),
        st.integers(1, 12),
        st.sampled_from([None, "Netarco", "netarco ", "Vigilo"]),
        st.sampled_from([None, "riviera", "lyon"]),
        st.integers(0, 200),
    ),
    max_size=20,
    unique_by=lambda r: r.request,
)


@given(reports, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(some: list[Report], chance: object) -> None:
    shuffled = list(some)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert found(shuffled) == found(some)


@given(reports)
def test_whatever_is_found_is_alike_lately_and_of_enough_homes(some: list[Report]) -> None:
    storm = found(some)
    lately = [r for r in some if r.at >= MONDAY - RULES.window]
    if storm is None:
        for one in lately:
            for like in likenesses(one):
                assert len({r.home for r in lately if like.holds(r)}) < like.takes(RULES)
        return
    members = [r for r in lately if storm.likeness.holds(r)]
    assert sorted(storm.requests) == sorted(r.request for r in members)
    assert storm.homes == len({r.home for r in members}) >= storm.likeness.takes(RULES)


@given(reports, st.integers(1, 12))
def test_a_home_counts_once_however_often_it_writes(some: list[Report], home: int) -> None:
    again = [report(100 + n, home, "Netarco", "riviera") for n in range(20)]
    only = found([*(r for r in some if r.home == home), *again])
    assert only is None


@given(reports)
def test_one_more_of_the_same_is_one_of_them(some: list[Report]) -> None:
    storm = found(some)
    if storm is not None:
        like = storm.likeness
        more = found([*some, report(99, 99, like.brand, like.region)])
        assert more is not None
        assert 99 in more.requests
        assert joins(like, MONDAY, report(99, 99, like.brand, like.region))


def test_the_narrowest_that_explains_most_is_what_is_alike() -> None:
    riviera = [report(n, brand="Netarco", region="riviera") for n in range(1, 5)]
    storm = found(riviera)
    assert storm is not None
    assert storm.likeness == Likeness(NETWORK, "Netarco", "riviera")
    storm = found([*riviera, *(report(n, brand="Netarco", region="lyon") for n in range(5, 8))])
    assert storm is not None
    assert storm.likeness == Likeness(NETWORK, "Netarco"), "half of them live elsewhere"
    storm = found([*riviera, report(9, brand="Netarco", region="lyon")])
    assert storm is not None
    assert storm.likeness == Likeness(NETWORK, "Netarco", "riviera"), "one elsewhere is a coincidence"


def test_without_brand_and_region_it_takes_twice_as_many_homes() -> None:
    assert found([report(n) for n in range(1, 6)]) is None
    storm = found([report(n) for n in range(1, 7)])
    assert storm is not None
    assert storm.likeness == Likeness(NETWORK)


def test_a_brand_is_the_same_however_it_is_written() -> None:
    storm = found([report(1, brand="Netarco"), report(2, brand="NETARCO"), report(3, brand=" netarco ")])
    assert storm is not None
    assert storm.homes == 3


def test_what_is_about_nothing_in_particular_is_no_storm() -> None:
    assert found([report(n, region="riviera", area=Area.OTHER) for n in range(1, 9)]) is None


@pytest.mark.parametrize(("ago", "counts"), [(120, True), (121, False)])
def test_what_came_too_long_ago_does_not_count(ago: int, counts: bool) -> None:
    some = [report(1, region="lyon"), report(2, region="lyon"), report(3, region="lyon", ago=ago)]
    assert (found(some) is not None) is counts


def test_a_day_after_the_last_one_nobody_joins_by_himself() -> None:
    like, last = Likeness(NETWORK, region="lyon"), MONDAY - FORGOTTEN
    assert joins(like, last, report(1, region="lyon"))
    assert not joins(like, last - timedelta(minutes=1), report(1, region="lyon"))
    assert not joins(like, MONDAY, report(1, region="riviera"))
    assert not joins(like, MONDAY, report(1, region="lyon", area=Area.POWER))
