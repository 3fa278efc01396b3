"""A start is quick and small: what only a command, a paper or a rare wish needs is not carried by the program."""

import json
import subprocess
import sys

import pytest

# What is loaded with the first thing that needs it, in a process of its own, or never.
LATER = {
    "a holiday": ("holidays",),
    "a phone number that is shared": ("phonenumbers",),
    "a paper, a picture": ("pydyf", "segno", "bot.papers.receipt", "bot.papers.agenda", "bot.papers.calendar"),
    "a calendar from outside": ("icalendar", "recurring_ical_events", "dateutil", "bot.outside_reading"),
    "a command": (
        "typer",
        "click",
        "rich",
        "bot.commands",
        "bot.importing",
        "bot.import_cells",
        "bot.schema",
        "alembic",
    ),
    "a server": ("asyncpg", "bot.postgresql", "sqlalchemy.dialects.postgresql", "sqlalchemy.ext.asyncio"),
    "whoever asks for metrics": ("prometheus_client", "bot.metrics"),
    "translators": ("babel.messages",),
    "nobody": ("httpx", "httpcore", "aiohttp.web_app", "aiohttp.web_fileresponse", "pygments"),
    "tests": ("sandbox", "tests", "hypothesis", "aiogram"),
}
LOADED = """
import json, sys
from pathlib import Path
from bot.__main__ import travel_light
travel_light()
from bot.company_file.beforehand import ask, learn
asked = ask()
import bot.serving
learn(asked)
bot.serving.reading.read(Path(sys.argv[1]))
print(json.dumps([name for name, module in sys.modules.items() if module is not None]))
"""


@pytest.fixture(scope="module")
def carried() -> set[str]:
    """The modules of the program when it has read its company file."""
    sample = "bot/sample/company.toml"
    said = subprocess.run(
        (sys.executable, "-c", LOADED, sample),
        env={"COMPANY_FILE": sample, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(said.stdout))


@pytest.mark.parametrize("wanted_by", LATER)
def test_a_start_does_not_carry_what_only_that_needs(carried: set[str], wanted_by: str) -> None:
    assert carried & set(LATER[wanted_by]) == set()


def test_a_start_carries_the_program(carried: set[str]) -> None:
    assert {"bot.app", "bot.desk", "telegram", "slack_bolt", "aiohttp", "sqlalchemy", "babel"} <= carried
