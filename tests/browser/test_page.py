"""Somebody plays homeowner and team on the page: by mouse, by keyboard, on a small screen."""

import time

import pytest
from hand import PATIENCE, begin, button, gone, has, sees
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select, WebDriverWait

pytestmark = pytest.mark.browser


def focused(browser: Chrome) -> WebElement:
    return browser.switch_to.active_element


def types(browser: Chrome, *keys: str) -> None:
    ActionChains(browser).send_keys(*keys).perform()


def test_a_conversation_by_mouse_reaches_the_team_and_comes_back(browser: Chrome, address: str) -> None:
    begin(browser, address)
    sees(browser, button("Open the invitation", "phone")).click()
    sees(browser, has("abc", "chat"))
    sees(browser, "//*[@id='phone-composer']").send_keys("The shades <b>are</b> stuck")
    sees(browser, "//*[@id='phone']//button[@aria-label='Send']").click()
    sees(browser, has("You said: The shades <b>are</b> stuck", "chat"))
    sees(browser, button("Yes", "chat")).click()
    sees(browser, "//*[@id='toasts']//*[contains(., 'Noted')]")
    sees(browser, has("Thank you, the team knows.", "chat"))
    sees(browser, button("Take", "posts")).click()
    sees(browser, has("@Ana Ruiz", "posts"))
    sees(browser, "//*[@id='posts']//button[contains(., '1 reply')]").click()
    sees(browser, has("Marta was told", "thread-posts"))
    sees(browser, button("Answer", "posts")).click()
    field = sees(browser, "//*[@id='modal']//input")
    field.send_keys("no")
    sees(browser, button("Send", "modal")).click()
    sees(browser, has("Say more", "modal"))
    field.send_keys("w we know")
    sees(browser, button("Send", "modal")).click()
    gone(browser, "//*[@id='modal']")
    sees(browser, has("now we know", "chat"))


def test_a_conversation_by_keyboard_alone(browser: Chrome, address: str) -> None:
    browser.get(address)
    sees(browser, "//dialog//button[.='Begin']")
    types(browser, Keys.ESCAPE)
    gone(browser, "//dialog")
    start = sees(browser, button("Open the invitation", "phone"))
    for _ in range(40):
        if focused(browser) == start:
            break
        types(browser, Keys.TAB)
    types(browser, Keys.ENTER)
    sees(browser, has("abc", "chat"))
    WebDriverWait(browser, PATIENCE).until(lambda b: sees(b, "//*[@id='phone-composer']"))
    for _ in range(60):
        if focused(browser).get_attribute("id") == "phone-composer":
            break
        types(browser, Keys.TAB)
    types(browser, "Hello", Keys.ENTER)
    sees(browser, has("You said: Hello", "chat"))
    assert focused(browser).get_attribute("id") == "phone-composer"
    for _ in range(10):  # back over the tools of the composer into the newest message
        ActionChains(browser).key_down(Keys.SHIFT).send_keys(Keys.TAB).key_up(Keys.SHIFT).perform()
        if focused(browser).text == "No":
            break
    assert focused(browser).text == "No"
    types(browser, Keys.ENTER)
    sees(browser, has("Thank you, the team knows.", "chat"))
    sees(browser, button("Answer", "posts"))
    focus(browser, "#posts [data-item]:last-child")
    types(browser, Keys.ARROW_UP)
    types(browser, Keys.ARROW_DOWN)
    for _ in range(10):
        if focused(browser).text == "Answer":
            break
        types(browser, Keys.TAB)
    types(browser, Keys.ENTER)
    sees(browser, "//*[@id='modal']//input")
    types(browser, Keys.ESCAPE)
    gone(browser, "//*[@id='modal']")
    assert focused(browser).text == "Answer"


def focus(browser: Chrome, selector: str) -> None:
    browser.execute_script("document.querySelector(arguments[0]).focus()", selector)


def test_everything_from_the_attach_menu_appears_in_the_chat(browser: Chrome, address: str) -> None:
    begin(browser, address)
    sees(browser, button("Open the invitation", "phone")).click()
    sees(browser, has("abc", "chat"))
    for label in (
        "Photo",
        "Two photos as an album",
        "Voice message",
        "Video",
        "Document",
        "My phone number",
        "Location",
    ):
        sees(browser, "//*[@id='attach']").click()
        sees(browser, f"//*[@role='menuitem'][.='{label}']").click()
    sees(browser, has("Location", "chat"))
    assert len(browser.find_elements(By.CSS_SELECTOR, "#chat img")) == 3
    assert len(browser.find_elements(By.CSS_SELECTOR, "#chat .album img")) == 2
    assert len(browser.find_elements(By.CSS_SELECTOR, "#chat :is(audio, video)")) == 2
    assert browser.find_elements(By.CSS_SELECTOR, "#chat a.card[download]")


def test_time_weather_language_and_the_story(browser: Chrome, address: str) -> None:
    begin(browser, address)
    sees(browser, "//button[@data-move='+1 week']").click()
    sees(browser, "//*[contains(@class, 'ahead') and contains(., '7 d')]")
    sees(browser, "//*[@id='weather']").click()
    sees(browser, "//*[@role='menuitem'][.='Take Telegram away']").click()
    sees(browser, "//*[@id='weather'][contains(., 'Telegram is away')]")
    sees(browser, "//*[@id='story-button']").click()
    sees(browser, "//*[@id='story-list']//*[.='apps.connections.open']")
    types(browser, Keys.ESCAPE)
    for code, words in (("fr", "Ce qui s’est passé"), ("es", "Qué ha pasado"), ("it", "Che cosa è successo")):
        Select(sees(browser, "//*[@id='language']")).select_by_value(code)
        sees(browser, f"//*[@id='story-button'][contains(., '{words}')]")
        assert browser.find_element(By.TAG_NAME, "html").get_attribute("lang") == code


def test_a_small_screen_shows_one_side_at_a_time(browser: Chrome, address: str) -> None:
    size = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    begin(browser, address)
    assert browser.find_element(By.ID, "phone").is_displayed()
    assert not browser.find_element(By.ID, "team").is_displayed()
    sees(browser, "//*[@id='tab-team']").click()
    assert browser.find_element(By.ID, "team").is_displayed()
    assert not browser.find_element(By.ID, "phone").is_displayed()
    assert browser.execute_script("return document.documentElement.scrollWidth <= innerWidth")


def test_five_hundred_messages_stay_quick(browser: Chrome, address: str) -> None:
    begin(browser, address)
    sees(browser, button("Open the invitation", "phone")).click()
    sees(browser, has("abc", "chat"))
    sees(browser, "//*[@id='phone-composer']").send_keys("many", Keys.ENTER)
    WebDriverWait(browser, 60).until(lambda b: b.find_elements(By.XPATH, has("Message 499", "chat")))
    sees(browser, "//*[@id='phone']//button[.='Earlier messages']").click()
    WebDriverWait(browser, PATIENCE).until(lambda b: len(b.find_elements(By.CSS_SELECTOR, "#chat > li")) >= 500)
    field = sees(browser, "//*[@id='phone-composer']")
    began = time.monotonic()
    field.send_keys("still here", Keys.ENTER)
    sees(browser, has("You said: still here", "chat"))
    assert time.monotonic() - began < 2
