"""The pictures of canned replies, files in forms and *Solved…*: played in two languages."""

import time
from pathlib import Path

from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from tests.browser.booking_pictures import HAS_A_BLIND_STUCK, TEAM
from tests.browser.page import ROOT, Page, words

PHOTO = next((ROOT / "docs" / "pictures").glob("phone.png"))


def canned(address: str, language: str) -> None:
    """Choosing one with a photo, what he will read, the manager's page, and what was done."""
    page = Page(address, **TEAM)
    page.click("Begin")
    page.speaks("it")
    page.is_person("Marta")
    page.types("/report")
    page.presses("area.shades")
    page.types(HAS_A_BLIND_STUCK["it"])
    page.presses("report.send")
    page.speaks(language)
    page.runs("document.getElementById('tab-team').click()")
    page.is_teammate("Ana")
    page.click(words(language, "team.reply"), "#posts")
    chooses(page, 0, "Please send a photo")
    attaches(page, PHOTO)
    page.picture(f"reply-{language}", **whole(page))
    page.click(words(language, "reply.submit"), "#modal")
    time.sleep(1)
    page.click(words(language, "reply.send"), "#modal")
    time.sleep(1)
    page.picture(f"reply-preview-{language}", **whole(page))
    fills(page, "[che cosa]", "tutta la tapparella")
    page.click(words(language, "reply.send"), "#modal")
    time.sleep(3)
    page.click(words(language, "team.resolve"), "#posts")
    chooses(page, 1, words(language, "cause.wear"))
    page.driver.find_element(By.CSS_SELECTOR, "#modal textarea").send_keys("Abbiamo sostituito la cinghia.")
    attaches(page, PHOTO)
    page.picture(f"solved-{language}", **whole(page))
    page.click(words(language, "resolve.submit"), "#modal")
    time.sleep(1)
    page.picture(f"solved-preview-{language}", **whole(page))
    page.click(words(language, "resolve.submit.again"), "#modal")
    time.sleep(2)
    manages(page, language)
    page.close()


def manages(page: Page, language: str) -> None:
    """What a manager sees and changes."""
    page.is_teammate("Marc")
    page.types("/aftercare replies", "team-composer")
    time.sleep(2)
    page.runs("document.querySelectorAll('#modal [data-focus$=\"/b2\"], #modal .b-button')[2].click()")
    page.click(words(language, "replies.change"), "body")
    time.sleep(1)
    page.picture(f"canned-change-{language}", **whole(page))
    fills(page, "Hello", "Good morning")
    page.click(words(language, "replies.save"), "#modal")
    time.sleep(2)
    page.picture(f"canned-{language}", **whole(page))


def chooses(page: Page, place: int, label: str) -> None:
    time.sleep(1)
    Select(page.driver.find_elements(By.CSS_SELECTOR, "#modal select")[place]).select_by_visible_text(label)


def attaches(page: Page, file: Path) -> None:
    page.driver.find_element(By.CSS_SELECTOR, "#modal input[type=file]").send_keys(str(file))
    time.sleep(1)


def fills(page: Page, was: str, now: str) -> None:
    """In the first text that has these words."""
    page.runs(
        "const box = [...document.querySelectorAll('#modal textarea')].find(b => b.value.includes(arguments[0]));"
        "box.value = box.value.replace(arguments[0], arguments[1]);"
        "box.dispatchEvent(new Event('input', {bubbles: true}))",
        was,
        now,
    )


def whole(page: Page) -> dict[str, int]:
    """Where the form stands, with some room around it."""
    at: dict[str, float] = page.driver.execute_script(
        "const r = document.getElementById('modal').getBoundingClientRect();"
        "return {x: r.x, y: r.y, width: r.width, height: r.height}"
    )
    room = 12
    return {
        "x": max(0, int(at["x"]) - room), "y": max(0, int(at["y"]) - room),
        "width": int(at["width"]) + 2 * room, "height": int(at["height"]) + 2 * room,
    }  # fmt: skip
