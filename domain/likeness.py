"""Which of some questions, written down in several wordings each, somebody's words are most like. Pure."""

import math
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property

ALIKE = 5  # letters that two words share at their beginning to count as one
SHORT = 3  # letters: “the”, “how”: such words say nothing of what is asked


class Wordings:
    """The ways to say each of several things."""

    def __init__(self, things: Iterable[Sequence[str]]) -> None:
        self._things = [[_stems(wording) for wording in wordings] for wordings in things]

    def likeness(self, words: str) -> list[float]:
        """How much of what the words and each thing say is the same, from 0 to 1, weighed by how rare it is."""
        mine = _stems(words)
        return [max((self._alike(mine, wording) for wording in wordings), default=0.0) for wordings in self._things]

    @cached_property
    def _rare(self) -> Counter[str]:
        """In how many things a word stands."""
        return Counter(stem for wordings in self._things for stem in frozenset[str]().union(*wordings))

    def _alike(self, one: frozenset[str], other: frozenset[str]) -> float:
        if not one or not other:
            return 0.0
        return self._weight(one & other) / math.sqrt(self._weight(one) * self._weight(other))

    def _weight(self, stems: Iterable[str]) -> float:
        return sum(1 / (1 + math.log(1 + self._rare[stem])) for stem in stems)


def folded(text: str) -> str:
    """The words of a text in small letters, without accents and signs."""
    bare = unicodedata.normalize("NFKD", text.lower().replace("’", "'"))
    plain = "".join(c if c.isalnum() else " " for c in bare if not unicodedata.combining(c))
    return " ".join(plain.split())


def _stems(text: str) -> frozenset[str]:
    """The words of a text that say something, without endings."""
    return frozenset(word[:ALIKE] for word in folded(text).split() if len(word) > SHORT or word.isdigit())
