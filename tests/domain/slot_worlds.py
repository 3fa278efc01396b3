"""Invented worlds: companies, diaries and wishes, each from its number alone; and the same as the search takes them."""

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from domain.areas import Area
from domain.cases import Crew
from domain.company import Company
from domain.declared import WEEKDAYS, Shift
from domain.need import Need
from domain.reach import Appointment
from domain.roads import Band, Base, Pair, Place, Roads
from domain.rota import Entries, Span
from domain.slots import Search
from domain.team import BookingRules, Member, OtherHours, Reserve
from domain.working_time import Holidays
from tests.domain.ground import SAMPLE
from tests.domain.slot_oracle import QUARTER, Entry, Visit, World

SEED = 20261123
ZONES = ("Europe/Paris", "Atlantic/Canary", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC")
# The weeks around clock changes (Paris, New York, Lord Howe in 2026), around feasts of France, and an ordinary one.
CHANGES = ("2026-03-27", "2026-10-23", "2026-03-06", "2026-10-30", "2026-04-03", "2026-10-02")
STARTS = (*CHANGES, "2026-04-30", "2026-12-24", "2026-07-10")
PLACES = tuple(
    Place(zone, at, home)
    for home, (zone, at) in enumerate(
        [("1", (43.7, 7.27)), ("1", (43.55, 7.0)), ("2", (45.76, 4.84)), ("3", None), (None, (43.3, 5.4)), (None, None)]
    )
)  # fmt: skip
GRADES = ("technician", "programmer")
CREWS = (
    (), (), (), (), (Crew("technician"),), (Crew("technician", 2),), (Crew("technician"), Crew("programmer")),
    (Crew("programmer", 2), Crew("technician")),
)  # fmt: skip


def world(number: int) -> World:
    """The world of that number."""
    return _Maker(random.Random(f"{SEED}-{number}"), number).world()


class _Maker:
    """Throws the dice for one world."""

    def __init__(self, dice: random.Random, number: int) -> None:
        self.dice, self.number = dice, number
        self.week = STARTS[number % len(STARTS)]
        self.begin = datetime.fromisoformat(self.week).replace(tzinfo=UTC)

    def often(self, chance: float) -> bool:
        return self.dice.random() < chance

    def day(self) -> date:
        return self.begin.date() + timedelta(days=self.dice.randint(-1, 5))

    def clock(self, first: int = 0, last: int = 23) -> time:
        return time(self.dice.randint(first, last), self.dice.choice((0, 0, 0, 15, 30, 30, 45, 5, 50)))

    def stretch(self, first: int = 0, last: int = 23) -> tuple[int, int]:
        """A range of the day that may end tomorrow."""
        begin, end = self.clock(first, last), self.clock(first, last)
        if begin == end:
            return self.stretch(first, last)
        minutes = [at.hour * 60 + at.minute for at in (begin, end)]
        if self.often(0.8):
            minutes.sort()
        return minutes[0], minutes[1]

    def world(self) -> World:
        now = self.begin + timedelta(minutes=self.dice.randint(0, 2 * 1440), seconds=self.dice.choice((0, 0, 17)))
        first = now + timedelta(minutes=self.dice.choice((-30, 0, 30, 120, 1440)))
        until = first + timedelta(minutes=self.dice.randint(240, 3 * 1440))
        team = tuple(self.member(number) for number in range(self.dice.choice((1, 2, 3, 4, 5, 9))))
        company = SAMPLE.model_copy(
            update={
                "team": team,
                "time_zone": self.dice.choice(ZONES),
                "closing_days": (self.day(),) if self.often(0.15) else (),
                "booking": self.booking(team),
                "roads": self.roads(),
                "tariff": SAMPLE.tariff.model_copy(update={"holidays": self.holidays()}),
            }
        )
        visits = tuple(visit for member in team for visit in self.diary(member.key))
        entries = tuple(self.entry(team) for _ in range(self.dice.choice((0, 0, 0, 1, 2, 3))))
        return World(company, self.need(team), now, first, until, visits, entries, self.traits(company))

    def traits(self, company: Company) -> frozenset[str]:
        zones = {member.time_zone or company.time_zone for member in company.team}
        shifts = [shift for member in company.team for shift in member.shifts]
        found = {
            "clocks change": self.week in CHANGES and zones != {"UTC"},
            "midnight shift": any(shift.end <= shift.start for shift in shifts),
            "two zones": len(zones) > 1,
            "feast": any(shift.holidays != "never" for shift in shifts),
            "bases within": company.roads.base == "within",
        }
        return frozenset(name for name, true in found.items() if true)

    def member(self, number: int) -> Member:
        often, dice = self.often, self.dice
        return Member(
            key=f"t{number}",
            name=f"T{number}",
            slack=f"U{number}",
            roles=("dispatcher",) if often(0.04) else ("technician",),
            skills=(Area.AUDIO,) if often(0.08) else (Area.LIGHTING, Area.AUDIO),
            brands=dice.choice(((), (), (), (), ("Lutron",), ("Loxone", "lutron"), ("Loxone",))),
            grades=dice.choice(((), ("technician",), ("programmer",), GRADES)),
            regions=dice.choice(((), (), (), (), ("coast",), ("hills", "coast"), ("hills",))),
            base=dice.choice((None, Base(zone="1"), Base(at=(43.7, 7.2)), Base(zone="3", at=(44.0, 6.0)))),
            time_zone=dice.choice((None, *ZONES)),
            shifts=tuple(self.shift() for _ in range(dice.choice((0, 1, 1, 1, 2, 2, 3)))),
            breaks=(self.stretch(11, 14),) if often(0.3) else (),
            other_hours=tuple(self.other_hours() for _ in range(dice.choice((0, 0, 0, 1, 2)))),
            absences=((self.day(),) * 2,) if often(0.15) else (),  # type: ignore[arg-type]
            most_a_day=dice.choice((None, None, None, None, None, 1, 2, 4)),
        )

    def shift(self) -> Shift:
        begin, end = self.clock(5, 12), self.clock(14, 23)
        if self.often(0.2):
            begin, end = self.clock(16, 23), self.clock(0, 9)
        elif self.often(0.1):
            begin = end = time()
        elif begin >= end:
            return self.shift()
        days = self.dice.sample(WEEKDAYS, self.dice.randint(3, 7))
        return Shift(
            days=tuple(days), start=begin, end=end, holidays=self.dice.choice(("never", "never", "also", "only"))
        )

    def other_hours(self) -> OtherHours:
        return OtherHours(day=self.day(), ranges=tuple(self.stretch() for _ in range(self.dice.randint(0, 2))))

    def booking(self, team: Sequence[Member]) -> BookingRules:
        dice = self.dice
        reserve = [
            Reserve(
                days=tuple(dice.sample(WEEKDAYS, dice.randint(2, 7))),
                ranges=(self.stretch(),),
                team=(dice.choice(team).key,) if self.often(0.4) else (),
                until_hours=dice.choice((0, 4, 24, 48)),
            )
            for _ in range(dice.choice((0, 0, 0, 1, 2)))
        ]
        prefer = dice.sample(("skills", "travel", "knows", "load"), dice.randint(0, 4))
        return BookingRules(
            holidays=dice.choice(("closed", "open")), most_a_day=dice.choice((None, None, None, None, 2, 4)),
            reserve=tuple(reserve), prefer=tuple(prefer),
        )  # fmt: skip

    def roads(self) -> Roads:
        dice = self.dice
        pairs = [Pair(start=a, end=b, minutes=dice.choice((0, 10, 25, 45, 60, 90, 180)))
                 for a in "123" for b in "123" if self.often(0.3)]  # fmt: skip
        bands = tuple(
            Band(up_to_km=km, minutes=km + 10) for km in sorted(dice.sample((5, 20, 40, 90), dice.randint(0, 3)))
        )
        return Roads(
            zones=tuple(pairs), within=dice.choice((None, 0, 10, 20)), bands=bands,
            otherwise=dice.choice((0, 15, 30, 75)), km_per_hour=dice.choice((30, 50, 90)), factor=dice.choice((1, 1.3)),
            base="outside" if self.number % 4 else "within",
        )  # fmt: skip

    def holidays(self) -> Holidays | None:
        if self.often(0.4):
            return None
        also, never = ((self.day(),) if self.often(0.5) else () for _ in range(2))
        return Holidays(country=self.dice.choice(("FR", "IT")), also=also, never=never)

    def diary(self, who: str) -> list[Visit]:
        """What he has around these days: none of it at the same time, some of it one after the other."""
        at, found = self.begin - timedelta(days=1), list[Visit]()
        for _ in range(self.dice.choice((0, 4, 12, 30))):
            at += QUARTER * self.dice.choice((0, 1, 2, 3, 4, 6, 8, 12, 24, 60))
            end = at + QUARTER * self.dice.randint(1, 10)
            place, ours = self.dice.choice((*PLACES, *PLACES, None, None, None)), True
            if place is None and self.often(0.4):
                ours = False
            found.append(Visit(who, at, end, place, ours))
            at = end
        return found

    def entry(self, team: Sequence[Member]) -> Entry:
        start = self.begin + QUARTER * self.dice.randint(-40, 500)
        kind = self.dice.choice(("closed", "away", "extra"))
        return Entry(kind, self.dice.choice(team).key, start, start + QUARTER * self.dice.randint(1, 60))

    def need(self, team: Sequence[Member]) -> Need:
        dice, keys = self.dice, [member.key for member in team]
        some = dice.sample(keys, min(len(keys), dice.choice((0, 1, 2))))
        return Need(
            area=Area.LIGHTING,
            minutes=dice.choice((15, 25, 45, 60, 90, 120, 200)),
            crew=dice.choice(CREWS),
            before=dice.choice((0, 0, 10, 30)),
            after=dice.choice((0, 0, 15, 40)),
            brand=dice.choice((None, None, "Lutron", "LOXONE")),
            region=dice.choice((None, "coast", "hills")),
            place=dice.choice((None, *PLACES)),
            urgent=self.often(0.3),
            known=frozenset(some),
            same=frozenset(dice.sample(keys, 1)) if self.often(0.15) else frozenset(),
        )


# ── the same world, as the search takes it ──


def number_of(at: datetime) -> int:
    """Quarter hours since 1970; what the worlds declare lies on whole ones."""
    count = (at - datetime(1970, 1, 1, tzinfo=UTC)) / QUARTER
    assert count == int(count)
    return int(count)


def searching(given: World, **changes: Any) -> Search:
    """A search in that world."""
    company, need = changes.get("company", given.company), changes.get("need", given.need)
    return Search(company, need, given.now, diaries_of(given.visits), entries_of(given.entries))


def diaries_of(visits: Sequence[Visit]) -> Any:
    def during(span: Span) -> Mapping[str, Sequence[Appointment]]:
        found: dict[str, list[Appointment]] = {}
        for visit in sorted(visits, key=lambda v: v.start):
            first, until = number_of(visit.start), number_of(visit.end)
            if first < span.until and until > span.first:
                found.setdefault(visit.who, []).append(Appointment(first, until, visit.place, visit.ours))
        return found

    return during


def entries_of(entries: Sequence[Entry]) -> Entries:
    each: dict[str, dict[str, tuple[Span, ...]]] = {"closed": {}, "away": {}, "extra": {}}
    for entry in entries:
        who = "" if entry.kind == "closed" else entry.who
        span = Span(number_of(entry.start), number_of(entry.end))
        each[entry.kind][who] = (*each[entry.kind].get(who, ()), span)
    return Entries(each["closed"].get("", ()), each["away"], each["extra"])
