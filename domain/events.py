"""Facts, past tense. The desk writes each into the log and lets scheduling and the team's cards react."""

from datetime import date, datetime
from typing import Literal

import msgspec

from domain.areas import Urgency
from domain.plans import What


class Event(msgspec.Struct, frozen=True):
    """Something that happened to `subject` ("request:12")."""

    @property
    def subject(self) -> str:
        """What it happened to, as `noun:id`."""
        raise TypeError(f"{type(self).__name__} names no subject")


class OfRequest(Event, frozen=True):
    """A fact about a request."""

    request: int

    @property
    def subject(self) -> str:
        return f"request:{self.request}"


class OfBooking(Event, frozen=True):
    """A fact about a booking."""

    booking: int
    request: int

    @property
    def subject(self) -> str:
        return f"booking:{self.booking}"


class OfPerson(Event, frozen=True):
    """A fact about a person."""

    person: int

    @property
    def subject(self) -> str:
        return f"person:{self.person}"


class RequestOpened(OfRequest, frozen=True):
    """A request was logged."""


class EmergencyRaised(OfRequest, frozen=True):
    """A request turned out to be an emergency."""


class UrgencyChanged(OfRequest, frozen=True):
    """It is more urgent, or less, than it was."""

    was: Urgency
    now: Urgency


class WaitBegan(OfRequest, frozen=True):
    """We wait: for the homeowner's answer, or for parts."""

    what: Literal["customer", "parts"]
    question: int | None = None  # the note that asks him


class WaitEnded(OfRequest, frozen=True):
    """We wait no more."""


class PromiseWarned(OfRequest, frozen=True):
    """So much of a promised time has passed, and somebody was told."""

    what: What
    began: datetime
    percent: int


class RequestClaimed(OfRequest, frozen=True):
    """A teammate took it."""

    by: str


class RequestResolved(OfRequest, frozen=True):
    """The team says that it is solved."""

    by: str


class RequestConfirmed(OfRequest, frozen=True):
    """The homeowner says that it is solved."""


class RequestReopened(OfRequest, frozen=True):
    """The homeowner says that it is not solved; or a teammate took it up again."""

    by: str | None = None


class RequestClosed(OfRequest, frozen=True):
    """Nobody objected for the configured time."""


class RequestCancelled(OfRequest, frozen=True):
    """It is not wanted any more."""


class NoteAdded(OfRequest, frozen=True):
    """Words or files were added to a request; the note says by whom and for whom."""

    note: int


class SlotHeld(OfBooking, frozen=True):
    """A slot is kept for somebody who is about to confirm."""


class HoldExpired(OfBooking, frozen=True):
    """He did not confirm in time."""


class Booked(OfBooking, frozen=True):
    """An appointment stands; `moved`: in place of another one of the same request."""

    moved: bool = False


class BookingCancelled(OfBooking, frozen=True):
    """An appointment is called off."""


class BookingMoved(OfBooking, frozen=True):
    """An appointment gave way to a later one of the same request."""


class TechnicianSetOut(OfBooking, frozen=True):
    """Somebody is on the way."""


class RunningLate(OfBooking, frozen=True):
    """We said that we shall be later than agreed."""


class NobodyThere(OfBooking, frozen=True):
    """We were there, and nobody opened."""


class SlotFreed(OfRequest, frozen=True):
    """A time that became free is kept for somebody who waited."""

    booking: int


class SurveyAsked(OfRequest, frozen=True):
    """The satisfaction question was put."""

    round: int = 1  # 2: again, after we made it good


class SurveyAnswered(OfRequest, frozen=True):
    """It was answered."""

    score: int
    round: int = 1


class SurveyRemarked(OfRequest, frozen=True):
    """Words were added to the score."""

    round: int = 1


class PersonLinked(OfPerson, frozen=True):
    """A person and his Telegram account were brought together."""

    home: int


class ContactShared(OfPerson, frozen=True):
    """A stranger shared his own phone number; the team looks whether he is whom it suggests."""

    claim: int


class PersonBlocked(OfPerson, frozen=True):
    """He stopped the bot."""


class PersonReturned(OfPerson, frozen=True):
    """He allowed the bot again."""


class WorkDone(OfBooking, frozen=True):
    """An appointment took place."""

    minutes: int


class CalledOffLate(OfBooking, frozen=True):
    """An appointment was called off so late, or missed, that it costs something."""

    charge: int


class QuoteProposed(OfRequest, frozen=True):
    """A new price was put by a teammate for work that is agreed already."""

    quote: int
    by: str


class QuoteAccepted(OfRequest, frozen=True):
    """The homeowner agreed to it."""

    quote: int


class QuoteRefused(OfRequest, frozen=True):
    """The homeowner did not: what he agreed to before stands."""

    quote: int


class OfContract(Event, frozen=True):
    """A fact about a contract."""

    contract: int

    @property
    def subject(self) -> str:
        return f"contract:{self.contract}"


class ContractOffered(OfContract, frozen=True):
    """A contract was put to a home."""


class ContractActivated(OfContract, frozen=True):
    """It was signed."""


class ContractSuspended(OfContract, frozen=True):
    """It includes nothing until it is resumed."""


class ContractResumed(OfContract, frozen=True):
    """It includes again what it includes."""


class NoticeGiven(OfContract, frozen=True):
    """Its last day is known."""

    last_day: date


class ContractEnded(OfContract, frozen=True):
    """It is over."""


class ContractRenewed(OfContract, frozen=True):
    """A new term began."""

    until: date


class ChangeAgreed(OfContract, frozen=True):
    """Another plan begins at the renewal."""

    plan: str
    on: date


class PlanChanged(OfContract, frozen=True):
    """Another plan holds now."""

    plan: str


class ChargingBegan(OfContract, frozen=True):
    """From a day on its periods are charged here; they were invoiced elsewhere before."""

    on: date


class SubscriptionDue(OfContract, frozen=True):
    """A period began that is paid for: it was charged, or waived since the contract is suspended."""

    begins: date
    waived: bool


class AllowanceAdjusted(OfContract, frozen=True):
    """The team gave or took units by hand."""

    entry: int


class AllowanceDisputed(OfContract, frozen=True):
    """The homeowner says that a deduction is wrong."""

    entry: int
    person: int


class Charged(Event, frozen=True):
    """A charge was written for the accounting."""

    charge: int

    @property
    def subject(self) -> str:
        return f"charge:{self.charge}"
