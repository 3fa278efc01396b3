"""The company's own answers to questions how one does something, and how the right one is found. Pure."""

import math
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from typing import Annotated

from pydantic import Field

from domain.areas import Area
from domain.declared import Key, Language, Value

ENOUGH = 0.34  # of what a question says, weighed by how rare its words are: below, it is another question
ALIKE = 5  # letters that two words share at their beginning to count as one
SHORT = 3  # letters: “the”, “how”: such words say nothing of what is asked
OF_ITS_AREA = 1.25
SHOWN = 3


class Answer(Value):
    """One question in one language, as people ask it, and what the company says to it."""

    key: Key
    area: Area
    title: Annotated[str, Field(min_length=1, max_length=45)]  # stands on a button
    asks: Annotated[tuple[Annotated[str, Field(min_length=3, max_length=200)], ...], Field(min_length=1)]
    answer: Annotated[str, Field(min_length=1, max_length=1500)]


class Answers(Value):
    """All of one language."""

    language: Language
    answers: tuple[Answer, ...]

    def named(self, key: str) -> Answer | None:
        """The answer of that key."""
        return next((answer for answer in self.answers if answer.key == key), None)

    def found(self, question: str, area: Area | None) -> list[Answer]:
        """The answers to a question, the best first; none where nothing fits."""
        mine = _stems(question)
        scored = [
            (max(_alike(mine, ask, self._rare) for ask in asks) * (OF_ITS_AREA if answer.area is area else 1), answer)
            for answer, asks in self._known
        ]
        fit = sorted((one for one in scored if one[0] >= ENOUGH), key=lambda one: -one[0])
        return [answer for _, answer in fit[:SHOWN]]

    @cached_property
    def _known(self) -> list[tuple[Answer, list[frozenset[str]]]]:
        """Each answer with what the ways to ask for it say."""
        return [(answer, [_stems(ask) for ask in (answer.title, *answer.asks)]) for answer in self.answers]

    @cached_property
    def _rare(self) -> Counter[str]:
        """In how many answers a word stands."""
        return Counter(stem for _, asks in self._known for stem in frozenset[str]().union(*asks))


def _alike(one: frozenset[str], other: frozenset[str], rare: Counter[str]) -> float:
    """How much of what either says both say."""
    if not one or not other:
        return 0.0
    return _weight(one & other, rare) / math.sqrt(_weight(one, rare) * _weight(other, rare))


def _weight(stems: Iterable[str], rare: Counter[str]) -> float:
    return sum(1 / (1 + math.log(1 + rare[stem])) for stem in stems)


def _stems(text: str) -> frozenset[str]:
    """The words of a text that say something, without accents and endings."""
    bare = unicodedata.normalize("NFKD", text.lower().replace("’", "'"))
    plain = "".join(c if c.isalnum() else " " for c in bare if not unicodedata.combining(c))
    return frozenset(word[:ALIKE] for word in plain.split() if len(word) > SHORT or word.isdigit())
