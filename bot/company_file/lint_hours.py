"""Hours and places: entries that overlap, holes nobody meant, ways that have no price."""

from collections.abc import Iterator
from decimal import Decimal

from bot.company_file.parts import Finding, Path
from domain.company import PriceList
from domain.declared import Weekday
from domain.tariff import Tariff, Travel
from domain.working_time import DAY, Hours

Stretch = tuple[int, int, int]  # from minute, to minute of a day, the number of the entry
SHORT = 60  # a hole between two kinds of hours up to so many minutes is hardly meant
BLINK = 10  # and in the same hours up to so many


def hours(prices: PriceList) -> Iterator[Finding]:
    """What is odd in the timetable and the travel of a price list."""
    entries = prices.tariff.hours
    told: set[tuple[int, int, str]] = set()
    for day in dict.fromkeys(day for entry in entries for day in entry.days):
        for finding, key in (*_overlaps(entries, day), *_holes(prices.tariff, day)):
            if key not in told:
                told.add(key)
                yield finding
    yield from _unreached(entries)
    yield from _ways(prices.tariff)


def _on(entries: tuple[Hours, ...], day: Weekday) -> list[Stretch]:
    """The stretches of a plain weekday, in order; what runs over midnight is cut there."""
    found = [
        (begin, end if begin < end else DAY, at)
        for at, entry in enumerate(entries)
        if day in entry.days and entry.holidays != "only"
        for begin, end in entry.ranges
    ]
    return sorted(found)


def _overlaps(entries: tuple[Hours, ...], day: Weekday) -> Iterator[tuple[Finding, tuple[int, int, str]]]:
    """Two entries that share a part, while neither lies within the other: one of them ends or begins wrongly."""
    stretches = _on(entries, day)
    for number, (begin, end, at) in enumerate(stretches):
        for start, stop, other in stretches[number + 1 :]:
            within = start == begin or stop <= end
            if at != other and start < end and not within and entries[at].key != entries[other].key:
                first, second = sorted((at, other))
                what = f"“{entries[other].key}” begins at {_hm(start)} while “{entries[at].key}” lasts until {_hm(end)}"
                remedy = (
                    f"the earlier entry, “{entries[first].key}”, counts in both; let one end where the other begins"
                )
                yield Finding(("tariff", "hours", second), what, remedy), (first, second, "overlap")


def _holes(tariff: Tariff, day: Weekday) -> Iterator[tuple[Finding, tuple[int, int, str]]]:
    """A short while between two ranges that belongs to nobody."""
    until, before = -1, -1
    for begin, end, at in _on(tariff.hours, day):
        hole = begin - until
        if until >= 0 and hole > 0:
            other = tariff.hours[before].key != tariff.hours[at].key
            if hole <= (SHORT if other else BLINK):
                what = f"from {_hm(until)} to {_hm(begin)} it is “{tariff.otherwise}”: was that meant?"
                yield Finding(("tariff", "hours", at), what, "let one begin where the other ends"), (before, at, "hole")
        if end > until:
            until, before = end, at


def _unreached(entries: tuple[Hours, ...]) -> Iterator[Finding]:
    """Hours that earlier ones fill."""
    for at, entry in enumerate(entries):
        if entry.ranges and all(_filled(entries[:at], entry, day, r) for day in entry.days for r in entry.ranges):
            what = f"“{entry.key}” is never reached: earlier entries fill its hours"
            yield Finding(("tariff", "hours", at), what, "put it before them, or correct days and ranges")


def _filled(before: tuple[Hours, ...], entry: Hours, day: Weekday, span: tuple[int, int]) -> bool:
    begin, end = span[0], span[1] if span[0] < span[1] else DAY
    for earlier in before:
        also = entry.holidays == "never" or earlier.holidays == entry.holidays
        held = also and earlier.holidays != "only" and entry.holidays != "only" and day in earlier.days
        if (held or (earlier.holidays == entry.holidays == "only")) and any(
            a <= begin and end <= (b if a < b else DAY) for a, b in earlier.ranges
        ):
            return True
    return False


# ── ways ──


def _ways(tariff: Tariff) -> Iterator[Finding]:
    for at, rule in enumerate(tariff.travel):
        path: Path = ("tariff", "travel", at)
        if rule.bands and rule.bands[-1].up_to_km is not None and not _beyond(tariff, at, rule.bands[-1].up_to_km):
            top = rule.bands[-1].up_to_km
            what = f"there is no price for more than {top:f} km"
            yield Finding((*path, "bands"), what, "end with a band without up_to_km, or add an entry with km_over")
        numbers = sorted(int(zone) for zone in rule.zones if zone.isdigit())
        lacking = [n for n in range(numbers[0], numbers[-1]) if n not in numbers] if numbers else []
        if lacking and len(numbers) > 1:
            named = ", ".join(map(str, lacking))
            yield Finding(
                (*path, "zones"), f"zone {named} has no price", f"add it, between {numbers[0]} and {numbers[-1]}"
            )
    yield from _distance_holes(tariff.travel)


def _beyond(tariff: Tariff, at: int, top: Decimal) -> bool:
    """Whether another entry takes over where the bands end."""
    own = tariff.travel[at].km_up_to
    others = (rule for number, rule in enumerate(tariff.travel) if number != at)
    return own is not None and own <= top and any(o.km_over is None or o.km_over <= own for o in others)


def _distance_holes(rules: tuple[Travel, ...]) -> Iterator[Finding]:
    """Distances between two entries that neither has: below the first and above the last the way may be free."""
    ends = sorted(rule.km_up_to for rule in rules if rule.km_up_to is not None)
    for at, rule in enumerate(rules):
        if rule.km_over is None or any(r.km_over is None and r.km_up_to is None for r in rules):
            continue
        below = [end for end in ends if end < rule.km_over]
        held = any((r.km_over or 0) < rule.km_over <= (r.km_up_to or 10**9) for r in rules if r is not rule)
        if below and not held:
            what = f"from {below[-1]:f} to {rule.km_over:f} km the way costs nothing"
            yield Finding(("tariff", "travel", at, "km_over"), what, "let one begin where the other ends")


def _hm(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
