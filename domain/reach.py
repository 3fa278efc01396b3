"""Reach: whether somebody can be there in time, coming from the visit before and going on to the next. Pure.

What is done from afar, and what his other calendar says, takes time in which he does not drive.
"""

from collections.abc import Sequence
from typing import NamedTuple

from domain.roads import Place, Roads
from domain.rota import Span
from domain.team import Member


class Appointment(NamedTuple):
    """Quarters of somebody's day that are taken, getting ready and clearing up in them."""

    first: int
    until: int
    place: Place | None = None  # none: from afar, or nobody knows
    ours: bool = True  # an appointment of the company's, not something of his own


class Leg(NamedTuple):
    """The visit next to a block of quarters, and the quarters in between in which he may drive."""

    place: Place
    gap: int


def reachable(
    roads: Roads,
    member: Member,
    place: Place | None,
    block: Span,
    around: Sequence[Appointment],
    tour: Span | None,
) -> int | None:
    """The minutes on the road that a block at `place` adds; None when he could not be there, or not in time after it.

    `tour`: his working day, where the first way out and the last way back must lie in it.
    """
    before, after = _leg_before(around, block), _leg_after(around, block)
    if place is None:
        if before is None or after is None:
            return 0
        free = before.gap + after.gap
        return 0 if free >= roads.quarters(before.place, after.place) else None
    if before is not None and before.gap < roads.quarters(before.place, place):
        return None
    if after is not None and after.gap < roads.quarters(place, after.place):
        return None
    if (
        tour is not None
        and member.base is not None
        and not _within(roads, member.base.place, place, block, around, tour)
    ):
        return None
    return _detour(roads, member, place, before, after)


def _leg_before(around: Sequence[Appointment], block: Span) -> Leg | None:
    idle = block.first
    busy = 0
    for taken in reversed(around):
        if taken.until > block.first:
            continue
        if taken.place is not None:
            return Leg(taken.place, idle - taken.until - busy)
        busy += taken.until - taken.first
    return None


def _leg_after(around: Sequence[Appointment], block: Span) -> Leg | None:
    busy = 0
    for taken in around:
        if taken.first < block.until:
            continue
        if taken.place is not None:
            return Leg(taken.place, taken.first - block.until - busy)
        busy += taken.until - taken.first
    return None


def _within(roads: Roads, base: Place, place: Place, block: Span, around: Sequence[Appointment], tour: Span) -> bool:
    """Whether the way from the base fits before the first visit of a tour, and the way back after its last."""
    own = [a for a in around if a.first >= tour.first and a.until <= tour.until]
    earlier = [a for a in own if a.until <= block.first]
    later = [a for a in own if a.first >= block.until]
    if not any(a.place is not None for a in earlier):
        idle = block.first - tour.first - sum(a.until - a.first for a in earlier)
        if idle < roads.quarters(base, place):
            return False
    if not any(a.place is not None for a in later):
        idle = tour.until - block.until - sum(a.until - a.first for a in later)
        if idle < roads.quarters(place, base):
            return False
    return True


def _detour(roads: Roads, member: Member, place: Place, before: Leg | None, after: Leg | None) -> int:
    """The minutes on the road more than without it; from and to the base where no visit is near."""
    base = member.base.place if member.base else None
    start = before.place if before is not None and before.gap < NEAR else base
    end = after.place if after is not None and after.gap < NEAR else base
    there = roads.minutes(start, place) if start is not None else 0
    back = roads.minutes(place, end) if end is not None else 0
    return max(there + back - (roads.minutes(start, end) if start is not None and end is not None else 0), 0)


NEAR = 24  # quarter hours: after a longer rest he comes from his base
