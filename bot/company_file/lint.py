"""What a careful reader of a company file would ask: it can be priced, but was it meant? Warnings, never faults."""

from collections.abc import Callable, Iterator

from bot.company_file.lint_devices import devices, maintained
from bot.company_file.lint_hours import hours
from bot.company_file.lint_order import order
from bot.company_file.lint_plans import plans
from bot.company_file.lint_prices import falling
from bot.company_file.lint_team import team
from bot.company_file.lint_words import unused, words
from bot.company_file.parts import Finding
from domain.company import PriceList

ASKED: tuple[Callable[[PriceList], Iterator[Finding]], ...] = (
    plans,
    order,
    hours,
    falling,
    words,
    unused,
    team,
    devices,
    maintained,
)


def lint(prices: PriceList) -> Iterator[Finding]:
    """Everything that is odd in a sound file."""
    for ask in ASKED:
        yield from ask(prices)
