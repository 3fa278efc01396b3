"""Pausing: nobody is asked anything while his home is in trouble, or while we still owe him amends."""

from sqlalchemy import select

from domain.people import ConsentKind
from domain.prompts import SERVICE, Kind, Prompt
from domain.recoveries import Recovered, Recovery
from domain.requests import UNFINISHED, Request
from domain.storms import Storm
from domain.work import Work

# About one piece of work, or the end of a trouble: it need not wait until everything else is solved.
ABOUT_WORK = frozenset({Kind.SURVEY, Kind.SURVEY_AGAIN, Kind.SECOND_ASK})
SELLING = frozenset({ConsentKind.UPGRADES, ConsentKind.OFFERS})


def paused(work: Work, prompt: Prompt) -> bool:
    """Whether this has to wait for another day."""
    if prompt.kind in SERVICE:
        return False
    if prompt.kind is not Kind.SECOND_ASK and _waits_for_us(work, prompt.person_id):
        return True
    running = select(Request.id).where(Request.person_id == prompt.person_id, Request.state.in_(UNFINISHED))
    if prompt.topic in SELLING or prompt.kind is Kind.RECOMMEND:
        return work.session.scalar(running.limit(1)) is not None
    if prompt.kind in ABOUT_WORK:
        return False
    stormy = running.join(Storm, Storm.id == Request.storm_id).where(Storm.ended_at.is_(None))
    return work.session.scalar(stormy.limit(1)) is not None


def _waits_for_us(work: Work, person: int) -> bool:
    waits = select(Recovery.id).where(Recovery.person_id == person, Recovery.outcome == Recovered.OPEN)
    return work.session.scalar(waits.limit(1)) is not None
