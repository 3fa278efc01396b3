"""The rules for days: dates, weekdays, weeks and months."""

from datetime import date, timedelta

from handlers.understanding.when_counted import Told, day_said, fixed, unit_said
from handlers.understanding.when_days import Day, later_month, meant, month_span, weekend
from handlers.understanding.when_rules import Found, Grammar, Made

CENTURY = 2000
YEARS = range(CENTURY, CENTURY + 100)


# Dates.


def _number(found: Found) -> int | None:
    number = int(found.one("digits", "number"))
    return number if 1 <= number <= 31 else None


def _year(text: str) -> int | None:
    year = int(text) if len(text) == 4 else CENTURY + int(text) if len(text) == 2 else 0
    return year if year in YEARS else None


def _dated(found: Found, _: Told) -> Made:
    """3 December, Tuesday the 3rd of December 2026."""
    numbers = found.every("digits", "number")
    day = next((int(atom.value) for atom in numbers if len(str(atom.value)) < 3), 0)
    year = next((_year(atom.value) for atom in numbers if len(str(atom.value)) == 4), None)
    if not 1 <= day <= 31:
        return None
    return day_said(weekday=found.one("weekday"), number=day, month=found.one("month"), year=year)


def _of_month(found: Found, told: Told) -> Made:
    """The 5th of next month."""
    number = _number(found)
    if unit_said(found) != "month" or number is None:
        return None
    year, month = later_month(told.now.date(), 1 if found.has("next") else 0)
    return day_said(number=number, month=month, year=year)


def _month_first(found: Found, told: Told) -> Made:
    return _dated(found, told) if found.has("nth") or not told.calendar.day_first else None


def _the_number(found: Found, told: Told) -> Made:
    """The 3rd, le 3, mercoledì 4: a number that only a small word before it makes a date."""
    sure = found.has("nth") or told.calendar.day_first
    return _dated(found, told) if sure and _number(found) else None


def _digits(found: Found, told: Told) -> Made:
    parts = [atom.value for atom in found.every("digits")]
    if found.has("dot_in") and len(parts) < 3 and not found.has("the_day"):
        return None
    if len(parts[0]) == 4:  # year first
        parts.reverse()
        orders = [(int(parts[0]), int(parts[1]))]
    else:
        one, two = int(parts[0]), int(parts[1])
        orders = [(one, two), (two, one)]
    year = _year(parts[2]) if len(parts) > 2 else None
    if any(len(part) > 2 for part in parts[:2]) or (len(parts) > 2 and year is None):
        return None
    dates = [days for order in orders if (days := _order(told, order, year))]
    if not dates:
        return None
    chosen = dates[:1] if told.calendar.day_first or len(parts[0]) == 4 else dates
    return day_said(fixed=tuple(dict.fromkeys(chosen)))


def _order(told: Told, order: tuple[int, int], year: int | None) -> tuple[date, date] | None:
    number, month = order
    if not (1 <= month <= 12 and 1 <= number <= 31):
        return None
    days = meant(Day(number=number, month=month, year=year), told.calendar)
    return days[0] if days else None


SLASH = "(slash|dash|dot_in)"
DATES = Grammar(
    (
        ("DAYTHE*.N.nth?.OF.THE*.(next.unit|unit.next|this.unit)", _of_month),
        (f"DAYTHE*.digits.{SLASH}.digits.{SLASH}.digits", _digits),
        ("(weekday.comma?)?.DAYTHE*.digits.slash.digits", _digits),
        (
            "(?<!weekday|day|at|from|from_at|rel|dash|comma)DAYTHE*.digits.(dash|dot_in).digits(?!am|pm|h|thing|unit|part|ore)",
            _digits,
        ),
        ("(weekday.comma?)?.DAYTHE*.N.(nth|thing)?.OF?.month.(OF?.digits)?", _dated),
        ("(weekday.comma?)?.DAYTHE*.month.THE?.N.nth?.(comma?.digits)?", _month_first),
        ("weekday.(comma?.DAYTHE+)?.N.nth?(?!(dash|a).(digits|number)|thing|unit|ore|h|am|pm)", _the_number),
        ("DAYTHE*.N.nth", _the_number),
        (
            "((?<=a_day|of_day|from_the)|DAYTHE*.the_day)N.nth?(?!thing|unit|ore|h|am|pm|slash|dot_in|digits)",
            _the_number,
        ),
    )
)


