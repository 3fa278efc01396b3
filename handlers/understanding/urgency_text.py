"""A message cut into words that know where they stand."""

import re
import unicodedata
from functools import lru_cache

import msgspec

from locales.catalogues import LANGUAGES
from locales.danger_words import usual_words

# An English ending after its apostrophe belongs to its word (can't); elsewhere an apostrophe parts two words (l'eau).
TOKEN = re.compile(
    r"([a-z0-9]+(?:'(?:t|s|re|ve|ll|m|d)(?![a-z0-9]))?)"  # a word
    r"|([!?;\n]|\.(?!\d))"  # the end of a sentence
    r"|[,:()\u2026]"  # the end of a clause
)
BELOW_ZERO = re.compile(r"(?<![\w.,:/-])[-−–]\s?[1-9]\d?(?![\d:/%€$]|\s?(?:h|eur|am|pm|db)\b)")
LONGEST = 4096


class Word(msgspec.Struct, frozen=True, gc=False):
    """A word, folded, with its place in the message, its sentence and its clause."""

    text: str
    start: int
    end: int
    sentence: int
    clause: int


@lru_cache(maxsize=4096)
def _fold(character: str) -> str:
    """One character for one, so that places stay true (hence œ is e)."""
    if character in "’ʼ`´":
        return "'"
    plain = unicodedata.normalize("NFKD", character.lower())[:1]
    return {"œ": "e", "æ": "e", "ß": "s"}.get(plain, plain) or " "


def folded(text: str) -> str:
    """Small letters without accents, as long as the text was."""
    return "".join(map(_fold, text))


def words_of(text: str) -> list[Word]:
    """The words of a message in their order."""
    found: list[Word] = []
    sentence = clause = 0
    for token in TOKEN.finditer(folded(text[:LONGEST])):
        if token.lastindex == 1:
            found.append(Word(token[0].replace("'", ""), token.start(), token.end(), sentence, clause))
        else:
            clause += 1
            sentence += token.lastindex == 2
    return found


def questions_of(text: str) -> frozenset[int]:
    """The sentences that end in one question mark (two or more are alarm, not curiosity)."""
    found, sentence = set(), 0
    text = text[:LONGEST]
    for token in TOKEN.finditer(folded(text)):
        if token.lastindex == 2:
            if token[0] == "?" and text[token.start() - 1 : token.start()] != "?" and text[token.end() :][:1] != "?":
                found.add(sentence)
            sentence += 1
    return frozenset(found)


def frosts_of(text: str) -> list[tuple[int, int]]:
    """Where a temperature below zero is written in figures."""
    return [match.span() for match in BELOW_ZERO.finditer(text[:LONGEST])]


def languages_of(words: list[Word], told: str) -> frozenset[str]:
    """The language we were told, and the one the small words speak."""
    texts = [word.text for word in words[:60]]
    votes = {language: sum(text in usual_words(language) for text in texts) for language in LANGUAGES}
    least = max(votes.get(told, 0) + 1, max(votes.values()))
    return frozenset({told, *(language for language, count in votes.items() if count >= least)})
