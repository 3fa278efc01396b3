"""A reader of calendar files (RFC 5545) of our own: it shares nothing with what writes them, and forgives nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

LONGEST = 75  # octets of a line
LINE = re.compile(r"([A-Z-]+)((?:;[A-Z-]+=(?:\"[^\"]*\"|[^;:,\"]*))*):(.*)", re.DOTALL)
ESCAPES = {"\\n": "\n", "\\N": "\n", "\\,": ",", "\\;": ";", "\\\\": "\\"}


@dataclass
class Part:
    """A component: its properties as (parameters, value), and what is inside it."""

    name: str
    properties: dict[str, list[tuple[dict[str, str], str]]] = field(default_factory=dict)
    parts: list["Part"] = field(default_factory=list)

    def one(self, name: str) -> str:
        """The value of what stands there exactly once."""
        ((_, value),) = self.properties[name]
        return value

    def within(self, name: str) -> list["Part"]:
        return [part for part in self.parts if part.name == name]


@dataclass(frozen=True)
class Entry:
    """An appointment as somebody's calendar program takes it in."""

    uid: str
    sequence: int
    status: str
    method: str
    zone: str
    local: datetime  # what the clock on the wall shows when it begins
    starts: datetime
    ends: datetime
    summary: str
    description: str


def opened(content: bytes) -> Entry:
    """The one appointment of a file."""
    calendar = tree(content)
    assert (calendar.name, calendar.one("VERSION")) == ("VCALENDAR", "2.0")
    assert calendar.one("PRODID")
    (event,) = calendar.within("VEVENT")
    assert re.fullmatch(r"\d{8}T\d{6}Z", event.one("DTSTAMP"))
    ((about, local),) = event.properties["DTSTART"]
    return Entry(
        uid=event.one("UID"),
        sequence=int(event.one("SEQUENCE")),
        status=event.one("STATUS"),
        method=calendar.one("METHOD"),
        zone=about["TZID"],
        local=clock(local),
        starts=moment(calendar, event, "DTSTART"),
        ends=moment(calendar, event, "DTEND"),
        summary=words(event.one("SUMMARY")),
        description=words(event.one("DESCRIPTION")),
    )


def tree(content: bytes) -> Part:
    """The file as components in each other."""
    top = Part("")
    open_parts = [top]
    for line in unfolded(content):
        found = LINE.fullmatch(line)
        assert found is not None, line
        name, about, value = found.groups()
        if name == "BEGIN":
            part = Part(value)
            open_parts[-1].parts.append(part)
            open_parts.append(part)
        elif name == "END":
            assert open_parts.pop().name == value
        else:
            given = dict(pair.split("=", 1) for pair in about.split(";")[1:])
            open_parts[-1].properties.setdefault(name, []).append((given, value))
    assert open_parts == [top]
    (calendar,) = top.parts
    return calendar


def unfolded(content: bytes) -> Iterator[str]:
    """The logical lines."""
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    physical = content.removesuffix(b"\r\n").split(b"\r\n")
    assert all(len(line) <= LONGEST for line in physical)
    line = physical[0]
    for more in physical[1:]:
        if more[:1] in (b" ", b"\t"):
            line += more[1:]
        else:
            yield line.decode()
            line = more
    yield line.decode()


def words(value: str) -> str:
    return re.sub(r"\\[nN,;\\]", lambda found: ESCAPES[found[0]], value)


def clock(value: str) -> datetime:
    return datetime.strptime(value, "%Y%m%dT%H%M%S")  # noqa: DTZ007 (on the wall: its zone is told beside it)


def moment(calendar: Part, event: Part, name: str) -> datetime:
    """A moment, by the rules of the time zone that the file itself carries."""
    ((about, value),) = event.properties[name]
    (zone,) = [part for part in calendar.within("VTIMEZONE") if part.one("TZID") == about["TZID"]]
    at = clock(value)
    begins = [
        (clock(onset), rule.one("TZOFFSETTO"))
        for rule in zone.parts
        for _, listed in (*rule.properties["DTSTART"], *rule.properties.get("RDATE", ()))
        for onset in listed.split(",")
    ]
    offset = max(begin for begin in begins if begin[0] <= at)[1]
    away = timedelta(hours=int(offset[1:3]), minutes=int(offset[3:5])) * (-1 if offset[0] == "-" else 1)
    return (at - away).replace(tzinfo=UTC)
