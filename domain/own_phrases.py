"""What people call things at one company: “screen zip” are shades there, whatever the model of meaning thinks. Pure."""

from functools import cached_property
from typing import Annotated, Self

from pydantic import Field, model_validator

from domain.answers import Wording
from domain.areas import Area, Intent
from domain.declared import Language, Value
from domain.likeness import folded


class Phrase(Value):
    """Ways to say one thing. With an area alone they stand anywhere in a message, with an intent they are all of it."""

    says: Annotated[tuple[Wording, ...], Field(min_length=1)]
    area: Area | None = None
    intent: Intent | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.area is None and self.intent is None:
            raise ValueError("it says neither which area is meant nor which intent")
        return self


class Phrases(Value):
    """All of one language."""

    language: Language
    phrases: tuple[Phrase, ...]

    def whole(self, message: str) -> Phrase | None:
        """The phrase that a message is, word for word, whatever its accents and signs."""
        return self._whole.get(folded(message))

    def area_in(self, message: str) -> Area | None:
        """The part of the home that a message names in the company's words; by the longest of several."""
        said = f" {folded(message)} "
        return next((area for words, area in self._within if f" {words} " in said), None)

    @cached_property
    def _whole(self) -> dict[str, Phrase]:
        return {folded(words): phrase for phrase in self.phrases if phrase.intent for words in phrase.says}

    @cached_property
    def _within(self) -> list[tuple[str, Area]]:
        named = [(folded(w), p.area) for p in self.phrases if p.area and not p.intent for w in p.says]
        return sorted(named, key=lambda one: -len(one[0]))
