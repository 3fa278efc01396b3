"""The catalogues: gettext `.po` files, each read once per process, without what translators' tools are made of."""

import gettext
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "fr", "es", "it")
HERE = Path(__file__).parent
PLURAL = "plural="  # in the header: which form is for how many


@dataclass(frozen=True)
class Catalogue:
    """The phrases of one language."""

    language: str
    phrases: dict[str, tuple[str, ...]]  # key -> the forms, one or one per plural
    plural: Callable[[int], int] = field(compare=False)


@cache
def catalogue(language: str) -> Catalogue:
    """Read a language's catalogue (KeyError-free: a language we do not speak is an OSError)."""
    text = (HERE / language / "LC_MESSAGES" / "messages.po").read_text(encoding="utf-8")
    phrases = {entry.pop("msgid"): entry for entry in _entries(text)}
    header = phrases.pop("")["msgstr"]
    rule = header.partition(PLURAL)[2].partition(";")[0]
    forms = {
        key: tuple(said for name, said in entry.items() if name != "msgid_plural") for key, entry in phrases.items()
    }
    return Catalogue(language, forms, gettext.c2py(rule))


def _entries(text: str) -> Iterator[dict[str, str]]:
    """Every entry of a `.po` file: its keywords, each with the words that follow it."""
    entry: dict[str, str] = {}
    keyword = ""
    for line in text.splitlines():
        name, _, words = line.partition(" ") if line.startswith("msg") else (keyword, "", line)
        if not words.startswith('"'):
            continue  # a comment, or nothing
        if name == "msgid" != keyword and entry:
            yield entry
            entry = {}
        keyword = name
        entry[keyword] = entry.get(keyword, "") + json.loads(words)
    yield entry
