"""What a slot is looked for with: the work, how long, by whom, where; and who could do it at all. Pure."""

from dataclasses import dataclass
from functools import cached_property

from domain.areas import Area
from domain.cases import Crew
from domain.company import Company
from domain.roads import Place
from domain.rota import Span, quarters
from domain.team import Member


@dataclass(frozen=True, kw_only=True)
class Need:
    """What is to be kept: what for, how long, by whom, where."""

    area: Area
    minutes: int
    crew: tuple[Crew, ...] = ()  # one person of any grade when empty
    before: int = 0  # minutes
    after: int = 0
    brand: str | None = None
    region: str | None = None
    place: Place | None = None  # none: it is done from afar
    urgent: bool = False  # what is reserved is open to it
    known: frozenset[str] = frozenset()  # who has been in this home
    same: frozenset[str] = frozenset()  # who comes already, when it is moved

    @cached_property
    def ahead(self) -> int:
        """Quarters before the start in which nothing else can be done."""
        return quarters(self.before)

    @cached_property
    def length(self) -> int:
        """All the quarters it takes of somebody's day, the way there and back aside."""
        return self.ahead + quarters(self.minutes) + quarters(self.after)

    def block(self, start: int) -> Span:
        """The quarters it takes when it starts at `start`."""
        return Span(start - self.ahead, start - self.ahead + self.length)


def qualified(company: Company, need: Need) -> list[Member]:
    """The technicians who can do it, and (for a visit) go to that region."""
    brand = need.brand.casefold() if need.brand else None
    return [
        member
        for member in company.team
        if "technician" in member.roles
        and need.area in member.skills
        and (brand is None or not member.brands or brand in member.brands)
        and (need.place is None or need.region is None or not member.regions or need.region in member.regions)
        and (not need.crew or any(comes_as(member, crew.grade) for crew in need.crew))
    ]


def comes_as(member: Member, grade: str) -> bool:
    """Whether somebody may come as that grade."""
    return not member.grades or grade in member.grades
