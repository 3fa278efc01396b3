"""The pictures of the app's home, the customer's page, finding and the morning brief: played in two languages."""

import time

from tests.browser.booking_pictures import HAS_A_BLIND_STUCK, HAS_LIGHTS_OUT, TEAM, wants_a_visit
from tests.browser.page import Page, words

VISITS = (("en", "Emma", "lighting"), ("it", "Marta", "shades"))


def home(address: str, language: str) -> None:
    """A technician's own side of the home, the managers', who was found, a customer's page and the form for a call."""
    page = Page(address, **TEAM)
    page.click("Begin")
    for spoken, name, area in VISITS:
        page.speaks(spoken)
        page.is_person(name)
        wants_a_visit(page, area, HAS_LIGHTS_OUT if area == "lighting" else HAS_A_BLIND_STUCK)
        page.choose_a_time(0)
        page.presses("solve.confirm")
    page.speaks("fr")
    page.is_person("Claire")
    page.types("/report")
    page.presses("area.shades")
    page.types(HAS_A_BLIND_STUCK["fr"])
    page.presses("report.send")
    page.speaks(language)
    page.runs("document.getElementById('tab-team').click()")
    page.runs("""document.querySelector('[data-move="tomorrow morning"]').click()""")
    time.sleep(4)
    page.is_teammate("Ana")
    page.runs("[...document.querySelectorAll('#team nav button')].pop().click()")
    time.sleep(1)
    page.picture(f"brief-{language}", width=860, height=560)
    goes_home(page)
    page.picture(f"home-{language}", width=860, height=670)
    page.is_teammate("Marc")
    goes_home(page)
    page.click(words(language, "home.team"), ".home")
    time.sleep(1)
    page.picture(f"home-team-{language}", width=860, height=600)
    finds(page, language)
    page.close()


def goes_home(page: Page) -> None:
    """The first place in the list: the app's home."""
    page.runs("[...document.querySelectorAll('#team nav button')].find(b => b.querySelector('svg')).click()")
    time.sleep(2)


def finds(page: Page, language: str) -> None:
    """`/aftercare find`, the page of whom one finds, the form for a call."""
    page.runs("[...document.querySelectorAll('#team nav button')].find(b => b.textContent.includes('service')).click()")
    page.types("/aftercare find nice", "team-composer")
    time.sleep(2)
    page.to_the_end("posts")
    page.picture(f"find-{language}")
    page.click("Marta Rossi", "#posts")
    time.sleep(1)
    page.picture(f"customer-{language}")
    page.click(words(language, "call.open"), "#modal")
    time.sleep(1)
    page.picture(f"call-{language}")
