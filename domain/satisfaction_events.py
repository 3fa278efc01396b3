"""Facts of satisfaction: what was answered, who makes it good, who came by whose word."""

from datetime import datetime

from domain.events import Event, OfContract, OfPerson, OfRequest


class SurveyReasoned(OfRequest, frozen=True):
    """What was good or bad was named, or taken back."""

    round: int = 1


class RecommendAsked(OfPerson, frozen=True):
    """Whether he would recommend us was asked."""

    recommendation: int


class RecommendAnswered(OfPerson, frozen=True):
    """It was answered."""

    recommendation: int
    score: int


class RecommendRemarked(OfPerson, frozen=True):
    """He said why."""

    recommendation: int


class OfRecovery(Event, frozen=True):
    """A fact about somebody who was not satisfied, and what we do about it."""

    recovery: int

    @property
    def subject(self) -> str:
        return f"recovery:{self.recovery}"


class RecoveryOpened(OfRecovery, frozen=True):
    """A low answer came: somebody is to make it good."""


class RecoveryTaken(OfRecovery, frozen=True):
    """Somebody of the team sees to it."""

    was: str | None
    by: str


class RecoveryWarned(OfRecovery, frozen=True):
    """So much of its time has passed, and somebody was told."""

    percent: int


class CallChosen(OfRecovery, frozen=True):
    """He chose when he wants to be called."""

    begins: datetime
    until: datetime


class RecoveryContacted(OfRecovery, frozen=True):
    """Somebody wrote to him, or spoke with him, for the first time."""

    by: str


class RecoveryMadeGood(OfRecovery, frozen=True):
    """The team says that it is made good: he will be asked again."""

    by: str


class RecoverySettled(OfRecovery, frozen=True):
    """How it came out: yes, no, or raised before anybody did anything."""

    outcome: str
    by: str | None  # who said so; none: his answer did, or his silence


class ReferralCame(OfPerson, frozen=True):
    """Somebody came by a friend's link."""

    referred: int


class ReferralSigned(OfContract, frozen=True):
    """He has a contract now."""

    referred: int
