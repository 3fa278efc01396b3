"""The words of danger of every language, each file read once per process."""

import re
from functools import cache
from pathlib import Path

import msgspec

from locales.catalogues import LANGUAGES

HERE = Path(__file__).parent
COMMA = re.compile(r"\s*,\s*")


class Said(msgspec.Struct, frozen=True, gc=False):
    """One way to say something: its words, the group it belongs to, and the language it is confined to, if any."""

    words: tuple[str, ...]
    group: str
    only: str | None


class DangerFile(msgspec.Struct, frozen=True):
    """One language's file: what counts everywhere, what only in a message of this language, what is high."""

    groups: dict[str, str]
    own: dict[str, str]
    high: dict[str, str] = {}


@cache
def danger_file(language: str, name: str = "urgency") -> DangerFile:
    """Read a language's file."""
    raw = (HERE / language / "understanding" / f"{name}.toml").read_bytes()
    return msgspec.toml.decode(raw, type=DangerFile)


def _entries(listed: str) -> list[str]:
    return [entry for entry in COMMA.split(" ".join(listed.split())) if entry]


def _of(language: str, name: str) -> list[Said]:
    file = danger_file(language, name)
    parts = ((file.groups, None), (file.own, language), (file.high, language))
    return [
        Said(tuple(re.sub(r"[-'/]", " ", entry).split()), group, only)
        for part, only in parts
        for group, listed in part.items()
        if group not in ("guess", "ordinary")
        for entry in _entries(listed)
    ]


@cache
def sayings(all_told: bool = True) -> tuple[Said, ...]:
    """Every way to say anything that urgency is judged by, in all languages (or only the first, smaller lists)."""
    names = ("urgency", "urgency_told") if all_told else ("urgency",)
    return tuple(dict.fromkeys(said for language in LANGUAGES for name in names for said in _of(language, name)))


@cache
def usual_words(language: str) -> frozenset[str]:
    """The small words that give a language away."""
    return frozenset(_entries(danger_file(language).own["guess"]))


@cache
def ordinary_words() -> frozenset[str]:
    """Harmless words that look like misspelled danger."""
    return frozenset(word for language in LANGUAGES for word in _entries(danger_file(language).own["ordinary"]))
