"""The rota: who works when, as bits: bit i of a mask is the quarter hour i quarters after its first one. Pure.

Choice and measured cost: the performance record (bits of Python integers beat interval libraries by one to two orders
of magnitude).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from domain.company import Company
from domain.declared import WEEKDAYS, Shift, Weekday
from domain.team import Member, OtherHours
from domain.working_time import Holidays, Hours, Range, Timetable

QUARTER = timedelta(minutes=15)
MICROSECOND = timedelta(microseconds=1)
DAY = 96  # quarter hours
WORKS, PAUSES = "works", "pauses"
PAUSE = 16  # quarter hours: a longer rest ends a tour, a shorter one is a break in it


class Span(NamedTuple):
    """From a quarter hour up to, but not including, another one."""

    first: int
    until: int


@dataclass(frozen=True)
class Entries:
    """What the team has entered over the company file: when all is closed, who is away, who works besides."""

    closed: tuple[Span, ...] = ()
    away: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    extra: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)


NOTHING_ENTERED = Entries()


def cell(at: datetime) -> int:
    """The number of the quarter hour a moment lies in, counted from 1970 (UTC)."""
    return int(at.timestamp()) // 900


def next_cell(at: datetime) -> int:
    """The first quarter hour that begins at a moment or later."""
    return cell(at + QUARTER - MICROSECOND)


def moment(number: int) -> datetime:
    """The first moment of a quarter hour."""
    return datetime.fromtimestamp(number * 900, UTC)


def quarters(minutes: int) -> int:
    """So many quarter hours, rounded up."""
    return -(-minutes // 15)


def bits(spans: Iterable[tuple[int, int]], block: Span) -> int:
    """The quarter hours of some spans, as far as they lie in a block."""
    mask, (first, until) = 0, block
    for begin, end in spans:
        if first < end > begin < until:  # what ends before it begins, within a quarter hour, is nothing
            start = begin - first if begin > first else 0
            mask |= (1 << (end if end < until else until) - first) - (1 << start)
    return mask


def taken(day: Iterable[tuple[int, int, object, object]], block: Span) -> int:
    """The quarter hours of appointments, as far as they lie in a block: as `bits`, for many and quickly."""
    mask, (first, until) = 0, block
    for begin, end, _, _ in day:
        if begin < until and end > first:
            start = begin - first if begin > first else 0
            mask |= (1 << (end if end < until else until) - first) - (1 << start)
    return mask


def working(company: Company, member: Member, block: Span, entries: Entries = NOTHING_ENTERED) -> int:
    """The quarters of a block of whole days in which somebody works, all told."""
    return entered(everybody(company, block)[member.key], member.key, block, entries)


def entered(mask: int, who: str, block: Span, entries: Entries) -> int:
    """Somebody's usual quarters, with what is entered over them."""
    if entries.closed:
        mask &= ~bits(entries.closed, block)
    if extra := entries.extra.get(who):
        mask |= bits(extra, block)
    if away := entries.away.get(who):
        mask &= ~bits(away, block)
    return mask


def reserved(company: Company, block: Span, now: int) -> Callable[[Member], int]:
    """Whose quarters of a block are kept for what is urgent, as it is when the quarter hour `now` begins.

    Who is reserved alike is looked at once: among a thousand most are.
    """
    reserves, named = company.booking.reserve, {who for reserve in company.booking.reserve for who in reserve.team}
    alike: dict[tuple[str, str], int] = {}

    def kept(member: Member) -> int:
        zone = member.time_zone or company.time_zone
        who = (zone, member.key if member.key in named else "")
        mask = alike.get(who)
        if mask is None:
            mask = 0
            for reserve in reserves:
                if reserve.team and member.key not in reserve.team:
                    continue
                touched = _touched(zone, reserve.days, reserve.ranges, block)
                open_by_now = now + reserve.until_hours * 4 - block.first
                mask |= touched >> open_by_now << open_by_now if open_by_now > 0 else touched
            alike[who] = mask
        return mask

    return kept


def runs(mask: int, first: int = 0) -> Iterator[Span]:
    """The stretches of a mask whose first bit is the quarter hour `first`, in order."""
    at = first
    while mask:
        ahead = (mask & -mask).bit_length() - 1
        mask >>= ahead
        length = (~mask & (mask + 1)).bit_length() - 1
        mask >>= length
        yield Span(at + ahead, at + ahead + length)
        at += ahead + length


