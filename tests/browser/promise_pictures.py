"""The pictures of a teammate's promise: pinned from the thread, and told to the customer; in two languages."""

import time

from selenium.webdriver.common.by import By

from locales.phrasebook import say
from locales.text import t
from tests.browser.booking_pictures import HAS_A_BLIND_STUCK
from tests.browser.page import Page

WHO = {"en": "Emma", "fr": "Claire", "es": "Carmen", "it": "Marta"}
SAID = {
    "en": "I shall bring the new motor tomorrow at 10",
    "fr": "J’apporte le nouveau moteur demain à 10 h",
    "es": "Mañana a las 10 llevo el motor nuevo",
    "it": "Domani alle 10 porto il motore nuovo",
}
SHORTCUT = "Pin as a promise"
LAST = "const all = [...document.querySelectorAll(arguments[0])].filter(e => e.offsetParent || arguments[1]);"


def promise(address: str, language: str) -> None:
    """The form; then the card, the thread, and what the customer reads."""
    page = Page(address, width=1440, height=1000)
    page.click("Begin")
    page.speaks(language)
    page.is_person(WHO[language])
    page.types("/report")
    page.presses("area.shades")
    page.types(HAS_A_BLIND_STUCK[language])
    page.presses("report.send")
    time.sleep(2)
    page.is_teammate("Ana")
    page.click(say(t("team.take"), language), "#posts", exactly=True)
    _pins(page, language)
    page.close()


def _pins(page: Page, language: str) -> None:
    page.runs(LAST + "all.pop().click()", "#posts [data-focus=thread]", True)
    page.types(SAID[language], "thread-composer")
    time.sleep(1)
    page.runs(LAST + "all.pop().click()", "#thread-posts [data-focus=more]", True)
    page.click(SHORTCUT)
    time.sleep(1)
    page.picture(f"promise-form-{language}")
    _puts(page, say(t("commitment.tell.yes"), language))
    page.click(say(t("commitment.submit"), language), "dialog")
    page.click(say(t("commitment.send"), language), "dialog")
    time.sleep(2)
    page.to_the_end("thread-posts")
    page.picture(f"promise-{language}")


def _puts(page: Page, label: str) -> None:
    """Chooses something in the window."""
    for field in page.driver.find_elements(By.CSS_SELECTOR, "dialog select"):
        for option in field.find_elements(By.TAG_NAME, "option"):
            if option.text.split() == label.split():
                option.click()
                return
    raise AssertionError(f"{label!r} cannot be chosen")
