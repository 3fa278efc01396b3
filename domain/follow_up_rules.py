"""When we come back by ourselves: the company's rules for it, as declared in the company file. Pure."""

from datetime import time, timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field

from domain.declared import WEEKDAYS, Value, Weekday, listed
from domain.manners import Manners


class FollowUps(Value):
    """When we come back by ourselves."""

    reminder_hour: time = time(17, 0)  # the day before an appointment, in the home's zone
    silent_close_days: Annotated[int, Field(gt=0)] = 3  # resolved and nobody objects
    survey_after_hours: Annotated[int, Field(ge=0)] = 4
    survey_open_days: Annotated[int, Field(gt=0)] = 28
    survey_again_days: Annotated[int, Field(gt=0)] = 5  # nobody answered: asked once more
    low_score: Annotated[int, Field(ge=1, le=4)] = 2

    # what holds for everything we ask or suggest by ourselves
    daytime: tuple[time, time] = (time(9, 30), time(20, 0))  # where the home is
    quiet_days: Annotated[tuple[Weekday, ...], BeforeValidator(listed)] = ("sun",)
    apart_days: Annotated[int, Field(ge=0, le=60)] = 5  # between two of them
    a_month: Annotated[int, Field(gt=0, le=30)] = 3  # in any thirty days
    spread_minutes: Annotated[int, Field(ge=0, le=720)] = 180  # what is due for many in one morning
    later_days: Annotated[int, Field(gt=0, le=180)] = 14  # after “later”

    @property
    def manners(self) -> Manners:
        """The same, for whoever looks for a polite moment."""
        return Manners(
            hours=self.daytime,
            days=frozenset(n for n, day in enumerate(WEEKDAYS) if day not in self.quiet_days),
            apart=timedelta(days=self.apart_days),
            a_month=self.a_month,
            spread=timedelta(minutes=self.spread_minutes),
        )
