"""Pausing: nobody is asked anything while his home is in trouble, or while we still owe him amends."""

from sqlalchemy import select

from domain.people import ConsentKind
from domain.prompts import SERVICE, Kind, Prompt
from domain.recoveries import Recovered, Recovery
from domain.requests import UNFINISHED, Request, State
from domain.storms import Storm
from domain.work import Work

SELLING = frozenset({ConsentKind.UPGRADES, ConsentKind.OFFERS})


def paused(work: Work, prompt: Prompt) -> bool:
    """Whether this has to wait for another day."""
    if prompt.kind in SERVICE:
        return False
    if _waits_for_us(work, prompt.person_id):
        return True
    running = select(Request.id).where(Request.person_id == prompt.person_id, Request.state.in_(UNFINISHED))
    if prompt.topic in SELLING or prompt.kind is Kind.RECOMMEND:
        return work.session.scalar(running.limit(1)) is not None
    stormy = running.join(Storm, Storm.id == Request.storm_id).where(Storm.ended_at.is_(None))
    return work.session.scalar(stormy.limit(1)) is not None


def _waits_for_us(work: Work, person: int) -> bool:
    """Whether something is being made good, or what was solved is not."""
    waits = select(Recovery.id).where(Recovery.person_id == person, Recovery.outcome == Recovered.OPEN)
    again = select(Request.id).where(Request.person_id == person, Request.state == State.REOPENED)
    return any(work.session.scalar(one.limit(1)) is not None for one in (waits, again))
