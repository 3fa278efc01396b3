"""Storms in the record: like requests of one moment under one parent. Which belong, and who was told what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from domain import storm_events
from domain.areas import Area, Intent, Urgency
from domain.company import Company
from domain.homes import Home
from domain.notes import LEFT, Direction, Note, Words, send
from domain.people import Person
from domain.record import Name, Short, Table, choice, impersonal
from domain.requests import UNFINISHED, NotNow, Request, State
from domain.storm_rules import Likeness
from domain.work import Refusal, Work

RUNNING = tuple(state for state in UNFINISHED if state is not State.RESOLVED)


class Ending(StrEnum):
    """How a storm ended."""

    SOLVED = "solved"
    NONE = "none"  # it was none


class Storm(Table):
    """One trouble of many homes: what is alike, who sees to it, what they were told."""

    __tablename__ = "storms"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str | None] = impersonal(String(320), unique=True)  # what is alike; none once it is over
    area: Mapped[Area] = mapped_column(choice(Area))
    brand: Mapped[str | None] = impersonal(Name)
    region: Mapped[str | None] = impersonal(Short)
    channel: Mapped[str] = impersonal(Short)  # where its card hangs
    begun_by: Mapped[str | None] = impersonal(Short)  # the teammate's key; none: by itself
    opened_at: Mapped[datetime]
    last_at: Mapped[datetime]  # when the last request came to it
    assignee: Mapped[str | None] = impersonal(Short)
    told: Mapped[dict[str, Any]] = impersonal()  # the newest words for everybody, by language
    told_at: Mapped[datetime | None]
    told_by: Mapped[str | None] = impersonal(Short)
    warned: Mapped[dict[str, Any]] = impersonal()  # of which promises of its requests it was warned, and how far
    ending: Mapped[Ending | None] = mapped_column(choice(Ending))
    ended_at: Mapped[datetime | None]
    resolution: Mapped[str | None] = impersonal(Text)  # what was done, as the team's card says it
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def likeness(self) -> Likeness:
        """What its requests have in common."""
        return Likeness(self.area, self.brand, self.region)

    @property
    def lasts(self) -> bool:
        """Whether it is not over."""
        return self.ended_at is None


class StormMember(Table):
    """A request that is, or was, one of a storm; the words its person was last sent because of it."""

    __tablename__ = "storm_members"

    storm_id: Mapped[int] = mapped_column(ForeignKey("storms.id"), primary_key=True, autoincrement=False)
    request_id: Mapped[int] = mapped_column(
        ForeignKey("requests.id"), primary_key=True, autoincrement=False, index=True
    )
    joined_at: Mapped[datetime]
    note_id: Mapped[int | None] = mapped_column(ForeignKey("notes.id"))


class StormWatch(Table):
    """An area that is looked at: held by whoever looks for a storm in it."""

    __tablename__ = "storm_watches"

    area: Mapped[str] = mapped_column(Short, primary_key=True, info={"personal": False})
    looks: Mapped[int] = mapped_column(default=0)


class StormOver(Refusal):
    """It is over: nothing can be done with it any more."""


class NotInAStorm(Refusal):
    """The request is none of a storm."""


@dataclass(eq=False)
class StandsAlone(Refusal):
    """What is dangerous, is nobody's home's or no trouble at all is not put under a storm."""

    number: str


@dataclass(frozen=True)
class Child:
    """A request of a storm: whose, where, and the words he was last sent because of it."""

    request: Request
    person: Person
    home: Home
    note: Note | None

    @property
    def reachable(self) -> bool:
        """Whether words can reach him."""
        return self.person.telegram is not None and self.person.presence.reachable

    @property
    def told(self) -> bool:
        """Whether words have left for him."""
        return self.note is not None and self.note.sending in LEFT


# ── who is in it ──


def join(work: Work, company: Company, request: Request, storm: Storm, *, later: bool = True) -> None:
    """It is one of them; what they were told its person is told at once. Raises StormOver, StandsAlone, NotNow."""
    if not storm.lasts:
        raise StormOver
    if request.storm_id == storm.id:
        return
    if not request.running:
        raise NotNow(request.number, request.state)
    if request.urgency is Urgency.EMERGENCY or request.home_id is None or request.intent is not Intent.PROBLEM:
        raise StandsAlone(request.number)
    if request.storm_id is not None:
        leave(work, request)
    if work.session.get(StormMember, (storm.id, request.id)) is None:
        work.session.add(StormMember(storm_id=storm.id, request_id=request.id, joined_at=work.now))
    request.storm_id, storm.last_at = storm.id, work.now
    work.session.flush()
    work.happened(storm_events.StormJoined(request.id, storm.id, later))
    if storm.told_by is not None:
        tell(work, company, storm, request)


def leave(work: Work, request: Request) -> None:
    """It is about something else, or goes on by itself. Raises NotInAStorm."""
    if request.storm_id is None:
        raise NotInAStorm
    storm = work.session.get_one(Storm, request.storm_id)
    request.storm_id = None
    work.happened(storm_events.StormLeft(request.id, storm.id, storm.lasts))


def goes_by_itself(work: Work, request: Request) -> None:
    """It became dangerous, or its storm is over and it is not solved for him: whoever has it sees to it alone."""
    if request.storm_id is None:
        return
    lasts = work.session.get_one(Storm, request.storm_id).lasts
    if not lasts or request.urgency is Urgency.EMERGENCY:
        leave(work, request)


# ── what they are told ──


def tell(work: Work, company: Company, storm: Storm, only: Request | None = None) -> int:
    """The newest words, to everybody in his language, nobody the same twice; how many it has left for."""
    author = next((m.name for m in company.team if m.key == storm.told_by), storm.told_by or "")
    told = 0
    for child in children(work, storm):
        if not child.request.running or (only is not None and child.request.id != only.id):
            continue
        words = in_his(storm.told, child.person)
        member = work.session.get_one(StormMember, (storm.id, child.request.id))
        same = [note for note in _heard(work, storm, child.person) if note.words == words and note.sending in LEFT]
        if not same:
            said = Words(Direction.TO_HOMEOWNER, author, words)
            same = [send(work, child.request, said, None, at_once=True)]
            told += child.reachable
        member.note_id = same[0].id
        work.session.flush()
    return told


def in_his(words: dict[str, Any], person: Person) -> str:
    """Words in somebody's language, where there are any."""
    return str(words.get(person.language) or next(iter(words.values()), ""))


