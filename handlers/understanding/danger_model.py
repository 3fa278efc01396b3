"""A second opinion on danger beside the rules: a small linear model over pieces of letters, words and danger groups.

Trained by `python -m tests.understanding.train_danger` from the phrases in `locales/*/understanding`; the weights lie
beside this file, as numbers one can read.
"""

import json
from array import array
from collections import Counter
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from math import log, sqrt
from pathlib import Path
from zlib import crc32

import msgspec

from handlers.understanding.urgency_doubts import Told, live
from handlers.understanding.urgency_text import Word, languages_of, words_of
from handlers.understanding.urgency_words import marks_of

WEIGHTS = Path(__file__).parent / "danger_weights.json"
READS = 1500  # characters: what matters is said by then, and a longer message would take too long
SHORTEST, LONGEST = 2, 5
FEW = 4
ENOUGH = 0.8  # of a score: one in a hundred everyday messages is called an emergency wrongly; at zero nearly two
MOST_SHOWN = 3
LETTERS, SAID, GROUPS = range(0, 1 << 15), range(1 << 15, 3 << 14), range(3 << 14, 1 << 16)
SIZE = 1 << 16

RARITIES, WEIGHTS_OF_ONE = 100, 1000  # as how many whole numbers one is written


class Opinion(msgspec.Struct, frozen=True):
    """How much a message sounds like danger (above zero perhaps, above ENOUGH surely), and what in it says so."""

    score: float
    because: tuple[tuple[int, int], ...] = ()


class _Weights(msgspec.Struct, frozen=True):
    rarity: "array[float]"
    weight: "array[float]"
    bias: float


@cache
def _weights() -> _Weights:
    kept = json.loads(WEIGHTS.read_text())
    rarity = array("f", (one / RARITIES for one in kept["rarity"]))
    return _Weights(rarity, array("f", (one / WEIGHTS_OF_ONE for one in kept["weight"])), kept["bias"])


def _slot(name: str, block: range) -> int:
    return block.start + crc32(name.encode()) % len(block)


def _letters_of(text: str) -> list[str]:
    padded = f" {text} "
    if len(padded) <= LONGEST:
        return [padded, *_cut(padded, range(SHORTEST, len(padded)))]
    return _cut(padded, range(SHORTEST, LONGEST + 1))


def _cut(padded: str, sizes: range) -> list[str]:
    return [padded[at : at + size] for size in sizes for at in range(len(padded) - size + 1)]


def _said(texts: list[str]) -> Iterable[str]:
    yield from texts
    yield from (f"{one} {two}" for one, two in pairwise(texts))
    yield from (f"{one} ~ {two}" for one, two in zip(texts, texts[2:], strict=False))


def _groups(text: str, words: list[Word], lang: str) -> list[str]:
    told: Told = live(marks_of(words, languages_of(words, lang), all_told=False), words)
    names = sorted(group for group, marks in told.items() if marks)
    names += [sign for sign in "?!" if sign in text] + ["few"] * (len(words) <= FEW)
    return names + [f"{one}+{two}" for at, one in enumerate(names) for two in names[at + 1 :]]


def _plain(words: list[Word]) -> list[str]:
    return ["0" if word.text.isdecimal() and len(word.text) > 2 else word.text for word in words]


def slots_of(text: str, lang: str) -> tuple[dict[int, int], ...]:
    """How often each slot of each block is touched: letters, words, groups."""
    text = text[:READS]
    words = words_of(text)
    texts = _plain(words)
    return (
        Counter(_slot(piece, LETTERS) for word in texts for piece in _letters_of(word)),
        Counter(_slot(said, SAID) for said in _said(texts)),
        Counter(_slot(group, GROUPS) for group in _groups(text, words, lang)),
    )


def opinion(text: str, lang: str) -> Opinion:
    """What the model thinks of a message."""
    model = _weights()
    score = model.bias
    for counted in slots_of(text, lang):
        values = {slot: (1 + log(often)) * model.rarity[slot] for slot, often in counted.items()}
        length = sqrt(sum(value * value for value in values.values()))
        score += sum(value * model.weight[slot] for slot, value in values.items()) / max(length, 1e-6)
    return Opinion(score, _strongest(text, model) if score > 0 else ())


def _strongest(text: str, model: _Weights) -> tuple[tuple[int, int], ...]:
    """The words that speak most for danger."""
    words = words_of(text[:READS])
    worth = {}
    for word, plain in zip(words, _plain(words), strict=True):
        slots = [_slot(piece, LETTERS) for piece in _letters_of(plain)] + [_slot(plain, SAID)] * 2
        worth[word.start, word.end] = sum(model.rarity[slot] * model.weight[slot] for slot in slots) / len(slots)
    best = sorted(worth, key=lambda span: -worth[span])[:MOST_SHOWN]
    return tuple(sorted(best))
