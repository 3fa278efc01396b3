"""What the team does with a storm: take it, tell everybody, end it."""

from collections.abc import Mapping

from domain import bookings, desk, storm_events, storm_watching, storms
from domain.company import Company
from domain.requests import Request
from domain.storms import Child, Ending, Storm, StormOver
from domain.work import Work


def begin_by_hand(work: Work, company: Company, request: Request, key: str, by: str) -> Storm | None:
    """A teammate saw that they belong together: with what is like it, as he chose; none when that is no more."""
    storm_watching.watch(work, request.area)
    found = next((one for one in storm_watching.alike(work, company, request) if one.likeness.key == key), None)
    return storm_watching.gather(work, company, found, by) if found is not None else None


def take(work: Work, storm: Storm, by: str) -> None:
    """A teammate sees to it. Raises StormOver."""
    _lasts(storm)
    storm.assignee = by
    work.happened(storm_events.StormTaken(storm.id, by))


def tell_everybody(work: Work, company: Company, storm: Storm, words: Mapping[str, str], by: str) -> int:
    """One honest message to all, each in his language; who joins later reads it then. Raises StormOver."""
    _lasts(storm)
    storm.told, storm.told_at, storm.told_by = {**storm.told, **words}, work.now, by
    storm.assignee = storm.assignee or by
    told = storms.tell(work, company, storm)
    work.happened(storm_events.StormTold(storm.id, by, told))
    return told


def solve(work: Work, storm: Storm, words: Mapping[str, str], by: str) -> int:
    """It is over: every request is solved with it, but for those somebody is just at; how many. Raises StormOver."""
    _lasts(storm)
    _end(storm, work, Ending.SOLVED)
    storm.resolution, storm.assignee = next(iter(words.values()), ""), storm.assignee or by
    solved = 0
    for child in storms.children(work, storm):
        if child.request.running and somebody_is_there(work, child):
            storms.leave(work, child.request)  # who is there says himself what he did, and how long it took
        elif child.request.running:
            desk.solve(work, child.request, by, storms.in_his(dict(words), child.person), None)
            solved += 1
    work.happened(storm_events.StormSolved(storm.id, by, solved))
    return solved


def somebody_is_there(work: Work, child: Child) -> bool:
    """Whether an appointment of it has begun."""
    return any(booking.starts_at <= work.now for booking in bookings.booked_for(work, child.request))


def deny(work: Work, storm: Storm, by: str) -> None:
    """It was no storm: each request is seen to alone again. Raises StormOver."""
    _lasts(storm)
    _end(storm, work, Ending.NONE)
    for child in storms.children(work, storm):
        storms.leave(work, child.request)
    work.happened(storm_events.StormDenied(storm.id, by))


def _lasts(storm: Storm) -> None:
    if not storm.lasts:
        raise StormOver


def _end(storm: Storm, work: Work, how: Ending) -> None:
    storm.key, storm.ending, storm.ended_at = None, how, work.now
    work.session.flush()
