"""A small grammar: atoms of a sentence, and rules that put neighbouring atoms together.

A pattern names kinds of atoms, joined by dots, with the signs of a regular expression: `AT?.THE?.time` is a time, with
or without small words before it. Capitals stand for several kinds.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

ALIASES = {
    "N": "digits|number",
    "COUNT": "digits|number|one",
    "X": "time|digits|number|noon|midnight",
    "THE": "the|the_day|the_hour",
    "DAYTHE": "the|the_day|the_hour|on|en|in_",
    "OF": "of|of_day|in_|en|from_the",
    "TO": "a|a_day|at|until|dash|through",
    "RANGETO": "a|a_day|at|until|dash|through",
    "FROM": "from|from_the|of|of_day|from_at",
    "BETWEEN": "between|tra",
    "IN": "in_|tra",
    "SMALL": "the|the_day|the_hour|on|en|in_|a|a_day|at|of|of_day|for_|this",
}
WORD = re.compile(r"[A-Za-z_]+")


class Codes(dict[str, str]):
    """Every kind as one sign, so that rules over atoms are regular expressions."""

    def __missing__(self, kind: str) -> str:
        return self.setdefault(kind, chr(0xE000 + len(self)))


CODES = Codes()


class Atom(NamedTuple):
    """A piece of a message: what kind of thing it is, what it says, and where it stands."""

    kind: str
    value: Any
    start: int
    end: int


def _coded(pattern: str) -> str:
    def one(word: re.Match[str]) -> str:
        kinds = ALIASES.get(word.group(), word.group()).split("|")
        return "[" + "".join(CODES[kind] for kind in kinds) + "]"

    # “Any number” is at most four, so that a row of small words costs no time.
    return WORD.sub(one, pattern).replace(".", "").replace("*", "{0,4}")


class Found(NamedTuple):
    """The atoms a rule has matched."""

    atoms: Sequence[Atom]

    def one(self, *kinds: str) -> Any:
        """The value of the first atom of these kinds, None if there is none."""
        return next((atom.value for atom in self.atoms if atom.kind in kinds), None)

    def every(self, *kinds: str) -> list[Atom]:
        """All atoms of these kinds."""
        return [atom for atom in self.atoms if atom.kind in kinds]

    def has(self, *kinds: str) -> bool:
        """Whether there is one of these kinds."""
        return any(atom.kind in kinds for atom in self.atoms)


Made = tuple[str, Any] | None
Make = Callable[[Found, Any], Made]


class Grammar:
    """Rules in the order in which they are tried at every place of a sentence."""

    def __init__(self, rules: Iterable[tuple[str, Make]]) -> None:
        self.rules = [(re.compile(_coded(pattern)), make) for pattern, make in rules]
        whole = "|".join(pattern.pattern for pattern, _ in self.rules)
        # Most words are in no rule at all: those places are passed over quickly.
        named = "".join(sorted({sign for sign in whole if sign in CODES.values()}))
        self.somewhere = re.compile(f"(?=[{named}])(?:{whole})")

    def rewrite(self, atoms: Sequence[Atom], told: Any) -> list[Atom]:
        """The atoms with everything put together that a rule accepts; `told` is handed to the rules."""
        kinds = "".join([CODES[atom.kind] for atom in atoms])
        made: list[Atom] = []
        place = 0
        while match := self.somewhere.search(kinds, place):
            made.extend(atoms[place : match.start()])
            place = match.start()
            atom, length = self._first(atoms, kinds, place, told)
            made.append(atom)
            place += length
        made.extend(atoms[place:])
        return made

    def _first(self, atoms: Sequence[Atom], kinds: str, place: int, told: Any) -> tuple[Atom, int]:
        for pattern, make in self.rules:
            match = pattern.match(kinds, place)
            if match and match.end() > place:
                found = atoms[place : match.end()]
                result = make(Found(found), told)
                if result is not None:
                    return Atom(*result, found[0].start, found[-1].end), len(found)
        return atoms[place], 1
