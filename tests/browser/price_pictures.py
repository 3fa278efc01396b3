"""The pictures of prices that managers change: the page, what a change means, and what the team reads."""

import time

from selenium.webdriver.common.by import By

from tests.browser.page import Page, words


def prices(address: str, language: str) -> None:
    """The manager raises everything by a percentage, then looks at the page and at the channel."""
    page = Page(address, width=1240, height=900)
    page.click("Begin")
    page.speaks(language)
    page.runs("document.getElementById('tab-team').click()")
    page.is_teammate("Marc")
    goes_to(page, "trouble")
    page.types("/aftercare prices", "team-composer")
    time.sleep(2)
    page.click(words(language, "prices.all"), "#modal")
    time.sleep(1)
    page.driver.find_element(By.CSS_SELECTOR, "#modal input[type=number]").send_keys("3.5")
    page.click(words(language, "prices.change.submit"), "#modal")
    time.sleep(1)
    why = page.driver.find_element(By.CSS_SELECTOR, "#modal input:not([type=number]), #modal textarea")
    why.send_keys({"fr": "Révision annuelle"}.get(language, "The yearly adjustment"))
    page.picture(f"prices-preview-{language}")
    page.click(words(language, "prices.enter"), "#modal")
    time.sleep(1)
    page.picture(f"prices-{language}")
    page.runs("document.querySelector('#modal').close?.()")
    page.to_the_end("posts")
    page.picture(f"prices-told-{language}")
    page.close()


def goes_to(page: Page, channel: str) -> None:
    """A channel, in the list."""
    find = "[...document.querySelectorAll('#team nav button')].find(b => b.textContent.includes(arguments[0]))"
    page.runs(f"{find}.click()", channel)
    time.sleep(1)
