"""The rules for what is counted from today: in three days, a week on Tuesday, two weeks ago."""

from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from handlers.understanding.when_days import Calendar, Day, in_months
from handlers.understanding.when_rules import Found, Grammar, Made
from locales.time_words import TimeWords

LONGEST_WAIT = 400  # days: whoever says more counts something else


class Told(msgspec.Struct, frozen=True):
    """What the rules know beside the words: the moment, and the habits of the language."""

    now: datetime
    words: TimeWords
    calendar: Calendar
    open: bool  # the message asks for something, so that “in ten minutes” can be a wish


def day_said(**said: Any) -> Made:
    """A day as an atom."""
    return "day", Day(**said)


def fixed(*days: date) -> Made:
    """A day that is already found; two to ask between."""
    return day_said(fixed=tuple((day, day) for day in days))


def _count(found: Found) -> int:
    number = found.one("digits", "number")
    return int(number) if number is not None else 1


def unit_said(found: Found) -> str:
    """The unit that is counted in."""
    return str(found.one("unit") or "hour")


# What is counted from today.


def _in(found: Found, told: Told) -> Made:
    count, unit = _count(found), unit_said(found)
    if unit == "hour" and found.has("by", "before", "within"):
        count, unit = -(-count // 24), "day"  # within 48 hours
    if unit in ("minute", "half_hour", "hour"):
        return _soon(told, timedelta(minutes={"minute": 1, "half_hour": 30, "hour": 60}[unit] * count), unit)
    on = _counted(told, count, unit)
    if on is None:
        return None
    if found.has("by", "before", "within"):
        return day_said(fixed=((told.now.date(), on),))
    return fixed(on)


def _counted(told: Told, count: int, unit: str) -> date | None:
    today = told.now.date()
    if unit == "month" and count <= 12:
        return in_months(today, count)
    days = {"day": told.words.counted.get(count, count), "week": 7 * count, "fortnight": 14 * count}.get(unit, -1)
    return today + timedelta(days) if 0 <= days <= LONGEST_WAIT else None


def _soon(told: Told, wait: timedelta, unit: str) -> Made:
    """In two hours: for one hour, from the half hour before."""
    short = unit == "minute" and wait < timedelta(minutes=15)
    if short or wait > timedelta(days=2) or not told.open:
        return "length", None
    at = told.now + wait
    since = at.hour * 60 + at.minute // 30 * 30
    return day_said(fixed=((at.date(), at.date()),), hours=(since, min(since + 60, 24 * 60)))


def _from_rel(found: Found, told: Told) -> Made:
    """A week tomorrow, de hoy en ocho, oggi a otto."""
    days = found.one("eight") or {"week": 7, "fortnight": 14}.get(unit_said(found), 0) * _count(found)
    return fixed(told.now.date() + timedelta(found.one("rel") + days)) if days else None


def _length(_: Found, __: Told) -> Made:
    return "length", None


def _gone(_: Found, __: Told) -> Made:
    return "past", None


COUNTED = Grammar(
    (
        ("COUNT.unit.(on.the?|the|from_now)?.rel", _from_rel),
        ("COUNT.unit.on?.(short|weekday)", lambda found, _: _week_on(found)),
        ("rel.(eight|unit)", _from_rel),
        ("eight.unit", lambda found, told: fixed(told.now.date() + timedelta(found.one("eight")))),
        ("(not|except|no).before", lambda _, __: ("not_before", None)),
        ("(not|no).after", lambda _, __: ("by", None)),
        ("ago.COUNT?.(unit|ore|h)", _gone),
        ("COUNT.unit.(and.(half|number))?.ago", _gone),
        ("IN.THE?.COUNT.(unit|ore|h(?!digits)).time_of?", _in),
        ("(within|by|before).THE?.COUNT.unit", _in),
        ("(within|by).COUNT.(ore|h(?!digits))", _in),
        ("(IN|within|by|before).half_hour", lambda _, told: _soon(told, timedelta(minutes=30), "half_hour")),
        ("COUNT.unit.from_now", _in),
        ("(since|fromsince|during|for_).(of|the)?.COUNT.(unit|ore)", _gone),
        ("(since|during|for_).COUNT.h(?!digits)", _gone),
        ("(?<!h|ore)COUNT.unit", _length),
    )
)


def _week_on(found: Found) -> Made:
    weeks = {"week": 7, "fortnight": 14}.get(unit_said(found))
    return day_said(weekday=found.one("weekday", "short"), plus=weeks * _count(found)) if weeks else None
