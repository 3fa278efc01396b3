"""Other people's calendars: what in them takes somebody's time, and what only looks as if it did."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.outside_calendar import address_of
from bot.outside_reading import NoCalendar, busy
from domain.outside import clipped, merged
from domain.reach import Appointment
from domain.rota import Span, moment

PARIS = "Europe/Paris"
FIRST, UNTIL = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)


def says(*lines: str) -> bytes:
    """A calendar with one event."""
    event = ("BEGIN:VEVENT", "UID:1@elsewhere", "DTSTAMP:20260101T000000Z", *lines, "END:VEVENT")
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//x//EN", *event, "END:VCALENDAR", "")).encode()


def told(*lines: str, zone: str = PARIS) -> list[str]:
    """When it says that he is busy, in UTC."""
    return [
        f"{moment(span.first):%d.%m. %H:%M}–{moment(span.until):%H:%M}"
        for span in sorted(busy(says(*lines), zone, FIRST, UNTIL))
    ]


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        # a time in UTC, in a zone, and one that floats with whoever reads it
        (("DTSTART:20260303T090000Z", "DTEND:20260303T100000Z"), ["03.03. 09:00–10:00"]),
        (("DTSTART;TZID=America/New_York:20260303T090000", "DURATION:PT90M"), ["03.03. 14:00–15:30"]),
        (("DTSTART:20260303T090000", "DTEND:20260303T094000"), ["03.03. 08:00–08:45"]),
        # whole days are those of his wall
        (("DTSTART;VALUE=DATE:20260303",), ["02.03. 23:00–23:00"]),
        # every week, over the change of the clocks, but for one
        (
            ("DTSTART;TZID=Europe/Paris:20260320T100000", "DTEND;TZID=Europe/Paris:20260320T110000",
             "RRULE:FREQ=WEEKLY;COUNT=4", "EXDATE;TZID=Europe/Paris:20260327T100000"),
            ["03.04. 08:00–09:00", "10.04. 08:00–09:00", "20.03. 09:00–10:00"],
        ),
        # what takes no time
        (("DTSTART:20260303T090000Z", "DTEND:20260303T100000Z", "STATUS:CANCELLED"), []),
        (("DTSTART:20260303T090000Z", "DTEND:20260303T100000Z", "TRANSP:TRANSPARENT"), []),
        (("DTSTART:20260303T090000Z", "DTEND:20260303T100000Z", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"), []),
        (("DTSTART:20260303T090000Z", "DTEND:20260303T090000Z"), []),
        (("DTSTART:20260303T090000Z", "DTEND:20260304T090000Z", "RRULE:FREQ=SECONDLY"), []),
        (("DTSTART:20260803T090000Z", "DTEND:20260803T100000Z"), []),  # far beyond what is offered
    ],
)  # fmt: skip
def test_what_takes_his_time_and_what_does_not(lines: tuple[str, ...], found: list[str]) -> None:
    assert sorted(told(*lines)) == sorted(found)


def test_our_own_appointment_in_his_calendar_is_not_in_its_own_way() -> None:
    ours = says("DTSTART:20260303T090000Z", "DTEND:20260303T100000Z").replace(b"1@elsewhere", b"1001-7@aftercare")
    assert busy(ours, PARIS, FIRST, UNTIL) == []


@pytest.mark.parametrize("rubbish", [b"", b"<html>Sign in</html>", b"\xff\xfe\x00", b"BEGIN:VEVENT\r\nEND:VCALENDAR"])
def test_what_is_no_calendar_is_not_taken_for_an_empty_one(rubbish: bytes) -> None:
    with pytest.raises(NoCalendar):
        busy(rubbish, PARIS, FIRST, UNTIL)


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("https://example.com/a.ics", "https://example.com/a.ics"),
        (" webcal://example.com/a.ics ", "https://example.com/a.ics"),
        ("http://127.0.0.1:8000/a.ics", "http://127.0.0.1:8000/a.ics"),
        ("http://example.com/a.ics", None),
        ("file:///etc/passwd", None),
        ("ftp://example.com/a.ics", None),
        ("https:///a.ics", None),
        ("a.ics", None),
    ],
)
def test_only_https_is_fetched_and_a_mistake_does_not_repeat_the_secret(given: str, taken: str | None) -> None:
    if taken is not None:
        assert address_of(given, loopback=True) == taken
        return
    with pytest.raises(ValueError, match="https") as wrong:
        address_of(given, loopback=True)
    assert given not in str(wrong.value)


def test_this_machine_is_fetched_from_only_where_the_settings_say_so() -> None:
    with pytest.raises(ValueError, match="https"):
        address_of("http://127.0.0.1:8000/a.ics")


SPANS = st.lists(st.builds(lambda first, length: Span(first, first + length), st.integers(0, 60), st.integers(1, 12)))


@given(SPANS, SPANS)
@settings(max_examples=200, deadline=None)
def test_nobody_is_taken_twice_and_no_busy_quarter_is_forgotten(own: list[Span], elsewhere: list[Span]) -> None:
    mine = [Appointment(first, until) for first, until in sorted(own)]  # two of one request may lie over each other
    left = clipped(mine, merged(elsewhere))
    cells = [n for a in left for n in range(a.first, a.until)]
    ours = {n for span in own for n in range(*span)}
    assert len(cells) == len(set(cells))
    assert set(cells) == {n for span in elsewhere for n in range(*span)} - ours
    assert not any(a.ours or a.place for a in left)


def test_a_long_event_ends_where_it_ends() -> None:
    days = busy(says("DTSTART;VALUE=DATE:20260310", "DTEND;VALUE=DATE:20260313"), PARIS, FIRST, UNTIL)
    assert [(moment(s.until) - moment(s.first)) for s in days] == [timedelta(days=3)]
