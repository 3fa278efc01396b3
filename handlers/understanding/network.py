"""The network behind meaning: from the pieces of a message to how likely each label is.

The lower half is Google's multilingual universal sentence encoder (Apache 2.0), cut to the pieces of four languages,
narrowed, and taught on from our phrases together with the upper half: see docs/decisions/0020. Its weights lie beside
this file; `python -m tests.understanding.training` makes them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from handlers.understanding.ideas import ideas_of
from handlers.understanding.pieces import BEGIN, END, UNKNOWN, Pieces

Floats = npt.NDArray[np.float32]

WEIGHTS = Path(__file__).parent / "meaning"
BRANCHES = ((2, 0), (3, 1), (5, 2))  # how many pieces a window spans, and how many of them lie before the piece
WIDTH = 256
SAME = 1e-6


@dataclass(frozen=True)
class Seen:
    """What the network makes of a message: how likely each label of each head is, and what each word adds."""

    heads: Mapping[str, Floats]
    words: tuple[str, ...]
    sizes: tuple[int, ...]  # how many pieces each word is cut into
    features: Floats  # of each piece, its share in what is summed over the message
    awake: npt.NDArray[np.bool_]  # which hidden units saw something
    known: float  # the share of its pieces that the network knows


class Network:
    """Loaded once; the table of pieces stays on disk and is paged in as words need it."""

    def __init__(self, folder: Path = WEIGHTS, worth: Mapping[str, float] | None = None) -> None:
        self._table = np.load(folder / "table.npy", mmap_mode="r", allow_pickle=False)
        with np.load(folder / "layers.npz", allow_pickle=False) as store:
            kept = {name: store[name] for name in store.files}
        self.labels = {
            name.removeprefix("names_"): kept.pop(name).tolist() for name in list(kept) if name[:6] == "names_"
        }
        self.worth: Mapping[str, float] = worth or json.loads((folder / "worth.json").read_text())
        self._layers = {name: np.asarray(layer, dtype=np.float32) for name, layer in kept.items()}
        pieces = (folder / "pieces.txt").read_text(encoding="utf-8").split("\n")
        likely, unknown = self._layers.pop("likely"), float(self._layers.pop("unknown"))
        self._pieces = Pieces(pieces, likely.tolist(), unknown)

    def read(self, text: str) -> Seen:
        """One message; never an error, whatever it is made of."""
        text = text.encode("utf-8", "ignore").decode()
        words = self._pieces.words(text)
        numbers = [BEGIN, *([n for _, cut in words for n in cut] or [UNKNOWN]), END]
        features = self._features(np.array(numbers))
        root = np.sqrt(np.float32(len(numbers)))
        known = 1 - numbers.count(UNKNOWN) / (len(numbers) - 2)
        pooled = np.concatenate([features.sum(axis=0) / root, features.max(axis=0), ideas_of(text)])
        layers = self._layers
        hidden = pooled @ layers["hidden"] + layers["hidden_shift"]
        awake = hidden > 0
        out = ((hidden * awake) @ layers["out"] + layers["out_shift"]).astype(np.float32)
        sizes = tuple(len(cut) for _, cut in words)
        return Seen(self._heads(out), tuple(word for word, _ in words), sizes, features / root, awake, known)

    def pulls(self, seen: Seen, label: int) -> Floats:
        """How much each word of a message speaks for a label of the first head, more than for the others."""
        first = self._layers["out"][:, : len(next(iter(self.labels.values())))]
        direction = (first[:, label] - first.mean(axis=1)) * seen.awake
        each = seen.features @ (self._layers["hidden"][: seen.features.shape[1]] @ direction)
        edges = np.cumsum((1, *seen.sizes))[:-1]
        pulls: Floats = np.add.reduceat(each[:-1], edges) if seen.sizes else each[:0]
        return pulls - pulls.mean() if len(pulls) else pulls

    def _heads(self, out: Floats) -> dict[str, Floats]:
        edges = np.cumsum([len(names) for names in self.labels.values()])[:-1]
        return {name: _likely(part) for name, part in zip(self.labels, np.split(out, edges), strict=True)}

    def _features(self, numbers: npt.NDArray[np.int64]) -> Floats:
        layers = self._layers
        pieces = self._table[numbers].astype(np.float32) * layers["scale"][numbers, None] + layers["low"][numbers, None]
        x = _evened(pieces @ layers["inward"] + layers["inward_shift"], layers["first_gain"], layers["first_shift"])
        parts = [pieces]
        for branch, (span, before) in enumerate(BRANCHES):
            part = x[:, branch * WIDTH : (branch + 1) * WIDTH]
            for step in ("first", "second"):
                seen = _windows(part, span, before) @ layers[f"{step}_{span}"] + layers[f"{step}_{span}_shift"]
                part = part + np.maximum(seen, 0)
            parts.append(part)
        return _evened(np.concatenate(parts, axis=1), layers["second_gain"], layers["second_shift"])


def _windows(part: Floats, span: int, before: int) -> Floats:
    """For each piece the pieces around it, side by side; beyond the message there is nothing."""
    wide = np.zeros((len(part) + span - 1, part.shape[1]), dtype=np.float32)
    wide[before : before + len(part)] = part
    return np.concatenate([wide[at : at + len(part)] for at in range(span)], axis=1)


def _evened(x: Floats, gain: Floats, shift: Floats) -> Floats:
    centred = x - x.mean(axis=-1, keepdims=True)
    spread = np.sqrt(np.einsum("ij,ij->i", centred, centred) / x.shape[-1] + SAME)
    evened: Floats = centred / spread[:, None] * gain + shift
    return evened


def _likely(out: Floats) -> Floats:
    raised = np.exp(out - out.max())
    likely: Floats = raised / raised.sum()
    return likely
