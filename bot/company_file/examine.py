"""A careful reading of the company file: with what is odd in it. Only `check` needs it."""

from dataclasses import dataclass
from pathlib import Path

from bot.company_file.lint import lint
from bot.company_file.reading import ordered, sound
from bot.faults import Fault
from domain.company import PriceList


@dataclass(frozen=True)
class Reading:
    """A sound file: what it says, what is odd in it, and what it lacks to run."""

    prices: PriceList  # a Company, when it can run
    warnings: tuple[Fault, ...]
    lacking: tuple[Fault, ...]


def examine(path: Path) -> Reading:
    """The file, checked whole, with what a careful reader would ask about. Raises CompanyFileFault."""
    prices, lacking, tell = sound(path)
    return Reading(prices, tuple(ordered(map(tell, lint(prices)))), tuple(lacking))
