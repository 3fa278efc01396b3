"""Days as people name them, and which days of the calendar they mean."""

from calendar import monthrange
from datetime import date, timedelta

import msgspec

Days = tuple[date, date]  # the first and the last, both meant
SUNDAY = 6
AHEAD = 13  # “from Thursday on”: so many days more
SPOKEN_YEARS = 8  # a 29th of February is at most so far away
WEEK_PORTIONS = {"begin": (0, 1), "middle": (2, 3), "end": (3, 4), "workdays": (0, 4), "": (0, 6)}
MONTH_PORTIONS = {"begin": (1, 10), "middle": (11, 20), "end": (21, 31), "": (1, 31)}


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """A day or some days, as they were named; what is left open is found when all of the message is known."""

    fixed: tuple[Days, ...] = ()  # already found: one, or two to ask between
    weekday: int | None = None
    mode: str = ""  # this, next
    plus: int = 0  # so many days after the coming one
    week: int | None = None  # so many weeks after this one
    portion: str | None = None  # begin, middle, end, workdays or all of a week
    number: int | None = None  # day of the month
    month: int | None = None
    year: int | None = None
    often: bool = False  # “Fridays”: perhaps every one
    doubtful: bool = False  # “from Monday”, in words that can also say “since Monday”
    pointed: bool = False  # after a word that says where something is moved to
    elided: bool = False  # “the next”: next what?
    edge: str = ""  # from, after, before, by
    last: "Day | None" = None  # up to this day
    hours: tuple[int, int] | None = None  # minutes of the day, where the day brings them


class Calendar(msgspec.Struct, frozen=True):
    """Today, and how the language counts."""

    today: date
    next_is_coming: bool
    day_first: bool


def meant(day: Day, calendar: Calendar) -> tuple[Days, ...]:
    """The days of the calendar that may be meant: none, one span, or two to ask between."""
    try:
        found = _between(day, calendar) if day.last else _named(day, calendar)
        if day.edge:
            found = tuple(_edged(span, day.edge, calendar.today) for span in found)
        begun = ((max(first, calendar.today), last) for first, last in found)
        return tuple(dict.fromkeys((first, last) for first, last in begun if first <= last))
    except (OverflowError, ValueError):  # beyond the calendar
        return ()


def _named(day: Day, calendar: Calendar) -> tuple[Days, ...]:
    if day.fixed:
        return day.fixed
    if day.number is not None:
        return _date(day, calendar)
    if day.weekday is not None:
        return tuple((on, on) for on in _weekday(day, calendar))
    if day.month is not None:
        return _month(day, calendar.today)
    return _week(day, calendar.today)


def coming(weekday: int, today: date) -> date:
    """The first such day after today."""
    return today + timedelta((weekday - today.weekday() - 1) % 7 + 1)


def _weekday(day: Day, calendar: Calendar) -> tuple[date, ...]:
    assert day.weekday is not None
    today, soon = calendar.today, coming(day.weekday, calendar.today)
    later = soon + timedelta(7)
    same = day.weekday == today.weekday()
    if day.week is not None:
        on = monday(today) + timedelta(7 * day.week + day.weekday)
        return (on if on >= today else soon,)
    if day.plus:
        return (soon + timedelta(day.plus),)
    if day.mode == "this":
        return (today if same else soon,)
    if day.mode == "next":
        doubtful = not same and soon < monday(today) + timedelta(7) and not calendar.next_is_coming
        return (soon, later) if doubtful else (soon,)
    return (today, soon) if same else (soon,)


def monday(today: date) -> date:
    """The Monday of the week."""
    return today - timedelta(today.weekday())


def _date(day: Day, calendar: Calendar) -> tuple[Days, ...]:
    assert day.number is not None
    on = _dated(day, calendar.today)
    if on is None:
        return ()
    if day.weekday is None or on.weekday() == day.weekday:
        return ((on, on),)
    other = coming(day.weekday, calendar.today)
    return ((on, on), (other, other))


def _dated(day: Day, today: date) -> date | None:
    """The coming such date, today included."""
    months = [(day.year or today.year + more, day.month) for more in range(1 if day.year else SPOKEN_YEARS + 1)]
    if day.month is None:
        months = [(today.year + (today.month - 1 + more) // 12, (today.month - 1 + more) % 12 + 1) for more in range(3)]
    for year, month in months:
        if month and day.number and day.number <= monthrange(year, month)[1]:
            on = date(year, month, day.number)
            if on >= today:
                return on
    return None


def later_month(today: date, months: int) -> tuple[int, int]:
    """Year and month, so many months on."""
    return today.year + (today.month - 1 + months) // 12, (today.month - 1 + months) % 12 + 1


def in_months(today: date, months: int) -> date:
    """The same day some months on, or the last one where there is none."""
    year, month = later_month(today, months)
    return date(year, month, min(today.day, monthrange(year, month)[1]))


def month_span(year: int, month: int, portion: str) -> Days:
    """A month or a third of it."""
    first, last = MONTH_PORTIONS[portion]
    return date(year, month, first), date(year, month, min(last, monthrange(year, month)[1]))


def _month(day: Day, today: date) -> tuple[Days, ...]:
    assert day.month is not None
    span = month_span(day.year or today.year, day.month, day.portion or "")
    if span[1] < today and not day.year:
        span = month_span(today.year + 1, day.month, day.portion or "")
    return (span,)


def _week(day: Day, today: date) -> tuple[Days, ...]:
    first, last = WEEK_PORTIONS[day.portion or ""]
    start = monday(today) + timedelta(7 * (day.week or 0))
    span = start + timedelta(first), start + timedelta(last)
    if span[1] < today and day.week is None:
        span = span[0] + timedelta(7), span[1] + timedelta(7)
    return (span,)


def weekend(today: date, mode: str, next_is_coming: bool) -> tuple[Days, ...]:
    """Saturday and Sunday."""
    saturday = monday(today) + timedelta(5)
    this, later = ((day, day + timedelta(1)) for day in (saturday, saturday + timedelta(7)))
    begun = today >= saturday
    if mode == "next":
        return (later,) if begun else (this,) if next_is_coming else (this, later)
    return (this, later) if today.weekday() == SUNDAY and mode != "this" else (this,)


def _edged(span: Days, edge: str, today: date) -> Days:
    first, last = span
    ends = {
        "from": lambda: (first, first + timedelta(AHEAD)),
        "after": lambda: (last + timedelta(1), last + timedelta(1 + AHEAD)),
        "before": lambda: (today, first - timedelta(1)),
        "by": lambda: (today, last),
    }
    return ends[edge]()


def _between(day: Day, calendar: Calendar) -> tuple[Days, ...]:
    """From one named day to another: the second is looked for from the first on."""
    last = day.last
    assert last is not None
    begin = msgspec.structs.replace(day, last=None, edge="")
    if begin.number is not None and begin.month is None and last.month is not None:
        begin = msgspec.structs.replace(begin, month=last.month, year=last.year)
    if last.week is not None and begin.weekday is not None and begin.week is None:
        begin, last = msgspec.structs.replace(begin, week=last.week), msgspec.structs.replace(last, week=None)
    spans: list[Days] = []
    for first, _ in _named(begin, calendar):
        from_then = Calendar(first, next_is_coming=True, day_first=calendar.day_first)
        ends = _named(msgspec.structs.replace(last, mode="this") if last.weekday is not None else last, from_then)
        spans.extend((first, ends[0][1]) for _ in ends[:1])
    return tuple(spans)
