"""What a calendar file is drawn from."""

from dataclasses import dataclass
from datetime import datetime

from locales.text import Text, Value


@dataclass(frozen=True)
class Line:
    """One entry of a calendar, before it is drawn."""

    uid: str
    sequence: int
    stamp: datetime
    start: datetime
    end: datetime
    summary: Value
    location: str = ""
    about: tuple[Value, ...] = ()


@dataclass(frozen=True)
class Drawn:
    """A calendar to be drawn: its lines in order, the zone they are told in, and when anything last changed."""

    name: Text
    zone: str
    lines: tuple[Line, ...]
    changed: datetime
