"""Slots: when somebody is free. Pure: quarter hours as the bits of Python integers.

Bit i of a mask is the quarter hour that starts i quarters after the window's first one. Choice and measured cost: the
performance record (bitsets beat interval libraries by one to two orders of magnitude).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from domain.areas import Area
from domain.company import Company, Member, Shift, Weekday

QUARTER = timedelta(minutes=15)
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


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
    first = cell(window[0] + QUARTER - timedelta(microseconds=1))
    length = cell(window[1]) - first
    need = quarters(minutes)
    starts: dict[str, int] = {}
    for member in qualified(company, area, region):
        mask = _work_mask(member, company.time_zone, company.closing_days, first, length)
        for number in busy.get(member.key, ()):
            if 0 <= number - first < length:
                mask &= ~(1 << (number - first))
        starts[member.key] = _starts(mask, need)
    load = {key: sum(1 for _ in busy.get(key, ())) for key in starts}
    ranked = sorted(starts, key=lambda key: (load[key], key))
    union = 0
    for key in ranked:
        union |= starts[key]
    while union:
        bit = union & -union
        union ^= bit
        index = bit.bit_length() - 1
        who = next(key for key in ranked if starts[key] >> index & 1)
        yield Slot(moment(first + index), moment(first + index + need), who)


def spread(slots: Iterable[Slot], zone: str, count: int, *, skip: int = 0) -> list[Slot]:
    """A few well spread starts: the first of each half day in the reader's zone; `skip` pages further on."""
    chosen: list[Slot] = []
    seen: set[tuple[date, bool]] = set()
    local = ZoneInfo(zone)
    for slot in slots:
        at = slot.start.astimezone(local)
        half = (at.date(), at.hour >= 13)
        if half in seen:
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


def _starts(mask: int, need: int) -> int:
    """The bits at which `need` free quarters begin: shift-AND, doubling."""
    have = 1
    while have < need:
        step = min(have, need - have)
        mask &= mask >> step
        have += step
    return mask


@lru_cache(maxsize=4096)
def _day_shifts(shifts: tuple[Shift, ...], weekday: Weekday) -> tuple[tuple[time, time], ...]:
    return tuple((s.start, s.end) for s in shifts if weekday in s.days)


def _work_mask(member: Member, zone: str, closed: tuple[date, ...], first: int, length: int) -> int:
    """The quarters of the window in which somebody works: his shifts in his zone, less absences and closing days."""
    local = ZoneInfo(member.time_zone or zone)
    day = moment(first).astimezone(local).date() - timedelta(days=1)
    last = moment(first + length).astimezone(local).date()
    mask = 0
    while day <= last:
        away = day in closed or any(a <= day <= b for a, b in member.absences)
        for start, end in () if away else _day_shifts(member.shifts, WEEKDAYS[day.weekday()]):
            begin = cell(datetime.combine(day, start, local)) - first
            finish = cell(datetime.combine(day, end, local)) - first
            begin, finish = max(begin, 0), min(finish, length)
            if finish > begin:
                mask |= ((1 << (finish - begin)) - 1) << begin
        day += timedelta(days=1)
    return mask
