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
    if not _joined(roads, place, before, after):
        return None
    base = member.base.place if member.base else None
    if tour is not None and base is not None and not _within(roads, base, place, block, around, tour):
        return None
    return 0 if place is None else _detour(roads, member, place, before, after)


def _joined(roads: Roads, place: Place | None, before: Leg | None, after: Leg | None) -> bool:
    """Whether there is time for the ways between the visits on both sides and the block."""
    if place is None:
        return (
            before is None or after is None or (before.gap + after.gap) * 15 >= roads.minutes(before.place, after.place)
        )
    if before is not None and before.gap * 15 < roads.minutes(before.place, place):
        return False
    return after is None or after.gap * 15 >= roads.minutes(place, after.place)


def _leg_before(around: Sequence[Appointment], block: Span) -> Leg | None:
    begin = idle = block.first
    for first, until, place, _ in reversed(around):
        if until > begin:
            continue
        if place is not None:
            return Leg(place, idle - until)
        idle -= until - first
    return None


def _leg_after(around: Sequence[Appointment], block: Span) -> Leg | None:
    end = idle = block.until
    for first, until, place, _ in around:
        if first < end:
            continue
        if place is not None:
            return Leg(place, first - idle)
        idle += until - first
    return None


def _within(
    roads: Roads, base: Place, place: Place | None, block: Span, around: Sequence[Appointment], tour: Span
) -> bool:
    """Whether with the block there is still time in a tour to go to its first visit and home from its last."""
    own = [a for a in around if a.first >= tour.first and a.until <= tour.until]
    day = sorted((*own, Appointment(block.first, block.until, place)), key=lambda a: a.first)
    visits = [(a, a.place) for a in day if a.place is not None]
    if not visits:
        return True
    (first, there), (last, here) = visits[0], visits[-1]
    if block.first <= first.first:
        idle = first.first - tour.first - sum(a.until - a.first for a in day if a.first < first.first)
        if idle * 15 < roads.minutes(base, there):
            return False
    if block.first >= last.first:
        idle = tour.until - last.until - sum(a.until - a.first for a in day if a.first > last.first)
        if idle * 15 < roads.minutes(here, base):
            return False
    return True


def _detour(roads: Roads, member: Member, place: Place, before: Leg | None, after: Leg | None) -> int:
    """The minutes on the road more than without it; from and to the base where no visit is near."""
    base = member.base.place if member.base else None
    start = before.place if before is not None and before.gap < NEAR else base
    end = after.place if after is not None and after.gap < NEAR else base
    there = roads.minutes(start, place) if start is not None else 0
    back = roads.minutes(place, end) if end is not None else 0
    # Who is not near any visit would have stayed at his base: no way, even where nothing is said of its zone.
    saved = 0 if start is None or end is None or start == end else roads.minutes(start, end)
    return max(there + back - saved, 0)


NEAR = 24  # quarter hours: after a longer rest he comes from his base
