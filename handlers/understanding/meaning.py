"""What a message means: intent, area, a second wish, how sure that is, the next best guesses and the words that say so.

Pure and quick (a few milliseconds); one model for four languages, read beside the start and not before it.
"""

from enum import StrEnum
from functools import cache, lru_cache
from importlib import import_module
from typing import Protocol, cast

import msgspec

from domain.areas import Area, Intent

KEPT = 2_000  # messages whose meaning is remembered: read before the transaction, asked for inside it


class Decision(StrEnum):
    """What is done about a reading."""

    ACT = "act"  # sure: do it, and say what was understood
    ASK = "ask"  # half sure: ask which of three is meant
    MENU = "menu"  # unsure: everything there is, the best guesses first


class Guess(msgspec.Struct, frozen=True):
    """One reading of a message and how likely it is."""

    intent: Intent
    area: Area | None
    likely: float


class Meaning(msgspec.Struct, frozen=True):
    """The best reading of a message."""

    intent: Intent
    area: Area | None
    also: Intent | None
    language: str
    confidence: float  # the share of such messages that are read right
    decision: Decision
    guesses: tuple[Guess, ...]  # the likeliest first
    because: tuple[str, ...] = ()  # where it was asked for


class Model(Protocol):
    """What can be asked of the model."""

    def meant(self, text: str, *, why: bool = False) -> Meaning:
        """What a message means, whatever it is made of; `why`: and which words say so."""
        ...


@cache
def model() -> Model:
    """The model, read once; numpy and its weights come with it."""
    return cast("Model", import_module("handlers.understanding.model").read())


@lru_cache(maxsize=KEPT)
def meant(text: str) -> Meaning:
    """What a message means, whatever it is made of."""
    return model().meant(text)


def explained(text: str) -> Meaning:
    """The same, with the words that say so."""
    return model().meant(text, why=True)