# Weekdays, weeks and months.


def _weekday(found: Found, told: Told) -> Made:
    weekday = found.one("weekday", "many")
    if found.has("last"):
        return "past", None
    if found.has("eight"):
        return day_said(weekday=weekday, plus=found.one("eight"))
    if found.has("unit"):
        return day_said(weekday=weekday, week=1) if unit_said(found) == "week" and found.has("next") else None
    mode = "next" if found.has("next") else "this" if found.has("this") else ""
    article = told.words.habit_articles and found.has("the_day") and not mode
    often = found.has("many", "the_many", "one", "number") or article
    return day_said(weekday=weekday, mode=mode, often=often)


def _english_week(found: Found, _: Told) -> Made:
    """Friday week, Friday fortnight."""
    plus = {"week": 7, "fortnight": 14}.get(unit_said(found))
    return day_said(weekday=found.one("weekday"), plus=plus) if plus else None


def _span(found: Found, told: Told) -> Made:
    """This week, the end of next month, early next week."""
    unit, portion = unit_said(found), found.one("portion") or ""
    ahead = 1 if found.has("next", "after") else 0
    if found.has("last"):
        return "past", None
    if not (found.has("next", "this", "after") or portion):
        return None
    if unit == "week":
        if found.has("next") and found.has("after"):
            ahead = 2
        return day_said(portion=portion, week=ahead if found.has("next", "this", "after") else None)
    if unit == "month":
        year, month = later_month(told.now.date(), ahead)
        return day_said(fixed=(month_span(year, month, portion),), portion=portion)
    return None


def _month(found: Found, _: Told) -> Made:
    if found.has("last"):
        return "past", None
    year = found.one("digits")
    return day_said(month=found.one("month"), portion=found.one("portion") or "", year=_year(year) if year else None)


def _weekend(found: Found, told: Told) -> Made:
    if found.has("last"):
        return "past", None
    mode = "next" if found.has("next") else "this" if found.has("this") else ""
    return day_said(fixed=weekend(told.now.date(), mode, told.words.next_is_coming))


def _workdays(found: Found, _: Told) -> Made:
    return day_said(portion="workdays", week=1 if found.has("next") else None)


def _rel(found: Found, told: Told) -> Made:
    on = told.now.date() + timedelta(found.one("rel"))
    return day_said(fixed=((on, on),))


def _elided(found: Found, _: Told) -> Made:
    return day_said(elided=True, portion=found.one("portion") or "")


SPANS = Grammar(
    (
        ("DAYTHE*.weekday.OF?.THE*.(next.unit|unit.next)", _weekday),
        ("DAYTHE*.weekday.unit(?!next)", _english_week),
        ("DAYTHE*.weekday.eight", _weekday),
        ("(DAYTHE|the_many|one|number)*.(this|next|last)?.(weekday|many).(next|last)?", _weekday),
        ("DAYTHE*.portion.OF?.THE*.(this|next)?.unit.next?", _span),
        ("DAYTHE*.portion.OF.THE*.next(?!unit)", _elided),
        ("DAYTHE*.unit.after.next", _span),
        ("(THE|in_)*.unit.after(?!X|day|weekday)", _span),
        ("DAYTHE*.(this|next|last).unit.DAYTHE*.portion?", _span),
        ("DAYTHE*.unit.(next|last).DAYTHE*.portion?", _span),
        ("DAYTHE*.portion.OF?.THE*.month.(OF?.digits)?", _month),
        ("DAYTHE*.(this|next|last)?.month.(OF?.digits|last|next)?", _month),
        ("DAYTHE*.(this|next|last)?.weekend.(next|last)?", _weekend),
        ("DAYTHE*.(this|next)?.workdays", _workdays),
        ("DAYTHE*.rel", _rel),
        ("THE.next(?!unit|weekday|day|other)", _elided),
        ("THE.next.one", _elided),
        ("before.that", lambda _, __: day_said(elided=True, edge="before")),
        ("after.that", lambda _, __: day_said(elided=True, edge="after")),
        ("day_after", lambda _, told: fixed(told.now.date() + timedelta(2))),
        ("of_day.next(?!unit|weekday|day)", _elided),
    )
)
