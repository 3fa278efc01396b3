"""Days and hours put together: what is wished for, and what never."""

from collections.abc import Sequence
from itertools import pairwise

import msgspec
from msgspec.structs import replace

from handlers.understanding.when_clauses import Clause
from handlers.understanding.when_days import Day
from handlers.understanding.when_hours import DAY, Hours
from handlers.understanding.when_rules import Atom

Place = tuple[int, int]


class Group(msgspec.Struct):
    """A day, and the hours that belong to it."""

    day: Day | None
    clause: int
    hours: list[Hours]
    places: list[Place]
    since: int = -1  # the clause its hours come from
    going_on: bool = False  # not the first of several: “Wednesday or Thursday”


class Meeting(msgspec.Struct):
    """The groups as they grow while a message is read."""

    groups: list[Group]
    never: list[Group]
    run: list[Group]  # the days that the next hours belong to
    waiting: list[tuple[Hours, Place]]  # hours said before their day
    seen: Day | None = None  # the last day named, refused or not


def met(clauses: Sequence[Clause]) -> Meeting:
    """The days and hours of a message, in their groups."""
    meeting = Meeting([], [], [], [])
    for place, clause in enumerate(clauses):
        refused = "refusing" in clause.marks
        if refused:
            _refuse(meeting, clause.items, place)
            continue
        meeting.waiting = []
        before = ""
        for index, item in enumerate(clause.items):
            if item.kind == "never":
                _refuse(meeting, item.value, place)
            elif item.kind == "day":
                _add_day(meeting, item, place, before)
            elif item.kind == "hours":
                _add_hours(meeting, clause, index, place)
            elif item.kind == "same":
                _same_hours(meeting)
            before = item.kind
    return meeting


def _refuse(meeting: Meeting, items: Sequence[Atom], place: int) -> None:
    """The days and hours that are refused together."""
    alone = Meeting([], [], [], [], meeting.seen)
    items = [item for item in items if item.kind in ("day", "hours")]
    clause = Clause(items, {"wishing"})
    for index, item in enumerate(items):
        if item.kind == "day":
            _add_day(alone, item, place, "or")
        else:
            _add_hours(alone, clause, index, place)
    meeting.never.extend(alone.groups)
    meeting.seen = alone.seen


def _add_day(meeting: Meeting, item: Atom, place: int, before: str) -> None:
    day: Day = item.value
    at = (item.start, item.end)
    last = meeting.groups[-1] if meeting.groups else None
    if last is not None and last.day is None and last.clause != place:
        # “After six is best. Monday or Tuesday.”
        meeting.groups.remove(last)
        meeting.waiting = [(hours, last.places[0]) for hours in last.hours]
    day = meeting.seen = _in_context(day, meeting.seen, before)
    if last is not None and last.day is not None and _narrows(last.day, day):
        last.day = day
        last.places.append(at)
        meeting.run = [last]
        return
    group = Group(day, place, [], [at])
    if day.hours is not None:
        group.hours, group.since = [Hours((day.hours,))], place
    for hours, where in meeting.waiting:
        group.hours = _both(group.hours, hours)
        group.since = place
        group.places.append(where)
    going_on = meeting.run and (before in ("or", "and", "day") or meeting.run[-1].clause == place)
    group.going_on = bool(meeting.run) and before in ("or", "and", "day")
    if not going_on or any(one.hours for one in meeting.run):
        meeting.run = []
    meeting.run.append(group)
    meeting.groups.append(group)


def _in_context(day: Day, earlier: Day | None, before: str) -> Day:
    """What an earlier day lends to a later one: “next week, Tuesday”, “June 1st or 2nd”."""
    if earlier is None:
        return day
    listed = before in ("or", "and", "day")
    if _open_weekday(day) and (_whole_week(earlier) or (listed and earlier.weekday is not None and earlier.week)):
        return replace(day, week=earlier.week)
    if _whole_week(earlier) and day.portion and day.week is None and day.month is None and not day.fixed:
        return replace(day, week=earlier.week)
    if day.number is not None and day.month is None and earlier.month and listed:
        return replace(day, month=earlier.month, year=earlier.year)
    return day


def _whole_week(day: Day) -> bool:
    return day.week is not None and day.weekday is None and not day.portion and not day.edge


def _open_weekday(day: Day) -> bool:
    return day.weekday is not None and day.number is None and not (day.mode or day.plus) and day.week is None


def _narrows(wide: Day, day: Day) -> bool:
    """Whether a later day says more exactly what an earlier one said: next week, and then Tuesday."""
    return _whole_week(wide) and day.week == wide.week and (day.weekday is not None or bool(day.portion))


def _add_hours(meeting: Meeting, clause: Clause, index: int, place: int) -> None:
    items = clause.items
    item = items[index]
    before = items[index - 1].kind if index else ""
    earlier = items[index - 2].kind if index > 1 else ""
    after = _next_kind(items, index)
    at = (item.start, item.end)
    linked = before in ("or", "and")
    own = any(group.clause == place for group in meeting.groups)
    if after == "day" and (linked or not own):
        if linked and earlier == "hours" and meeting.waiting:
            first, place_of_first = meeting.waiting.pop()
            meeting.waiting.append((replace(first, also=item.value), place_of_first))
        else:
            meeting.waiting.append((item.value, at))
    elif not own and not clause.wishing:
        return
    elif not meeting.run:
        _loose(meeting, item.value, at, place)
    else:
        for group in meeting.run:
            _attach(group, item.value, place, alternative=linked and earlier == "hours")
            group.places.append(at)


def _next_kind(items: Sequence[Atom], index: int) -> str:
    """What follows some hours, and others that are joined to them: before ten or after four on Friday."""
    following = [item.kind for item in items[index + 1 :]]
    while following[:1] == ["hours"] or following[:2] == ["or", "hours"]:
        following = following[1:] if following[0] == "hours" else following[2:]
    return following[0] if following else ""


def _same_hours(meeting: Meeting) -> None:
    """Or Friday, same time."""
    earlier = [group for group in meeting.groups if group.hours]
    for group in meeting.run:
        if earlier and not group.hours:
            group.hours = list(earlier[-1].hours)


def _loose(meeting: Meeting, hours: Hours, at: Place, place: int) -> None:
    """Hours on any day; “all day” says nothing then."""
    if hours.spans[0] == (0, DAY):
        return
    group = Group(None, place, [hours], [at], place)
    meeting.groups.append(group)
    meeting.run = [group]


def _attach(group: Group, hours: Hours, place: int, alternative: bool) -> None:
    if alternative:
        group.hours.append(hours)
    elif group.hours and group.since != place and group.hours[-1].exact and hours.exact:
        group.hours = [hours]  # said anew: the later time counts
    else:
        group.hours = _both(group.hours, hours)
    group.since = place


def _both(earlier: list[Hours], hours: Hours) -> list[Hours]:
    """Hours said after hours: both at once, or one or the other where they do not meet."""
    if not earlier:
        return [hours]
    cut = earlier[-1].within(hours)
    return [*earlier[:-1], cut] if cut else [*earlier, hours]


def lent(groups: Sequence[Group]) -> None:
    """What is only said at the end holds for the days before it too: the 22nd or the 23rd of December."""
    for group, later in pairwise(groups):
        day, month = group.day, later.day.month if later.day else None
        if day and later.day and day.number and day.month is None and month and group.clause == later.clause:
            group.day = replace(day, month=month, year=later.day.year)
        elif day and later.day and _open_weekday(day) and later.going_on and later.day.weekday is not None:
            group.day = replace(day, week=later.day.week)
