"""Facts of first aid."""

from domain.events import OfRequest


class FirstAidHelped(OfRequest, frozen=True):
    """What he tried himself helped: the request is ended."""

    aid: int


class FirstAidDidNotHelp(OfRequest, frozen=True):
    """It did not: somebody has to see to it."""

    aid: int
