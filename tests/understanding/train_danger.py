"""Train the second opinion on danger: `python -m tests.understanding.train_danger`. Deterministic; a minute.

It needs scikit-learn (group `training` in pyproject.toml), which nothing else does. Scores are moved so that zero is
where nine in ten of what is called an emergency are (cross-validated, on the lines written for danger).
"""

import json
import random
from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from handlers.understanding.danger_model import GROUPS, LETTERS, RARITIES, SAID, SIZE, WEIGHTS, WEIGHTS_OF_ONE, slots_of
from tests.understanding import danger_lines

C, DANGER_COUNTS, WRITTEN_FOR_DANGER, SLIPPED_COUNTS = 5.0, 2.0, 3.0, 0.5
SLIPPED_OF_ORDINARY = 0.25
BLOCKS = (LETTERS, SAID, GROUPS)
PRECISION = 0.90  # of the model alone, on the lines written for danger: where the threshold is put


def counted(rows: Sequence[danger_lines.Row]) -> Any:
    """One sparse row of dampened counts a message."""
    starts, slots, values = [0], [], []
    for text, lang, *_ in rows:
        for block in slots_of(text, lang):
            slots += block.keys()
            values += [1 + np.log(often) for often in block.values()]
        starts.append(len(slots))
    return sp.csr_matrix((values, slots, starts), shape=(len(rows), SIZE), dtype=np.float32)


def rarity_of(matrix: Any) -> Any:
    """How rare each slot is."""
    seen = np.bincount(matrix.indices, minlength=SIZE)
    return (np.log((1 + matrix.shape[0]) / (1 + seen)) + 1).astype(np.float16).astype(np.float32)


def scaled(matrix: Any, rarity: Any) -> Any:
    """Each block of a row brought to length one."""
    matrix = sp.csc_matrix(matrix @ sp.diags(rarity))
    parts = []
    for block in BLOCKS:
        part = matrix[:, block.start : block.stop]
        length = np.sqrt(np.asarray(part.multiply(part).sum(1)).ravel())
        length[length == 0] = 1
        parts.append(sp.diags(1 / length) @ part)
    return sp.hstack(parts).tocsr()


class Learner:
    """The rows, their slips, and how much each counts."""

    def __init__(self) -> None:
        self.rows = danger_lines.danger() + danger_lines.more() + danger_lines.dev() + danger_lines.phrases()
        chance = random.Random(5)
        ordinary = lambda row: row[3].startswith("phrase") and not row[2]  # noqa: E731
        self.of = np.array(
            [at for at, row in enumerate(self.rows) if not ordinary(row) or chance.random() < SLIPPED_OF_ORDINARY]
        )
        slips = [(danger_lines.slipped(self.rows[at][0], chance), *self.rows[at][1:]) for at in self.of]
        self.meant = np.array([row[2] for row in self.rows])
        self.source = np.array([row[3] for row in self.rows])
        self.ours = np.isin(self.source, ["emergency", "calm", "high"])
        self.written = self.ours | np.char.startswith(self.source, "more")
        self.matrix, self.slips = counted(self.rows), counted(slips)

    def taught(self, train: Any) -> Any:
        """Rarities and a fitted model from these rows and their slips."""
        kept = np.isin(self.of, train)
        rarity = rarity_of(self.matrix[train])
        meant = np.r_[self.meant[train], self.meant[self.of[kept]]]
        ours = np.r_[self.written[train], self.written[self.of[kept]]]
        weight = np.where(meant, DANGER_COUNTS, 1) * np.where(ours, WRITTEN_FOR_DANGER, 1)
        weight[len(train) :] *= SLIPPED_COUNTS
        model = LogisticRegression(C=C, solver="liblinear", max_iter=300, random_state=0)
        model.fit(
            scaled(sp.vstack([self.matrix[train], self.slips[kept]]).tocsr(), rarity), meant, sample_weight=weight
        )
        return rarity, model

    def cross_validated(self) -> Any:
        """Scores of every row by a model that has not seen it."""
        strata = [f"{meant}{source}" for meant, source in zip(self.meant, self.source, strict=True)]
        scores = np.zeros(len(self.rows))
        for train, test in StratifiedKFold(5, shuffle=True, random_state=1).split(strata, strata):
            rarity, model = self.taught(train)
            scores[test] = model.decision_function(scaled(self.matrix[test], rarity))
        return scores


def threshold_for(scores: Any, meant: Any) -> float:
    """The score above which so many are right."""
    order = np.argsort(-scores)
    precision = np.cumsum(meant[order]) / np.arange(1, len(order) + 1)
    return float(scores[order][np.where(precision >= PRECISION)[0][-1]])


def main() -> None:
    """Learn, say how well, write the weights."""
    learner = Learner()
    scores = learner.cross_validated()
    threshold = threshold_for(scores[learner.ours], learner.meant[learner.ours])
    above = scores > threshold
    print("threshold", threshold, "recall", above[learner.source == "emergency"].mean())
    print(
        "false on ordinary phrases",
        (above & ~learner.meant & ~learner.ours).sum(),
        "of",
        (~learner.meant & ~learner.ours).sum(),
    )
    rarity, model = learner.taught(np.arange(len(learner.rows)))
    kept = {
        "bias": round(float(model.intercept_[0] - threshold), 4),
        "rarity": [round(float(one) * RARITIES) for one in rarity],
        "weight": [round(float(one) * WEIGHTS_OF_ONE) for one in model.coef_[0]],
    }
    WEIGHTS.write_text(json.dumps(kept, separators=(",", ":")))
    print("written", WEIGHTS, WEIGHTS.stat().st_size)


if __name__ == "__main__":
    main()
