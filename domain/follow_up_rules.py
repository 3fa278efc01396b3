"""When we come back by ourselves: the company's rules for it, as declared in the company file. Pure."""

from datetime import time, timedelta
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from domain.declared import WEEKDAYS, Value, Weekday, listed
from domain.manners import Manners


class FollowUps(Value):
    """When we come back by ourselves."""

    reminder_hour: time = time(17, 0)  # the day before an appointment, in the home's zone
    silent_close_days: Annotated[int, Field(gt=0)] = 3  # resolved and nobody objects
    survey_after_hours: Annotated[int, Field(ge=0)] = 4
    survey_open_days: Annotated[int, Field(gt=0)] = 28
    survey_again_days: Annotated[int, Field(gt=0, le=27)] = 5  # nobody answered: asked once more
    survey_percent: Annotated[int, Field(ge=0, le=100)] = 100  # of so many requests of a hundred
    low_score: Annotated[int, Field(ge=1, le=4)] = 2
    low_recommend: Annotated[int, Field(ge=0, le=8)] = 6
    recovery_hours: Annotated[int, Field(ge=1, le=240)] = 24  # of working time: so long a low answer may wait
    review_link: Annotated[str, Field(pattern=r"^https://[^\s]+$", max_length=300)] | None = None
    review_for: Literal["everybody", "nobody"] = "nobody"  # who answered: all of them, or none

    first_days: Annotated[int, Field(gt=0, le=60)] = 4  # who has just come is left alone for so long

    # what holds for everything we ask or suggest by ourselves
    daytime: tuple[time, time] = (time(9, 30), time(20, 0))  # where the home is
    quiet_days: Annotated[tuple[Weekday, ...], BeforeValidator(listed)] = ("sun",)
    apart_days: Annotated[int, Field(ge=0, le=60)] = 5  # between two of them
    a_month: Annotated[int, Field(gt=0, le=30)] = 3  # in any thirty days
    spread_minutes: Annotated[int, Field(ge=0, le=720)] = 180  # what is due for many in one morning
    later_days: Annotated[int, Field(gt=0, le=180)] = 14  # after “later”

    # the occasions on which we come back
    maintenance_days: Annotated[int, Field(ge=1, le=180)] = 21  # so long before a maintenance visit is due
    warranty_days: Annotated[int, Field(ge=1, le=365)] = 45  # before a warranty ends
    renewal_days: Annotated[int, Field(ge=1, le=180)] = 45  # before a new term begins
    lapse_days: Annotated[int, Field(ge=4, le=90)] = 30  # before what is left of an allowance is gone
    allowance_percent: Annotated[int, Field(ge=1, le=100)] = 80  # so much of it used is nearly all
    upgrade_support_days: Annotated[int, Field(ge=0, le=730)] = 180  # before its maker lets a device down
    upgrade_apart_days: Annotated[int, Field(ge=1, le=730)] = 90  # between two upgrades that one home is offered
    faults_a_year: Annotated[int, Field(ge=2, le=50)] = 3  # so many of one device, and it should be replaced
    advice_days: Annotated[int, Field(ge=8, le=180)] = 60  # before the renewal a cheaper plan is told of
    advice_saving_percent: Annotated[int, Field(ge=1, le=90)] = 15  # where it would have saved so much
    recommend: bool = True  # whether people are asked, twice a year, if they would recommend us

    @property
    def review(self) -> str | None:
        """Where those who answered may write a review; it never depends on what they answered."""
        return self.review_link if self.review_for == "everybody" else None

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
