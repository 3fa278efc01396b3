"""Labour: what the time of the people costs, minute by minute along the clock. Pure; exact fractions of minor units.

The billed minutes run from the start along the company's hours. Each minute has the price of the rule for the hours it
lies in, at its distance from the start; what a rule charges as one price (first hour, all-in block) spreads evenly.
"""

from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from domain.cases import Case, Crew, fits, people
from domain.coverage import PIECES, Verdict
from domain.tariff import Labour, Slice, Tariff
from domain.working_time import DAY, Stretch


class NoPrice(ValueError):  # noqa: N818 (a fact about a tariff, told to people)
    """The tariff says nothing about this work; `missing` names what it would have to know ("km", "zone", "labour")."""

    def __init__(self, missing: str, message: str) -> None:
        super().__init__(message)
        self.missing = missing


@dataclass
class Piece:
    """Some minutes of one grade at one price."""

    slice: Slice
    grade: str
    heads: int
    hours: str
    minutes: int
    per_minute: Fraction
    step: int

    @property
    def amount(self) -> Fraction:
        """What it comes to, in minor units."""
        return self.per_minute * self.minutes * self.heads


@dataclass
class Time:
    """The labour of a case: its pieces and lump sums, the least and the most they may come to."""

    pieces: list[Piece] = field(default_factory=list)
    lumps: list[tuple[str, int, Fraction]] = field(default_factory=list)  # grade, heads, each
    caps: dict[str, Fraction] = field(default_factory=dict)  # the most for all of a grade
    minimum: Fraction = Fraction(0)
    all_in: frozenset[str] = frozenset()
    billed: int = 0

    @property
    def amount(self) -> Fraction:
        """What it comes to before a minimum or a cap, in minor units."""
        lumps = sum((each * heads for _, heads, each in self.lumps), Fraction(0))
        return sum((piece.amount for piece in self.pieces), lumps)


def crew_of(tariff: Tariff, case: Case) -> tuple[Crew, ...]:
    """Who comes: one person of the tariff's first grade unless the case says otherwise."""
    return case.crew or people(tariff)


def beginning(tariff: Tariff, zone: str, case: Case) -> str:
    """The hours at the start: those given, those of the moment, else the company's first (usual) ones."""
    if case.stretches:
        return case.stretches[0].hours
    if case.hours is not None:
        return case.hours
    if case.at is not None:
        return tariff.timetable(zone, case.region).at(case.at)
    return tariff.hours[0].key if tariff.hours else tariff.otherwise


def paid_labour(tariff: Tariff, zone: str, case: Case, verdict: Verdict, scale: Fraction) -> Fraction:
    """The share of the labour that the plan pays.

    A visit or ticket that is cut short of the job pays what its own minutes would have cost (the first hour is its
    first hour); minutes and hours pay in proportion.
    """
    shared = verdict.pays("labour")
    piece = verdict.uses[0] if len(verdict.uses) == 1 else None
    if piece is None or piece.unit not in PIECES or not 0 < shared < 1:
        return shared
    whole, own = (time_of(tariff, zone, case, minutes, scale).amount for minutes in (verdict.minutes, piece.minutes))
    return min(own / whole, Fraction(1)) if whole else Fraction(1)


def rule_for(tariff: Tariff, case: Case, grade: str, hours: str) -> Labour:
    """The first labour rule that fits. Raises NoPrice."""
    found = next((rule for rule in tariff.labour if fits(rule, case, grade=grade, hours=hours)), None)
    if found is None:
        raise NoPrice(
            "labour", f"the tariff has no labour price for work “{case.work}” by “{grade}” in “{hours}” hours"
        )
    if found.by_hand:
        raise NoPrice("by_hand", f"work “{case.work}” by “{grade}” in “{hours}” hours is priced by hand")
    return found


