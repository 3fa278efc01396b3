"""Which groups of words a message contains, and where: phrases, beginnings, light misspellings."""

from collections import defaultdict
from functools import cache, lru_cache

import msgspec

from handlers.understanding.urgency_text import Word
from locales.catalogues import LANGUAGES
from locales.danger_words import Said, ordinary_words, sayings, usual_words

GAP, GAP_WORDS = "~", 2
BEGINNING = "*"
SHORTEST_MISSPELLED = 5


class Mark(msgspec.Struct, frozen=True, gc=False):
    """A group found in the message, from one word to another, both included."""

    group: str
    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


class Lexicon(msgspec.Struct, frozen=True):
    """Everything that can be said, ready to be looked up by its first one or two words."""

    known: frozenset[str]
    beginnings: dict[int, frozenset[str]]
    misspelled: dict[str, frozenset[str]]
    single: dict[str, tuple[Said, ...]]
    double: dict[tuple[str, str], tuple[Said, ...]]


def _shorter(word: str) -> set[str]:
    return {word[:i] + word[i + 1 :] for i in range(1, len(word))}


def _swapped(word: str) -> set[str]:
    return {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)}


def _with_one_letter_missing(words: frozenset[str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for word in words:
        if len(word) > SHORTEST_MISSPELLED:
            for missing in _shorter(word):
                found[missing].add(word)
    return {missing: frozenset(meant) for missing, meant in found.items()}


@cache
def lexicon(all_told: bool = True) -> Lexicon:
    """Built once from all languages' files."""
    single: dict[str, list[Said]] = defaultdict(list)
    double: dict[tuple[str, str], list[Said]] = defaultdict(list)
    for said in sayings(all_told):
        if len(said.words) == 1 or said.words[1] == GAP:
            single[said.words[0]].append(said)
        else:
            double[said.words[0], said.words[1]].append(said)
    elements = {word for said in sayings(all_told) for word in said.words if word != GAP}
    stems: dict[int, set[str]] = defaultdict(set)
    for stem in (element[:-1] for element in elements if element.endswith(BEGINNING)):
        stems[len(stem)].add(stem)
    exact = frozenset(element for element in elements if not element.endswith(BEGINNING))
    return Lexicon(
        exact,
        {length: frozenset(those) for length, those in stems.items()},
        _with_one_letter_missing(exact),
        {word: tuple(those) for word, those in single.items()},
        {pair: tuple(those) for pair, those in double.items()},
    )


@cache
def _small_words() -> frozenset[str]:
    return frozenset().union(*(usual_words(language) for language in LANGUAGES)) | ordinary_words()


@lru_cache(maxsize=40_000)
def elements_of(word: str, all_told: bool = True) -> frozenset[str]:
    """What of the lexicon a word can stand for."""
    book = lexicon(all_told)
    found = {word} if word in book.known else set()
    for length, stems in book.beginnings.items():
        if word[:length] in stems:
            found.add(word[:length] + BEGINNING)
    if not found and len(word) >= SHORTEST_MISSPELLED and word not in _small_words() and not word.isdigit():
        found |= book.misspelled.get(word, frozenset())
        found |= {other for other in _shorter(word) | _swapped(word) if other in book.known and len(other) > 4}
    return frozenset(found)


def _end_of(said: Said, at: int, texts: list[frozenset[str]], words: list[Word], place: int = 1) -> int | None:
    """Where a saying that begins here ends, if it is said here."""
    for index in range(place, len(said.words)):
        element = said.words[index]
        if element == GAP:
            ends = (_end_of(said, at + skip, texts, words, index + 1) for skip in range(GAP_WORDS + 1))
            return next((end for end in ends if end is not None), None)
        at += 1
        if at >= len(texts) or element not in texts[at] or words[at].sentence != words[at - 1].sentence:
            return None
    return at if at < len(texts) else None


def marks_of(words: list[Word], languages: frozenset[str], all_told: bool = True) -> list[Mark]:
    """Every group said in the message; words of other languages count unless they mean something else here."""
    book, texts = lexicon(all_told), [elements_of(word.text, all_told) for word in words]
    found: dict[Mark, None] = {}
    for at, elements in enumerate(texts):
        if not elements:
            continue
        following = texts[at + 1] if at + 1 < len(texts) else frozenset()
        candidates = [said for one in elements for said in book.single.get(one, ())]
        candidates += [said for one in elements for two in following for said in book.double.get((one, two), ())]
        for said in candidates:
            if said.only is None or said.only in languages:
                end = at if len(said.words) == 1 else _end_of(said, at, texts, words)
                if end is not None:
                    found[Mark(said.group, at, end)] = None
    return list(found)
