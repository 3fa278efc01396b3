"""Notes: everything that is said about a request, by whom and for whom. Nothing that came in is ever lost."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from domain import desk_events, events
from domain.record import Name, Short, Table, choice, impersonal, personal
from domain.requests import Request, State, go_on
from domain.work import Refusal, Work


class Direction(StrEnum):
    """Who said it to whom."""

    FROM_HOMEOWNER = "from_homeowner"
    TO_HOMEOWNER = "to_homeowner"
    INTERNAL = "internal"


class Sending(StrEnum):
    """How far words for the homeowner have come."""

    NOT = "not"  # nobody sends them: internal, or his own
    WAITING = "waiting"  # they leave in a moment; until then they can be taken back
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNDONE = "undone"  # taken back before they left
    WITHDRAWN = "withdrawn"  # taken out of his chat again


LEFT = (Sending.SENT, Sending.DELIVERED)
# In UTF-16 units: with the teammate's name it stays one message in the chat, which can be corrected and taken out.
LONGEST_SENT = 3000


class Note(Table):
    """Something said about a request, or a file: nothing that came in is ever lost."""

    __tablename__ = "notes"
    __table_args__ = (UniqueConstraint("source"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), index=True)
    direction: Mapped[Direction] = mapped_column(choice(Direction))
    author: Mapped[str] = personal(Name)
    words: Mapped[str] = personal(Text)
    file: Mapped[dict[str, Any] | None] = personal()  # the file as the network holds it
    more: Mapped[list[Any] | None] = personal()  # further files that came with it, in a form
    source: Mapped[str | None] = impersonal(Name)  # the network's id of the message
    at: Mapped[datetime]
    sending: Mapped[Sending] = mapped_column(choice(Sending), default=Sending.NOT, server_default="not")
    sent_by: Mapped[str | None] = impersonal(Short)  # the teammate's key; none: to many at once, nobody talks with him
    answers: Mapped[list[Any] | None] = personal()  # what he may press under it
    answered: Mapped[int | None]  # which of them he pressed

    @property
    def files(self) -> list[dict[str, Any]]:
        """All its files, in order."""
        return [*([self.file] if self.file else ()), *(self.more or ())]


@dataclass(eq=False)
class SentAlready(Refusal):
    """These words have been sent to the homeowner before."""


@dataclass(eq=False)
class LeftAlready(Refusal):
    """It is too late to take them back: he has them."""


@dataclass(eq=False)
class TooLongToSend(Refusal):
    """That does not fit into one message, which alone can be corrected and taken out of his chat again."""

    most: int


def fits(words: str) -> bool:
    """Whether words for a homeowner are short enough to be sent."""
    return len(words.encode("utf-16-le", "surrogatepass")) // 2 <= LONGEST_SENT


@dataclass(frozen=True)
class Words:
    """Something said: by whom, to whom, and where it stands on the network."""

    direction: Direction
    author: str
    words: str = ""
    file: dict[str, Any] | None = None
    source: str | None = None
    more: tuple[dict[str, Any], ...] = ()


def add_note(work: Work, request: Request, said: Words) -> Note:
    """Keep something that was said about a request, once; the homeowner's answer ends the wait for it."""
    if (kept := known(work, said.source)) is not None:
        return kept  # the network brought the same message as something new
    note = _written(work, request, said)
    work.happened(events.NoteAdded(request.id, note.id))
    if said.direction is Direction.FROM_HOMEOWNER and request.state is State.WAITING_HOMEOWNER:
        go_on(work, request)
    return note


def known(work: Work, source: str | None) -> Note | None:
    """What was said in a message of a network, if we have it."""
    return next(iter(_held(work, Note.source == source)), None) if source is not None else None


def written(work: Work, source: str) -> list[Note]:
    """What was said in one message: one note, or one for each of its files, held until the end of the transaction."""
    return _held(work, (Note.source == source) | Note.source.startswith(f"{source}#", autoescape=True))


def held(work: Work, note: int) -> Note:
    """A note as it is now; until the end of the transaction nobody else changes it."""
    (found,) = _held(work, Note.id == note)
    return found


def _held(work: Work, which: ColumnElement[bool]) -> list[Note]:
    """Whoever sends, takes back or changes the same words at the same moment waits, and sees what became of them."""
    found = select(Note).where(which).order_by(Note.id).with_for_update().execution_options(populate_existing=True)
    return list(work.session.scalars(found))


def _written(work: Work, request: Request, said: Words) -> Note:
    note = Note(
        request_id=request.id,
        direction=said.direction,
        author=said.author,
        words=said.words,
        file=said.file,
        more=list(said.more) or None,
        source=said.source,
        at=work.now,
    )
    work.session.add(note)
    work.session.flush()
    return note


def send(work: Work, request: Request, said: Words, by: str | None, *, at_once: bool = False) -> Note:
    """Words (or a file) for the homeowner, sent on purpose: they leave in a moment. Raises SentAlready, TooLongToSend.

    What was said in the thread before, for the team alone, becomes what is sent: it stays one note.
    """
    note = known(work, said.source)
    if note is None:
        note = _written(work, request, said)
    elif note.sending in (Sending.WAITING, *LEFT):
        raise SentAlready
    if not fits(note.words):
        raise TooLongToSend(LONGEST_SENT)
    again = note.sending is Sending.FAILED
    note.direction, note.sending, note.sent_by = Direction.TO_HOMEOWNER, Sending.WAITING, by
    work.happened(desk_events.WordsWaiting(request.id, note.id, again))
    if at_once:
        leave(work, note)
    return note


def leave(work: Work, note: Note) -> None:
    """The moment in which they could be taken back is over; anything else is left alone."""
    if note.sending is Sending.WAITING:
        note.sending = Sending.SENT
        work.happened(desk_events.WordsSent(note.request_id, note.id))


def undo(work: Work, note: Note) -> None:
    """They stay with the team. Raises LeftAlready."""
    if note.sending is not Sending.WAITING:
        raise LeftAlready
    note.direction, note.sending = Direction.INTERNAL, Sending.UNDONE
    work.happened(desk_events.WordsTakenBack(note.request_id, note.id))


def change(work: Work, note: Note, words: str) -> None:
    """Other words: what he has changes at his, what waits leaves as it is now; what is internal stays so.

    Raises TooLongToSend.
    """
    if words == note.words:
        return
    if note.sending in (Sending.WAITING, *LEFT) and not fits(words):
        raise TooLongToSend(LONGEST_SENT)
    note.words = words
    if note.sending in LEFT:
        note.sending = Sending.SENT
        work.happened(desk_events.WordsChanged(note.request_id, note.id))


def withdraw(work: Work, note: Note) -> None:
    """Take them out of his chat again. Raises LeftAlready when they never got there, or are out of it."""
    if note.sending not in (*LEFT, Sending.FAILED, Sending.UNDONE):  # these two: an earlier wording may be there
        raise LeftAlready
    note.sending = Sending.WITHDRAWN
    work.happened(desk_events.WordsWithdrawn(note.request_id, note.id))


def went(note: Note, *, ok: bool) -> None:
    """How it went: he has them, or he cannot have them."""
    if note.sending in (*LEFT, Sending.FAILED):
        note.sending = Sending.DELIVERED if ok else Sending.FAILED
