"""How far a time has passed, and who was told of it: the same for promises and for what is made good. Pure."""

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.worktime import ALWAYS, Time


@dataclass(frozen=True)
class Deadline:
    """A time that nothing stops: so long from a moment on."""

    began: datetime
    allowed: timedelta
    time: Time = ALWAYS

    @property
    def due(self) -> datetime | None:
        """When it is over."""
        return self.reached(100)

    def reached(self, percent: int) -> datetime | None:
        """The moment at which so much of it has passed."""
        return self.time.later(self.began, self.allowed * percent / 100)


Reached = Callable[[int], datetime | None]


def passed(reached: Reached, percents: Iterable[int], now: datetime, said: Container[int]) -> list[int]:
    """Of which heights somebody is to be told now: they are reached, and nobody was told."""
    found = ((percent, reached(percent)) for percent in percents if percent not in said)
    return [percent for percent, at in found if at is not None and at <= now]


def ahead(reached: Reached, percents: Iterable[int], now: datetime, said: Container[int]) -> datetime | None:
    """When the next of the other heights is reached."""
    found = (reached(percent) for percent in percents if percent not in said)
    return min((at for at in found if at is not None and at > now), default=None)
