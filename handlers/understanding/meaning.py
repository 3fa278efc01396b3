"""What a message means: intent, area, a second wish, how sure that is, the next best guesses and the words that say so.

Pure and quick (a few milliseconds); one model for four languages, read beside the start and not before it.
"""

from functools import cache, lru_cache
from importlib import import_module
from typing import Protocol, cast

from handlers.understanding.readings import Meaning

KEPT = 2_000  # messages whose meaning is remembered: read before the transaction, asked for inside it


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
