"""Facts of the team's desk."""

from datetime import date, datetime

from domain.areas import Area
from domain.events import Event, OfBooking, OfRequest


class OfNote(OfRequest, frozen=True):
    """A fact about something that was said."""

    note: int


class WordsWaiting(OfNote, frozen=True):
    """Words for the homeowner leave in a moment, unless they are taken back; `again`: they had failed before."""

    again: bool = False


class WordsSent(OfNote, frozen=True):
    """They have left."""


class WordsTakenBack(OfNote, frozen=True):
    """They were taken back before they left."""


class WordsChanged(OfNote, frozen=True):
    """What he has is said otherwise."""


class WordsWithdrawn(OfNote, frozen=True):
    """They are taken out of his chat again."""


class TalkGoesOn(OfRequest, frozen=True):
    """Somebody said something meanwhile: a teammate still talks with the homeowner."""

    since: datetime


class HandedBack(OfRequest, frozen=True):
    """The teammate who talked with the homeowner left him to the assistant again."""


class HandedOver(OfRequest, frozen=True):
    """A teammate gave it to another one; `note`: what he should know."""

    was: str | None
    to: str
    by: str
    note: int | None = None


class AreaChanged(OfRequest, frozen=True):
    """It is about another area than was thought."""

    before: Area
    after: Area


class CardMoved(OfRequest, frozen=True):
    """Its card hangs in another channel now."""

    was: str


class ClocksLookedAt(OfRequest, frozen=True):
    """Somebody looked how far its promises have come, and nobody had to be told: the next look is still to be set."""


class Snoozed(OfRequest, frozen=True):
    """It rests until then, or until the homeowner writes."""

    until: datetime


class Woken(OfRequest, frozen=True):
    """It rests no more."""


class PartAwaited(OfRequest, frozen=True):
    """A part is expected on a day."""

    expected: date


class NotSolvedThere(OfBooking, frozen=True):
    """The appointment took place, and it is not solved yet."""

    by: str


class RequestMerged(OfRequest, frozen=True):
    """It ended in another request."""

    into: int


class RequestUnmerged(OfRequest, frozen=True):
    """It was not the same after all: it goes on by itself again."""

    into: int


class RequestSplit(OfRequest, frozen=True):
    """It was taken out of another one."""

    of: int


class Noted(OfNote, frozen=True):
    """A teammate wrote a note for the team."""


class GoodwillGiven(OfRequest, frozen=True):
    """Something was given back, with a reason: the charge says how much and why."""

    charge: int
    by: str


class TimeDeclined(OfRequest, frozen=True):
    """The homeowner does not want the time that the team chose for him."""

    booking: int


class TimeOffered(OfRequest, frozen=True):
    """A teammate chose a time for the homeowner, and asks for his yes."""

    booking: int
    by: str


class OfCommitment(OfRequest, frozen=True):
    """A fact about what a teammate said he would do."""

    commitment: int


class CommitmentMade(OfCommitment, frozen=True):
    """It was pinned; `told`: the homeowner is told."""

    by: str
    told: bool


class CommitmentMoved(OfCommitment, frozen=True):
    """It will be at another time than was said."""

    was: datetime
    by: str


class CommitmentAsked(OfCommitment, frozen=True):
    """Its time is over, and somebody was asked whether it was kept, for the first time or again."""

    time: int


class CommitmentSettled(OfCommitment, frozen=True):
    """It was kept, or not, or withdrawn: as somebody said, or as the request came out."""

    outcome: str  # kept, broken, withdrawn
    by: str | None  # who said so; none: the request came out like that


class CommitmentReopened(OfCommitment, frozen=True):
    """It was kept because the request was solved, and it is not."""


class CommitmentWentOver(OfCommitment, frozen=True):
    """Its request ended in this one."""


class AnsweredByPhone(OfRequest, frozen=True):
    """He said yes or no on the phone to what he was asked; `by`: the teammate who asked him."""

    task: int
    yes: bool
    by: str


class OfPrices(Event, frozen=True):
    """A fact about a change of prices."""

    change: int

    @property
    def subject(self) -> str:
        return f"prices:{self.change}"


class PricesEntered(OfPrices, frozen=True):
    """A manager changed prices from a day on."""


class PricesTakenBack(OfPrices, frozen=True):
    """They will not change after all."""
