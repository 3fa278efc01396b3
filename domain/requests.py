"""Requests: what somebody asked for, its life, and everything that was said about it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal

from sqlalchemy import ForeignKey, Index, Text, select, text
from sqlalchemy.orm import Mapped, mapped_column

from domain import events
from domain.areas import Area, Intent, Urgency
from domain.record import Name, Short, Table, choice, impersonal, personal
from domain.work import Refusal, Work

FIRST_NUMBER = 1000


class State(StrEnum):
    """Where a request stands."""

    DRAFT = "draft"
    OPEN = "open"
    CLAIMED = "claimed"
    WAITING_HOMEOWNER = "waiting_homeowner"
    WAITING_PARTS = "waiting_parts"
    BOOKED = "booked"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    CONFIRMED = "confirmed"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Deed(StrEnum):
    """What can be done to a request."""

    OPEN = "open"
    CLAIM = "claim"
    ASK = "ask"
    NOT_ASKED = "not_asked"
    GO_ON = "go_on"
    WAIT_FOR_PARTS = "wait_for_parts"
    BOOK = "book"
    UNBOOK = "unbook"
    RESOLVE = "resolve"
    CONFIRM = "confirm"
    REOPEN = "reopen"
    CLOSE = "close"
    CANCEL = "cancel"
    MEND = "mend"
    TAKE_UP = "take_up"


WAITS = (State.WAITING_HOMEOWNER, State.WAITING_PARTS)
_RUNNING = (State.OPEN, State.CLAIMED, State.WAITING_HOMEOWNER, State.WAITING_PARTS, State.BOOKED, State.REOPENED)
_UNSOLVED = (*_RUNNING, State.DRAFT)
UNFINISHED = (*_RUNNING, State.RESOLVED)  # solved, as we say: he may still object

LIFE: dict[tuple[State, Deed], State] = {
    (State.DRAFT, Deed.OPEN): State.OPEN,
    **{(s, Deed.CLAIM): State.CLAIMED for s in (State.OPEN, State.CLAIMED, State.REOPENED)},
    # Taking a request over does not change what it waits for.
    **{(s, Deed.CLAIM): s for s in (State.WAITING_HOMEOWNER, State.WAITING_PARTS, State.BOOKED)},
    **{(s, Deed.ASK): State.WAITING_HOMEOWNER for s in (State.OPEN, State.CLAIMED, State.REOPENED)},
    (State.WAITING_HOMEOWNER, Deed.NOT_ASKED): State.OPEN,
    **{(s, Deed.GO_ON): State.CLAIMED for s in WAITS},
    # Also when we wait for his answer meanwhile, and when a visit has shown what is missing.
    **{(s, Deed.WAIT_FOR_PARTS): State.WAITING_PARTS for s in _RUNNING if s is not State.WAITING_PARTS},
    **{(s, Deed.BOOK): State.BOOKED for s in _RUNNING},
    (State.BOOKED, Deed.UNBOOK): State.OPEN,
    **{(s, Deed.RESOLVE): State.RESOLVED for s in _RUNNING},
    (State.RESOLVED, Deed.CONFIRM): State.CONFIRMED,
    (State.RESOLVED, Deed.REOPEN): State.REOPENED,
    (State.CONFIRMED, Deed.REOPEN): State.REOPENED,
    (State.CLOSED, Deed.REOPEN): State.REOPENED,
    (State.RESOLVED, Deed.CLOSE): State.CLOSED,
    (State.CONFIRMED, Deed.CLOSE): State.CLOSED,
    **{(s, Deed.CANCEL): State.CANCELLED for s in _UNSOLVED},
    **{(s, Deed.MEND): State.CONFIRMED for s in _RUNNING if s is not State.BOOKED},  # who comes is called off first
    (State.CANCELLED, Deed.TAKE_UP): State.REOPENED,
}


class Request(Table):
    """One wish or fault: whose, where, how urgent, and how it stands."""

    __tablename__ = "requests"
    __table_args__ = (
        Index("ix_requests_person_id_state", "person_id", "state"),
        Index("ix_requests_under_way", "ended_at", "opened_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    home_id: Mapped[int | None] = mapped_column(ForeignKey("homes.id"), index=True)  # a stranger has none
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    device_id: Mapped[int | None] = mapped_column(ForeignKey("devices.id"))
    intent: Mapped[Intent] = mapped_column(choice(Intent))
    area: Mapped[Area] = mapped_column(choice(Area))
    urgency: Mapped[Urgency] = mapped_column(choice(Urgency))
    story: Mapped[str] = personal(Text)
    state: Mapped[State] = mapped_column(choice(State))
    verdict: Mapped[dict[str, Any] | None] = impersonal()  # the ruling that was said, as it was said
    assignee: Mapped[str | None] = impersonal(Short)  # the teammate's key in the company file
    channel: Mapped[str] = impersonal(Short)  # where its card hangs
    resolution: Mapped[str | None] = personal(Text)  # what the homeowner reads
    minutes_spent: Mapped[int | None]
    cause: Mapped[str | None] = impersonal(Short)  # what it was, as the team says
    snoozed_until: Mapped[datetime | None]
    part: Mapped[str | None] = impersonal(Name)  # that we wait for
    part_on: Mapped[date | None]  # the day on which it is expected
    opened_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    talks: Mapped[str | None] = impersonal(Short)  # the teammate who talks with the homeowner: the assistant is quiet
    logged_by: Mapped[str | None] = impersonal(Short)  # the teammate whom he phoned; none: he wrote himself
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id"))
    storm_id: Mapped[int | None] = mapped_column(
        index=True
    )  # the storm it is one of; `storm_members` holds it to one that is there
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def number(self) -> str:
        """The number people quote."""
        return str(FIRST_NUMBER + self.id)

    @property
    def running(self) -> bool:
        """Whether somebody still has to do something."""
        return self.state in _RUNNING


# What is looked up in the log by its name and time; whoever does so says NAMED too, else the index is not used.
NAMED = text("name IN ('ContractRenewed', 'PromiseWarned')")


class Happening(Table):
    """The log: every fact, with who and when."""

    __tablename__ = "happenings"
    __table_args__ = (Index("ix_happenings_named", "name", "at", sqlite_where=NAMED),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = impersonal(Short)
    subject: Mapped[str] = impersonal(Short, index=True)
    actor: Mapped[str] = impersonal(Name)
    facts: Mapped[dict[str, Any]] = impersonal()
    inbox_id: Mapped[int | None]  # what caused it; the inbox is purged after a while
    at: Mapped[datetime]


@dataclass(eq=False)
class NotNow(Refusal):
    """The request stands where this deed makes no sense (already taken back, already solved, …)."""

    number: str
    state: State


def advance(request: Request, deed: Deed) -> None:
    """Change the state by the life table. Raises NotNow."""
    after = LIFE.get((request.state, deed))
    if after is None:
        raise NotNow(request.number, request.state)
    request.state = after


@dataclass(frozen=True)
class Wish:
    """What a new request says."""

    intent: Intent
    area: Area
    urgency: Urgency
    story: str
    channel: str
    device: int | None = None
    logged_by: str | None = None  # the teammate whom he phoned


def open_request(work: Work, person: int, home: int | None, wish: Wish) -> Request:
    """Log a request."""
    request = Request(
        person_id=person,
        home_id=home,
        device_id=wish.device,
        intent=wish.intent,
        area=wish.area,
        urgency=wish.urgency,
        story=wish.story,
        channel=wish.channel,
        logged_by=wish.logged_by,
        state=State.DRAFT,
        opened_at=work.now,
    )
    advance(request, Deed.OPEN)
    work.session.add(request)
    work.session.flush()
    work.happened(events.RequestOpened(request.id))
    if wish.urgency is Urgency.EMERGENCY:
        work.happened(events.EmergencyRaised(request.id))
    return request


def claim(work: Work, request: Request, by: str) -> None:
    """A teammate takes it (over)."""
    advance(request, Deed.CLAIM)
    request.assignee = by
    request.claimed_at = request.claimed_at or work.now
    work.happened(events.RequestClaimed(request.id, by))


def raise_emergency(work: Work, request: Request) -> None:
    """It became dangerous: the urgency rises, and the team is alerted at once."""
    if not request.running:
        raise NotNow(request.number, request.state)
    if change_urgency(work, request, Urgency.EMERGENCY):
        work.happened(events.EmergencyRaised(request.id))


def change_urgency(work: Work, request: Request, urgency: Urgency) -> bool:
    """It is more urgent, or less; whether that is news."""
    was, request.urgency = request.urgency, urgency
    if was is not urgency:
        work.happened(events.UrgencyChanged(request.id, was, urgency))
    return was is not urgency


def wait(work: Work, request: Request, what: Literal["customer", "parts"], question: int | None = None) -> None:
    """We wait for his answer (to a question), or for parts. Raises NotNow."""
    advance(request, Deed.ASK if what == "customer" else Deed.WAIT_FOR_PARTS)
    work.happened(events.WaitBegan(request.id, what, question))


def not_asked(work: Work, request: Request, question: int) -> None:
    """A question never reached him: where we waited for its answer, it stands as before."""
    began = select(Happening.facts).where(
        Happening.subject == f"request:{request.id}", Happening.name == "WaitBegan"
    )  # fmt: skip
    last = work.session.scalars(began.order_by(Happening.id.desc()).limit(1)).first()
    if request.state is State.WAITING_HOMEOWNER and last is not None and last.get("question") == question:
        advance(request, Deed.NOT_ASKED)
        if request.assignee:
            advance(request, Deed.CLAIM)
        work.happened(events.WaitEnded(request.id))


def go_on(work: Work, request: Request) -> None:
    """What we waited for is here; nothing happens where we did not wait."""
    if request.state in WAITS:
        advance(request, Deed.GO_ON)
        work.happened(events.WaitEnded(request.id))


def resolve(
    work: Work, request: Request, by: str, resolution: str, minutes: int | None, cause: str | None = None
) -> None:
    """The team says that it is solved, and what the homeowner shall read."""
    advance(request, Deed.RESOLVE)
    request.assignee = request.assignee or by
    request.resolution = resolution
    request.minutes_spent, request.cause, request.snoozed_until = minutes, cause or request.cause, None
    request.resolved_at = work.now
    request.talks = None
    work.happened(events.RequestResolved(request.id, by))


def confirm(work: Work, request: Request) -> None:
    """The homeowner says that it is solved."""
    advance(request, Deed.CONFIRM)
    request.ended_at = work.now
    work.happened(events.RequestConfirmed(request.id))


def reopen(work: Work, request: Request, by: str | None = None) -> None:
    """The homeowner says that it is not solved; or (`by`) a teammate does."""
    advance(request, Deed.REOPEN)
    request.ended_at = None
    work.happened(events.RequestReopened(request.id, by))


def close(work: Work, request: Request) -> None:
    """Nobody objected."""
    advance(request, Deed.CLOSE)
    request.ended_at = work.now
    request.talks = None
    work.happened(events.RequestClosed(request.id))


def mended(work: Work, request: Request) -> None:
    """He mended it himself: it is over, and the team solved nothing."""
    advance(request, Deed.MEND)
    request.ended_at = work.now
    request.talks = request.snoozed_until = None


def cancel(work: Work, request: Request) -> None:
    """It is not wanted any more."""
    advance(request, Deed.CANCEL)
    request.ended_at = work.now
    request.talks = None
    work.happened(events.RequestCancelled(request.id))


def numbered(work: Work, number: str) -> Request | None:
    """The request with that number, if there is one."""
    found = int(number) - FIRST_NUMBER if number.isascii() and number.isdecimal() and len(number) < 10 else 0
    return work.session.get(Request, found)


def running_of(work: Work, person: int) -> list[Request]:
    """A person's requests that are not finished, newest first."""
    mine = select(Request).where(Request.person_id == person, Request.state.in_(UNFINISHED))
    return list(work.session.scalars(mine.order_by(Request.id.desc())))
