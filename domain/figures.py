"""Figures: the single amounts of a price list, each by its place in the company file; what changes them from a day on.

Pure. A figure's key is where it stands (`tariff.labour[2].per_hour`, entries counted from 1, as `check` spells it); its
mark is what it is, wherever it stands: entries move when a file is edited.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
from pydantic import Field

from domain.declared import Amount, Value
from domain.plans import Plan
from domain.tariff import Rule, Tariff

Place = tuple[str | int, ...]

# Which fields of an entry are amounts; those with bands or zones have further ones.
TABLES: dict[str, tuple[str, ...]] = {
    "labour": ("base", "per_hour", "per_step", "minimum", "cap"),
    "fees": ("amount",),
    "travel": ("price", "per_km", "per_hour"),
    "cancellation": ("fee",),
}
INNER: dict[str, tuple[str, ...]] = {"labour": ("per_hour", "price"), "travel": ("price",)}  # of a band


class DeclaredChange(Value):
    """Prices that change on a day: some figures with their new amounts."""

    starts: date  # from then on, in the company's time zone
    why: str | None = None  # the team reads it
    amounts: dict[str, Amount] = Field(min_length=1)  # new amounts by the key of each: "tariff.labour[2].per_hour"


class Figure(msgspec.Struct, frozen=True):
    """One amount, where it stands and what it is."""

    place: Place  # ("tariff", "labour", 1, "per_hour")
    mark: str
    amount: Decimal

    @property
    def key(self) -> str:
        """Its place as it is written: entries are counted from 1."""
        return spelt(self.place)

    @property
    def table(self) -> str:
        """Which list it belongs to: labour, fees, travel, cancellation, minimum_total, plans."""
        return str(self.place[1] if self.place[0] == "tariff" else self.place[0])


class Line(msgspec.Struct, frozen=True):
    """One figure of a change that was entered: what the file said then, and the new amount."""

    mark: str
    filed: Decimal
    amount: Decimal


class EnteredChange(msgspec.Struct, frozen=True):
    """A change that was not written into the file."""

    id: int
    starts: date
    lines: tuple[Line, ...]


def spelt(place: Place) -> str:
    """A place as one writes it."""
    parts = (f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in place)
    return "".join(parts).removeprefix(".")


def figures(tariff: Tariff, plans: Sequence[Plan]) -> tuple[Figure, ...]:
    """Every amount, in the order of the file; what two entries say of the same is told apart by a number."""
    seen: dict[str, int] = {}
    found = []
    for place, mark, amount in (*_of_tariff(tariff), *_of_plans(plans)):
        seen[mark] = seen.get(mark, 0) + 1
        found.append(Figure(place, mark if seen[mark] == 1 else f"{mark} #{seen[mark]}", amount))
    return tuple(found)


def _of_tariff(tariff: Tariff) -> Iterator[tuple[Place, str, Decimal]]:
    for table in TABLES:
        for at, entry in enumerate(getattr(tariff, table)):
            named = _named(table, entry)
            for inner, amount in _amounts(table, entry):
                yield ("tariff", table, at, *inner), f"{named} {spelt(inner)}", amount
    if tariff.minimum_total is not None:
        yield ("tariff", "minimum_total"), "minimum_total", tariff.minimum_total


def _of_plans(plans: Sequence[Plan]) -> Iterator[tuple[Place, str, Decimal]]:
    for at, plan in enumerate(plans):
        for period, amount in plan.prices.items():
            yield ("plans", at, "prices", period), f"plans {plan.key} {period}", amount


def _amounts(table: str, entry: Any) -> Iterator[tuple[Place, Decimal]]:
    for field in TABLES[table]:
        if getattr(entry, field) is not None:
            yield (field,), getattr(entry, field)
    for zone, amount in getattr(entry, "zones", {}).items():
        yield ("zones", zone), amount
    for at, band in enumerate(getattr(entry, "bands", ())):
        for field in INNER[table]:
            if getattr(band, field) is not None:
                yield ("bands", at, field), getattr(band, field)


def _named(table: str, entry: Rule) -> str:
    """An entry by what it is for: its key and its conditions, whatever it costs."""
    own = (name for name in ("key", "within_hours", "no_show") if getattr(entry, name, None))
    return " ".join([table, *(f"{name}={_written(getattr(entry, name))}" for name in (*own, *entry.stated))])


def _written(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def changed(
    tariff: Tariff, plans: tuple[Plan, ...], amounts: Mapping[Place, Decimal]
) -> tuple[Tariff, tuple[Plan, ...]]:
    """Tariff and plans with other amounts at these places."""
    inside = {place[1:]: amount for place, amount in amounts.items() if place[0] == "tariff"}
    sold = {place[1:]: amount for place, amount in amounts.items() if place[0] == "plans"}
    return (_with(tariff, inside) if inside else tariff), (_with(plans, sold) if sold else plans)


def _with(thing: Any, amounts: Mapping[Place, Decimal]) -> Any:
    """A table, a list or a mapping in which these places say something else."""
    if () in amounts:
        return amounts[()]
    parts: dict[str | int, dict[Place, Decimal]] = {}
    for place, amount in amounts.items():
        parts.setdefault(place[0], {})[place[1:]] = amount
    if isinstance(thing, tuple):
        return tuple(_with(part, parts[at]) if at in parts else part for at, part in enumerate(thing))
    if isinstance(thing, dict):
        return {name: _with(part, parts[name]) if name in parts else part for name, part in thing.items()}
    return thing.model_copy(
        update={str(name): _with(getattr(thing, str(name)), inner) for name, inner in parts.items()}
    )


def amounts_on(
    day: date, filed: Sequence[Figure], declared: Iterable[DeclaredChange], entered: Iterable[EnteredChange]
) -> dict[Place, Decimal]:
    """What the changes whose day has come say, the later over the earlier; of one day, the file first.

    What was entered over an amount of the file holds as long as the file says that amount: it has the last word.
    """
    by_key, by_mark = {f.key: f for f in filed}, {f.mark: f for f in filed}
    coming: list[tuple[date, dict[Place, Decimal]]] = []
    for written in declared:
        coming.append((written.starts, {by_key[key].place: amount for key, amount in written.amounts.items()}))
    for change in entered:
        coming.append((change.starts, {by_mark[x.mark].place: x.amount for x in change.lines if holds(by_mark, x)}))
    found: dict[Place, Decimal] = {}
    for starts, amounts in sorted(coming, key=lambda each: each[0]):
        if starts <= day:
            found |= amounts
    return found


def holds(filed: Mapping[str, Figure], line: Line) -> bool:
    """Whether the file still says what a line was entered over. `filed`: by mark."""
    figure = filed.get(line.mark)
    return figure is not None and figure.amount == line.filed
