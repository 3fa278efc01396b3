"""What date and time words in a message mean: wishes for days and hours, two readings to ask between, or refusals."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time

import msgspec

from handlers.understanding.when_clauses import clauses, wished
from handlers.understanding.when_counted import COUNTED, Told
from handlers.understanding.when_dates import DATES, SPANS
from handlers.understanding.when_days import Calendar, Days, meant
from handlers.understanding.when_hours import HALVES, TIMES, as_time
from handlers.understanding.when_joined import grammars
from handlers.understanding.when_rules import Atom
from handlers.understanding.when_text import folded
from handlers.understanding.when_wishes import Group, lent, met
from handlers.understanding.when_words import atoms
from locales.time_words import time_words

GRAMMARS = (COUNTED, TIMES, HALVES, DATES, SPANS, *grammars())


class Wish(msgspec.Struct, frozen=True):
    """Days and hours that would suit; first and last are both meant.

    No days: any day. No hours: the whole day. `until` is not included, and None beside a `since` is the end of the day.
    """

    first: date | None = None
    last: date | None = None
    since: time | None = None
    until: time | None = None


class When(msgspec.Struct, frozen=True):
    """What a message says of time: clear wishes, or two readings to ask between; and what it refuses."""

    wishes: tuple[Wish, ...] = ()
    readings: tuple[tuple[Wish, ...], ...] = ()
    never: tuple[Wish, ...] = ()
    taken: tuple[tuple[int, int], ...] = ()  # which characters of the message said it


def understood(text: str, lang: str, now: datetime) -> When:
    """What a message means by its words for days and hours; `now` is the local time of the home."""
    words = time_words(lang)
    plain, places = folded(text)
    calendar = Calendar(now.date(), words.next_is_coming, words.day_first)
    found = atoms(plain, lang)
    told = Told(now, words, calendar, any(one.kind == "wishing" for one in found) or _bare(found))
    if not any(one.kind in _TIMELY for one in found):
        return When()
    found.append(Atom("end", None, len(plain), len(plain)))
    for grammar in GRAMMARS:
        found = grammar.rewrite(found, told)
    meeting = met(wished(clauses(found)))
    lent(meeting.groups)
    wishes = [(group, _options(group, told)) for group in meeting.groups]
    wishes = [one for one in wishes if not _repeated(one, wishes)]
    never = [(group, _options(group, told)[-1:]) for group in meeting.never]
    taken = {place for group, options in (*wishes, *never) if options for place in group.places}
    # Up to the next sign: an accent of its own belongs to the letter before it.
    spans = tuple(sorted((places[start], max(places[end], places[end - 1] + 1)) for start, end in taken))
    return _answer([options for _, options in wishes if options], [options for _, options in never if options], spans)


ALL_DAY = (0, 24 * 60)
_TIMELY = frozenset(
    "digits|number|weekday|many|month|rel|part|noon|midnight|unit|weekend|workdays|half_hour|portion|next".split("|")
)
_SILENT = frozenset("other|thing|away|happened|past|length".split("|"))


def _bare(found: Iterable[Atom]) -> bool:
    """Whether a message says nothing but a time."""
    return not any(one.kind in _SILENT for one in found)


Options = list[tuple[Wish, ...]]  # one reading, or two


def _options(group: Group, told: Told) -> Options:
    """What a group may mean."""
    if group.day is None:
        return [tuple(_wishes(None, group))]
    days = meant(group.day, told.calendar)
    today = told.now.date()
    if len(days) > 1 and days[0] == (today, today) and (group.going_on or _over(group, told.now)):
        days = days[1:]  # said on that very weekday, of hours that are past, or after another day
    return [tuple(_wishes(span, group)) for span in days]


def _repeated(one: tuple[Group, Options], wishes: Sequence[tuple[Group, Options]]) -> bool:
    """Whether a day was named before, or is named elsewhere with hours: “Do you work tomorrow? Tomorrow at ten?”"""
    group, _ = one
    days = [other.day for other, _ in wishes if other is not group and (other.hours or other.clause < group.clause)]
    return not group.hours and group.day is not None and group.day in days


def _over(group: Group, now: datetime) -> bool:
    minute = now.hour * 60 + now.minute
    spans = [(*hours.spans[0], hours.exact) for hours in group.hours]
    # Six o'clock is over when it is past six, the evening only when it ends.
    return bool(spans) and all(
        (since if exact and until <= since + 60 else until) <= minute for since, until, exact in spans
    )


def _wishes(days: Days | None, group: Group) -> Iterable[Wish]:
    first, last = days or (None, None)
    alternatives = [one for hours in group.hours for one in (hours, hours.also) if one]
    for hours in alternatives or (None,):
        if hours is None or hours.spans[0] == ALL_DAY:
            yield Wish(first, last)
        else:
            since, until = hours.spans[0]
            yield Wish(first, last, as_time(since), as_time(until))


def _answer(wishes: Sequence[Options], never: Sequence[Options], taken: tuple[tuple[int, int], ...]) -> When:
    refused = _alike(wish for options in never for wish in options[-1])
    if any(len(options) > 1 for options in wishes):
        readings = tuple(_alike(wish for options in wishes for wish in options[at]) for at in (0, -1))
        return When((), readings, refused, taken)
    return When(_alike(wish for options in wishes for wish in options[0]), (), refused, taken)


def _alike(wishes: Iterable[Wish]) -> tuple[Wish, ...]:
    return tuple(dict.fromkeys(wishes))


def fits(when: When, begins: datetime) -> bool:
    """Whether a slot that begins then (local time) is wished for; with no wish, all but the refused are."""
    if any(_covers(wish, begins) for wish in when.never):
        return False
    wishes = [*when.wishes, *(wish for reading in when.readings for wish in reading)]
    return not wishes or any(_covers(wish, begins) for wish in wishes)


def _covers(wish: Wish, begins: datetime) -> bool:
    on, at = begins.date(), begins.time()
    if wish.first is not None and wish.last is not None and not wish.first <= on <= wish.last:
        return False
    return wish.since is None or (wish.since <= at and (wish.until is None or at < wish.until))
