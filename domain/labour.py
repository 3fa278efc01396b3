"""Labour: what the time of the people costs, minute by minute along the clock. Pure; exact fractions of minor units.

The billed minutes run from the start along the company's hours. Each minute has the price of the rule for the hours it
lies in, at its distance from the start; what a rule charges as one price (first hour, all-in block) spreads evenly.
"""

from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Literal

from domain.cases import Case, Crew, fits
from domain.tariff import Labour, Tariff
from domain.working_time import DAY, Stretch

Slice = Literal["free", "base", "time"]
ENDLESS = 10**9


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
    """The labour of a case: its pieces, lump sums, and what a minimum or a cap changes."""

    pieces: list[Piece] = field(default_factory=list)
    lumps: list[tuple[str, int, Fraction]] = field(default_factory=list)  # grade, heads, each
    caps: list[tuple[str, Fraction]] = field(default_factory=list)  # grade, the most for all of it
    minimum: Fraction = Fraction(0)
    all_in: frozenset[str] = frozenset()
    billed: int = 0


def crew_of(tariff: Tariff, case: Case) -> tuple[Crew, ...]:
    """Who comes: one person of the tariff's first grade unless the case says otherwise."""
    return case.crew or (Crew(tariff.grades[0].key),)


def beginning(tariff: Tariff, zone: str, case: Case) -> str:
    """The hours at the start: those given, those of the moment, else the company's first (usual) ones."""
    if case.stretches:
        return case.stretches[0].hours
    if case.hours is not None:
        return case.hours
    if case.at is not None:
        return tariff.timetable(zone, case.region).at(case.at)
    return tariff.hours[0].key if tariff.hours else tariff.otherwise


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
    """The minutes that are billed: started steps after what is free and what the base covers."""
    if minutes <= rule.free_up_to:
        return 0
    minutes = max(minutes, rule.minimum_minutes)
    lead = rule.free_minutes + (rule.base_minutes if rule.base is not None else 0)
    rest = minutes - lead
    if rest <= 0:
        return lead if rule.base is not None and minutes > rule.free_minutes else min(minutes, lead)
    whole, more = divmod(rest, rule.step)
    if rule.count == "started":
        whole += more > 0
    elif rule.count == "nearest":
        whole += 2 * more >= rule.step
    return _to_band_end(rule, lead + whole * rule.step)


def _to_band_end(rule: Labour, billed: int) -> int:
    """A band with one price is billed whole, however early the work in it ends."""
    begin = 0
    for band in rule.bands:
        if band.price is not None and band.up_to is not None and begin < billed < band.up_to:
            return band.up_to
        begin = band.up_to or ENDLESS
    return billed


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
    for people in crew_of(tariff, case):
        rule = rule_for(tariff, case, people.grade, start)
        heads = people.count if rule.per == "person" else 1
        if rule.per == "crew" and id(rule) in shared:
            continue
        shared.add(id(rule))
        _add(found, tariff, zone, case, (rule, people.grade, heads), minutes, scale)
    return found


def _add(
    found: Time, tariff: Tariff, zone: str, case: Case, who: tuple[Labour, str, int], minutes: int, scale: Fraction
) -> None:
    rule, grade, heads = who
    billed = billed_minutes(rule, minutes)
    before = len(found.pieces)
    position = 0
    for stretch in place(tariff, zone, case, billed):
        now = rule if position == 0 else rule_for(tariff, case, grade, stretch.hours)
        for name, length, rate in _slices(now, position, position + stretch.minutes, scale):
            found.pieces.append(Piece(name, grade, heads, stretch.hours, length, rate, now.step))
        position += stretch.minutes
    lump = Fraction(0)
    if rule.base and not rule.base_minutes and minutes > max(rule.free_up_to, rule.free_minutes - 1):
        lump = Fraction(rule.base) * scale
        found.lumps.append((grade, heads, lump))
    if rule.cap is not None:
        most = Fraction(rule.cap) * scale * max(-(-billed // DAY), 1) * heads
        own = sum((piece.amount for piece in found.pieces[before:]), lump * heads)
        if own > most:
            found.caps.append((grade, most - own))
    if rule.minimum is not None and minutes > rule.free_up_to:
        found.minimum = max(found.minimum, Fraction(rule.minimum))
    found.all_in |= frozenset(rule.all_in)
    found.billed = max(found.billed, billed)


def _slices(rule: Labour, begin: int, end: int, scale: Fraction) -> list[tuple[Slice, int, Fraction]]:
    """The minutes from `begin` to `end` of a job as (slice, minutes, price a minute)."""
    found: list[tuple[Slice, int, Fraction]] = []
    for name, first, last, rate in layout(rule):
        length = min(last, end) - max(first, begin)
        if length > 0:
            found.append((name, length, rate * scale))
    return found


def layout(rule: Labour) -> list[tuple[Slice, int, int, Fraction]]:
    """A rule as (slice, from minute, to minute, price a minute in major units), without gaps."""
    found: list[tuple[Slice, int, int, Fraction]] = []
    at = rule.free_minutes
    if at:
        found.append(("free", 0, at, Fraction(0)))
    if rule.base is not None and rule.base_minutes:
        found.append(("base", at, at + rule.base_minutes, Fraction(rule.base) / rule.base_minutes))
        at += rule.base_minutes
    rate = Fraction(0)
    for band in rule.bands:
        until = band.up_to if band.up_to is not None else ENDLESS
        if band.price is not None:
            rate = Fraction(band.price) / max(until - at, 1)
        else:
            rate = Fraction(band.per_hour or 0) / 60
        if until > at:
            found.append(("time", at, until, rate))
            at = until
    if rule.per_step is not None:
        rate = Fraction(rule.per_step) / rule.step
    elif rule.per_hour is not None:
        rate = Fraction(rule.per_hour) / 60
    found.append(("time", at, ENDLESS, rate))
    return found
