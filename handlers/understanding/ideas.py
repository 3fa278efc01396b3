"""Ideas in a message, found by word lists of each language: devices, failures, wishes, topics of other trades."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt

from locales.idea_words import idea_words

LANGUAGES = ("en", "es", "fr", "it")
READS = 80  # words
OPENING = 2  # words that say what kind of message it is
SHORTEST_STEM = 2
LONGEST_PHRASE = 4
LONG_ENOUGH = 4  # letters: shorter words with letters confused could be any
ELSEWHERE = 0.5  # what a word of another language, or a misspelt one, counts
MANY = 3.0
TOKEN = re.compile(r"[^\W_]+|[?!%]")
CONFUSED = str.maketrans({"k": "c", "y": "i", "z": "s", "h": None, "v": "b", "w": "u"})
TWICE = re.compile(r"(.)\1+")


def ideas_of(text: str) -> npt.NDArray[np.float32]:
    """How surely each idea is there, how often, and whether it opens the message; then its shape."""
    names, words = names_of_ideas(), tokens_of(text)[:READS]
    strength = np.zeros((3, len(names)), dtype=np.float32)
    for at, idea, sure in _found(words):
        strength[0, idea] = max(strength[0, idea], sure)
        strength[1, idea] += sure / MANY
        if at < OPENING:
            strength[2, idea] = max(strength[2, idea], sure)
    shape = [float("?" in words), float(np.log1p(len(words))), float("!" in words)]
    return np.concatenate([strength.ravel(), np.array(shape, dtype=np.float32)])


def tokens_of(text: str) -> list[str]:
    """The words of a message, small and without accents, and its question and exclamation marks."""
    parts = unicodedata.normalize("NFKD", text.lower())
    return TOKEN.findall("".join(c for c in parts if not unicodedata.combining(c)).replace("’", "'"))


@cache
def names_of_ideas() -> tuple[str, ...]:
    """All ideas of all languages, in the order of their marks."""
    return tuple(sorted({idea for language in LANGUAGES for idea in idea_words(language)}))


class _Words:
    """One language's words for each idea."""

    def __init__(self, listed: Mapping[str, Sequence[str]]) -> None:
        numbers = {name: number for number, name in enumerate(names_of_ideas())}
        self._exact: tuple[dict[str, list[int]], dict[str, list[int]]] = ({}, {})
        self._loose: tuple[dict[str, list[int]], dict[str, list[int]]] = ({}, {})
        for idea, words in listed.items():
            for word in words:
                key, stem = " ".join(tokens_of(word)), word.endswith("*")
                if key:
                    self._exact[stem].setdefault(key, []).append(numbers[idea])
                if len(key) >= LONG_ENOUGH:
                    self._loose[stem].setdefault(_loosely(key), []).append(numbers[idea])

    def of(self, phrase: str) -> list[int]:
        """The ideas of one or several words, by their whole or by their longest known beginning."""
        return _looked_up(phrase, *self._exact)

    def of_misspelt(self, word: str) -> list[int]:
        """The ideas of a word once the letters people confuse are made one."""
        return _looked_up(_loosely(word), *self._loose) if len(word) >= LONG_ENOUGH else []


@cache
def _words(language: str) -> _Words:
    return _Words(idea_words(language))


def _loosely(word: str) -> str:
    return TWICE.sub(r"\1", word.replace("qu", "c").replace("ph", "f").translate(CONFUSED))


def _looked_up(key: str, whole: dict[str, list[int]], stems: dict[str, list[int]]) -> list[int]:
    if key in whole:
        return whole[key]
    shortest = max(SHORTEST_STEM, key.rfind(" ") + 2)
    return next((stems[key[:size]] for size in range(len(key), shortest - 1, -1) if key[:size] in stems), [])


def _language_of(words: Sequence[str]) -> str:
    """The language most of the words are known in."""
    known = Counter({language: sum(bool(_of_word(word, language)) for word in words) for language in LANGUAGES})
    return known.most_common(1)[0][0]


def _found(words: Sequence[str]) -> Iterator[tuple[int, int, float]]:
    """Where in the message which idea was found, and how surely."""
    language = _language_of(words)
    mine = _words(language)
    for at, word in enumerate(words):
        own = _of_word(word, language)
        yield from ((at, idea, 1.0) for idea in own)
        for size in range(2, min(LONGEST_PHRASE, len(words) - at) + 1):
            yield from ((at, idea, 1.0) for idea in mine.of(" ".join(words[at : at + size])))
        if not own:
            yield from ((at, idea, ELSEWHERE) for idea in _elsewhere(word, language))


@lru_cache(maxsize=20_000)
def _of_word(word: str, language: str) -> list[int]:
    return _words(language).of(word)


@lru_cache(maxsize=20_000)
def _elsewhere(word: str, language: str) -> list[int]:
    near = _words(language).of_misspelt(word)
    if near or len(word) < LONG_ENOUGH:
        return near
    return next((found for other in LANGUAGES if other != language and (found := _of_word(word, other))), [])
