"""The pictures of first aid: what he can try himself, one step at a time."""

import time

from tests.browser.booking_pictures import phone

WEAK = {
    "en": "the wifi is very weak in the guest room",
    "fr": "le wifi est très faible dans la chambre d'amis",
    "es": "el wifi llega muy flojo a la habitación de invitados",
    "it": "il wifi è debolissimo nella camera degli ospiti",
}


def first_aid(address: str, language: str, name: str) -> None:
    """It is offered above the ways; here is its second step."""
    page = phone(address, language, name)
    page.types("/report")
    page.presses("area.network")
    page.types(WEAK[language])
    page.presses("report.send")
    page.presses("aid.offer")
    page.presses("aid.next")
    time.sleep(1)
    page.to_the_end("chat")
    page.picture(f"aid-{language}")
    page.close()