@lru_cache(maxsize=4096)
def tours(mask: int) -> tuple[Span, ...]:
    """The tours of a working mask: runs of working quarters with breaks in between that are no night's rest."""
    found: list[Span] = []
    for run in runs(mask):
        if found and run.first - found[-1].until < PAUSE:
            found[-1] = Span(found[-1].first, run.until)
        else:
            found.append(run)
    return tuple(found)


# ── how the masks are drawn, and kept: by who it is, then by the pattern of his week ──


class _Pattern(NamedTuple):
    """All that decides when somebody works: equal patterns have equal masks."""

    zone: str
    weekly: tuple[tuple[tuple[str, ...], tuple[Range, ...], str], ...]  # weekdays, ranges, on holidays
    breaks: tuple[Range, ...] = ()
    closed: tuple[tuple[date, date], ...] = ()
    others: tuple[tuple[date, tuple[Range, ...]], ...] = ()
    holidays: Holidays | None = None


MOST_KEPT = 64
_kept: dict[tuple[int, int, int], tuple[Company, Mapping[str, int]]] = {}


def everybody(company: Company, block: Span) -> Mapping[str, int]:
    """The quarters in which each of the team works by the company file alone.

    Kept by identity: the company's values never change, and hashing them costs more than drawing them.
    """
    key = (id(company), *block)
    kept = _kept.get(key)
    if kept is not None and kept[0] is company:
        return kept[1]
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    drawn = {member.key: _drawn(_pattern(company, member), block) for member in company.team}
    _kept[key] = (company, drawn)
    return drawn


def _pattern(company: Company, member: Member) -> _Pattern:
    dates = tuple((o.day, o.ranges) for o in member.other_hours if not _away(member, o))
    return _Pattern(
        member.time_zone or company.time_zone,
        tuple((shift.days, (_range(shift),), shift.holidays) for shift in member.shifts),
        member.breaks,
        (*((day, day) for day in company.closing_days), *member.absences, *((day, day) for day, _ in dates)),
        dates,
        company.tariff.holidays if company.booking.holidays == "closed" else None,
    )


def _away(member: Member, other: OtherHours) -> bool:
    return any(first <= other.day <= last for first, last in member.absences)


@lru_cache(maxsize=2048)
def _drawn(pattern: _Pattern, block: Span) -> int:
    """The whole quarters of a pattern in a block."""
    weekly = tuple(
        Hours.model_validate({"key": WORKS, "days": days, "ranges": ranges, "holidays": on})
        for days, ranges, on in pattern.weekly
    )
    table = Timetable(zone=pattern.zone, entries=weekly, closed=pattern.closed, holidays=pattern.holidays)
    mask = _painted(table, block)
    if pattern.breaks:  # also in the night of a shift that ends on a closed day
        mask &= ~_touched(pattern.zone, WEEKDAYS, pattern.breaks, block)
    for day, ranges in pattern.others:
        if not ranges:
            continue
        hours = Hours.model_validate({"key": WORKS, "days": (WEEKDAYS[day.weekday()],), "ranges": ranges})
        begin = cell(datetime.combine(day, time(), ZoneInfo(pattern.zone)))
        near = Span(max(block.first, begin - DAY), min(block.until, begin + 3 * DAY))
        if near.until > near.first:
            only = Timetable(zone=pattern.zone, entries=(hours,))
            mask |= _painted(only, near) << (near.first - block.first)
    return mask


@lru_cache(maxsize=2048)
def _touched(zone: str, days: tuple[Weekday, ...], ranges: tuple[Range, ...], block: Span) -> int:
    """The quarters of a block that ranges on some weekdays touch, feast or not."""
    table = Timetable(zone=zone, entries=(Hours(key=PAUSES, days=days, ranges=ranges),))
    stretches = table.stretches(moment(block.first), moment(block.until))
    return bits(((cell(start), next_cell(end)) for hours, start, end in stretches if hours == PAUSES), block)


def _painted(table: Timetable, block: Span) -> int:
    spans = (
        (next_cell(start), cell(end))
        for hours, start, end in table.stretches(moment(block.first), moment(block.until))
        if hours == WORKS
    )
    return bits(spans, block)


def _range(shift: Shift) -> Range:
    """Its minutes of the day; from midnight to midnight is the whole day."""
    start, end = (at.hour * 60 + at.minute for at in (shift.start, shift.end))
    return (start, end) if (start, end) != (0, 0) else (0, 24 * 60)
