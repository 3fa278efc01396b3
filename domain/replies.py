"""Canned replies as a company writes them: words by language, with blanks. Pure.

`{name}` is a blank that we fill ourselves; `[which part]`, or just `[…]`, is one that a person has to fill in.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, get_args

from pydantic import Field, field_validator

from domain.declared import Key, Language, Value, Words

BLANKS = ("name", "number", "home", "teammate", "appointment", "company")
LANGUAGES: tuple[Language, ...] = get_args(Language)
LONGEST_NAME = 75  # characters: what a line of a menu in Slack takes
LONGEST = 2000  # characters of one text: what a form field takes, and room for more words
MOST = 100  # of the team, and as many of one's own: what one group of a menu in Slack takes
_OURS = re.compile(r"\{([^{}\n]*)\}")
_FREE = re.compile(r"\[[^\[\]\n]{1,100}\]")


class StartingReply(Value):
    """One that the company begins with; managers change and retire it in Slack."""

    key: Key
    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
    words: Words

    @field_validator("words")
    @classmethod
    def _can_be_said(cls, words: Words) -> Words:
        texts = [text for _, text in words if text]
        if not texts:
            raise ValueError('it says nothing; write its words, for example words = { en = "…" }')
        if any(len(text) > LONGEST for text in texts):
            raise ValueError(f"a text is longer than {LONGEST} characters; shorten it")
        if wrong := [name for text in texts for name in unknown(text)]:
            known = ", ".join(f"{{{name}}}" for name in BLANKS)
            raise ValueError(
                f"there is no blank “{{{wrong[0]}}}”; use one of: {known}; or [ ] for what a person fills in"
            )
        return words


def unknown(text: str) -> list[str]:
    """The blanks in it that nobody can fill."""
    return [name for name in _OURS.findall(text) if name not in BLANKS]


@dataclass(frozen=True)
class Filled:
    """A text with what could be filled in, and the blanks that are left to a person."""

    text: str
    left: tuple[str, ...] = ()


def fill(text: str, values: Mapping[str, str], names: Mapping[str, str]) -> Filled:
    """Fill our blanks; one that we have nothing for (`names`: what it is called) is left to a person, too."""
    left: list[str] = _FREE.findall(text)

    def said(blank: re.Match[str]) -> str:
        name = blank.group(1)
        if value := values.get(name, ""):
            return value
        left.append(f"[{names.get(name, name)}]")
        return left[-1]

    # What is filled in may hold brackets of its own: only those of the text itself are blanks.
    return Filled(_OURS.sub(said, text), tuple(dict.fromkeys(left)))


def open_blanks(text: str, left: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the blanks that nobody has filled in yet."""
    return tuple(blank for blank in left if blank in text)
