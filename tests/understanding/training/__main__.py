"""Make the model of meaning: `python -m tests.understanding.training`. A quarter of an hour on two cores.

It needs the group `training` of pyproject.toml. The same phrases give the same model; the weights and what their
numbers are worth are written beside the program (`handlers/understanding/meaning/`).
"""

import random
import time
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from handlers.understanding.ideas import ideas_of
from handlers.understanding.network import WEIGHTS
from handlers.understanding.pieces import Pieces
from tests.understanding.training.encoder import start
from tests.understanding.training.learning import Lesson, Teacher, batches, begun, cut_of
from tests.understanding.training.lines import LANGUAGES, Phrase, careless, habits, joined, written
from tests.understanding.training.worth import weigh

PAIRS = 600  # joined lines a language, other ones in each round
CARELESS = 0.5  # the share of lines written in haste
NONE = "none"
KEPT_WHOLE = ("likely", "unknown", "scale", "low")  # everything else is halved in size

ideas = cache(ideas_of)


class Questions:
    """What the network is asked of each message; the last two only help it to learn."""

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        self.names = {
            "label": sorted({phrase.label for phrase in phrases}),
            "also": [NONE, *sorted({phrase.also for phrase in phrases if phrase.also})],
            "language": list(LANGUAGES),
            "intent": sorted({phrase.intent for phrase in phrases}),
            "area": sorted({phrase.area for phrase in phrases if phrase.area}),
        }
        self._places = {head: {name: at for at, name in enumerate(names)} for head, names in self.names.items()}

    def answers(self, phrases: Sequence[Phrase], size: int) -> Any:
        """Each phrase's place among the names of each question; -1: not asked."""
        found = np.full((size, len(self.names)), -1, np.int32)
        for row, phrase in enumerate(phrases):
            said = (phrase.label, phrase.also or NONE, phrase.language, phrase.intent, phrase.area)
            found[row] = [places.get(one or "", -1) for places, one in zip(self._places.values(), said, strict=True)]
        return found


def rounds(phrases: list[Phrase], lesson: Lesson) -> list[list[Phrase]]:
    """What is read in each round: every line, some written in haste, and fresh pairs."""
    chance, shorter, found = random.Random(lesson.seed), habits(), []
    for number in range(lesson.epochs):
        lines = phrases + joined(phrases, lesson.seed * 100 + number, PAIRS)
        hasty = [careless(p, chance, shorter[p.language]) if chance.random() < CARELESS else p for p in lines]
        found.append(hasty)
    return found


def taught(phrases: list[Phrase], lesson: Lesson) -> tuple[dict[str, Any], list[str], Questions]:
    """The layers that were learnt, the pieces, and the questions."""
    layers, pieces = start()
    likely, unknown, table = layers.pop("likely"), layers.pop("unknown"), layers["table"]
    cutter, chance, questions = Pieces(pieces, likely.tolist(), float(unknown)), random.Random(1), Questions(phrases)
    lessons = rounds(phrases, lesson)
    cuts = [[cut_of(cutter.words(p.text), chance, lesson.unread) for p in lines] for lines in lessons]
    seen = sorted({number for cut in cuts for one in cut for number in one})  # only these rows can learn anything
    place = {number: at for at, number in enumerate(seen)}
    layers["table"] = table[seen]
    marks = 2 * len(layers["second_gain"]) + len(ideas(""))
    heads = [len(names) for names in questions.names.values()]
    teacher = Teacher(begun(layers, marks, sum(heads), lesson), heads, lesson)
    total, began = sum(-(-len(cut) // lesson.batch) for cut in cuts), time.monotonic()
    step = 0
    for lines, cut in zip(lessons, cuts, strict=True):
        numbered = [[place[number] for number in one] for one in cut]
        for batch in batches(numbered, lambda row, lines=lines: ideas(lines[row].text), lesson.batch, chance):
            step += 1
            answers = questions.answers([lines[row] for row in batch.rows], lesson.batch)
            loss = teacher.learn(batch, answers, step / total)
            if step % 200 == 0:
                print(f"step {step} of {total}, loss {loss:.2f}, {time.monotonic() - began:.0f} s", flush=True)
    learnt = {name: np.asarray(layer) for name, layer in teacher.mean.items()}
    table[seen] = learnt["table"]
    return {**learnt, "table": table, "likely": likely, "unknown": unknown}, pieces, questions


def kept(layers: dict[str, Any], pieces: list[str], questions: Questions) -> None:
    """Write the weights, as small as they still say the same."""
    names = {head: questions.names[head] for head in ("label", "also", "language")}
    size = sum(len(known) for known in names.values())
    layers = {**layers, "out": layers["out"][:, :size], "out_shift": layers["out_shift"][:size]}
    table = layers.pop("table")
    low, high = table.min(axis=1), table.max(axis=1)
    layers["low"], layers["scale"] = low, (high - low) / 255
    levels = (table - low[:, None]) / np.maximum(layers["scale"], 1e-9)[:, None]
    WEIGHTS.mkdir(exist_ok=True)
    np.save(WEIGHTS / "table.npy", np.rint(levels).astype(np.uint8))
    stored = {name: layer.astype(np.float32 if name in KEPT_WHOLE else np.float16) for name, layer in layers.items()}
    np.savez(WEIGHTS / "layers.npz", **stored, **{f"names_{head}": np.array(known) for head, known in names.items()})
    (WEIGHTS / "pieces.txt").write_text("\n".join(pieces), encoding="utf-8")


if __name__ == "__main__":
    kept(*taught(written(), Lesson()))
    weigh()
