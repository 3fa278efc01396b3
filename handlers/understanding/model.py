"""The model behind meaning: the network, and what its numbers are worth."""

import math

import numpy as np

from domain.areas import Area, Intent
from handlers.understanding.network import Floats, Network, Seen
from handlers.understanding.readings import Decision, Guess, Meaning

READS = 700  # characters: what matters is said by then
MOST_GUESSES = 4
MOST_SHOWN = 3  # words that explain
LEAST_PULL = 0.15
TINY = 1e-6
NONE = "none"
MARKS = ".,;:!?¿¡\"'’()…"
LATIN_ENDS = "\u0250"
FEWEST_LETTERS = 2
MOSTLY = 0.7


def read() -> "Model":
    """The model that lies beside this file; a fifth of a second."""
    return Model(Network())


class Model:
    """The network and what its numbers are worth."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._labels = [_label(name) for name in network.labels["label"]]
        intents = sorted({intent for intent, _ in self._labels})
        self._intent_of = np.array([intents.index(intent) for intent, _ in self._labels])
        self._sums = np.eye(len(intents), dtype=np.float32)[self._intent_of]
        self.worth = network.worth

    def meant(self, text: str, *, why: bool = False) -> Meaning:
        """What a message means; `why`: and which words say so, which takes as long again."""
        seen = self._network.read(text[:READS])
        likely = seen.heads["label"]
        best = self.best(likely)
        intent, area = self._labels[best]
        confidence = self.confidence(likely, best) * (1 if legible(seen) else self.worth["illegible"])
        order = sorted(range(len(likely)), key=lambda at: (at != best, -likely[at]))
        return Meaning(
            intent, area, self._second(seen, intent), self._language(seen), confidence,
            self._decision(intent, confidence),
            tuple(Guess(*self._labels[at], float(likely[at])) for at in order[:MOST_GUESSES]),
            self._because(seen, best) if why else (),
        )  # fmt: skip

    def label(self, number: int) -> tuple[Intent, Area | None]:
        """Intent and area of a label."""
        return self._labels[number]

    def best(self, likely: Floats) -> int:
        """The likeliest label of the likeliest intent."""
        intent = int((likely @ self._sums).argmax())
        return int(np.where(self._intent_of == intent, likely, -1).argmax())

    def confidence(self, likely: Floats, best: int) -> float:
        """The share of messages with such likelihoods that are read right."""
        worth, (top, lead, foreign) = self.worth, self.evidence(likely, best)
        if self._labels[best][0] is Intent.OTHER:
            return 1 / (1 + math.exp(-(worth["none"] * top + worth["none_shift"])))
        said = worth["top"] * top + worth["lead"] * lead + worth["foreign"] * foreign + worth["shift"]
        return 1 / (1 + math.exp(-said))

    def evidence(self, likely: Floats, best: int) -> tuple[float, float, float]:
        """What confidence is drawn from: the best label, its lead over the next, what speaks for none of ours."""
        first, second = float(likely[best]), float(np.delete(likely, best).max())
        none_of_ours = float(likely[self._labels.index((Intent.OTHER, None))])
        return math.log((first + TINY) / (1 - first + TINY)), math.log((first + TINY) / (second + TINY)), math.log(
            none_of_ours + TINY
        )  # fmt: skip

    def _decision(self, intent: Intent, confidence: float) -> Decision:
        if intent is Intent.OTHER or confidence < self.worth["ask"]:
            return Decision.MENU
        return Decision.ACT if confidence >= self.worth["act"] else Decision.ASK

    def _second(self, seen: Seen, intent: Intent) -> Intent | None:
        names, likely = self._network.labels["also"], seen.heads["also"]
        if 1 - float(likely[names.index(NONE)]) < self.worth["also"]:
            return None
        found = next(names[at] for at in np.argsort(-likely) if names[at] not in (NONE, intent))
        return Intent(found)

    def _language(self, seen: Seen) -> str:
        language: str = self._network.labels["language"][int(seen.heads["language"].argmax())]
        return language

    def _because(self, seen: Seen, best: int) -> tuple[str, ...]:
        pulls = self._network.pulls(seen, best)
        strongest = [int(at) for at in np.argsort(-pulls)[:MOST_SHOWN] if pulls[at] > LEAST_PULL]
        shown = (seen.words[at].strip(MARKS) for at in sorted(strongest))
        return tuple(word for word in shown if word)


def legible(seen: Seen) -> bool:
    """Whether a message is written in words: Latin letters, and more than figures and signs."""
    letters = [letter for word in seen.words for letter in word if letter.isalpha()]
    latin = sum(letter < LATIN_ENDS for letter in letters)
    return len(letters) >= FEWEST_LETTERS and latin >= MOSTLY * len(letters) and seen.known >= MOSTLY


def _label(name: str) -> tuple[Intent, Area | None]:
    intent, _, area = name.partition("/")
    return Intent(intent), Area(area) if area else None
