"""(d) The first eight times among many technicians and bookings with places; all of them; and how it grows."""

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from time import process_time
from zoneinfo import ZoneInfo

from bench.tables import middle, p95, show
from bot.company_file import reading
from domain.areas import Area
from domain.company import Company
from domain.declared import WEEKDAYS
from domain.need import Need
from domain.reach import Appointment
from domain.roads import Band, Base, Place, Roads
from domain.rota import Span, bits, cell, moment, working
from domain.slots import Diaries, Search
from domain.spreading import Window, few
from domain.team import Member
from tests.house import SAMPLE

BOOKINGS, DAYS, SEED = 10_000, 60, 20260111
NOW = datetime(2026, 1, 12, 7, tzinfo=UTC)
WINDOW = Window(NOW + timedelta(hours=2), NOW + timedelta(days=DAYS), "Europe/Paris")
NICE = (43.7, 7.25)
MINUTES = 90
ROADS = Roads(bands=(Band(up_to_km=10, minutes=15), Band(up_to_km=30, minutes=35)), km_per_hour=60)


class Town:
    """A company of so many technicians, with so many bookings over the next sixty days, all of them somewhere."""

    def __init__(self, technicians: int, bookings: int = BOOKINGS) -> None:
        self.dice = random.Random(SEED)
        self.homes = [Place(None, self.near(), number) for number in range(2000)]
        self.company = self.grown(technicians)
        self.days: dict[str, list[Appointment]] = {}
        self.book(bookings)
        self.seen: dict[Span, dict[str, list[Appointment]]] = {}
        self.need = Need(area=Area.SHADES, minutes=MINUTES, place=self.homes[0], after=15)

    def near(self) -> tuple[float, float]:
        return NICE[0] + self.dice.gauss(0, 0.15), NICE[1] + self.dice.gauss(0, 0.2)

    def grown(self, technicians: int) -> Company:
        """The sample company's shifts, over and over; everybody sets out somewhere."""
        company = reading.read(SAMPLE / "company.toml")
        able = [m for m in company.team if m.shifts]
        changes = {"skills": tuple(Area), "regions": (), "brands": ()}
        team = tuple(
            able[n % len(able)].model_copy(
                update={"key": f"t{n}", "slack": f"U{n}", "base": Base(at=self.near()), **changes}
            )
            for n in range(technicians)
        )
        return company.model_copy(update={"team": team, "roads": ROADS})

    def book(self, bookings: int) -> None:
        """Appointments between seven and seven, none of one person at the same time."""
        first, taken = cell(NOW), set[tuple[str, int]]()
        while bookings:
            who = self.dice.choice(self.company.team).key
            begin = first + self.dice.randrange(DAYS) * 96 + self.dice.randrange(48)
            numbers = [(who, n) for n in range(begin, begin + self.dice.randint(2, 8))]
            if taken.isdisjoint(numbers):
                taken.update(numbers)
                visit = Appointment(begin, begin + len(numbers), self.dice.choice(self.homes))
                self.days.setdefault(who, []).append(visit)
                bookings -= 1
        for day in self.days.values():
            day.sort(key=lambda visit: visit.first)

    def diaries(self) -> Diaries:
        """As the record answers, without the record: each span is cut out once."""

        def during(span: Span) -> dict[str, list[Appointment]]:
            if span not in self.seen:
                near = {
                    w: [v for v in day if v.first < span.until and v.until > span.first] for w, day in self.days.items()
                }
                self.seen[span] = {who: day for who, day in near.items() if day}
            return self.seen[span]

        return during

    def search(self) -> Search:
        """A new search."""
        return Search(self.company, self.need, NOW, self.diaries())


def first_eight(town: Town) -> int:
    """The first eight that can be kept."""
    return len(list(islice(town.search().slots(WINDOW.first, WINDOW.until), 8)))


def eight_spread(town: Town) -> int:
    """The eight that are shown."""
    return len(few(town.search(), WINDOW, 8))


def all_pairs(town: Town) -> list[tuple[datetime, str]]:
    """Every start of sixty days at which somebody is free, with his name: by bits, ways aside."""
    begin = cell(NOW) // 96 * 96
    span = Span(begin, begin + (DAYS + 1) * 96)
    length, found = town.need.length, list[tuple[datetime, str]]()
    starts = [moment(number) for number in range(*span)]
    first, last = cell(WINDOW.first) - begin, cell(WINDOW.until) - begin
    for member in town.company.team:
        free = working(town.company, member, span) & ~bits(
            ((v.first, v.until) for v in town.days.get(member.key, ())), span
        )
        runs = free
        for step in range(1, length):
            runs &= free >> step
        digits = bin(runs)[:1:-1]
        at = digits.find("1", first)
        while first <= at < last:
            found.append((starts[at], member.key))
            at = digits.find("1", at + 1)
    return found


