"""Choosing: of several who could come, who comes. Declared by the company, and explained to the dispatcher. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from domain.cases import Crew
from domain.company import Company
from domain.team import Member, Preference


class Why(NamedTuple):
    """What spoke for somebody."""

    skilled: bool  # he is named for this brand
    road: int  # minutes on the road that it adds to his day
    knows: bool  # he has been in this home
    load: int  # minutes of appointments he has that day already
    same: bool = False  # he comes already: the appointment is only moved


@dataclass(frozen=True)
class Candidate:
    """Somebody who could come, and what speaks for him."""

    member: Member
    why: Why
    place: int = 0  # in the company file: of equals the first


WEIGHS: dict[Preference, Callable[[Why], int]] = {
    "skills": lambda why: 0 if why.skilled else 1,
    "travel": lambda why: why.road,
    "knows": lambda why: 0 if why.knows else 1,
    "load": lambda why: why.load,
}


def ranked(company: Company, pool: Sequence[Candidate]) -> list[Candidate]:
    """Those who could come, the preferred first."""
    weights = [WEIGHS[preference] for preference in company.booking.prefer]
    return sorted(pool, key=lambda c: (not c.why.same, *[weigh(c.why) for weigh in weights], c.place))


def chosen(
    company: Company, crew: Sequence[Crew], pool: Sequence[Candidate], comes_as: Callable[[Member, str], bool]
) -> list[Candidate]:
    """Who comes: so many of each grade, the preferred first; nobody when they are not enough."""
    best = ranked(company, pool)
    if not crew:
        return best[:1]
    places = [part.grade for part in crew for _ in range(part.count)]
    taken: dict[int, int] = {}  # the place in the crew that each of the pool has

    def seated(place: int, asked: set[int]) -> bool:
        """Give that place to somebody; who has one already may take another (augmenting paths)."""
        for who, candidate in enumerate(best):
            if who in asked or not comes_as(candidate.member, places[place]):
                continue
            asked.add(who)
            if who not in taken or seated(taken[who], asked):
                taken[who] = place
                return True
        return False

    if not all(seated(place, set()) for place in range(len(places))):
        return []
    return [best[who] for who, _ in sorted(taken.items(), key=lambda pair: pair[1])]
