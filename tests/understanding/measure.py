"""How well messages are understood: `python -m tests.understanding.measure [odd|all]` (`make understanding`).

On rows with even numbers, which nobody looks at while developing. Shares come with their 95 % interval (Wilson).
"""

import resource
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.areas import Area, Intent, Urgency
from domain.statistics import share
from handlers.understanding.meaning import meant, model
from handlers.understanding.readings import Decision, Meaning
from handlers.understanding.urgency import judged
from locales.phrasebook import LANGUAGES
from tests.understanding.judged import Row, danger_rows, even, odd, rows

BINS = 10
ROUNDS = 3  # a message is timed so often; the quickest counts: what else runs is not measured


@dataclass(frozen=True)
class Read:
    """A row and what was understood of it."""

    row: Row
    meaning: Meaning

    @property
    def intent(self) -> bool:
        return self.meaning.intent is self.row.intent

    @property
    def area(self) -> bool:
        return self.meaning.area is self.row.area

    @property
    def both(self) -> bool:
        return self.intent and self.area

    @property
    def acted(self) -> bool:
        return self.meaning.decision is Decision.ACT


def told(name: str, hits: Iterable[bool]) -> str:
    """A share with its interval and how many it is of."""
    found = list(hits)
    if not found:
        return f"{name:34} –"
    one = share(sum(found), len(found))
    assert one is not None
    return f"{name:34} {one.value:6.1%}  ({one.low:.1%}–{one.high:.1%}) of {one.of}"


def accuracy(found: Sequence[Read]) -> Iterable[str]:
    """Intent, area and both: all, and by language."""
    ours = [read for read in found if read.row.intent is not Intent.OTHER]
    for name, some in (("", ours), *((f" {lang}", [r for r in ours if r.row.language == lang]) for lang in LANGUAGES)):
        yield told(f"intent{name}", (read.intent for read in some))
        yield told(f"area{name}", (read.area for read in some if read.row.area))
        yield told(f"both{name}", (read.both for read in some))


def decisions(found: Sequence[Read]) -> Iterable[str]:
    """What is acted on: how much of it, how often right, and what is none of ours."""
    ours = [read for read in found if read.row.intent is not Intent.OTHER]
    yield told("acted on, of what is in scope", (read.acted for read in ours))
    yield told("right, of what is acted on", (read.both for read in ours if read.acted))
    yield told("acted on, of what is out of scope", (r.acted for r in found if r.row.intent is Intent.OTHER))
    yield told("another language", (read.meaning.language != read.row.language for read in found))
    second = [read for read in ours if read.row.also]
    yield told("second wish found", (read.meaning.also is read.row.also for read in second))
    yield told("second wish said falsely", (read.meaning.also is not None for read in ours if not read.row.also))


def calibration(found: Sequence[Read]) -> float:
    """How far, on average, the share that is right lies from the share that was said, in points."""
    bins = defaultdict(list)
    for read in found:
        bins[min(BINS - 1, int(read.meaning.confidence * BINS))].append(read)
    gaps = (
        abs(sum(r.both for r in some) - sum(r.meaning.confidence for r in some)) for some in bins.values()
    )  # fmt: skip
    return 100 * sum(gaps) / len(found)


def by_label(found: Sequence[Read]) -> Iterable[str]:
    """Each intent, and each part of the home."""
    for intent in Intent:
        yield told(f"  {intent}", (read.intent for read in found if read.row.intent is intent))
    for area in Area:
        yield told(f"  {area}", (read.area for read in found if read.row.area is area))


def danger() -> Iterable[str]:
    """Emergencies: how many are heard, and how many alarms are right."""
    said = [
        (row.urgency is Urgency.EMERGENCY, judged(row.text, row.language).level is Urgency.EMERGENCY)
        for row in danger_rows()
    ]
    yield told("emergencies heard", (heard for meant_, heard in said if meant_))
    yield told("alarms that are right", (meant_ for meant_, heard in said if heard))


def quickness(texts: Sequence[str]) -> Iterable[str]:
    """Milliseconds a message."""
    took = []
    for text in texts:
        best = 1e9
        for _ in range(ROUNDS):
            began = time.perf_counter()
            model().meant(text)
            best = min(best, time.perf_counter() - began)
        took.append(best * 1000)
    took.sort()
    middle, slow = took[len(took) // 2], took[int(len(took) * 0.95)]
    yield f"a message takes {middle:.1f} ms, 95 %: {slow:.1f} ms, at most {took[-1]:.1f} ms"


def resident() -> float:
    """MiB of memory at most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """All figures."""
    chosen = {"odd": odd, "all": lambda: list(rows())}.get(sys.argv[1] if len(sys.argv) > 1 else "", even)()
    before, began = resident(), time.monotonic()
    meant("")
    loaded = time.monotonic() - began
    found = [Read(row, meant(row.text)) for row in chosen]
    lines = [
        *accuracy(found),
        *decisions(found),
        f"calibration error                  {calibration(found):.1f} points",
        *by_label(found),
        *danger(),
        f"read in {loaded:.2f} s, {resident() - before:.0f} MiB more memory",
        *quickness([row.text for row in chosen]),
    ]
    print("\n".join(lines))


if __name__ == "__main__":
    main()
