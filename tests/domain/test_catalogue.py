"""A device is found in the catalogue however it is written, and a version is compared as its maker counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.catalogue import Effort, Known, find, older

EFFORT = Effort(minutes=60)


def known(model: str, brand: str = "Netarco") -> Known:
    return Known(brand=brand, model=model, upgrade=EFFORT)


ALL = (known("Air*"), known("*"), known("Air 6"), known("Air 6 *"), known("Air 6", "Sonavera"))


@pytest.mark.parametrize(
    ("brand", "model", "found"),
    [
        ("Netarco", "Air 6", "Air 6"),
        (" netarco ", "AIR  6", "Air 6"),
        ("Netarco", "Air 6 Pro", "Air 6 *"),
        ("Netarco", "Air 60", "Air*"),
        ("Netarco", "Core 10", "*"),
        ("Sonavera", "Air 60", None),
        ("Velamar", "Duo 40", None),
    ],
)
def test_the_exact_model_goes_first_then_the_longest_beginning(brand: str, model: str, found: str | None) -> None:
    one = find(ALL, brand, model)
    assert (one.model if one else None) == found
    assert find(reversed(ALL), brand, model) == one


@pytest.mark.parametrize(
    ("version", "newest", "is_older"),
    [
        ("6.4.1", "6.4.2", True),
        ("6.9", "6.10", True),
        ("6.10", "6.9", False),
        ("6.4", "6.4.0", False),
        ("6.4.0", "6.4", False),
        ("v6.4.1-build7", "6.4.2", True),
        ("unknown", "6.4.2", False),
        ("", "1", False),
        ("5", "5.0.1", True),
    ],
)
def test_versions_are_compared_number_by_number(version: str, newest: str, *, is_older: bool) -> None:
    assert older(version, newest) is is_older


@given(*[st.lists(st.integers(0, 30), min_size=1, max_size=4)] * 2)
def test_of_two_versions_at_most_one_is_older(one: list[int], other: list[int]) -> None:
    a, b = (".".join(map(str, numbers)) for numbers in (one, other))
    padded = [numbers + [0] * (4 - len(numbers)) for numbers in (one, other)]
    assert older(a, b) is (padded[0] < padded[1])
    assert not (older(a, b) and older(b, a))
