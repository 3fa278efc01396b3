"""The sandbox as its own process with a small bot on the real libraries, and Chromium looking at its page."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --window-size=1440,900 --lang=en"
).split()
TEAM = {
    "zone": "Europe/Paris",
    "people": [
        {"first_name": "Marta", "last_name": "Rossi", "language": "it", "id": 7001, "invitation": "abc"},
        {"first_name": "Claire", "last_name": "Dubois", "language": "fr", "id": 7002},
    ],
    "users": [
        {"name": "Ana Ruiz", "id": "U0ANA", "role": "technician"},
        {"name": "Tom Weber", "id": "U0TOM", "role": "manager"},
    ],
    "channels": [{"name": "service", "id": "C0SERVICE"}, {"name": "urgent", "id": "C0URGENT"}],
}


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Where the page is, with a small bot at work behind it."""
    team = tmp_path / "team.json"
    team.write_text(json.dumps(TEAM))
    command = (sys.executable, "-m", "sandbox", "--port", "0", "--team", str(team), "--clock-file", str(tmp_path / "c"))
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as sandbox:
        assert sandbox.stdout is not None
        url = sandbox.stdout.readline().strip()
        small = (sys.executable, str(Path(__file__).parent / "small_bot.py"), url)
        with subprocess.Popen(small, stdout=subprocess.PIPE, text=True) as bot:
            assert bot.stdout is not None
            assert bot.stdout.readline() == "ready\n"
            yield url
            bot.terminate()
        sandbox.terminate()


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[webdriver.Chrome]:
    """Chromium; at the end nothing may stand in its log."""
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for flag in (*FLAGS, f"--user-data-dir={tmp_path / 'profile'}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    chromium = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    try:
        yield chromium
        assert chromium.get_log("browser") == []
    finally:
        chromium.quit()
