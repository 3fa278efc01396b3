"""Money: whole minor units, exact, never two currencies at once."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.money import Money

CURRENCIES = {"EUR": 2, "JPY": 0, "KWD": 3, "GBP": 2, "CHF": 2}
minors = st.integers(-(10**12), 10**12)
currencies = st.sampled_from(sorted(CURRENCIES))


@given(minors, currencies)
def test_an_amount_survives_the_way_to_major_units_and_back(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert Money.of(money.amount, currency) == money
    assert money.amount == Decimal(minor) / 10 ** CURRENCIES[currency]


@given(minors, minors, minors, currencies)
def test_adding_and_taking_away_are_exact(a: int, b: int, c: int, currency: str) -> None:
    x, y, z = (Money(n, currency) for n in (a, b, c))
    assert (x + y) + z == x + (y + z)
    assert x + y == y + x
    assert (x + y) - y == x
    assert bool(x) is (a != 0)


@given(minors, st.integers(0, 400), currencies)
def test_so_many_quarter_hours_of_an_hourly_price_are_rounded_half_up(minor: int, quarters: int, currency: str) -> None:
    exact = Decimal(minor) * quarters / 4
    assert Money(minor, currency).times(Decimal(quarters) / 4).minor == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@given(st.decimals(-(10**9), 10**9, places=6), currencies)
def test_what_has_too_many_digits_is_rounded_to_the_currencys(amount: Decimal, currency: str) -> None:
    assert abs(Money.of(amount, currency).amount - amount) <= Decimal(1).scaleb(-CURRENCIES[currency]) / 2


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("12.345", "EUR", 1235),  # half up, away from zero
        ("-12.345", "EUR", -1235),
        ("12.344", "EUR", 1234),
        (80, "JPY", 80),  # no digits
        ("1.2345", "KWD", 1235),  # three digits
    ],
)
def test_examples_a_book_keeper_would_check(amount: str, currency: str, minor: int) -> None:
    assert Money.of(amount, currency) == Money(minor, currency)


def test_two_currencies_do_not_mix() -> None:
    for mix in (lambda a, b: a + b, lambda a, b: a - b):
        with pytest.raises(ValueError, match="EUR and JPY"):
            mix(Money(1, "EUR"), Money(1, "JPY"))
