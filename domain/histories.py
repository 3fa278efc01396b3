"""Histories: what happened to requests that bears on a promise, read from the log; for one, or for many at once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from domain.appointments import Booking, BookingState
from domain.areas import Help, Urgency
from domain.clocks import Kind, Mark
from domain.notes import Direction, Note
from domain.requests import Happening, Request
from domain.work import Work

PLAIN = {
    "WordsSent": Kind.WE_SPOKE,
    "Booked": Kind.WE_SPOKE,  # he knows when somebody comes: that is an answer
    "WaitEnded": Kind.GOES_ON,
    "RequestResolved": Kind.SOLVED,
    "RequestReopened": Kind.REOPENED,
    "RequestCancelled": Kind.ENDED,
    "RequestMerged": Kind.ENDED,
    "FirstAidHelped": Kind.ENDED,
}
WAITS = {"customer": Kind.WAITS_FOR_HIM, "parts": Kind.WAITS_FOR_PARTS}
CAME = (BookingState.DONE, BookingState.ON_THE_WAY, BookingState.NO_ACCESS)
AT_ONCE = 500  # requests that are read together


@dataclass
class History:
    """One request's: its appointments, its log in order, and the notes in which the homeowner speaks."""

    request: Request
    bookings: list[Booking] = field(default_factory=list)
    log: list[Happening] = field(default_factory=list)
    spoken: set[int] = field(default_factory=set)

    def marks(self) -> list[Mark]:
        """All that bears on a promise, in order."""
        found = [mark for happening in self.log for mark in self._marks(happening)]
        found += [
            Mark(booking.expected_at or booking.starts_at, Kind.THERE if booking.help is Help.VISIT else Kind.HELPED)
            for booking in self.bookings
            if booking.state in CAME
        ]
        return sorted(found, key=lambda mark: mark.at)

    def _marks(self, happening: Happening) -> Iterator[Mark]:
        name, facts, at = happening.name, happening.facts, happening.at
        if name in PLAIN:
            yield Mark(at, PLAIN[name])
        elif name == "RequestOpened":
            changes = (h.facts["was"] for h in self.log if h.name == "UrgencyChanged")
            yield Mark(at, Kind.OPENED, Urgency(next(changes, self.request.urgency)))
        elif name == "UrgencyChanged":
            yield Mark(at, Kind.URGENCY, Urgency(facts["now"]))
        elif name == "WaitBegan":
            yield Mark(at, WAITS[facts["what"]])
        elif name == "CommitmentMade" and facts["told"]:
            yield Mark(at, Kind.WE_SPOKE)  # he reads until when we do what: that is an answer
        elif name == "NoteAdded" and facts["note"] in self.spoken:
            yield Mark(at, Kind.HE_SPOKE)


def histories(work: Work, requests: Iterable[Request]) -> dict[int, History]:
    """The history of each request, by its id: a few questions to the record, however many requests there are."""
    work.session.flush()  # what has just happened is in the log, too
    found = {request.id: History(request) for request in requests}
    numbers = list(found)
    for at in range(0, len(numbers), AT_ONCE):
        _read(work, found, numbers[at : at + AT_ONCE])
    return found


def _read(work: Work, found: dict[int, History], some: Sequence[int]) -> None:
    session = work.session
    subjects = {f"request:{number}": found[number] for number in some}
    for booking in session.scalars(select(Booking).where(Booking.request_id.in_(some)).order_by(Booking.id)):
        found[booking.request_id].bookings.append(booking)
        subjects[f"booking:{booking.id}"] = found[booking.request_id]
    for happening in session.scalars(
        select(Happening).where(Happening.subject.in_(subjects)).order_by(Happening.id)
    ):  # fmt: skip
        subjects[happening.subject].log.append(happening)
    his = select(Note.request_id, Note.id).where(Note.direction == Direction.FROM_HOMEOWNER)
    for request, note in session.execute(his.where(Note.request_id.in_(some))):
        found[request].spoken.add(note)
