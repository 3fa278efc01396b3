"""The pictures of something else that was in it: split off, with what the customer will read, and the card it makes."""

import time

from selenium.webdriver.common.by import By

from locales.phrasebook import say
from locales.text import t
from tests.browser.canned_pictures import whole
from tests.browser.quote_pictures import opens, reports_a_blind

TOO = {
    "en": "And the garden light stays on all night, could you look at that as well?",
    "fr": "Et la lampe du jardin reste allumée toute la nuit, pouvez-vous regarder aussi ?",
    "es": "Y la luz del jardín se queda encendida toda la noche, ¿pueden mirarla también?",
    "it": "E la luce del giardino resta accesa tutta la notte, potete guardare anche quella?",
}


def split(address: str, language: str) -> None:
    """She writes about two things; Ana makes two requests of them."""
    page = reports_a_blind(address, language)
    page.types(TOO[language])
    time.sleep(1)
    page.runs("document.getElementById('tab-team').click()")
    page.is_teammate("Ana")
    opens(page, say(t("desk.split"), language))
    for box in page.driver.find_elements(By.CSS_SELECTOR, "#modal select"):
        for option in box.find_elements(By.TAG_NAME, "option"):
            if option.text.startswith(TOO[language][:20]) or option.text == say(t("area.lighting"), language):
                option.click()
    page.picture(f"split-form-{language}", **whole(page))
    page.runs("document.querySelector('#modal [type=submit]').click()")
    time.sleep(2)
    page.picture(f"split-preview-{language}", **whole(page))
    page.close()
