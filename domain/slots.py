"""Slots: starts that can be kept, in order, and who keeps them. Pure: quarter hours as the bits of Python integers.

The bits say when enough people of each grade are free; what bits cannot say (the way from the visit before and to the
one after, the way from and to the base, how many appointments a day) is looked at only for the starts that are wanted.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import islice
from operator import itemgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from domain.cases import Crew
from domain.choosing import Candidate, Why, chosen, ranked
from domain.company import Company
from domain.need import Need, comes_as, qualified
from domain.reach import Appointment, reachable
from domain.rota import (
    DAY,
    NOTHING_ENTERED,
    Entries,
    Span,
    bits,
    cell,
    entered,
    everybody,
    moment,
    next_cell,
    quarters,
    reserved,
    taken,
    tours,
    working,
)
from domain.team import Member

BLOCK_DAYS = 7
MARGIN = 2 * DAY  # how far around an appointment its neighbours are looked for
STRANGER = 1 << 20  # more than anybody's appointments: who neither comes already nor knows the home is asked later
LOOKED_AT = 20  # of so many who could come the best is chosen: among a thousand nobody is looked for longer

Diaries = Callable[[Span], Mapping[str, Sequence[Appointment]]]  # the appointments that touch a span, each in order


@dataclass(frozen=True, order=True)
class Slot:
    """A start that can be kept, and who keeps it (teammates' keys; the first of them leads)."""

    start: datetime
    end: datetime
    technician: str
    others: tuple[str, ...] = ()
    why: Why | None = field(default=None, compare=False)

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody who comes."""
        return (self.technician, *self.others)


def around(block: Span) -> Span:
    """The days in which what somebody does bears on a block: neighbours, and how much he has to do."""
    return Span(block.first - MARGIN, block.until + MARGIN)


@dataclass
class Search:
    """Looks for slots from now on, block by block of days, as far as somebody wants to see them."""

    company: Company
    need: Need
    now: datetime
    diaries: Diaries
    entries: Entries = NOTHING_ENTERED
    _blocks: dict[int, "_Block"] = field(default_factory=dict)

    def slots(
        self, first: datetime, until: datetime, wanted: Callable[[datetime], bool] = lambda _: True
    ) -> Iterator[Slot]:
        """Every start from `first` up to `until` that can be kept and is wanted, in order.

        `wanted` is asked with the start only, in order, before anybody's ways are looked at.
        """
        begin, end = max(next_cell(first), next_cell(self.now) + self.need.ahead), next_cell(until)
        number = self._number(begin)
        while begin < end and self._first(number) < end:
            block = self._block(number)
            for start in block.starts(max(begin, self._first(number)), min(end, self._first(number + 1))):
                if wanted(moment(start)) and (slot := block.slot(start)) is not None:
                    yield slot
            number += 1

    def at(self, start: datetime) -> Slot | None:
        """The slot that starts at that moment, if it can be kept."""
        return next(islice(self.slots(start, start + timedelta(minutes=1)), 1), None)

    def keeps(self, people: Sequence[str], start: datetime) -> bool:
        """Whether these people can keep that start."""
        block = self._block(self._number(cell(start)))
        return cell(start) * 900 == start.timestamp() and block.kept_by(people, cell(start))

    def could_come(self, start: datetime) -> list[Candidate]:
        """Everybody who could be there at that start, the preferred first."""
        return self._block(self._number(cell(start))).everybody(cell(start))

    def _number(self, at: int) -> int:
        return (at - cell(self.now) // DAY * DAY) // (BLOCK_DAYS * DAY)

    def _first(self, number: int) -> int:
        return cell(self.now) // DAY * DAY + number * BLOCK_DAYS * DAY

    def _block(self, number: int) -> "_Block":
        found = self._blocks.get(number)
        if found is None:
            first = self._first(number)
            days = -(-self.need.length // DAY) * DAY
            found = self._blocks[number] = _Block(self, Span(first - days, first + BLOCK_DAYS * DAY + days))
        return found


class _Free(NamedTuple):
    """Somebody who has time."""

    rank: int  # in this order they are asked
    member: Member
    place: int  # in the company file
    starts: int  # the bits at which he could start
    own: Sequence[Appointment]


class _Block:
    """Some days: everybody's free quarters in them."""

    def __init__(self, search: Search, span: Span) -> None:
        self.search, self.span = search, span
        self.diaries = search.diaries(around(span))
        self._days: dict[str, Span] = {}
        self._firsts: dict[str, list[int]] = {}
        self.within = search.company.roads.base == "within"
        company, need = search.company, search.need
        now = next_cell(search.now)
        usual, first, some = everybody(company, span), need.same | need.known, search.entries != NOTHING_ENTERED
        steps, ahead = _doublings(need.length), need.ahead
        kept = reserved(company, span, now) if company.booking.reserve and not need.urgent else None
        self.free: list[_Free] = []
        for place, member in enumerate(qualified(company, need)):
            key = member.key
            open_ = entered(usual[key], key, span, search.entries) if some else usual[key]
            if kept is not None:
                open_ &= ~kept(member)
            own = self.diaries.get(key, ())
            if own:
                open_ &= ~taken(own, span)
            for step in steps:  # the bits at which enough free quarters begin: shift-AND, doubling
                open_ &= open_ >> step
            if open_:
                rank = len(own) + (0 if key in first else STRANGER)
                self.free.append(_Free(rank, member, place, open_ << ahead, own))
        self.free.sort(key=itemgetter(0))

    def starts(self, first: int, until: int) -> Iterator[int]:
        """The starts at which enough people of each grade are free, ways aside."""
        union = self._enough() & bits(((first, until),), self.span)
        while union:
            bit = union & -union
            union ^= bit
            yield self.span.first + bit.bit_length() - 1

    def slot(self, start: int) -> Slot | None:
        """The slot at a start: the best of those who can be there."""
        need, index, block = self.search.need, start - self.span.first, self.search.need.block(start)
        most = max(LOOKED_AT, sum(crew.count for crew in need.crew))
        pool: list[Candidate] = []
        for who in self.free:
            if not who.starts >> index & 1:
                continue
            candidate = self._candidate(who, block)
            if candidate is not None:
                pool.append(candidate)
                if len(pool) >= most and all(
                    sum(comes_as(c.member, crew.grade) for c in pool) >= most for crew in need.crew
                ):
                    break
        team = chosen(self.search.company, need.crew, pool, comes_as)
        if not team:
            return None
        end = moment(start + quarters(need.minutes))
        return Slot(moment(start), end, team[0].member.key, tuple(c.member.key for c in team[1:]), team[0].why)

    def everybody(self, start: int) -> list[Candidate]:
        """Each of those who are free then and can be there."""
        index, block = start - self.span.first, self.search.need.block(start)
        found = [self._candidate(who, block) for who in self.free if who.starts >> index & 1]
        return ranked(self.search.company, [candidate for candidate in found if candidate is not None])

    def kept_by(self, people: Sequence[str], start: int) -> bool:
        """Whether these people are free then, can be there, and are those who are needed."""
        index, block = start - self.span.first, self.search.need.block(start)
        pool = [
            candidate
            for who in self.free
            if who.member.key in people and who.starts >> index & 1
            if (candidate := self._candidate(who, block)) is not None
        ]
        team = chosen(self.search.company, self.search.need.crew, pool, comes_as)
        return 0 < len(team) == len(people) == len(set(people))

    def _enough(self) -> int:
        """The bits at which so many of each grade are free."""
        found = -1
        for crew in self.search.need.crew or (Crew("", 1),):
            counted = [0] * crew.count  # bit by bit: at least one, two, … of them
            for who in self.free:
                if crew.grade and not comes_as(who.member, crew.grade):
                    continue
                for place in range(crew.count - 1, 0, -1):
                    counted[place] |= counted[place - 1] & who.starts
                counted[0] |= who.starts
            found &= counted[-1]
        return found

    def _candidate(self, who: _Free, block: Span) -> Candidate | None:
        """Him, if he can be there: the ways, and how much he has to do that day already."""
        need, company, member, own = self.search.need, self.search.company, who.member, who.own
        near, load = own, 0
        if own:
            firsts = self._firsts.get(member.key)
            if firsts is None:
                firsts = self._firsts[member.key] = [a.first for a in own]
            begin, end = around(block)
            near = own[bisect_left(firsts, begin) : bisect_left(firsts, end)]
            day = self._today(member.time_zone or company.time_zone, block.first)
            ours = [u - f for f, u, _, o in own[bisect_left(firsts, day.first) : bisect_left(firsts, day.until)] if o]
            if any(most is not None and len(ours) >= most for most in (member.most_a_day, company.booking.most_a_day)):
                return None
            load = sum(ours) * 15
        tour = self._tour(member, block) if self.within else None
        road = reachable(company.roads, member, need.place, block, near, tour)
        if road is None:
            return None
        skilled = need.brand is not None and need.brand.casefold() in member.brands
        return Candidate(member, Why(skilled, road, member.key in need.known, load, member.key in need.same), who.place)

    def _today(self, zone: str, at: int) -> Span:
        """The local day a quarter hour lies in."""
        known = self._days.get(zone)
        if known is None or not known.first <= at < known.until:
            there = ZoneInfo(zone)
            day = moment(at).astimezone(there).date()
            edges = (datetime.combine(d, time(), there) for d in (day, day + timedelta(days=1)))
            known = self._days[zone] = Span(*(int(edge.timestamp()) // 900 for edge in edges))
        return known

    def _tour(self, member: Member, block: Span) -> Span | None:
        """The tour those quarters lie in, where the way from and to the base is working time."""
        search = self.search
        if member.base is None:
            return None
        mask = working(search.company, member, self.span, search.entries)
        begin = block.first - self.span.first
        tour = next((t for t in tours(mask) if t.first <= begin < t.until), None)
        return Span(tour.first + self.span.first, tour.until + self.span.first) if tour else None


def _doublings(need: int) -> list[int]:
    """By how much to shift, step by step, until `need` quarters in a row are looked at."""
    steps, have = [], 1
    while have < need:
        steps.append(min(have, need - have))
        have += steps[-1]
    return steps
