"""Slots: when somebody is free. Pure: quarter hours as the bits of Python integers.

Bit i of a mask is the quarter hour that starts i quarters after the window's first one. Choice and measured cost: the
performance record (bitsets beat interval libraries by one to two orders of magnitude).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from domain.areas import Area
from domain.company import Company, Member
from domain.working_time import Hours, Timetable

QUARTER = timedelta(minutes=15)
MICROSECOND = timedelta(microseconds=1)
WORKS = "works"


@dataclass(frozen=True, order=True)
class Slot:
    """A start that can be kept, and who keeps it (a teammate's key)."""

    start: datetime
    end: datetime
    technician: str


def cell(at: datetime) -> int:
    """The number of the quarter hour a moment lies in, counted from 1970 (UTC)."""
    return int(at.timestamp()) // 900


def moment(number: int) -> datetime:
    """The first moment of a quarter hour."""
    return datetime.fromtimestamp(number * 900, UTC)


def quarters(minutes: int) -> int:
    """So many quarter hours, rounded up."""
    return -(-minutes // 15)


def free(
    company: Company,
    area: Area,
    minutes: int,
    window: tuple[datetime, datetime],
    busy: Mapping[str, Iterable[int]],
    region: str | None = None,
) -> Iterator[Slot]:
    """Every start on a quarter hour in the window at which a qualified technician has `minutes` free, in order.

    A visit names the home's `region`: only those who go there count. Of several technicians the one with the fewest
    busy quarters in the window is named: the load is shared.
    """
    first = cell(window[0] + QUARTER - MICROSECOND)
    length = max(cell(window[1]) - first, 0)
    need = quarters(minutes)
    doublings = _doublings(need)
    days = _days(company, first, length)
    inside, skipped = (1 << length) - 1, first - days.first
    found: list[tuple[int, str, int]] = []  # how busy, who, his starts
    union = 0
    for member in qualified(company, area, region):
        taken, load = _taken(busy.get(member.key, ()), first, length)
        starts = _work_mask(member, days) >> skipped & inside & ~taken
        for step in doublings:  # the bits at which enough free quarters begin: shift-AND, doubling
            starts &= starts >> step
        if starts:
            found.append((load, member.key, starts))
            union |= starts
    found.sort()
    while union:
        bit = union & -union
        union ^= bit
        index = bit.bit_length() - 1
        who = next(key for _, key, starts in found if starts & bit)
        yield Slot(moment(first + index), moment(first + index + need), who)


def spread(
    slots: Iterable[Slot], zone: str, count: int, *, skip: int = 0, fits: Callable[[Slot], bool] = lambda _: True
) -> list[Slot]:
    """A few well spread starts: of each half day in the reader's zone the first that `fits`; `skip` of them later."""
    chosen: list[Slot] = []
    seen: set[tuple[date, bool]] = set()
    local = ZoneInfo(zone)
    for slot in slots:
        at = slot.start.astimezone(local)
        half = (at.date(), at.hour >= 13)
        if half in seen or not fits(slot):
            continue
        seen.add(half)
        chosen.append(slot)
        if len(chosen) == skip + count:
            break
    return chosen[skip:]


def qualified(company: Company, area: Area, region: str | None = None) -> list[Member]:
    """The technicians who can solve something in this area, and (for a visit) go to this region."""
    able = [m for m in company.team if "technician" in m.roles and area in m.skills]
    return [m for m in able if region is None or not m.regions or region in m.regions]


def _doublings(need: int) -> list[int]:
    """By how much to shift, step by step, until `need` quarters in a row are looked at."""
    steps, have = [], 1
    while have < need:
        steps.append(min(have, need - have))
        have += steps[-1]
    return steps


def _taken(cells: Iterable[int], first: int, length: int) -> tuple[int, int]:
    """The busy quarters of the window, and how many there are in all."""
    taken = count = 0
    for number in cells:
        count += 1
        place = number - first
        if 0 <= place < length:
            taken |= 1 << place
    return taken, count


class _Days(NamedTuple):
    """The whole days around a window, and what else decides when people work on them."""

    zone: str
    closed: tuple[date, ...]
    first: int
    length: int


def _days(company: Company, first: int, length: int) -> _Days:
    begin = first // 96 * 96
    return _Days(company.time_zone, company.closing_days, begin, (first + length - begin) // 96 * 96 + 96)


MOST_KEPT = 4096
_kept: dict[int, tuple[Member, _Days, int]] = {}


def _work_mask(member: Member, days: _Days) -> int:
    """The quarters of whole days in which somebody works, kept until tomorrow.

    Kept by the member's identity: the company's values never change, and hashing one costs more than looking it up.
    """
    kept = _kept.get(id(member))
    if kept is None or kept[0] is not member or kept[1] != days:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        kept = _kept[id(member)] = (member, days, _drawn(member, *days))
    return kept[2]


def _drawn(member: Member, zone: str, closed: tuple[date, ...], first: int, length: int) -> int:
    """His shifts in his zone, less absences and closing days: the whole quarters of them."""
    off = (*((day, day) for day in closed), *member.absences)
    entries = tuple(Hours(key=WORKS, days=s.days, ranges=((_minute(s.start), _minute(s.end)),)) for s in member.shifts)
    table = Timetable(zone=member.time_zone or zone, entries=entries, closed=off)
    mask = 0
    for hours, start, end in table.stretches(moment(first), moment(first + length)):
        begin, finish = cell(start + QUARTER - MICROSECOND) - first, cell(end) - first
        if hours == WORKS and finish > begin:
            mask |= ((1 << (finish - begin)) - 1) << begin
    return mask


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute
