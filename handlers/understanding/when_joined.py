"""The rules that join: from one day to another, before and after a day, hours between hours, and what is refused."""

from typing import Any

import msgspec

from handlers.understanding.when_counted import Told
from handlers.understanding.when_days import Day
from handlers.understanding.when_hours import PARTS, Clock, Hours, clock, cut_after, hours_at, hours_between
from handlers.understanding.when_rules import Found, Grammar, Made


def _range(found: Found, _: Told) -> Made:
    first, last = (atom.value for atom in found.every("day"))
    if first.last or last.last or first.edge or last.edge:
        return None
    return "day", msgspec.structs.replace(first, last=last)


def _plain_range(found: Found, told: Told) -> Made:
    """Mon-Wed, the 3rd to the 5th: only what names single days."""
    named = all(day.value.weekday is not None or day.value.number or day.value.fixed for day in found.every("day"))
    return _range(found, told) if named else None


def _edge(found: Found, _: Told) -> Made:
    day: Day = found.one("day")
    if day.edge:
        return None
    if found.has("since"):
        return "past", None
    edges = {
        "before": "before",
        "by": "by",
        "latest": "by",
        "until": "by",
        "after": "after",
        "not_before": "from",
    }
    edge = next((edges[atom.kind] for atom in found.atoms if atom.kind in edges), "from")
    named = day.weekday is not None or day.number is not None
    if edge == "before" and day.portion == "end":
        edge = "by"  # before the end of the month: any day of it
    doubtful = found.has("fromsince", "from_the") and not found.has("onward", "from") and named
    return "day", msgspec.structs.replace(day, edge=edge, often=False, doubtful=doubtful)


def _until_day(found: Found, _: Told) -> Made:
    return "day", msgspec.structs.replace(found.one("day"), edge="by")


def _pointed(found: Found, _: Told) -> Made:
    return "day", msgspec.structs.replace(found.one("day"), pointed=True)


JOINED = Grammar(
    (
        ("BETWEEN.SMALL*.day.and.SMALL*.day", _range),
        ("(BETWEEN|FROM|fromsince).now.(RANGETO|and).SMALL*.day", _until_day),
        ("(FROM|fromsince).SMALL*.day.(RANGETO|and.until).SMALL*.day", _range),
        ("day.(dash|until|through|a).SMALL*.day", _plain_range),
        ("(day).comma?.latest", _edge),
        ("(latest|before|by|until|after|not_before|since|from|fromsince|from_the|from_at).SMALL*.day.onward?", _edge),
        ("from.(from_the|fromsince).SMALL*.day", _edge),
        ("(FROM.SMALL*)?.day.onward", _edge),
        ("(a|a_day|for_).SMALL*.day", _pointed),
    )
)


# Hours.


def _ends(found: Found) -> list[Clock | None]:
    return [clock(atom) for atom in found.every("time", "digits", "number", "noon", "midnight")]


def _hours(hours: Hours | None) -> Made:
    return ("hours", hours) if hours else None


def _hours_between(found: Found, _: Told) -> Made:
    begin, end = _ends(found)
    return _hours(hours_between(begin, end)) if begin and end else None


def _hours_dashed(found: Found, told: Told) -> Made:
    """9-11, 14h-16h, 9 to 11."""
    return _hours_between(found, told)


def _hours_from(found: Found, told: Told) -> Made:
    """After 6, vers 11h, antes de las 9."""
    at = found.every("time", "digits", "number", "noon", "midnight")[0]
    article = found.has("the_hour", "the", "at", "from_at", "time", "noon", "midnight", "onward")
    end = clock(at)
    if end is None or not (article or told.words.bare_hours):
        return None
    edges = {
        "not_before": "after",
        "latest": "by",
        "fromsince": "from",
        "from_at": "from",
        "of": "from",
        "of_day": "from",
        "from_the": "from",
    }
    kind = found.atoms[0].kind
    edge = "from" if found.has("onward") else edges.get(kind, kind)
    return _hours(hours_at(end, edge if edge in _KNOWN else "at"))


_KNOWN = ("after", "before", "by", "until", "from", "around")


def _about(found: Found, _: Told) -> Made:
    end = _ends(found)[0]
    return _hours(hours_at(end, "around")) if end else None


def _at(found: Found, _: Told) -> Made:
    end = _ends(found)[0]
    if end is None:
        return None
    if found.has("noon", "midnight"):
        return _hours(Hours((PARTS["noon"],) if found.has("noon") else ((22 * 60, 24 * 60),)))
    return _hours(hours_at(end, "at"))


def _part(found: Found, _: Told) -> Made:
    return "hours", Hours((PARTS[found.one("part")],))


def _early(found: Found, _: Told) -> Made:
    return ("hours", Hours((PARTS["early_morning"],))) if found.one("portion") in (None, "begin") else None


def _half(found: Found, _: Told) -> Made:
    return "hours", Hours((PARTS["morning" if found.has("am") else "afternoon"],))


def _before_part(found: Found, _: Told) -> Made:
    since, until = PARTS[found.one("part")]
    edge = found.atoms[0].kind
    span = cut_after(until if edge == "after" else since, edge)
    return _hours(Hours((span,)) if span else None)


def _this_part(found: Found, told: Told) -> Made:
    today = told.now.date()
    return "day", Day(fixed=((today, today),), hours=PARTS[found.one("part")])


_LESS = "(?!thing|unit|ore|slash|dot_in|nth|month)"
HOURS = Grammar(
    (
        ("around.(THE|at)*.X.dash.X", _hours_between),
        (f"BETWEEN.(THE|at)*.X.and.(THE|at)*.X{_LESS}", _hours_between),
        (f"(FROM|fromsince).(THE|at)*.X.(RANGETO|and.until).(THE|at)*.X{_LESS}", _hours_between),
        (f"(?<!thing|dash)X.(dash|a|until|through|at).THE?.X(?!dash){_LESS}", _hours_dashed),
        (
            f"(after|before|by|until|from|around|not_before|latest|from_at|fromsince).(THE|at|of|on|a)*.X{_LESS}.onward?",
            _hours_from,
        ),
        ("(FROM|at)?.THE*.X.(comma?.onward)", _hours_from),
        ("(at.THE?)?.X.around(?!X|the_hour|at)", _about),
        (f"(at|for_.the_hour|a.the_hour).THE*.X{_LESS}", _at),
        ("SMALL*.(noon|midnight)", _at),
        ("time", _at),
        ("this.part", _this_part),
        ("(before|after|until).THE*.part", _before_part),
        ("(SMALL|one|number)*.part", _part),
        ("(?<=day)(early|portion)", _early),
        ("portion(?=day)", _early),
        ("(?<=day)(am|pm)", _half),
        ("(?<=day)comma.(am|pm)", _half),
    )
)


def _choice(found: Found, _: Told) -> Made:
    """At ten or eleven."""
    first = found.one("hours")
    second = hours_at(end, "at") if (end := _ends(found)[0]) else None
    plain = first.exact and first.also is None and all(until - since == HOUR for since, until in first.spans)
    return _hours(msgspec.structs.replace(first, also=second) if second and plain else first)


HOUR = 60
CHOICES = Grammar(((f"hours.or.(THE|at){{0,2}}.X{_LESS}(?!dash|am|pm|h|until)", _choice),))


# What is no wish, and what is none for these days.


def _refused(found: Found, _: Told) -> Made:
    return "never", tuple(found.every("day", "hours"))


def _past(_: Found, __: Told) -> Made:
    return "past", None


def _booked(found: Found, _: Told) -> Made:
    day = found.one("day")
    return None if day.pointed or day.last else ("booked", day)


TIME_SAID = "(day|hours)+"
REFUSALS = Grammar(
    (
        ("(past|yesterday).((SMALL|comma)*.hours)*", _past),
        ("(last).SMALL*.(hours|unit)", _past),
        ("hours.every.unit(?!day)", _past),
        ("since.SMALL*.hours.(SMALL*.(day|hours))*", _past),
        ("document.(SMALL|from|from_the|fromsince)*.day", _past),
        ("versus.SMALL*.day", _past),
        ("(?<=day|hours)(than|because).SMALL*.day(?=stop|comma|end|wishing)", _past),
        ("every.unit.day", lambda found, _: ("day", found.one("day"))),
        (f"hours{{0,2}}.every(?!unit.day).(SMALL|unit)*.({TIME_SAID}.SMALL*)+", _past),
        (f"(not|except|no|minus|nor).SMALL*.{TIME_SAID}.((or|and|nor).(not|except|no)?.SMALL*.{TIME_SAID})*", _refused),
        (f"{TIME_SAID}.comma?.(no|not)(?=stop|comma|because|end)", _refused),
        ("appointment.(of|of_day|the_day|on|en|in_|the)*.day", _booked),
        ("day.poss?.appointment", _booked),
    )
)


def grammars() -> tuple[Any, ...]:
    """The joining rules in their order."""
    return JOINED, HOURS, CHOICES, REFUSALS
