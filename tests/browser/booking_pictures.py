"""The pictures of times, money and the team's days: played in two languages each."""

import tempfile
import time
import urllib.request
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from bot.clock import real
from locales.phrasebook import say
from locales.text import Day
from tests.browser.page import Page, words

PHONE = {"width": 520, "height": 1120}
TEAM = {"width": 860, "height": 1080}
HAS_LIGHTS_OUT = {
    "en": "The garden lights stay on all night",
    "fr": "La lampe de l’entrée clignote",
    "es": "La luz de la terraza no se apaga",
    "it": "La luce del salotto non si accende più",
}
HAS_A_BLIND_STUCK = {
    "en": "The blind in the bedroom is stuck",
    "fr": "Le store de la chambre est bloqué",
    "es": "La persiana del dormitorio no baja",
    "it": "La tenda del salotto non scende più",
}


# Each screen in two languages or more.
SHOWN = {
    *("times-it", "evenings-fr", "days-es", "booked-es", "invoice-fr", "invoice-es"),
    *("declined-fr", "receipt-fr", "receipt-es", "paper-fr", "paper-es"),
    *("day-en", "day-fr", "absence-en", "absence-fr", "move-en", "move-fr"),
}


def shoot(page: Page, name: str) -> None:
    """A picture, if it is among those that are shown."""
    if name in SHOWN:
        page.picture(name)


def wants_a_visit(page: Page, area: str, story: dict[str, str]) -> None:
    """A new request, up to the times."""
    page.types("/report")
    page.presses(f"area.{area}")
    page.types(story[page.language])
    page.presses("report.send")
    page.presses("solve.way.visit")


def phone(address: str, language: str, name: str) -> Page:
    page = Page(address, **PHONE)
    page.click("Begin")
    page.speaks(language)
    page.is_person(name)
    return page


def times(address: str, language: str, name: str) -> None:
    """Which time, another day, the question, and the appointment with its calendar file."""
    page = phone(address, language, name)
    wants_a_visit(page, "lighting", HAS_LIGHTS_OUT)
    shoot(page, f"times-{language}")
    page.presses("solve.day")
    shoot(page, f"days-{language}")
    page.presses("solve.all_times")
    page.choose_a_time()
    page.presses("solve.confirm")
    shoot(page, f"booked-{language}")
    page.close()


def payment(address: str, language: str, name: str) -> None:
    """Evenings at their own prices, an invoice, a card that is refused, one that works, and the receipt."""
    page = phone(address, language, name)
    wants_a_visit(page, "shades", HAS_A_BLIND_STUCK)
    page.presses("solve.evenings")
    shoot(page, f"evenings-{language}")
    page.presses("solve.all_times")
    page.choose_a_time()
    page.presses("solve.confirm")
    shoot(page, f"invoice-{language}")
    page.runs("[...document.querySelectorAll('#chat .pay')].pop().click()")
    page.runs("document.querySelector('dialog input[value=declined]').click()")
    page.runs("document.querySelector('dialog [type=submit]').click()")
    shoot(page, f"declined-{language}")
    page.runs("document.querySelector('dialog input[type=radio]').click()")
    page.runs("document.querySelector('dialog [type=submit]').click()")
    shoot(page, f"receipt-{language}")
    links = page.driver.find_elements(By.CSS_SELECTOR, "#chat a")
    paper = next(str(a.get_attribute("href")) for a in reversed(links) if ".pdf" in a.text)
    page.close()
    printed(paper, f"paper-{language}")


def printed(address: str, name: str) -> None:
    """A paper as Chromium shows it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "paper.pdf"
        with urllib.request.urlopen(address) as came:
            file.write_bytes(came.read())
        page = Page(f"file://{file}#toolbar=0&navpanes=0&view=FitH", width=620, height=600)
        time.sleep(3)
        page.picture(name, width=600, height=465)
        page.driver.quit()


VISITS = (("en", "Emma", "lighting"), ("it", "Marta", "shades"), ("fr", "Claire", "shades"))


def team(address: str, language: str) -> None:
    """A technician's day, everybody's, who could come instead, and an absence with what lies in it."""
    today = real().astimezone(ZoneInfo("Europe/Paris")).date()
    day = today + timedelta(days=2 + (2 - today.weekday() - 2) % 7)  # a Wednesday, two days ahead or more
    page = Page(address, **TEAM)
    page.click("Begin")
    for spoken, name, area in VISITS:
        page.speaks(spoken)
        page.is_person(name)
        wants_a_visit(page, area, HAS_LIGHTS_OUT if area == "lighting" else HAS_A_BLIND_STUCK)
        page.presses("solve.day")
        page.click(say(Day(day, "short"), spoken), "#phone")
        page.choose_a_time(0)
        page.presses("solve.confirm")
    page.speaks(language)
    page.runs("document.getElementById('tab-team').click()")
    page.is_teammate("Ana")
    page.types(f"/day {day}", "team-composer")
    page.to_the_end("posts")
    shoot(page, f"day-{language}")
    page.is_teammate("Lena")
    page.types(f"/day {day}", "team-composer")
    page.click(words(language, "team.move"), "#posts")
    page.driver.execute_script("document.querySelector('#modal select').size = 12")
    shoot(page, f"move-{language}")
    page.runs("document.querySelector('#modal .closing').click()")
    is_away(page, day)
    page.click(words(language, "absence.propose"), "#posts")
    time.sleep(2)
    page.to_the_end("posts")
    shoot(page, f"absence-{language}")
    page.close()


def is_away(page: Page, day: date) -> None:
    """Lena enters that Ana is away."""
    page.types("/calendar", "team-composer")
    page.click(words(page.language, "calendar.new.away"), "#posts")
    Select(page.driver.find_element(By.CSS_SELECTOR, "#modal select")).select_by_visible_text("Ana Ruiz")
    field = page.driver.find_element(By.CSS_SELECTOR, "#modal input[type=date]")
    page.driver.execute_script(
        "arguments[0].value = arguments[1];"
        "for (const name of ['input', 'change']) arguments[0].dispatchEvent(new Event(name, {bubbles: true}))",
        field,
        day.isoformat(),
    )
    page.runs("document.querySelector('#modal [type=submit]').click()")
    time.sleep(1)
