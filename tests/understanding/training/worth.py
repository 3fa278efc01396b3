"""What the network's numbers are worth: the share of messages with such numbers that are read right.

Fitted to labelled messages nothing was learnt from: the judges' rows with odd numbers.
`python -m tests.understanding.training.worth` weighs anew.
"""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from domain.areas import Intent
from handlers.understanding.model import Model
from handlers.understanding.network import WEIGHTS as FOLDER
from handlers.understanding.network import Network
from tests.understanding.judged import Row, odd

STEPS, RATE = 30_000, 0.3
PRECISION, FOREIGN = (
    0.985,
    0.03,
)  # of what is acted on, right; of what is out of scope, acted on: more than the goal (0.97),
# for these rows were looked at while the word lists and some phrases were written
HALF_SURE = 0.4


def weigh() -> None:
    """Write them beside the weights."""
    told = weighed()
    (FOLDER / "worth.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    print(told)


def weighed() -> dict[str, float]:
    """The logistic curve, and the two thresholds."""
    network = Network(worth={"illegible": 0.5})
    model, rows = Model(network), odd()
    seen = [network.read(row.text).heads["label"] for row in rows]
    best = [model.best(likely) for likely in seen]
    said = [model.label(at) for at in best]
    claimed = np.array([intent is not Intent.OTHER for intent, _ in said])
    right = np.array([one == (row.intent, row.area) for one, row in zip(said, rows, strict=True)], dtype=float)
    evidence = np.array([(*model.evidence(likely, at), 1.0) for likely, at in zip(seen, best, strict=True)])
    weights = _fitted(evidence[claimed], right[claimed])
    sure = 1 / (1 + np.exp(-(evidence @ weights)))
    told = dict(zip(("top", "lead", "foreign", "shift"), (round(float(one), 4) for one in weights), strict=True))
    none = _fitted(evidence[~claimed][:, [0, 3]], right[~claimed])
    told |= dict(zip(("none", "none_shift"), (round(float(one), 4) for one in none), strict=True))
    return {**told, "act": _threshold(sure, right, rows, claimed), "ask": HALF_SURE, "also": 0.5, "illegible": 0.5}


def _fitted(evidence: Any, right: Any) -> Any:
    """The weights of what speaks for it, by plain gradient steps; of what is claimed to be ours."""
    width = evidence.std(axis=0) + 1e-9
    width[-1] = 1.0
    weights = np.zeros(evidence.shape[1])
    for _ in range(STEPS):
        wrong = 1 / (1 + np.exp(-(evidence / width) @ weights)) - right
        weights -= RATE * (evidence / width).T @ wrong / len(right)
    return weights / width


def _threshold(sure: Any, right: Any, rows: Sequence[Row], claimed: Any) -> float:
    """The lowest at which what is acted on is right often enough, and little that is not ours is acted on."""
    ours = np.array([row.intent is not Intent.OTHER for row in rows])
    for level in np.arange(0.5, 0.995, 0.005):
        acted = (sure >= level) & claimed
        if right[acted & ours].mean() >= PRECISION and acted[~ours].mean() <= FOREIGN:
            return round(float(level), 3)
    return 0.995


if __name__ == "__main__":
    weigh()
