"""Queues: what waits for whom, in the order in which it is due."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select

from domain import promised
from domain.clocks import Clock, Standing
from domain.company import Company
from domain.homes import Home
from domain.notes import Direction, Note, Sending
from domain.people import Person
from domain.requests import UNFINISHED, Happening, Request, State
from domain.team import Member
from domain.work import Work

RUNNING = tuple(state for state in UNFINISHED if state is not State.RESOLVED)
FREE = (State.OPEN, State.REOPENED)


@dataclass(frozen=True)
class Owed:
    """A request that somebody has to see to, and what is owed first."""

    request: Request
    person: Person
    home: Home | None
    clock: Clock | None
    in_hand: bool  # an appointment is agreed that keeps it
    on_site: bool  # somebody is to come
    asks: bool  # the homeowner spoke last, or it is not solved as we thought

    @property
    def late(self) -> bool:
        """Whether the time of a promise is over."""
        return self.clock is not None and self.clock.standing is Standing.OVER

    @property
    def due(self) -> datetime | None:
        """When the first promise that nobody has in hand is to be kept."""
        return self.clock.due if self.clock is not None and not self.in_hand else None


def mine(work: Work, company: Company, technician: str) -> list[Owed]:
    """What somebody has taken on, what is due first above."""
    asked = _running().where(Request.assignee == technician)
    return in_order(_owed(work, company, asked.order_by(Request.id.desc())))


def free(work: Work, company: Company, member: Member, most: int) -> list[Owed]:
    """What nobody has taken yet and he could: of what he knows, for technicians; else all of it. The oldest first."""
    asked = _running().where(Request.state.in_(FREE), Request.assignee.is_(None))
    asked = asked.where(Request.storm_id.is_(None))  # those of a storm have a parent
    if set(member.roles) == {"technician"}:
        asked = asked.where(Request.area.in_(member.skills))
    return in_order(_owed(work, company, asked.order_by(Request.id).limit(most)))


def late(work: Work, company: Company) -> list[Owed]:
    """All that is late, whoever has it: of what somebody was warned of, what is so now."""
    warned = select(Happening.subject).where(Happening.name == "PromiseWarned")
    ids = {int(subject.partition(":")[2]) for subject in work.session.scalars(warned.distinct())}
    if not ids:
        return []
    found = _owed(work, company, _running().where(Request.id.in_(ids)))
    return in_order(owed for owed in found if owed.late)


def counted(work: Work) -> dict[State, int]:
    """How many requests stand in each state that is not the end."""
    counts = select(Request.state, func.count()).where(Request.state.in_(UNFINISHED))
    return dict(work.session.execute(counts.group_by(Request.state)).all())


def in_order(found: Iterable[Owed]) -> list[Owed]:
    """What is due first above; without anything due, the oldest first."""
    return sorted(found, key=lambda o: (o.due is None, o.due or o.request.opened_at, o.request.id))


def _running() -> Select[Request, Person, Home]:
    return (
        select(Request, Person, Home)
        .join(Person, Person.id == Request.person_id)
        .outerjoin(Home, Home.id == Request.home_id)
        .where(Request.state.in_(RUNNING))
    )


def _owed(work: Work, company: Company, asked: Select[Request, Person, Home]) -> list[Owed]:
    rows = work.session.execute(asked).all()
    speaks = _he_spoke_last(work, [request.id for request, *_ in rows])
    stands = promised.stands(work, company, [request for request, *_ in rows])
    found = []
    for request, person, home in rows:
        agreed = stands[request.id].planned
        live = [clock for clock in stands[request.id].clocks if clock.live]
        first = min(live, key=lambda c: (promised.in_hand(c, agreed), c.due is None, c.due or work.now), default=None)
        kept = first is not None and promised.in_hand(first, agreed)
        asks = request.id in speaks or request.state is State.REOPENED
        found.append(Owed(request, person, home, first, kept, stands[request.id].on_site, asks))
    return found


def _he_spoke_last(work: Work, requests: Sequence[int]) -> set[int]:
    """The requests in which the last words between us and the homeowner are his."""
    said = (Note.direction != Direction.INTERNAL) & Note.sending.not_in((Sending.UNDONE, Sending.WITHDRAWN))
    newest = select(func.max(Note.id)).where(Note.request_id.in_(requests), said).group_by(Note.request_id)
    his = select(Note.request_id).where(Note.id.in_(newest), Note.direction == Direction.FROM_HOMEOWNER)
    return set(work.session.scalars(his)) if requests else set()
