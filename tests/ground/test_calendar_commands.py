"""Calendars, as an operator types them: addresses are shown once, or never."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from tests.ground.test_commands import bot


def rows(url: str, asked: str) -> list[tuple[Any, ...]]:
    """What the database says."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(asked))]
    engine.dispose()
    return found


def test_an_address_is_made_shown_once_and_ended(database: str) -> None:
    made = bot("feed", "ana", database=database)
    assert made.returncode == 0, made.stderr
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/calendar/[\w-]{43}\.ics\n", made.stdout)
    token = made.stdout.rsplit("/", 1)[1].strip().removesuffix(".ics")
    assert token not in str(rows(database, "SELECT * FROM feeds"))
    again = json.loads(bot("feed", "ana", "--json", database=database).stdout)
    assert token not in again["address"]
    assert [row[0] for row in rows(database, "SELECT revoked_by FROM feeds ORDER BY id")] == ["command", None]
    assert bot("feed", "ana", "--revoke", database=database).stdout == "The address works no more.\n"
    assert bot("feed", "ana", "--revoke", database=database).stdout == "There is no address that works.\n"


def test_another_calendar_is_named_and_taken_away_and_its_address_never_printed(database: str) -> None:
    secret = "https://calendar.example.com/private-0123456789/basic.ics"
    named = bot("outside-calendar", "ana", secret, database=database)
    assert (named.returncode, named.stderr) == (0, "")
    assert "private" not in named.stdout
    assert rows(database, "SELECT technician, address, set_by FROM outside_calendars") == [("ana", secret, "command")]
    assert json.loads(bot("outside-calendar", "ana", "--remove", "--json", database=database).stdout)["removed"]
    assert rows(database, "SELECT * FROM outside_calendars") == []


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("feed", "lena"), "There is no technician “lena”"),
        (("outside-calendar", "nobody", "https://example.com/a.ics"), "There is no technician “nobody”"),
        (("outside-calendar", "ana", "http://example.com/private-1.ics"), "it must begin with https://"),
        (("outside-calendar", "ana"), "Name the address of the calendar, or --remove."),
        (("outside-calendar", "ana", "https://example.com/a.ics", "--remove"), "Name the address of the calendar"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(words: tuple[str, ...], why: str, database: str, tmp_path: Path) -> None:
    told = bot(*words, database=database)
    assert (told.returncode, told.stdout) == (2, "")
    assert why in told.stderr
    assert "private-1" not in told.stderr
    assert "Traceback" not in told.stderr
