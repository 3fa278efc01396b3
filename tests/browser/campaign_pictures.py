"""The picture of a campaign: the preview before it starts."""

import time

from selenium.webdriver.common.by import By

from locales.phrasebook import say
from locales.text import t
from tests.browser.page import Page, words
from tests.browser.price_pictures import goes_to

WORDS = (
    "New lamps that dim by themselves in the evening: we show you in your living room.",
    "De nouvelles lampes qui baissent d’elles-mêmes le soir : nous vous les montrons chez vous.",
    "Lámparas nuevas que se atenúan solas por la noche: se las enseñamos en su casa.",
    "Lampade nuove che si abbassano da sole la sera: gliele mostriamo a casa Sua.",
)


AGREED = (("en", "Emma"), ("it", "Marta"))


def offers(language: str) -> str:
    """The button with which one agrees."""
    return say(t("preferences.start", topic=t("topic.offers")), language)


def campaign(address: str, language: str) -> None:
    """The manager writes one, and looks at it."""
    page = Page(address, width=1240, height=1100)
    page.click("Begin")
    for spoken, name in AGREED:
        page.speaks(spoken)
        page.is_person(name)
        page.types("/preferences")
        time.sleep(1)
        page.click(offers(spoken), "#phone")
    page.speaks(language)
    page.runs("document.getElementById('tab-team').click()")
    page.is_teammate("Marc")
    goes_to(page, "trouble")
    page.types("/aftercare campaigns", "team-composer")
    time.sleep(2)
    page.click(words(language, "campaigns.new"), "#modal")
    time.sleep(1)
    page.driver.find_element(By.CSS_SELECTOR, "#modal input").send_keys("Dimming lamps")
    page.click(words(language, "campaigns.further"), "#modal")
    time.sleep(1)
    for box, said in zip(page.driver.find_elements(By.CSS_SELECTOR, "#modal textarea"), WORDS, strict=True):
        box.send_keys(said)
    page.click(words(language, "campaigns.look"), "#modal")
    time.sleep(1)
    page.picture(f"campaign-preview-{language}")
    page.close()
