"""Statistics: how sure a figure is. Pure; every figure comes with its interval and the number of answers behind it.

Answers are counted before they come here (how many gave which score), so a million of them cost no more than ten.
"""

import math
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

import msgspec

CONFIDENCE = 0.95
Z = 1.959963984540054  # of a normal distribution, at that confidence
RESAMPLES = 4000
SEED = 20260101  # the same answers give the same interval, whoever asks

Counts = Mapping[int, int]


class Estimate(msgspec.Struct, frozen=True):
    """A figure, between which bounds the truth lies (95 %), and from how many answers."""

    value: float
    low: float
    high: float
    of: int

    def apart(self, other: "Estimate") -> bool:
        """Whether both intervals have nothing in common: a cautious way to say that they differ."""
        return self.high < other.low or other.high < self.low


class Change(msgspec.Struct, frozen=True):
    """How a figure moved between two times; `real`: by more than chance alone would explain (95 %)."""

    by: float
    low: float
    high: float

    @property
    def real(self) -> bool:
        """Whether no change at all is out of the question."""
        return self.low > 0 or self.high < 0


def share(hits: int, of: int) -> Estimate | None:
    """So many of so many, with Wilson's interval (E. B. Wilson, 1927): it holds for few answers and for 0 or all, too.

    None of nothing.
    """
    if not 0 <= hits <= of:
        raise ValueError(f"{hits} of {of} is no share")
    if not of:
        return None
    p, z2 = hits / of, Z * Z
    middle = (p + z2 / (2 * of)) / (1 + z2 / of)
    half = Z / (1 + z2 / of) * math.sqrt(p * (1 - p) / of + z2 / (4 * of * of))
    # At the ends the bound is exact; a rounding error would make it 0.0000…1 or more than one.
    return Estimate(p, 0.0 if not hits else max(middle - half, 0.0), 1.0 if hits == of else min(middle + half, 1.0), of)


def mean(counts: Counts) -> Estimate | None:
    """The mean score, with a bootstrap interval (percentiles of resampled means; B. Efron, 1979). None of nothing."""
    scores, numbers, of = _columns(counts)
    if not of:
        return None
    value = sum(s * n for s, n in zip(scores, numbers, strict=True)) / of
    low, high = _between(_resampled(scores, numbers, of))
    return Estimate(value, low, high, of)


def net_promoters(counts: Counts) -> Estimate | None:
    """The net promoter score, −100 to 100: the share of 9 and 10 less the share of 0 to 6 (F. Reichheld, 2003).

    With a bootstrap interval. None of nothing; ValueError for a score outside 0–10.
    """
    if any(not 0 <= score <= 10 for score in counts):
        raise ValueError("scores are 0 to 10")
    found = mean(_sides(counts))
    return None if found is None else Estimate(100 * found.value, 100 * found.low, 100 * found.high, found.of)


def _sides(counts: Counts) -> dict[int, int]:
    """Detractors, passives and promoters: −1, 0 and 1."""
    sides = {-1: 0, 0: 0, 1: 0}
    for score, number in counts.items():
        sides[1 if score >= 9 else 0 if score >= 7 else -1] += number
    return sides


def moved(before: Counts, now: Counts) -> Change | None:
    """How the mean moved, with the interval of the difference of resampled means. None where one of them is nothing."""
    first, second = _columns(before), _columns(now)
    if not first[2] or not second[2]:
        return None
    by = _mean(*second) - _mean(*first)
    low, high = _between(_resampled(*second, salt=1) - _resampled(*first))
    return Change(by, low, high)


def share_moved(before: tuple[int, int], now: tuple[int, int]) -> Change | None:
    """How a share moved, with Newcombe's interval for the difference (R. G. Newcombe, 1998). None of nothing."""
    first, second = share(*before), share(*now)
    if first is None or second is None:
        return None
    by = second.value - first.value
    low = by - math.hypot(second.value - second.low, first.high - first.value)
    high = by + math.hypot(second.high - second.value, first.value - first.low)
    return Change(by, low, high)


def quantile(ordered: Sequence[float], part: float) -> float | None:
    """The value below which that part of an ordered series lies, straight between neighbours (R's type 7)."""
    if not 0 <= part <= 1:
        raise ValueError(f"{part} is no part")
    if not ordered:
        return None
    place = part * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def _mean(scores: Sequence[int], numbers: Sequence[int], of: int) -> float:
    return sum(s * n for s, n in zip(scores, numbers, strict=True)) / of


def _columns(counts: Counts) -> tuple[list[int], list[int], int]:
    """The scores that were given, how often each, and how many in all."""
    given = sorted((score, number) for score, number in counts.items() if number)
    if any(number < 0 for _, number in given):
        raise ValueError("a count is never negative")
    return [score for score, _ in given], [number for _, number in given], sum(number for _, number in given)


def _resampled(scores: Sequence[int], numbers: Sequence[int], of: int, salt: int = 0) -> Any:
    """The means of as many answers, drawn anew from these ones again and again."""
    np = import_module("numpy")  # 30 MB, and nobody waits for a summary
    dice = np.random.default_rng((SEED, salt))
    drawn = dice.multinomial(of, np.array(numbers) / of, size=RESAMPLES)
    return drawn @ np.array(scores, dtype=float) / of


def _between(means: Any) -> tuple[float, float]:
    """The middle 95 % of them."""
    np = import_module("numpy")
    low, high = np.quantile(means, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return float(low), float(high)
