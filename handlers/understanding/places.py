"""Which of a home's rooms and devices a message names: by room, by brand, by model, as people type them."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import cache

import msgspec

from domain.areas import Area
from locales.phrasebook import LANGUAGES
from locales.room_words import room_words

READS = 80  # words of a message
LONGEST = 4  # words of a room's name
WORD = re.compile(r"[^\W_]+")
LONG_ENOUGH = 5  # letters: a shorter name with a letter wrong could be any word
ALIKE = 0.84


class Thing(msgspec.Struct, frozen=True):
    """A device of the home, as its list names it."""

    id: int
    area: Area
    room: str
    brand: str
    model: str


class Named(msgspec.Struct, frozen=True):
    """What a message names: the room in its own words, and the one device it can only be."""

    room: str | None = None
    thing: Thing | None = None


def named(text: str, language: str, area: Area | None, things: Sequence[Thing]) -> Named:
    """The room and the device of this home that a message speaks of; where several could be meant, none."""
    words = _words(text)[:READS]
    own = {" ".join(_words(thing.room)): _room_of(thing.room) for thing in things}
    rooms, said = _rooms(words, _as_written(text, words), {**own, **_known(language)})
    branded = [thing for thing in things if _spoken(thing.brand, words) or _spoken(thing.model, words)]
    found = _narrowed(branded or (list(things) if rooms else []), area, rooms)
    return Named(said, found[0] if len(found) == 1 else None)


def _narrowed(things: Iterable[Thing], area: Area | None, rooms: set[str]) -> list[Thing]:
    here = [thing for thing in things if area is None or thing.area is area]
    standing = [thing for thing in here if _room_of(thing.room) in rooms]
    return standing if rooms else here


def _rooms(words: list[str], written: list[str], known: Mapping[str, str]) -> tuple[set[str], str | None]:
    """The rooms that are named, and the first of them as it was written; the longest name counts."""
    rooms, said, at = set[str](), None, 0
    while at < len(words):
        for size in range(min(LONGEST, len(words) - at), 0, -1):
            room = known.get(" ".join(words[at : at + size]))
            if room is not None:
                rooms.add(room)
                said = said or " ".join(written[at : at + size])
                at += size - 1
                break
        at += 1
    return rooms, said


def _as_written(text: str, words: list[str]) -> list[str]:
    """The same words with their accents; without, where signs fell apart into several."""
    written = WORD.findall(text.lower())[: len(words)]
    return written if len(written) == len(words) else words


@cache
def _known(language: str) -> dict[str, str]:
    return {" ".join(_words(name)): room for room, names in room_words(language).items() for name in names}


@cache
def _room_of(name: str) -> str:
    """What a home's list calls a room, in whatever language it was written; its own name where nobody knows it."""
    plain = " ".join(_words(name))
    return next((known for language in LANGUAGES if (known := _known(language).get(plain))), plain)


def _spoken(name: str, words: list[str]) -> bool:
    parts = _words(name)
    if not parts:
        return False
    size, whole = len(parts), " ".join(parts)
    if any(words[at : at + size] == parts for at in range(len(words))):
        return size > 1 or len(whole) >= LONG_ENOUGH
    return size == 1 and len(whole) >= LONG_ENOUGH and bool(get_close_matches(whole, words, 1, ALIKE))


def _words(text: str) -> list[str]:
    """Small words without accents; what stands before an apostrophe is a word of its own."""
    bare = unicodedata.normalize("NFKD", text.lower())
    kept = "".join(c if c.isalnum() else " " for c in bare if not unicodedata.combining(c))
    return kept.split()
