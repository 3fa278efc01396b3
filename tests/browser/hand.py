"""Looking and pressing on the page, as everybody does it."""

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

PATIENCE = 10


def sees(browser: Chrome, xpath: str) -> WebElement:
    """The element, once it can be seen."""

    def look(chromium: Chrome) -> WebElement | None:
        return next((e for e in chromium.find_elements(By.XPATH, xpath) if e.is_displayed()), None)

    found = WebDriverWait(browser, PATIENCE, ignored_exceptions=(Exception,)).until(look)
    assert found is not None
    return found


def gone(browser: Chrome, xpath: str) -> None:
    WebDriverWait(browser, PATIENCE).until(lambda b: not b.find_elements(By.XPATH, xpath))


def has(words: str, within: str = "") -> str:
    return f"//*[@id='{within}']//*[contains(normalize-space(.), '{words}')]" if within else f"//*[.='{words}']"


def button(label: str, within: str) -> str:
    return f"//*[@id='{within}']//button[normalize-space(.)='{label}']"


def begin(browser: Chrome, address: str) -> None:
    browser.get(address)
    sees(browser, "//dialog//button[.='Begin']").click()
    gone(browser, "//dialog")
