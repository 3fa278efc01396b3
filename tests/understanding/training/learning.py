"""Teach the whole network, from the pieces to the labels: Adam, dropout, softened labels, a running mean of weights."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from handlers.understanding.network import BRANCHES, SAME
from handlers.understanding.network import WIDTH as BRANCH
from handlers.understanding.pieces import BEGIN, END, MOST, UNKNOWN

LENGTHS = (16, 24, 40, MOST)  # a batch is filled up to one of them: as many programs are compiled
TOP = ("hidden", "hidden_shift", "out", "out_shift")


@dataclass(frozen=True)
class Lesson:
    """How long and how hard to learn."""

    epochs: int = 6
    batch: int = 96
    hidden: int = 320
    rate: float = 1e-3  # of the upper half
    rate_below: float = 3e-4
    rate_of_pieces: float = 2e-4
    decay: float = 0.01
    asleep: float = 0.4  # hidden units left out
    blind: float = 0.2  # marks left out
    unread: float = 0.06  # pieces left out
    softened: float = 0.05
    beside: float = 0.3  # what every question but the first counts
    warm_up: int = 150
    settled: int = 300  # steps before the running mean begins
    remembered: float = 0.998
    seed: int = 0


@dataclass(frozen=True)
class Batch:
    """Messages of about the same length."""

    rows: list[int]
    pieces: Any
    there: Any
    ideas: Any


def begun(layers: dict[str, Any], marks: int, answers: int, lesson: Lesson) -> dict[str, Any]:
    """The layers with an upper half that knows nothing yet."""
    rng = np.random.default_rng(lesson.seed)
    fresh = {
        "hidden": rng.normal(0, (2 / marks) ** 0.5, (marks, lesson.hidden)),
        "hidden_shift": np.zeros(lesson.hidden),
        "out": rng.normal(0, (1 / lesson.hidden) ** 0.5, (lesson.hidden, answers)),
        "out_shift": np.zeros(answers),
    }
    return {**layers, **{name: layer.astype(np.float32) for name, layer in fresh.items()}}


def forward(layers: Any, pieces: Any, there: Any, ideas: Any, dropped: Any = None, lesson: Lesson | None = None) -> Any:
    """The same as the program computes, for a batch, with parts left out while it learns."""
    mask = there[..., None]
    seen = layers["table"][pieces] * mask
    x = _evened(seen @ layers["inward"] + layers["inward_shift"], layers["first_gain"], layers["first_shift"]) * mask
    parts = [seen]
    for branch, (span, before) in enumerate(BRANCHES):
        part = x[..., branch * BRANCH : (branch + 1) * BRANCH]
        for step in ("first", "second"):
            wide = jnp.pad(part, ((0, 0), (before, span - 1 - before), (0, 0)))
            each = layers[f"{step}_{span}"].reshape(span, BRANCH, BRANCH)
            windows = sum(wide[:, at : at + part.shape[1]] @ each[at] for at in range(span))
            part = (part + jnp.maximum(windows + layers[f"{step}_{span}_shift"], 0)) * mask
        parts.append(part)
    features = _evened(jnp.concatenate(parts, -1), layers["second_gain"], layers["second_shift"]) * mask
    mean = features.sum(1) / jnp.sqrt(there.sum(1))[:, None]
    marks = jnp.concatenate([mean, jnp.where(mask > 0, features, -1e9).max(1), ideas], -1)
    if lesson is not None:
        first, second = jax.random.split(dropped)
        marks = _left_out(marks, first, lesson.blind)
    hidden = jnp.maximum(marks @ layers["hidden"] + layers["hidden_shift"], 0)
    if lesson is not None:
        hidden = _left_out(hidden, second, lesson.asleep)
    return hidden @ layers["out"] + layers["out_shift"]


def _evened(x: Any, gain: Any, shift: Any) -> Any:
    centred = x - x.mean(-1, keepdims=True)
    return centred / jnp.sqrt((centred * centred).mean(-1, keepdims=True) + SAME) * gain + shift


def _left_out(x: Any, dropped: Any, share: float) -> Any:
    return x * jax.random.bernoulli(dropped, 1 - share, x.shape) / (1 - share)


def batches(
    cut: Sequence[Sequence[int]], ideas: Callable[[int], Any], size: int, chance: random.Random
) -> Iterator[Batch]:
    """All messages, those of like length together, in any order."""
    order = sorted(range(len(cut)), key=lambda at: len(cut[at]) + chance.random() * 3)
    groups = [order[at : at + size] for at in range(0, len(order), size)]
    chance.shuffle(groups)
    for rows in groups:
        longest = next(n for n in LENGTHS if max(len(cut[row]) for row in rows) <= n)
        pieces, there = np.zeros((size, longest), np.int32), np.zeros((size, longest), np.float32)
        there[:, 0] = 1
        for at, row in enumerate(rows):
            pieces[at, : len(cut[row])], there[at, : len(cut[row])] = cut[row], 1
        marks = np.stack([ideas(row) for row in rows])
        yield Batch(rows, pieces, there, np.pad(marks, ((0, size - len(rows)), (0, 0))))


def cut_of(words: Sequence[tuple[str, list[int]]], chance: random.Random, unread: float) -> list[int]:
    """The pieces of a message, some of them not read."""
    inside = [number for _, cut in words for number in cut] or [UNKNOWN]
    return [BEGIN, *(UNKNOWN if chance.random() < unread else number for number in inside), END]


class Teacher:
    """One network being taught; `heads` are the sizes of its questions, the first the one that counts."""

    def __init__(self, layers: dict[str, Any], heads: Sequence[int], lesson: Lesson) -> None:
        self.layers = {name: jnp.asarray(layer) for name, layer in layers.items()}
        self.mean = self.layers
        self._edges = np.cumsum([0, *heads])
        self._lesson, self._steps, self._dropped = lesson, 0, jax.random.PRNGKey(lesson.seed)
        self._momentum = {name: jnp.zeros_like(layer) for name, layer in self.layers.items()}
        self._spread = dict(self._momentum)

    def learn(self, batch: Batch, answers: Any, done: float) -> float:
        """One step; `done`: the share of the lesson that is over. Returns the loss."""
        self._steps += 1
        self._dropped, dropped = jax.random.split(self._dropped)
        rate = min(1.0, self._steps / self._lesson.warm_up) * max(0.03, 1 - done)
        asked = (batch.pieces, batch.there, batch.ideas, answers, dropped)
        self.layers, self._momentum, self._spread, loss = self._step(
            self.layers, self._momentum, self._spread, float(self._steps), rate, *asked
        )
        kept = self._lesson.remembered if self._steps > self._lesson.settled else 0.0
        self.mean = {name: kept * self.mean[name] + (1 - kept) * layer for name, layer in self.layers.items()}
        return float(loss)

    @partial(jax.jit, static_argnums=0)
    def _step(self, layers: Any, momentum: Any, spread: Any, step: Any, rate: Any, *asked: Any) -> Any:
        loss, slope = jax.value_and_grad(self._loss)(layers, *asked)
        norm = jnp.sqrt(sum((one * one).sum() for one in slope.values()))
        slope = {name: one * jnp.minimum(1.0, 1.0 / norm) for name, one in slope.items()}
        momentum = {name: 0.9 * momentum[name] + 0.1 * one for name, one in slope.items()}
        spread = {name: 0.999 * spread[name] + 0.001 * one**2 for name, one in slope.items()}

        def moved(name: str) -> Any:
            way = momentum[name] / (1 - 0.9**step) / (jnp.sqrt(spread[name] / (1 - 0.999**step)) + 1e-8)
            decay = self._lesson.decay if layers[name].ndim > 1 and name != "table" else 0.0
            return layers[name] - rate * self._rate_of(name) * (way + decay * layers[name])

        return {name: moved(name) for name in layers}, momentum, spread, loss

    def _rate_of(self, name: str) -> float:
        if name == "table":
            return self._lesson.rate_of_pieces
        return self._lesson.rate if name in TOP else self._lesson.rate_below

    def _loss(self, layers: Any, pieces: Any, there: Any, ideas: Any, answers: Any, dropped: Any) -> Any:
        out, total = forward(layers, pieces, there, ideas, dropped, self._lesson), 0.0
        for head, (start, end) in enumerate(zip(self._edges, self._edges[1:], strict=False)):
            likely, answer = jax.nn.log_softmax(out[:, start:end]), answers[:, head]
            hit = jnp.take_along_axis(likely, jnp.maximum(answer, 0)[:, None], 1)[:, 0]
            wrong = -((1 - self._lesson.softened) * hit + self._lesson.softened * likely.mean(-1))
            total += (1.0 if head == 0 else self._lesson.beside) * (wrong * (answer >= 0)).mean()
        return total