def billed_minutes(rule: Labour, minutes: int) -> int:
    """The minutes that are billed: steps after what is free and what the base covers; a band of one price whole."""
    if _free(rule, minutes):
        return 0 if minutes <= rule.free_up_to else minutes
    minutes = max(minutes, rule.minimum_minutes)
    lead = rule.free_minutes + (rule.base_minutes if rule.base is not None else 0)
    rest = minutes - lead
    if rest <= 0:
        return lead
    whole, more = divmod(rest, rule.step)
    if rule.count == "started":
        whole += more > 0
    elif rule.count == "nearest":
        whole += 2 * more >= rule.step
    billed = lead + whole * rule.step
    return next((last for name, first, last, _ in rule.slices if name == "band" and first < billed <= last), billed)


def _free(rule: Labour, minutes: int) -> bool:
    """Whether so short a job costs nothing: no opening fee and no minimum either."""
    return minutes <= max(rule.free_up_to, rule.free_minutes)


def place(tariff: Tariff, zone: str, case: Case, minutes: int) -> tuple[Stretch, ...]:
    """The hours that so many minutes from the start lie in; what the case already knows is not looked up again."""
    if case.stretches:
        return _first(case.stretches, minutes)
    start = beginning(tariff, zone, case)
    at: datetime | None = case.at if case.hours is None else None
    if at is None or tariff.boundary == "start" or minutes == 0:
        return (Stretch(start, minutes),)
    return tariff.timetable(zone, case.region).split(at, minutes)


def _first(stretches: tuple[Stretch, ...], minutes: int) -> tuple[Stretch, ...]:
    """The first minutes of stretches; the last one goes on for ever."""
    found: list[Stretch] = []
    for number, stretch in enumerate(stretches):
        last = number == len(stretches) - 1
        length = minutes if last else min(stretch.minutes, minutes)
        if length > 0 or not found:
            found.append(Stretch(stretch.hours, length))
        minutes -= length
    return tuple(found)


def longest(tariff: Tariff, zone: str, case: Case, minutes: int) -> int:
    """The most minutes that anybody of the crew is billed for."""
    start = beginning(tariff, zone, case)
    return max(billed_minutes(rule_for(tariff, case, c.grade, start), minutes) for c in crew_of(tariff, case))


def time_of(tariff: Tariff, zone: str, case: Case, minutes: int, scale: Fraction) -> Time:
    """The labour of `minutes`; `scale` turns the file's amounts into minor units. Raises NoPrice."""
    found, start, shared = Time(), beginning(tariff, zone, case), set[int]()
    for own in crew_of(tariff, case):
        rule = rule_for(tariff, case, own.grade, start)
        heads = own.count if rule.per == "person" else 1
        if rule.per == "crew" and id(rule) in shared:
            continue
        shared.add(id(rule))
        _add(found, tariff, zone, case, (rule, own.grade, heads), minutes, scale)
    return found


def _add(
    found: Time, tariff: Tariff, zone: str, case: Case, who: tuple[Labour, str, int], minutes: int, scale: Fraction
) -> None:
    rule, grade, heads = who
    billed = billed_minutes(rule, minutes)
    position = 0
    for stretch in place(tariff, zone, case, billed):
        now = rule if position == 0 else rule_for(tariff, case, grade, stretch.hours)
        for name, length, rate in _slices(now, position, position + stretch.minutes, scale):
            found.pieces.append(Piece(name, grade, heads, stretch.hours, length, rate, now.step))
        position += stretch.minutes
    if rule.base and not rule.base_minutes and not _free(rule, minutes):
        found.lumps.append((grade, heads, Fraction(rule.base) * scale))
    if rule.cap is not None:
        days = max(-(-billed // DAY), 1)
        found.caps[grade] = found.caps.get(grade, Fraction(0)) + Fraction(rule.cap) * scale * days * heads
    if rule.minimum is not None and not _free(rule, minutes):
        found.minimum = max(found.minimum, Fraction(rule.minimum) * scale)
    found.all_in |= frozenset(rule.all_in)
    found.billed = max(found.billed, billed)


def _slices(rule: Labour, begin: int, end: int, scale: Fraction) -> list[tuple[Slice, int, Fraction]]:
    """The minutes from `begin` to `end` of a job as (slice, minutes, price a minute)."""
    found: list[tuple[Slice, int, Fraction]] = []
    for name, first, last, rate in rule.slices:
        length = min(last, end) - max(first, begin)
        if length > 0:
            found.append((name, length, rate * scale))
    return found
