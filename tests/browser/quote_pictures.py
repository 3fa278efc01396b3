"""The pictures of a price that a teammate makes: the form, what it comes to, what the homeowner is asked."""

import time

from selenium.webdriver.common.by import By

from locales.phrasebook import say
from locales.text import t
from tests.browser.booking_pictures import HAS_A_BLIND_STUCK, PHONE, TEAM
from tests.browser.canned_pictures import whole
from tests.browser.page import Page, words
from tests.browser.promise_pictures import WHO

MOTOR = {"en": "Motor RX-2; 85", "fr": "Moteur RX-2 ; 85", "es": "Motor RX-2; 85", "it": "Motore RX-2; 85"}
WHY = {
    "en": "The motor is worn; a new one takes two hours.",
    "fr": "Le moteur est usé ; il faut deux heures pour en poser un neuf.",
    "es": "El motor está gastado; montar uno nuevo lleva dos horas.",
    "it": "Il motore è consumato; montarne uno nuovo richiede due ore.",
}


def reports_a_blind(address: str, language: str) -> Page:
    """A homeowner has reported it; the page, wide enough for the team."""
    page = Page(address, **TEAM)
    page.click("Begin")
    page.speaks(language)
    page.is_person(WHO[language])
    page.types("/report")
    page.presses("area.shades")
    page.types(HAS_A_BLIND_STUCK[language])
    page.presses("report.send")
    return page


def quote(address: str, language: str) -> None:
    """Ana works it out and asks; the homeowner sees every line."""
    page = reports_a_blind(address, language)
    page.runs("document.getElementById('tab-team').click()")
    page.is_teammate("Ana")
    opens(page, say(t("desk.price"), language))
    minutes, lines = (page.driver.find_element(By.CSS_SELECTOR, f"#modal {kind}") for kind in ("input", "textarea"))
    minutes.clear()
    minutes.send_keys("120")
    lines.send_keys(MOTOR[language])
    page.picture(f"price-form-{language}", **whole(page))
    page.click(words(language, "price.submit"), "#modal")
    time.sleep(1)
    page.driver.find_element(By.CSS_SELECTOR, "#modal textarea").send_keys(WHY[language])
    page.picture(f"price-preview-{language}", **whole(page))
    page.click(words(language, "price.send"), "#modal")
    time.sleep(2)
    page.close()
    chat = Page(address, **PHONE)
    chat.click("Begin")
    chat.speaks(language)
    chat.is_person(WHO[language])
    time.sleep(1)
    chat.to_the_end("chat")
    chat.picture(f"price-asked-{language}")
    chat.close()


def opens(page: Page, entry: str) -> None:
    """An entry of the card's menu."""
    for menu in page.driver.find_elements(By.CSS_SELECTOR, "#posts select"):
        for option in menu.find_elements(By.TAG_NAME, "option"):
            if option.text.split() == entry.split():
                option.click()
                time.sleep(2)
                return
    raise AssertionError(f"{entry!r} stands in no menu")
