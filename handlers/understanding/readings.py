"""What a message was read as: the words in which the model speaks and the chat listens."""

from enum import StrEnum

import msgspec

from domain.areas import Area, Intent


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