def _heard(work: Work, storm: Storm, person: Person) -> Sequence[Note]:
    """What somebody was sent because of this storm, for whichever of his requests."""
    said = select(Note).join(StormMember, StormMember.note_id == Note.id)
    said = said.join(Request, Request.id == StormMember.request_id)
    return work.session.scalars(said.where(StormMember.storm_id == storm.id, Request.person_id == person.id)).all()


# ── looking ──


def held(work: Work, storm: int) -> Storm:
    """A storm as it is now; until the end of the transaction nobody else changes it."""
    mine = select(Storm).where(Storm.id == storm).with_for_update().execution_options(populate_existing=True)
    return work.session.scalars(mine).one()


def lasting(work: Work, area: Area | None = None) -> list[Storm]:
    """The storms that are not over, the narrowest first; of one area, or all."""
    asked = select(Storm).where(Storm.ended_at.is_(None)).order_by(Storm.id)
    found = work.session.scalars(asked.where(Storm.area == area) if area is not None else asked)
    return sorted(found, key=lambda storm: storm.likeness.width)


def of(work: Work, request: Request) -> Storm | None:
    """The storm a request is one of, be it over or not."""
    return work.session.get(Storm, request.storm_id) if request.storm_id is not None else None


def around(work: Work, request: Request) -> Storm | None:
    """The storm that lasts, in which a request is one of many."""
    storm = of(work, request)
    return storm if storm is not None and storm.lasts and request.running else None


def children(work: Work, storm: Storm) -> list[Child]:
    """Its requests, the oldest first."""
    asked = (
        select(Request, Person, Home, Note)
        .join(Person, Person.id == Request.person_id)
        .join(Home, Home.id == Request.home_id)
        .outerjoin(StormMember, (StormMember.request_id == Request.id) & (StormMember.storm_id == storm.id))
        .outerjoin(Note, Note.id == StormMember.note_id)
        .where(Request.storm_id == storm.id)
    )
    return [Child(*row) for row in work.session.execute(asked.order_by(Request.id))]
