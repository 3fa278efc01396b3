"""The oracle of slots: what a world says about somebody's day, in plain datetimes and minutes, no bits.

It shares no code with the search: it reads the company's values and looks at the clock on the wall. All that a world
declares lies on whole `STEP`s, so that looking once a step sees everything. The rules are in `slot_rules`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from itertools import permutations
from math import acos, ceil, cos, radians, sin
from zoneinfo import ZoneInfo

import holidays

from domain.company import Company
from domain.declared import WEEKDAYS
from domain.need import Need
from domain.roads import Place
from domain.team import Member

STEP = timedelta(minutes=5)
QUARTER = timedelta(minutes=15)
NEIGHBOURS = timedelta(days=2)  # farther away nobody is looked at
NIGHT = timedelta(hours=4)  # so long a rest ends a tour
FROM_HOME = timedelta(hours=6)  # after so long a rest one comes from one's base
LONG = timedelta(days=4)


@dataclass(frozen=True)
class Visit:
    """Something in somebody's diary."""

    who: str
    start: datetime
    end: datetime
    place: Place | None = None
    ours: bool = True

    @property
    def long(self) -> timedelta:
        return self.end - self.start


@dataclass(frozen=True)
class Entry:
    """Something in the calendar: `closed`, `away` or `extra`."""

    kind: str
    who: str
    start: datetime
    end: datetime


@dataclass(frozen=True)
class World:
    """A company, what is in its diaries, and what somebody asks for."""

    company: Company
    need: Need
    now: datetime
    first: datetime
    until: datetime
    visits: tuple[Visit, ...] = ()
    entries: tuple[Entry, ...] = ()
    traits: frozenset[str] = field(default=frozenset(), compare=False)  # what is special about it


@lru_cache(maxsize=1 << 18)
def wall(zone: str, at: datetime) -> datetime:
    """What the clock on a wall shows, without saying which wall."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


@lru_cache(maxsize=256)
def listed_holidays(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, subdiv=subdivision, years=year))


def whole_quarters(minutes: int) -> timedelta:
    return ceil(minutes / 15) * QUARTER


def minutes_of(span: timedelta) -> int:
    return int(span / timedelta(minutes=1))


def road(company: Company, start: Place, end: Place) -> int:
    """The minutes from one place to another, as the company declares them."""
    roads = company.roads
    if start.home is not None and start.home == end.home:
        return 0
    if start.zone is not None and end.zone is not None:
        if start.zone == end.zone and roads.within is not None:
            return roads.within
        for one, other in ((start.zone, end.zone), (end.zone, start.zone)):  # the way itself counts before the way back
            named = [pair.minutes for pair in roads.zones if (pair.start, pair.end) == (one, other)]
            if named:
                return named[-1]
    if start.at is None or end.at is None:
        return roads.otherwise
    km = straight(start.at, end.at) * roads.factor
    for band in roads.bands:
        if km <= band.up_to_km:
            return band.minutes
    return ceil(round(km / roads.km_per_hour * 60, 6))


def straight(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Kilometres over the globe, by the law of cosines."""
    a, b, turn = radians(one[0]), radians(other[0]), radians(other[1] - one[1])
    return 6371.0 * acos(max(-1.0, min(1.0, sin(a) * sin(b) + cos(a) * cos(b) * cos(turn))))


