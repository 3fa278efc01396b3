"""Roads: how many minutes it takes from one place to another. Declared, without a map service. Pure."""

from functools import cached_property
from math import asin, ceil, cos, radians, sin, sqrt
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, model_validator

from domain.declared import Number, Value

EARTH_KM = 6371.0
Degrees = tuple[Annotated[float, Field(ge=-90, le=90)], Annotated[float, Field(ge=-180, le=180)]]
Way = Annotated[int, Field(ge=0, le=24 * 60)]  # minutes


class Place(NamedTuple):
    """Where somebody is to be: a zone of the company's, coordinates, or both; and which home, if it is one."""

    zone: str | None = None
    at: tuple[float, float] | None = None  # latitude, longitude in degrees
    home: int | None = None


class Base(Value):
    """Where somebody sets out in the morning."""

    zone: Number | None = None
    at: Degrees | None = None

    @cached_property
    def place(self) -> Place:
        """The same, as a place."""
        return Place(self.zone, self.at)


class Band(Value):
    """Up to so many kilometres of road it takes so many minutes."""

    up_to_km: Annotated[float, Field(gt=0)]
    minutes: Way


class Pair(Value):
    """How long it takes between two zones; both ways unless the way back has an entry of its own."""

    start: Number
    end: Number
    minutes: Way


class Roads(Value):
    """How long ways take: by zone where both are named, else by distance, else a round number."""

    zones: tuple[Pair, ...] = ()
    within: Way | None = None  # inside one zone; when left out by distance
    bands: tuple[Band, ...] = ()
    km_per_hour: Annotated[float, Field(gt=0, le=200)] = 40  # beyond the bands
    factor: Annotated[float, Field(ge=1, le=5)] = 1.3  # the road is longer than the straight line
    otherwise: Way = 30  # when nothing is known of one of the places
    base: Literal["outside", "within"] = "outside"  # whether the first way out and the last way back are working time

    @model_validator(mode="after")
    def _rising(self) -> "Roads":
        edges = [band.up_to_km for band in self.bands]
        if edges != sorted(set(edges)):
            raise ValueError("the bands do not rise; write them from the shortest distance to the longest")
        return self

    @cached_property
    def _by_zone(self) -> dict[tuple[str, str], int]:
        back = {(pair.end, pair.start): pair.minutes for pair in self.zones}
        return back | {(pair.start, pair.end): pair.minutes for pair in self.zones}

    @cached_property
    def _known(self) -> dict[tuple[Place, Place], int]:
        return {}

    def minutes(self, start: Place, end: Place) -> int:
        """The minutes of the way."""
        key = (start, end)
        found = self._known.get(key)
        if found is None:
            if len(self._known) > 65_536:
                self._known.clear()
            found = self._known[key] = self._reckoned(start, end)
        return found

    def _reckoned(self, start: Place, end: Place) -> int:
        if start.home is not None and start.home == end.home:
            return 0
        if start.zone is not None and end.zone is not None:
            if start.zone == end.zone and self.within is not None:
                return self.within
            named = self._by_zone.get((start.zone, end.zone))
            if named is not None:
                return named
        if start.at is None or end.at is None:
            return self.otherwise
        road = straight_km(start.at, end.at) * self.factor
        band = next((band for band in self.bands if road <= band.up_to_km), None)
        return band.minutes if band is not None else ceil(road / self.km_per_hour * 60 - 1e-9)


def straight_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The great-circle distance between two points given in degrees, in kilometres (haversine formula)."""
    (north, east), (north_, east_) = map(radians, one), map(radians, other)
    half = sin((north_ - north) / 2) ** 2 + cos(north) * cos(north_) * sin((east_ - east) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))
