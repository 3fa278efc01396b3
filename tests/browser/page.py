"""The demo in Chromium: started, its page opened in a language, and used as somebody uses it."""

import base64
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from locales.phrasebook import say
from locales.text import t

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "pictures"
FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
SEEN = """
const all = [...document.querySelectorAll(arguments[0] + ' button')].filter(b => b.offsetParent);
const fits = arguments[2] ? b => b.textContent.trim() === arguments[1] : b => b.textContent.includes(arguments[1]);
return all.filter(fits).pop()
"""
# The demo as it is; its team may speak another language, and its company file may say more.
DEMO = """
import shutil, sys
from pathlib import Path
from bot.commands import demo
sample = Path("sample")
shutil.copytree(demo.SAMPLE, sample)
file = sample / "company.toml"
said = file.read_text().replace('team_language = "en"', f'team_language = "{sys.argv[2]}"')
file.write_text(said + sys.argv[3])
demo.SAMPLE = sample.resolve()
demo.demo(port=int(sys.argv[1]))
"""


@contextmanager
def demo(port: int, team: str = "en", more: str = "") -> Iterator[str]:
    """The demo's address while it runs."""
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            (sys.executable, "-c", DEMO, str(port), team, more),
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert process.stdout is not None
            while "http" not in process.stdout.readline():
                assert process.poll() is None
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()
            process.wait(15)


def words(language: str, key: str, **values: str) -> str:
    """How a phrase begins, up to its first blank or mark."""
    said = say(t(key, **{"name": "", "price": "", **values}), language)
    return re.split("[?·\u202f\u00a0]", said)[0].strip()


class Page:
    """The demo's page, as somebody uses it."""

    def __init__(self, address: str, *, dark: bool = False, width: int = 1440, height: int = 900) -> None:
        options = Options()
        options.binary_location = "/usr/bin/chromium"
        for flag in (*FLAGS, f"--window-size={width},{height}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": scheme})
        self.driver.get(address)
        self.language = "en"

    def speaks(self, language: str) -> None:
        """The page itself in a language, and what is looked for on it."""
        Select(self.driver.find_element(By.ID, "language")).select_by_value(language)
        self.language = language
        time.sleep(0.5)

    def is_person(self, name: str) -> None:
        """Look through the phone of a homeowner; his invitation is opened if it is not yet."""
        self._choose("person", name)
        self.runs("document.querySelector('#phone .gate:not([hidden]) button.primary')?.click()")

    def is_teammate(self, name: str) -> None:
        self._choose("user", name)

    def _choose(self, field: str, name: str) -> None:
        people = Select(self.driver.find_element(By.ID, field))
        people.select_by_visible_text(next(o.text for o in people.options if name in o.text))
        time.sleep(1)

    def types(self, text: str, field: str = "phone-composer") -> None:
        self.driver.find_element(By.ID, field).send_keys(text)
        self.runs(
            "arguments[0].dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true, cancelable: true}))",
            self.driver.find_element(By.ID, field),
        )

    def presses(self, key: str) -> None:
        """A button of the homeowner's chat, by its phrase."""
        begins = words(self.language, key)
        self.click(begins, "#phone", exactly=begins == say(t(key, name="", price=""), self.language))

    def click(self, label: str, inside: str = "body", *, exactly: bool = False) -> None:
        end = time.monotonic() + 15
        while time.monotonic() < end:
            found = self.driver.execute_script(SEEN, inside, label, exactly)
            if found is not None:
                self.runs("arguments[0].scrollIntoView({block: 'center'}); arguments[0].click()", found)
                return
            time.sleep(0.1)
        raise AssertionError(f"no button {label!r} in {inside}")

    def last_buttons(self, pattern: str) -> list[str]:
        """The buttons of the last message with buttons that look so."""
        keys = self.driver.find_elements(By.CSS_SELECTOR, "#chat li:nth-last-child(1 of :has(.key)) .key")
        labels = [key.text for key in keys if re.search(pattern, key.text)]
        assert labels, f"no button looks like {pattern!r}: {[key.text for key in keys]}"
        return labels

    def choose_a_time(self, which: int = -1) -> None:
        self.click(self.last_buttons(r"\d:\d\d")[which], "#phone")

    def runs(self, script: str, *given: object) -> None:
        """Press something, and wait until what it brings about has come, if anything."""
        before = now = self._drawn()
        self.driver.execute_script(script, *given)
        end = time.monotonic() + 4
        while time.monotonic() < end:
            time.sleep(0.5)
            last, now = now, self._drawn()
            if before != now == last:
                return

    def _drawn(self) -> str:
        """What hangs in the chat and in the channel, and the form above them."""
        drawn: str = self.driver.execute_script(
            "return [...document.querySelectorAll('#chat, #posts, dialog')].map(e => e.innerText).join()"
        )
        return drawn

    def to_the_end(self, place: str) -> None:
        """Scroll down to what came last."""
        self.runs(f"const log = document.getElementById('{place}'); log.scrollTop = log.scrollHeight")

    def picture(self, name: str, **clip: int) -> None:
        """What is on the screen now, or a part of it from its upper left corner."""
        time.sleep(0.6)
        PICTURES.mkdir(parents=True, exist_ok=True)
        part = {"clip": {"x": 0, "y": 0, "scale": 1, **clip}} if clip else {}
        taken = self.driver.execute_cdp_cmd("Page.captureScreenshot", part)
        (PICTURES / f"{name}.png").write_bytes(base64.b64decode(taken["data"]))

    def close(self) -> None:
        errors = [line for line in self.driver.get_log("browser") if line["level"] == "SEVERE"]
        self.driver.quit()
        assert errors == [], errors
