"""The pictures of the README: plays the demo in Chromium in two languages, light and dark. `make pictures`.

With names (`python -m tests.browser.pictures statement-en why-it`) only those that show prices on a phone.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
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
return [...document.querySelectorAll(arguments[0] + ' button')]
  .filter(b => b.offsetParent && b.textContent.includes(arguments[1])).pop()
"""


@dataclass
class Visit:
    """One homeowner's visit to the page, in his language."""

    language: str
    who: str
    story: str
    answer: str
    dark: bool = False


VISITS = (
    Visit(
        "it",
        "Marta",
        "Le tende del soggiorno si fermano a metà",
        "Buongiorno, il motore è ordinato: martedì lo montiamo.",
    ),
    Visit(
        "fr",
        "Claire",
        "Les stores du salon s’arrêtent à mi-hauteur",
        "Bonjour, le moteur est commandé : nous le posons mardi.",
        dark=True,
    ),
)


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

    def click(self, label: str, inside: str = "body") -> None:
        end = time.monotonic() + 15
        while time.monotonic() < end:
            found = self.driver.execute_script(SEEN, inside, label)
            if found is not None:
                self.driver.execute_script(
                    "arguments[0].scrollIntoView({block: 'center'}); arguments[0].click()", found
                )
                time.sleep(1)
                return
            time.sleep(0.1)
        raise AssertionError(f"no button {label!r} in {inside}")

    def choose_a_time(self) -> None:
        buttons = self.driver.find_elements(By.CSS_SELECTOR, "#phone button")
        times = [button for button in buttons if re.search(r"\d\d:\d\d$", button.text)]
        self.driver.execute_script("arguments[0].click()", times[-1])
        time.sleep(1)

    def picture(self, name: str) -> None:
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.driver.save_screenshot(str(PICTURES / f"{name}.png"))

    def close(self) -> None:
        errors = [line for line in self.driver.get_log("browser") if line["level"] == "SEVERE"]
        self.driver.quit()
        assert errors == [], errors


def play(address: str, visit: Visit) -> None:
    """From the invitation to the team's answer."""

    def w(key: str, **values: str) -> str:
        return say(t(key, **values), visit.language)

    page = Page(address, dark=visit.dark)
    page.click("Begin")
    people = Select(page.driver.find_element(By.CSS_SELECTOR, "#phone select"))
    people.select_by_visible_text(next(o.text for o in people.options if visit.who in o.text))
    time.sleep(0.5)
    page.click("Open the invitation")
    page.click(w("menu.report"), "#phone")
    page.click(w("area.shades"), "#phone")
    box = page.driver.find_element(By.CSS_SELECTOR, "#phone textarea")
    box.send_keys(visit.story, Keys.ENTER)
    time.sleep(1)
    page.driver.execute_script("document.getElementById('attach').click()")
    time.sleep(0.3)
    page.click("album")
    page.click(w("report.send"), "#phone")
    time.sleep(1)
    if not visit.dark:
        page.picture("ways-it")
    page.click(w("solve.way.visit", price="").strip(" ·\u00a0"), "#phone")
    page.choose_a_time()
    page.click(w("solve.confirm"), "#phone")
    page.click("Take it", "#team")
    page.click("Reply", "#team")
    page.driver.find_element(By.CSS_SELECTOR, "dialog textarea, [role=dialog] textarea").send_keys(visit.answer)
    page.click("Send")
    page.click(" replies", "#team")
    time.sleep(1)
    page.picture(f"desk-{visit.language}")
    if not visit.dark:
        page.click("What happened")
        page.picture("happened-it")
    page.close()


@dataclass(frozen=True)
class Screen:
    """A screen about prices: what is typed ("/…") and which buttons are pressed on the way to it; TIME is any time."""

    name: str
    language: str
    who: str
    way: tuple[str, ...]


TIME = "a time"
SCREENS = (
    Screen("why", "it", "Marta", ("/report", "area.power", "report.send", "price.why")),
    Screen("contract", "fr", "Claire", ("/contract",)),
    Screen("plans", "es", "Sofía", ("/plans", "plans.compare")),
    Screen("advice", "en", "Emma", ("/contract", "contract.advice")),
    Screen(
        "statement",
        "en",
        "Emma",
        (
            *("/report", "area.lighting", "report.send", "solve.way.remote", TIME, "solve.confirm"),
            *("/contract", "contract.statement"),
        ),
    ),
)


def look(address: str, screen: Screen) -> None:
    """What it costs and why, as a phone shows it."""

    def w(key: str) -> str:
        words = say(t(key, name="", price=""), screen.language)
        return re.split("[?·\u202f\u00a0]", words)[0].strip()

    page = Page(address, width=520, height=1000)
    page.click("Begin")
    people = Select(page.driver.find_element(By.CSS_SELECTOR, "#phone select"))
    people.select_by_visible_text(next(o.text for o in people.options if screen.who in o.text))
    time.sleep(1)
    if page.driver.execute_script(SEEN, "body", "Open the invitation"):
        page.click("Open the invitation")
    box = page.driver.find_element(By.CSS_SELECTOR, "#phone textarea")
    for step in screen.way:
        if step.startswith("/") or step == "report.send":
            box.send_keys(step if step.startswith("/") else "…", Keys.ENTER)
            time.sleep(1)
        if step == TIME:
            page.choose_a_time()
        elif not step.startswith("/"):
            page.click(w(step), "#phone")
    time.sleep(1)
    page.picture(f"{screen.name}-{screen.language}")
    page.close()


def main(names: Sequence[str]) -> None:
    """All pictures; or only those screens."""
    with tempfile.TemporaryDirectory() as folder:
        port = "8399"
        demo = subprocess.Popen(
            (sys.executable, "-m", "bot", "demo", "--port", port),
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert demo.stdout is not None
            while "http" not in demo.stdout.readline():
                assert demo.poll() is None
            address = f"http://127.0.0.1:{port}/"
            for visit in () if names else VISITS:
                play(address, visit)
            for screen in SCREENS:
                if not names or f"{screen.name}-{screen.language}" in names:
                    look(address, screen)
            if names:
                return
            small = Page(address, width=390, height=844)
            small.click("Begin")
            small.picture("phone")
            small.close()
        finally:
            demo.terminate()
            demo.wait(15)


if __name__ == "__main__":
    main(sys.argv[1:])