class Oracle:
    """Answers for one world."""

    def __init__(self, world: World) -> None:
        self.world, self.company, self.need = world, world.company, world.need
        self._works: dict[tuple[str, datetime], bool] = {}
        self._begins: dict[tuple[str, int, date], bool] = {}
        self.visits = {
            member.key: sorted((v for v in world.visits if v.who == member.key), key=lambda v: v.start)
            for member in world.company.team
        }

    def starts(self) -> Iterator[datetime]:
        """Every quarter hour around the window, also those that are too early or too late."""
        epoch = datetime(1970, 1, 1, tzinfo=UTC)
        at = epoch + (self.world.first - timedelta(hours=3) - epoch) // QUARTER * QUARTER
        while at < self.world.until + timedelta(hours=1):
            yield at
            at += QUARTER

    def in_window(self, start: datetime) -> bool:
        """Notice and horizon; nor may the getting ready lie in the past."""
        return self.world.first <= start < self.world.until and self.block(start)[0] >= self.world.now

    def block(self, start: datetime) -> tuple[datetime, datetime]:
        """From getting ready to having cleared up."""
        end = start + whole_quarters(self.need.minutes) + whole_quarters(self.need.after)
        return start - whole_quarters(self.need.before), end

    @cached_property
    def places(self) -> list[str]:
        """The grades that are needed, one after the other; one of any grade where nothing is said."""
        return [crew.grade for crew in self.need.crew for _ in range(crew.count)] or [""]

    def crew_from(self, people: list[Member]) -> bool:
        """Whether some of these people make the crew: all assignments are tried."""
        return any(
            all(self.may_be(who, grade) for who, grade in zip(team, self.places, strict=True))
            for team in permutations(people, len(self.places))
        )

    def may_be(self, member: Member, grade: str) -> bool:
        return not grade or not member.grades or grade in member.grades

    def preferred(self, people: list[Member], start: datetime) -> Member:
        """Of several who could come alone, whom the company would send."""

        def weighs(member: Member) -> tuple[int, ...]:
            skilled, way, knows, load = self.why(member, start)
            said = {"skills": not skilled, "travel": way, "knows": not knows, "load": load}
            return (member.key not in self.need.same, *(said[word] for word in self.company.booking.prefer))

        return min((m for m in people if self.may_be(m, self.places[0])), key=weighs)

    def why(self, member: Member, start: datetime) -> tuple[bool, int, bool, int]:
        """Named for the brand, minutes more on the road, has been there, minutes of that day taken already."""
        begin, end = self.block(start)
        brand = self.need.brand is not None and self.need.brand.lower() in [b.lower() for b in member.brands]
        load = sum(minutes_of(v.long) for v in self.same_day(member, begin) if v.ours)
        return brand, self.detour(member, begin, end), member.key in self.need.known, load

    def detour(self, member: Member, begin: datetime, end: datetime) -> int:
        if self.need.place is None:
            return 0
        base = Place(member.base.zone, member.base.at) if member.base else None
        before, after = self.visit_before(member, begin), self.visit_after(member, end)
        source = before.place if before and self.idle(member, before.end, begin) < FROM_HOME else base
        goal = after.place if after and self.idle(member, end, after.start) < FROM_HOME else base
        more = road(self.company, source, self.need.place) if source else 0
        more += road(self.company, self.need.place, goal) if goal else 0
        return max(0, more - (road(self.company, source, goal) if source and goal and source != goal else 0))

    # ── his day ──

    def works(self, member: Member, quarter: datetime) -> bool:
        """Whether a quarter hour is working time of his from its first minute to its last."""
        key = (member.key, quarter)
        if key not in self._works:
            self._works[key] = self._at_work(member, quarter)
        return self._works[key]

    def _at_work(self, member: Member, quarter: datetime) -> bool:
        entered = {
            e.kind for e in self.world.entries
            if (e.kind == "closed" or e.who == member.key) and e.start < quarter + QUARTER and quarter < e.end
        }  # fmt: skip
        if "away" in entered:
            return False
        if "extra" in entered:
            return True
        if "closed" in entered:
            return False
        zone = member.time_zone or self.company.time_zone
        walls = [wall(zone, quarter + n * STEP) for n in range(3)]
        in_shift = all(self.on_shift(member, at) and not resting(member, at) for at in walls)
        return in_shift or all(self.on_other_hours(member, at) for at in walls)

    def on_shift(self, member: Member, at: datetime) -> bool:
        """By his weekly shifts; a night belongs to the day on which it began."""
        minute, today = at.hour * 60 + at.minute, at.date()
        for number, shift in enumerate(member.shifts):
            begin, end = (t.hour * 60 + t.minute for t in (shift.start, shift.end))
            if begin < end:
                inside = begin <= minute < end and self.begins(member, number, today)
            else:
                inside = (minute >= begin and self.begins(member, number, today)) or (
                    minute < end and self.begins(member, number, today - timedelta(days=1))
                )
            if inside:
                return True
        return False

    def begins(self, member: Member, number: int, day: date) -> bool:
        key = (member.key, number, day)
        if key not in self._begins:
            self._begins[key] = self._begins_on(member, number, day)
        return self._begins[key]

    def _begins_on(self, member: Member, number: int, day: date) -> bool:
        shift = member.shifts[number]
        if day in self.company.closing_days or self.absent(member, day):
            return False
        if any(other.day == day for other in member.other_hours):
            return False
        usual, feast = WEEKDAYS[day.weekday()] in shift.days, self.holiday(day)
        if shift.holidays == "only":
            return feast
        return usual or feast if shift.holidays == "also" else usual and not feast

    def absent(self, member: Member, day: date) -> bool:
        return any(first <= day <= last for first, last in member.absences)

    def holiday(self, day: date) -> bool:
        said = self.company.tariff.holidays
        if said is None or self.company.booking.holidays == "open":
            return False
        listed = day in listed_holidays(said.country, said.subdivision, day.year)
        return day in said.also or (listed and day not in said.never)

    def on_other_hours(self, member: Member, at: datetime) -> bool:
        """By what is said for one date."""
        minute, today = at.hour * 60 + at.minute, at.date()
        for other in member.other_hours:
            if self.absent(member, other.day):
                continue
            for begin, end in other.ranges:
                over = end <= begin
                if other.day == today and begin <= minute and (over or minute < end):
                    return True
                if over and other.day == today - timedelta(days=1) and minute < end:
                    return True
        return False

    def same_day(self, member: Member, at: datetime) -> list[Visit]:
        """What begins on the day on his wall on which that moment lies."""
        zone = member.time_zone or self.company.time_zone
        return [v for v in self.visits[member.key] if wall(zone, v.start).date() == wall(zone, at).date()]

    # ── who was where before, and must be where after ──

    def near(self, member: Member, begin: datetime, end: datetime) -> list[Visit]:
        return [v for v in self.visits[member.key] if begin - NEIGHBOURS <= v.start < end + NEIGHBOURS]

    def visit_before(self, member: Member, begin: datetime) -> Visit | None:
        came = [v for v in self.near(member, begin, begin) if v.end <= begin and v.place is not None]
        return max(came, key=lambda v: v.end, default=None)

    def visit_after(self, member: Member, end: datetime) -> Visit | None:
        goes = [v for v in self.near(member, end, end) if v.start >= end and v.place is not None]
        return min(goes, key=lambda v: v.start, default=None)

    def idle(self, member: Member, since: datetime, until: datetime) -> timedelta:
        """The time in between in which nothing is done from afar: in it he may drive."""
        done = [v for v in self.visits[member.key] if since <= v.start and v.end <= until]
        return until - since - sum((v.long for v in done), timedelta())

    def tour(self, member: Member, at: datetime) -> tuple[datetime, datetime]:
        """The working day around a moment: short breaks do not end it, a night does."""
        return self._edge(member, at, -QUARTER), self._edge(member, at, QUARTER) + QUARTER

    def _edge(self, member: Member, at: datetime, step: timedelta) -> datetime:
        """The last working quarter before so long a rest (or as far as anybody looks)."""
        edge, seen = at, at
        while abs(seen - edge) < NIGHT and abs(seen - at) <= LONG:
            seen += step
            if self.works(member, seen):
                edge = seen
        return edge


def resting(member: Member, at: datetime) -> bool:
    """Whether he has a break at that moment of the day."""
    minute = at.hour * 60 + at.minute
    return any(
        begin <= minute < end if begin < end else minute >= begin or minute < end for begin, end in member.breaks
    )
