"""How sure a figure is: the same as an independent computation finds, and known cases by hand."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from domain.statistics import Change, Estimate, mean, moved, net_promoters, quantile, share, share_moved

scores = st.lists(st.integers(1, 5), min_size=1, max_size=400)


@given(st.integers(1, 2_000_000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_a_share_is_as_sure_as_scipy_says(given_: tuple[int, int]) -> None:
    hits, of = given_
    found, other = share(hits, of), stats.binomtest(hits, of).proportion_ci(0.95, "wilson")
    assert found is not None
    assert math.isclose(found.low, other.low, abs_tol=1e-12)
    assert math.isclose(found.high, other.high, abs_tol=1e-12)
    assert 0 <= found.low <= found.value <= found.high <= 1


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"), [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662)]
)
def test_known_shares(hits: int, of: int, low: float, high: float) -> None:
    """The last one is an example of Newcombe's paper of 1998."""
    found = share(hits, of)
    assert found is not None
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_the_change_of_a_share_as_newcombe_printed_it() -> None:
    """56 of 70 against 48 of 80: 0.2, from 0.0524 to 0.3339 (method 10)."""
    found = share_moved((48, 80), (56, 70))
    assert found is not None
    assert (round(found.by, 4), round(found.low, 4), round(found.high, 4)) == (0.2, 0.0524, 0.3339)
    assert found.real
    assert share_moved((0, 0), (1, 2)) is None


@given(scores)
def test_a_mean_lies_within_its_interval_and_both_within_the_scale(given_: list[int]) -> None:
    found = mean(Counter(given_))
    assert found is not None
    assert math.isclose(found.value, float(np.mean(given_)))
    assert min(given_) <= found.low <= found.value + 1e-9
    assert found.value - 1e-9 <= found.high <= max(given_)
    assert mean(Counter(given_)) == found, "the same answers, the same interval"


@pytest.mark.parametrize("seed", range(8))
def test_the_mean_is_as_sure_as_scipys_bootstrap_finds(seed: int) -> None:
    dice = np.random.default_rng(seed)
    given_ = dice.choice([1, 2, 3, 4, 5], size=int(dice.integers(30, 300)), p=[0.05, 0.1, 0.15, 0.3, 0.4])
    found = mean(Counter(given_.tolist()))
    other = stats.bootstrap((given_,), np.mean, method="percentile", n_resamples=9999, rng=seed).confidence_interval
    assert found is not None
    width = other.high - other.low
    assert abs(found.low - other.low) < 0.06 * width
    assert abs(found.high - other.high) < 0.06 * width


def test_the_interval_holds_as_often_as_it_says() -> None:
    """Of a thousand surveys of the same people about 95 in a hundred have the truth between their bounds."""
    dice, chances = np.random.default_rng(7), [0.05, 0.1, 0.15, 0.3, 0.4]
    truth = sum(score * chance for score, chance in zip(range(1, 6), chances, strict=True))
    held = 0
    for _ in range(300):
        found = mean(Counter(dice.choice([1, 2, 3, 4, 5], size=120, p=chances).tolist()))
        assert found is not None
        held += found.low <= truth <= found.high
    assert 270 <= held <= 297


def test_net_promoters_by_hand() -> None:
    found = net_promoters({10: 30, 9: 20, 8: 10, 7: 10, 6: 10, 0: 20})
    assert found is not None
    assert (round(found.value, 6), found.of) == (20.0, 100)
    assert found.low < 20 < found.high
    # The variance of −1, 0 and 1 by hand: (0.5 + 0.3 − 0.2²) / 100.
    half = 1.96 * math.sqrt((0.8 - 0.04) / 100) * 100
    assert abs((found.high - found.low) / 2 - half) < 1.5
    with pytest.raises(ValueError, match="0 to 10"):
        net_promoters({11: 1})
    assert net_promoters({}) is None


def test_a_change_is_called_real_only_when_chance_does_not_explain_it() -> None:
    few, many = {3: 5, 5: 5}, {3: 500, 5: 500}
    assert _change({4: 10}, few) is False
    assert _change({5: 1000}, many) is True
    assert moved({}, many) is None


def _change(before: dict[int, int], now: dict[int, int]) -> bool:
    found = moved(before, now)
    assert isinstance(found, Change)
    return found.real


@pytest.mark.slow
def test_of_surveys_in_which_nothing_changed_few_are_called_a_change() -> None:
    dice, chances, called = np.random.default_rng(11), [0.05, 0.1, 0.15, 0.3, 0.4], 0
    for _ in range(300):
        before, now = (Counter(dice.choice([1, 2, 3, 4, 5], size=80, p=chances).tolist()) for _ in range(2))
        called += _change(before, now)
    assert called <= 30


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=60), st.floats(0, 1))
def test_a_quantile_is_numpys(series: list[float], part: float) -> None:
    ordered = sorted(series)
    found = quantile(ordered, part)
    assert found is not None
    assert math.isclose(found, float(np.quantile(ordered, part)), rel_tol=1e-9, abs_tol=1e-9)
    assert quantile([], 0.5) is None


def test_what_is_no_share_is_said() -> None:
    for hits, of in ((3, 2), (-1, 2)):
        with pytest.raises(ValueError, match="no share"):
            share(hits, of)
    assert share(0, 0) is None
    with pytest.raises(ValueError, match="negative"):
        mean({3: -1})
    with pytest.raises(ValueError, match="no part"):
        quantile([1.0], 2)


def test_two_figures_differ_when_their_bounds_have_nothing_in_common() -> None:
    assert Estimate(0.2, 0.1, 0.3, 50).apart(Estimate(0.5, 0.4, 0.6, 50))
    assert not Estimate(0.2, 0.1, 0.45, 50).apart(Estimate(0.5, 0.4, 0.6, 50))
