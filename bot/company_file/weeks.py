"""Weeks of the team as bits, one for each minute from Monday 00:00: for the rules and questions about working hours."""

from collections.abc import Iterable, Sequence

from domain.declared import WEEKDAYS, Shift
from domain.team import Member
from domain.working_time import DAY, Range

WEEK = 7 * DAY


def minutes_of(shift: Shift) -> Range:
    """The minutes of the day at which a shift begins and ends; an end that is not later is tomorrow's."""
    begin, end = (at.hour * 60 + at.minute for at in (shift.start, shift.end))
    return begin, end if end > begin else end + DAY


def week(days: Iterable[str], ranges: Iterable[Range]) -> int:
    """The minutes of some ranges on some weekdays; what runs over Sunday's midnight is on Monday."""
    mask = 0
    for day in dict.fromkeys(days):
        for begin, end in ranges:
            length = (end if end > begin else end + DAY) - begin
            mask |= ((1 << length) - 1) << (WEEKDAYS.index(day) * DAY + begin)
    return (mask | mask >> WEEK) & ((1 << WEEK) - 1)


def at_work(member: Member) -> int:
    """The minutes of a plain week in which somebody works; a shift for public holidays may be on any day."""
    mask = 0
    for shift in member.shifts:
        days: Sequence[str] = shift.days if shift.holidays == "never" else WEEKDAYS
        mask |= week(days, [minutes_of(shift)])
    return mask & ~week(WEEKDAYS, member.breaks)


def longest(mask: int) -> int:
    """The minutes of the longest time without a break; a night from Sunday to Monday is one."""
    whole, found = mask | mask << WEEK, 0
    while whole and found < WEEK:
        whole &= whole >> 1
        found += 1
    return found