def naive_pairs(town: Town, team: Sequence[Member]) -> Iterator[tuple[datetime, str]]:
    """The same, by looking at every quarter of an hour of everybody with plain datetimes."""
    quarter, length = timedelta(minutes=15), town.need.length
    for member in team:
        taken = [(moment(visit.first), moment(visit.until)) for visit in town.days.get(member.key, ())]
        start = WINDOW.first
        while start < WINDOW.until:
            end = start + length * quarter
            if all(works(town.company, member, start + n * quarter) for n in range(length)) and not any(
                begin < end and start < until for begin, until in taken
            ):
                yield start, member.key
            start += quarter


def works(company: Company, member: Member, at: datetime) -> bool:
    """Whether the clock on his wall shows a working hour."""
    local = at.astimezone(ZoneInfo(member.time_zone or company.time_zone))
    day, minute = local.date(), local.hour * 60 + local.minute
    if any(first <= day <= last for first, last in member.absences):
        return False
    for other in member.other_hours:
        if other.day == day:
            return any(begin <= minute and minute + 15 <= end for begin, end in other.ranges)
    holidays = company.tariff.holidays if company.booking.holidays == "closed" else None
    if day in company.closing_days or (holidays is not None and holidays.on(day)):
        return False
    if any(begin < minute + 15 and minute < end for begin, end in member.breaks):
        return False
    end = (local + timedelta(minutes=15)).time()
    return any(WEEKDAYS[day.weekday()] in s.days and s.start <= local.time() and end <= s.end for s in member.shifts)


def spent(deed: Callable[[], object], rounds: int) -> list[float]:
    """Milliseconds of CPU, each time; the first one is not counted."""
    deed()
    times = []
    for _ in range(rounds):
        began = process_time()
        deed()
        times.append((process_time() - began) * 1000)
    return times


def measure(rounds: int) -> None:
    """Print the tables."""
    rows = []
    for technicians, goal in ((100, 3.0), (1000, 5.0)):
        town = Town(technicians)
        for what, deed in (("first 8", first_eight), ("8 spread", eight_spread)):
            times = spent(lambda town=town, deed=deed: deed(town), rounds)
            rows.append(
                (technicians, what, *(f"{t:.2f}" for t in (min(times), middle(times), p95(times))), f"≤ {goal:g}")
            )
    heads = ("technicians", "what", "best", "p50", "p95", "goal")
    show(f"Times with {BOOKINGS} bookings over {DAYS} days, ms of CPU", heads, rows)
    pairs(rounds)
    growth(rounds)


def pairs(rounds: int) -> None:
    """All that is free, by bits and by datetimes."""
    town = Town(100)
    some = town.company.team[: 100 if rounds > 10 else 5]
    began = process_time()
    naive = set(naive_pairs(town, some))
    slow = (process_time() - began) * 1000 * len(town.company.team) / len(some)
    keys = {member.key for member in some}
    assert {pair for pair in all_pairs(town) if pair[1] in keys} == naive
    fast = middle(spent(lambda: all_pairs(town), rounds))
    rows = [(len(all_pairs(town)), f"{slow:.0f}", f"{fast:.1f}", f"{slow / fast:.0f} ×", "≥ 50 ×")]
    heads = ("pairs", "datetimes", "bits", "faster", "goal")
    show(f"Every start and technician of {DAYS} days (100 technicians), ms of CPU", heads, rows)


def growth(rounds: int) -> None:
    """More people, more bookings."""
    rows: list[tuple[object, ...]] = []
    sizes = [(n, BOOKINGS) for n in (100, 200, 400, 800)] + [(400, n) for n in (2_500, 5_000, 10_000, 20_000)]
    for technicians, bookings in sizes:
        town = Town(technicians, bookings)
        best = [
            min(spent(lambda town=town, deed=deed: deed(town), rounds))
            for deed in (first_eight, eight_spread, all_pairs)
        ]
        rows.append((technicians, bookings, *(f"{ms:.2f}" for ms in best)))
    show("How it grows, ms of CPU (best)", ("technicians", "bookings", "first 8", "8 spread", "all pairs"), rows)
