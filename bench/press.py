"""(b) From a finger on a button to the answer, in the sandbox on SQLite."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from bench.tables import middle, p95, show
from sandbox.slack import judge as slack_judge
from sandbox.telegram import judge
from tests.house import words
from tests.proofs.outside import outside

GOAL = 50.0  # milliseconds, p95


def unjudged() -> None:
    """The sandbox's judge costs more than the product: here it looks away."""
    nothing: list[str] = []
    judge.of_call = lambda *_: nothing
    judge.of_update = lambda *_: nothing
    judge.of_result = lambda *_: nothing
    slack_judge.event = lambda *_: nothing


async def measure(presses: int) -> None:
    """Print the table."""
    unjudged()
    answered, shown = [], []
    with tempfile.TemporaryDirectory() as folder:
        async with outside(Path(folder), TELEGRAM_PER_CHAT="100000", TELEGRAM_OVERALL="100000") as out:
            await out.starts()
            marta = await out.house.arrives("en")
            menu = await marta.sees(words("en", "menu.contract"), timeout=20)
            for number in range(presses + 20):
                before = len(marta.chat)
                began = perf_counter()
                await marta.presses(words("en", "menu.contract"), on=menu)
                first = perf_counter() - began
                await out.house.sandbox.changed.until(lambda n=before: len(marta.chat) > n or None, 5)
                if number >= 20:
                    answered.append(first * 1000)
                    shown.append((perf_counter() - began) * 1000)
    rows = [_row("press → the wheel stops", answered), _row("press → the answer is there", shown)]
    show("Press → answer (SQLite, synchronous FULL), ms", ("what", "p50", "p95", "worst", "goal (p95)"), rows)


def _row(what: str, values: Sequence[float]) -> tuple[str, ...]:
    return what, f"{middle(values):.1f}", f"{p95(values):.1f}", f"{max(values):.1f}", f"< {GOAL:g}"
