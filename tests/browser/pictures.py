"""The pictures of the README: plays the demo in Chromium in two languages, light and dark. `make pictures`.

With names (`python -m tests.browser.pictures statement-en why-it times team`) only those: single screens about prices,
the booking of times with invoice and receipt (`times`), the days of the team (`team`), the app's home and a
customer's page (`home`), a promise (`promise`), canned replies and *Solved…* (`canned`), prices from a date (`prices`),
a price that a teammate makes (`quote`), many homes with the same trouble (`storm`),
what managers read (`summary`), a campaign (`campaign`), what people say in words (`words`).
"""

import re
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from locales.phrasebook import say
from locales.text import t
from tests.browser import (
    booking_pictures,
    campaign_pictures,
    canned_pictures,
    first_aid_pictures,
    home_pictures,
    price_pictures,
    promise_pictures,
    quote_pictures,
    split_pictures,
    storm_pictures,
    summary_pictures,
    words_pictures,
)
from tests.browser.page import SEEN, Page, demo


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


def play(address: str, visit: Visit) -> None:
    """From the invitation to the team's answer."""

    def w(key: str, **values: str) -> str:
        return say(t(key, **values), visit.language)

    page = Page(address, dark=visit.dark, width=1320, height=840)
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
    page.click("Preview", "#modal")
    time.sleep(1)
    page.click("Send", "#modal")
    page.click(" replies", "#team")
    time.sleep(1)
    if visit.dark:
        page.picture(f"desk-{visit.language}")
    else:
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
    if page.driver.execute_script(SEEN, "body", "Open the invitation", False):
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


OF_THE_TEAM = (
    ("team", booking_pictures.team, ""),
    ("home", home_pictures.home, ""),
    ("promise", promise_pictures.promise, ""),
    ("canned", canned_pictures.canned, ""),
    ("prices", price_pictures.prices, ""),
    ("campaign", campaign_pictures.campaign, ""),
    ("quote", quote_pictures.quote, ""),
    ("split", split_pictures.split, ""),
    ("storm", storm_pictures.storm, storm_pictures.SMALL),
)


def main(names: Sequence[str]) -> None:
    """All pictures; or only those screens."""
    with demo(8399) as address:
        for visit in () if names else VISITS:
            play(address, visit)
        for screen in SCREENS:
            if not names or f"{screen.name}-{screen.language}" in names:
                look(address, screen)
        if not names:
            small = Page(address, width=390, height=844)
            small.click("Begin")
            small.picture("phone")
            small.close()
    _of_the_phone(names)
    _of_the_team(names)


def _of_the_phone(names: Sequence[str]) -> None:
    if not names or "times" in names:
        with demo(8399) as address:
            for language, name in (("it", "Marta"), ("fr", "Claire"), ("es", "Carmen")):
                booking_pictures.times(address, language, name)
            for language, name in (("fr", "Claire"), ("es", "Carmen")):
                booking_pictures.payment(address, language, name)
    if not names or "words" in names:
        with demo(8399) as address:
            for language, name in (("fr", "Claire"), ("es", "Carmen")):
                words_pictures.said(address, language, name)
    if not names or "aid" in names:
        with demo(8399) as address:
            for language, name in (("fr", "Claire"), ("es", "Carmen")):
                first_aid_pictures.first_aid(address, language, name)


def _of_the_team(names: Sequence[str]) -> None:
    if not names or "summary" in names:
        summary_pictures.summaries()
    for what, play_it, more in OF_THE_TEAM:
        for language in ("en", "fr") if not names or what in names else ():
            with demo(8399, language, more) as address:
                play_it(address, language)


if __name__ == "__main__":
    main(sys.argv[1:])
