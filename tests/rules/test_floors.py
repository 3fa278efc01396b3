"""The floors hold, and a wrong import turns them red."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.rules.ground import ROOT, copied

COMMAND = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True, no_logo=True))"

# the file, the line added to it, and the contract that must break
WRONG = [
    ("domain/money.py", "import locales.text", "The floors"),
    ("locales/text.py", "import handlers.inbound", "The floors"),
    ("handlers/inbound.py", "import bot.clock", "The floors"),
    ("handlers/inbound.py", "import scheduling.timers", "The floors"),
    ("scheduling/timers.py", "import handlers.inbound", "The floors"),
    ("domain/record.py", "import domain.bookings", "No circle"),
    ("bot/channels/arrival.py", "import bot.channels.telegram_door", "No circle"),
    ("bot/channels/arrival.py", "import bot.app", "No circle"),
    ("handlers/cards/menu.py", "import handlers.homeowner.menu", "Cards are leaves"),
    ("handlers/team/contacts.py", "import handlers.homeowner.menu", "Homeowner, team and management"),
    ("handlers/management/satisfaction.py", "import handlers.team.requests", "Homeowner, team and management"),
    ("scheduling/followups.py", "import locales.text", "Timers do not speak"),
    ("sandbox/clock.py", "import domain.money", "The sandbox knows nothing"),
    ("bot/app.py", "import sandbox.server", "The product knows nothing"),
    ("bot/desk.py", "import telegram", "Only channels"),
    ("handlers/inbound.py", "import slack_sdk", "Only channels"),
    ("bot/clock.py", "import aiohttp", "Only channels"),
    ("domain/tariff.py", "import sqlalchemy", "Rules and words"),
    ("domain/slots.py", "import domain.record", "Rules and words"),
    ("locales/text.py", "import domain.record", "Rules and words"),
    ("handlers/refusals.py", "import asyncio", "What happens inside"),
    ("domain/homes.py", "import socket", "What happens inside"),
]


def linted(root: Path) -> subprocess.CompletedProcess[str]:
    """What import-linter says about a tree."""
    environment = {"PATH": "", "COLUMNS": "200", "PYTHONDONTWRITEBYTECODE": "1", "NO_COLOR": "1"}
    return subprocess.run(
        [sys.executable, "-c", COMMAND], cwd=root, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(tmp_path_factory.mktemp("floors"))


def test_every_import_goes_down() -> None:
    said = linted(ROOT)
    assert said.returncode == 0, said.stdout
    assert "0 broken" in said.stdout


@pytest.mark.slow
@pytest.mark.parametrize(("file", "line", "contract"), WRONG)
def test_a_wrong_import_turns_the_floors_red(elsewhere: Path, file: str, line: str, contract: str) -> None:
    place = elsewhere / file
    before = place.read_text()
    place.write_text(f"{before}\n{line}\n")
    try:
        said = linted(elsewhere)
    finally:
        place.write_text(before)
    assert said.returncode == 1, said.stdout
    broken = [line for line in said.stdout.splitlines() if " BROKEN" in line]
    assert any(line.startswith(contract) for line in broken), said.stdout


def test_the_copy_without_a_wrong_import_is_green(elsewhere: Path) -> None:
    assert linted(elsewhere).returncode == 0
