"""The first reading of a message: every word that speaks of time becomes an atom, the rest stays a mere word."""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

from handlers.understanding.when_rules import Atom
from handlers.understanding.when_text import Token, folded, tokens
from locales.time_words import TimeWords, time_words

Meaning = tuple[tuple[str, Any], ...]  # a word may stand for two atoms: tonight
Phrase = tuple[tuple[str, ...], Meaning]

VALUED = "rel|weekday|short|many|month|weak_month|number|eight|part|portion|unit".split("|")
SIGNS = {
    **dict.fromkeys(".!?;\n…", "stop"),
    **dict.fromkeys(',:()"«»“”', "comma"),
    **dict.fromkeys("-–—‐‑", "dash"),
    **dict.fromkeys("%°€$£", "thing"),
    **{"/": "slash", "@": "at", "&": "and", "+": "and"},
}
INSIDE = {".": "dot_in", ":": "colon_in"}  # between two numbers
# What a doubtful abbreviation stands beside when it is meant as a day.
TIMELY = frozenset(
    "rel|portion|digits|number|nth|weekday|short|month|weak_month|part|noon|or|and|dash|next|last|this|eight".split("|")
    + "from|before|by|until|unit|after|except".split("|")
)
MONTHLY = frozenset("digits|number|nth|portion|in_|en|of|of_day|during".split("|"))
ENOUGH = 60  # whoever names more days and hours in one message wishes for none of them
LONGEST = 600  # atoms: beyond this nobody speaks of his appointment
LONGEST_NUMBER = 4  # a year
LONG = 6  # only longer words are recognised when misspelt
ABBREVIATED = frozenset({"short", "weekday", "month", "weak_month"})


def _meanings(words: TimeWords) -> Iterator[tuple[str, Meaning]]:
    """Every phrase of a language with what it means."""
    for kind in VALUED:
        for value, phrases in getattr(words, kind).items():
            yield from ((phrase, ((kind, value),)) for phrase in phrases)
    for table in (words.words, words.marks):
        for kind, phrases in table.items():
            yield from ((phrase, ((kind, None),)) for phrase in phrases)
    for phrase, said in words.said.items():
        day, part = said.split()
        yield phrase, (("rel", int(day)), ("part", part))


def _misspelt(word: str) -> set[str]:
    """A long word with one letter dropped, doubled or changed with its neighbour."""
    dropped = {word[:i] + word[i + 1 :] for i in range(1, len(word))}
    doubled = {word[:i] + word[i - 1] + word[i:] for i in range(1, len(word) + 1)}
    swapped = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(1, len(word) - 1)}
    return dropped | doubled | swapped


@cache
def lexicon(language: str) -> dict[str, list[Phrase]]:
    """The phrases of a language by their first word, the longest first."""
    words = time_words(language)
    found: dict[tuple[str, ...], Meaning] = {}
    for phrase, meaning in _meanings(words):
        parts = tuple(token.word for token in tokens(folded(phrase)[0]))
        found.setdefault(parts, meaning)
        if "-" in parts:
            found.setdefault(tuple(part for part in parts if part != "-"), meaning)
    for (word, *more), meaning in list(found.items()):
        if not more and len(word) >= LONG and meaning[0][0] in ("weekday", "month", "rel"):
            for wrong in _misspelt(word) - set(words.not_typos):
                found.setdefault((wrong,), meaning)
    book: dict[str, list[Phrase]] = {}
    for parts in sorted(found, key=len, reverse=True):
        book.setdefault(parts[0], []).append((parts, found[parts]))
    return book


def atoms(text: str, language: str) -> list[Atom]:
    """The atoms of a folded text; words that say nothing of time are one atom together."""
    book = lexicon(language)
    said = tokens(text)
    found: list[Atom] = []
    place = timely = 0
    while place < len(said) and timely < ENOUGH and len(found) < LONGEST:
        token = said[place]
        length, meaning = _longest(said, place, book.get(token.word, ()))
        meaning = meaning or _sign(said, place)
        end = said[place + length - 1].end
        for kind, value in meaning:
            if kind == "other" and found and found[-1].kind == "other":
                found[-1] = Atom("other", None, found[-1].start, end)
            else:
                found.append(Atom(kind, value, token.start, end))
                timely += kind in TIMELY or kind == "rel"
        place += length
        if place < len(said) and said[place].word == "." and said[place].glued and _shortened(said, place, meaning):
            place += 1
    return _settled(found)


def _longest(said: list[Token], place: int, phrases: Sequence[Phrase]) -> tuple[int, Meaning]:
    for parts, meaning in phrases:
        length = len(parts)
        if length == 1 or [token.word for token in said[place : place + length]] == list(parts):
            return length, meaning
    return 1, ()


def _shortened(said: list[Token], place: int, meaning: Meaning) -> bool:
    """Whether this full stop only ends an abbreviation: a sentence would not go on so short after it."""
    goes_on = place + 1 < len(said) and said[place + 1].word not in SIGNS
    return bool(meaning) and meaning[0][0] in ABBREVIATED and len(said[place - 1].word) <= 4 and goes_on


def _sign(said: list[Token], place: int) -> Meaning:
    token = said[place]
    if token.word in INSIDE and _between_numbers(said, place):
        return ((INSIDE[token.word], None),)
    if not token.word[0].isdigit():
        return ((SIGNS.get(token.word, "other"), None),)
    return (("other", None),) if len(token.word) > LONGEST_NUMBER or _model(said, place) else (("digits", token.word),)


def _between_numbers(said: list[Token], place: int) -> bool:
    around = said[place - 1].word, said[place + 1].word if place + 1 < len(said) else ""
    return said[place].glued and all(word.isdigit() for word in around) and said[place + 1].glued


def _model(said: list[Token], place: int) -> bool:
    """VX200, MX-500: a number glued to letters, or by a dash to them (but 18h30, 9h-11h)."""
    if not place or not said[place].glued:
        return False
    if said[place - 1].word == "-" and place > 1 and said[place - 1].glued:
        return said[place - 2].word.isalpha() and not (said[place - 2].glued and said[place - 3].word.isdigit())
    return said[place - 1].word.isalpha() and said[place - 1].word != "h"


def _settled(found: list[Atom]) -> list[Atom]:
    """What could be another word is a day or a month only in the company of its like."""
    for place, atom in enumerate(found):
        if atom.kind == "short":
            kind = "weekday" if len(found) == 1 or _beside(found, place, TIMELY) else "other"
        elif atom.kind == "weak_month":
            kind = "month" if _beside(found, place, MONTHLY) else "other"
        else:
            continue
        found[place] = atom._replace(kind=kind)
    return [
        one._replace(kind="other") if one.kind == "digits" and one.end == after.start and after.kind == "other" else one
        for one, after in pairwise([*found, Atom("stop", None, -1, -1)])
    ]


def _beside(found: list[Atom], place: int, kinds: frozenset[str]) -> bool:
    before = found[place - 1].kind if place else ""
    after = found[place + 1].kind if place + 1 < len(found) else ""
    if after == "comma" and place + 2 < len(found):
        after = found[place + 2].kind
    return before in kinds or after in kinds
