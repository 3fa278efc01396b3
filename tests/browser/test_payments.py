"""Somebody pays on the page: with a card that is refused, then with one that works."""

import pytest
from hand import begin, button, gone, has, sees
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

pytestmark = pytest.mark.browser
SHEET = "//dialog//form[@class='sheet']"


def invoiced(browser: Chrome, address: str, words: str) -> WebElement:
    """Marta has an invoice before her: its Pay button."""
    begin(browser, address)
    sees(browser, button("Open the invitation", "phone")).click()
    sees(browser, has("abc", "chat"))
    sees(browser, "//*[@id='phone-composer']").send_keys(words, Keys.ENTER)
    sees(browser, has("Viaggio (42 km)", "chat"))
    return sees(browser, button("Pay €85.00", "chat"))


def test_an_invoice_shows_its_lines_and_is_paid_with_the_second_card(browser: Chrome, address: str) -> None:
    invoiced(browser, address, "pay").click()
    lines = [e.text.split("\n") for e in browser.find_elements(By.CSS_SELECTOR, "#chat .bill > div")]
    assert lines == [
        ["Visita", "€80.00"],
        ["Viaggio (42 km)", "€12.00"],
        ["Sconto fedeltà", "-€7.00"],
        ["Total", "€85.00"],
    ]
    sees(browser, f"{SHEET}//label[contains(., 'is declined')]").click()
    sees(browser, f"{SHEET}//button[.='Pay €85.00']").click()
    sees(browser, f"{SHEET}//*[@role='alert'][contains(., 'was declined')]")
    assert "successful" not in browser.find_element(By.ID, "chat").text
    sees(browser, f"{SHEET}//label[contains(., '4242')]").click()
    sees(browser, f"{SHEET}//button[.='Pay €85.00']").click()
    gone(browser, "//dialog")
    sees(browser, has("You paid €85.00 for “Visita di martedì”", "chat"))
    sees(browser, has("Thank you, it is paid.", "chat"))
    sees(browser, button("Receipt", "chat")).click()
    sees(browser, "//dialog//*[contains(., 'Payment successful')]")
    assert browser.find_elements(By.XPATH, SHEET) == []


def test_the_refusal_of_the_bot_stands_in_the_sheet(browser: Chrome, address: str) -> None:
    invoiced(browser, address, "pay taken").click()
    sees(browser, f"{SHEET}//button[.='Pay €85.00']").click()
    sees(browser, f"{SHEET}//*[@role='alert'][.='Somebody has just taken this time.']")
    sees(browser, f"{SHEET}//button[.='Cancel']").click()
    gone(browser, "//dialog")
    sees(browser, button("Pay €85.00", "chat"))


def test_on_a_small_screen_the_pay_button_stays_under_the_finger(browser: Chrome, address: str) -> None:
    size = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    pay = invoiced(browser, address, "pay")
    place = pay.rect["y"]
    ActionChains(browser).move_to_element(pay).perform()
    sees(browser, "//li[.//*[@class='invoice']]//*[@class='deeds']")
    assert pay.rect["y"] == place
    pay.click()
    sees(browser, f"{SHEET}//button[.='Pay €85.00']")
    assert browser.execute_script("return document.documentElement.scrollWidth <= innerWidth")
