"""The company's own answers to questions how one does something, and how the right one is found. Pure."""

from functools import cached_property
from typing import Annotated

from pydantic import Field

from domain.areas import Area
from domain.declared import Key, Language, Value
from domain.likeness import Wordings

ENOUGH = 0.34  # of what a question says, weighed by how rare its words are: below, it is another question
OF_ITS_AREA = 1.25
SHOWN = 3

Wording = Annotated[str, Field(min_length=3, max_length=200)]
Title = Annotated[str, Field(min_length=1, max_length=45)]  # stands on a button


class Answer(Value):
    """One question in one language, as people ask it, and what the company says to it."""

    key: Key
    area: Area
    title: Title
    asks: Annotated[tuple[Wording, ...], Field(min_length=1)]
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
        scored = [
            (like * (OF_ITS_AREA if answer.area is area else 1), answer)
            for answer, like in zip(self.answers, self._wordings.likeness(question), strict=True)
        ]
        fit = sorted((one for one in scored if one[0] >= ENOUGH), key=lambda one: -one[0])
        return [answer for _, answer in fit[:SHOWN]]

    @cached_property
    def _wordings(self) -> Wordings:
        return Wordings((answer.title, *answer.asks) for answer in self.answers)
