"""The pictures of a storm: several homes report the same, everybody is told."""

import time

from tests.browser.page import Page, words

SMALL = "\n[desk.storm]\nhomes = 2\n"  # the demo has few homes
WITHOUT_SOUND = (
    ("it", "Marta", "Nessuna stanza ha più l’audio"),
    ("fr", "Claire", "Plus aucun son dans la maison"),
    ("es", "Sofía", "No hay sonido en toda la casa"),
    ("en", "Emma", "No sound in any room"),
)
TALL = {"width": 860, "height": 1300}


def storm(address: str, language: str) -> None:
    """The card, the form in four languages, the list; and a homeowner's chat."""
    page = Page(address, **TALL)
    page.click("Begin")
    for spoken, name, story in WITHOUT_SOUND:
        page.speaks(spoken)
        page.is_person(name)
        page.types("/report")
        page.presses("area.audio")
        page.types(story)
        page.presses("report.send")
    page.speaks(language)
    page.runs("document.getElementById('tab-team').click()")
    page.is_teammate("Lena")
    page.click(words(language, "storm.tell"), "#posts")
    time.sleep(1)
    page.picture(f"storm-tell-{language}")
    page.runs("document.querySelector('#modal [type=submit]').click()")
    time.sleep(1)
    page.runs("document.querySelector('#modal [type=submit]').click()")
    time.sleep(3)
    page.runs(
        "[...document.querySelectorAll('#posts > *')].find(p => p.innerText.includes('Lena Hofer'))"
        "?.scrollIntoView({block: 'start'})"
    )
    page.picture(f"storm-card-{language}", width=860, height=900)
    page.click(words(language, "storm.list"), "#posts", exactly=True)
    time.sleep(1)
    page.picture(f"storm-list-{language}")
    page.close()
    if language == "en":
        return
    chat = Page(address, width=520, height=1120)
    chat.click("Begin")
    chat.speaks("fr")
    chat.is_person("Claire")
    time.sleep(1)
    chat.to_the_end("chat")
    chat.picture("storm-told-fr")
    chat.close()
