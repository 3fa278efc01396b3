"""First aid as a company writes it down: for a trouble, the steps one can safely try before somebody comes. Pure."""

from functools import cached_property
from typing import Annotated

from pydantic import Field

from domain.answers import Title, Wording
from domain.areas import Area
from domain.declared import Key, Language, Value
from domain.likeness import Wordings

ENOUGH = 0.4  # of what he says; below, he chooses himself what fits


class Remedy(Value):
    """One trouble in one language, as people tell it, and what to try, the likeliest first."""

    key: Key
    area: Area
    title: Title
    minutes: Annotated[int, Field(gt=0, le=120)]  # that all steps take, about
    about: Annotated[tuple[Wording, ...], Field(min_length=1)]
    steps: Annotated[tuple[Annotated[str, Field(min_length=1, max_length=600)], ...], Field(min_length=1, max_length=9)]


class Remedies(Value):
    """All of one language."""

    language: Language
    remedies: tuple[Remedy, ...]

    def named(self, key: str) -> Remedy | None:
        """The remedy of that key."""
        return next((remedy for remedy in self.remedies if remedy.key == key), None)

    def of(self, area: Area) -> list[Remedy]:
        """What there is for a part of the home."""
        return [remedy for remedy in self.remedies if remedy.area is area]

    def found(self, story: str, area: Area) -> Remedy | None:
        """The remedy for what somebody tells of a part of his home; none where nothing is surely meant."""
        likely = zip(self._wordings.likeness(story), self.remedies, strict=True)
        like, best = max(((like, h) for like, h in likely if h.area is area), key=lambda one: one[0], default=(0, None))
        return best if like >= ENOUGH else None

    @cached_property
    def _wordings(self) -> Wordings:
        return Wordings((remedy.title, *remedy.about) for remedy in self.remedies)
