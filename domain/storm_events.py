"""Facts about storms."""

from domain.events import Event, OfRequest


class OfStorm(Event, frozen=True):
    """A fact about a storm."""

    storm: int

    @property
    def subject(self) -> str:
        return f"storm:{self.storm}"


class StormBegan(OfStorm, frozen=True):
    """Several like requests became one trouble; `by` whom, unless by themselves."""

    by: str | None


class StormTaken(OfStorm, frozen=True):
    """A teammate sees to it."""

    by: str


class StormTold(OfStorm, frozen=True):
    """Everybody concerned was written to."""

    by: str
    reached: int


class StormSolved(OfStorm, frozen=True):
    """It is over, and its requests with it."""

    by: str
    solved: int


class StormDenied(OfStorm, frozen=True):
    """It was none: everybody is seen to alone again."""

    by: str


class StormJoined(OfRequest, frozen=True):
    """A request is one of a storm; `later`: the storm was there before."""

    storm: int
    later: bool


class StormLeft(OfRequest, frozen=True):
    """A request is none of the storm; `lasts`: the storm goes on."""

    storm: int
    lasts: bool
