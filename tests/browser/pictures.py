"""The pictures of the README: plays the demo in Chromium in two languages, light and dark. `make pictures`."""

import os
import re
import subprocess
import sys
import tempfile
import time
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
    times = [b for b in page.driver.find_elements(By.CSS_SELECTOR, "#phone button") if re.search(r"\d\d:\d\d$", b.text)]
    page.driver.execute_script("arguments[0].click()", times[-1])
    time.sleep(1)
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


# Which screens about prices are shown, in which language: the buttons on the way to them.
SCREENS = {
    "it": ("Marta", "why", "/report", ("area.power", "report.send", "price.why")),
    "fr": ("Claire", "contract", "/contract", ()),
    "es": ("Sofía", "plans", "/plans", ("plans.compare",)),
    "en": ("Emma", "advice", "/contract", ("contract.advice",)),
}


def look(address: str, language: str) -> None:
    """What it costs and why, as a phone shows it."""
    who, name, command, way = SCREENS[language]

    def w(key: str) -> str:
        return re.split("[?\u202f\u00a0]", say(t(key, name=""), language))[0].strip()

    page = Page(address, width=520, height=1000)
    page.click("Begin")
    people = Select(page.driver.find_element(By.CSS_SELECTOR, "#phone select"))
    people.select_by_visible_text(next(o.text for o in people.options if who in o.text))
    time.sleep(1)
    if page.driver.execute_script(SEEN, "body", "Open the invitation"):
        page.click("Open the invitation")
    box = page.driver.find_element(By.CSS_SELECTOR, "#phone textarea")
    box.send_keys(command, Keys.ENTER)
    time.sleep(1)
    for key in way:
        if key == "report.send":
            box.send_keys("…", Keys.ENTER)
            time.sleep(1)
        page.click(w(key), "#phone")
    time.sleep(1)
    page.picture(f"{name}-{language}")
    page.close()


def main() -> None:
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
            for visit in VISITS:
                play(address, visit)
            for language in SCREENS:
                look(address, language)
            small = Page(address, width=390, height=844)
            small.click("Begin")
            small.picture("phone")
            small.close()
        finally:
            demo.terminate()
            demo.wait(15)


if __name__ == "__main__":
    main()
