"""A message as tokens: lower case, without accents, each still knowing where it stood."""

import re
from collections.abc import Sequence
from typing import NamedTuple
from unicodedata import combining, normalize

# Words, runs of digits, and the few signs that separate; apostrophes separate words without being one.
TOKEN = re.compile(r"[^\W\d_]+|\d+|[.!?;\n…]|[,:()\"«»“”]|[-–—‐‑]|[/@%°€$£&+]")


class Token(NamedTuple):
    """A word, a number or a sign of the message."""

    word: str
    start: int
    end: int
    glued: bool  # nothing stands between it and the token before


class Folding(dict[int, str]):
    """Each sign in small letters and without accents, found once; some become several signs, or none."""

    def __init__(self) -> None:
        super().__init__()
        self.uneven: set[str] = set()

    def __missing__(self, number: int) -> str:
        sign = chr(number)
        small = "".join(c for c in normalize("NFKD", sign.casefold()) if not combining(c))
        if sign in "ºª":
            small = "°"  # an ordinal in Spanish and Italian, never the word “or”
        if len(small) != 1:
            self.uneven.add(sign)
        if len(self) < KEPT:
            self[number] = small
        return small


KEPT = 20_000  # signs remembered: more than any alphabet we read
_folding = Folding()


def folded(text: str) -> tuple[str, Sequence[int]]:
    """The text in small letters without accents, and for each of its characters the place in the message."""
    small = text.translate(_folding)
    if _folding.uneven.isdisjoint(text):
        return small, range(len(text) + 1)
    places: list[int] = []
    for place, sign in enumerate(text):
        places.extend([place] * len(sign.translate(_folding)))
    places.append(len(text))
    return small, places


def tokens(text: str) -> list[Token]:
    """The tokens of a folded text."""
    found: list[Token] = []
    end = -1
    for match in TOKEN.finditer(text):
        start = match.start()
        found.append(Token(match.group(), start, match.end(), start == end))
        end = match.end()
    return found
