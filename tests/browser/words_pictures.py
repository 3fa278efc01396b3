"""The pictures of what people say in their own words: a fault, a question, a time that suits, and danger."""

import time

from tests.browser.booking_pictures import phone, wants_a_visit
from tests.browser.page import Page

SAYS = {"fr": "les stores du salon ne descendent plus", "es": "apaga las luces de la cocina"}
HAS_A_LAMP_OUT = {"fr": "Le lustre du salon ne s’allume plus", "es": "La lámpara del salón no se enciende"}
ASKS_FOR = {"fr": "plutôt jeudi ou vendredi, après 14 h", "es": "mejor el jueves o el viernes, a partir de las 14"}
IS_IN_DANGER = {"fr": "ça sent le gaz dans la cuisine !!", "es": "sale agua del techo del baño, cada vez más"}


def said(address: str, language: str, name: str) -> None:
    """Words that are understood; times that are asked for in words; then danger, in words as well."""
    page = phone(address, language, name)
    page.types(SAYS[language])
    _shoot(page, f"meant-{language}")
    page.types("/cancel")
    wants_a_visit(page, "lighting", HAS_A_LAMP_OUT)
    page.types(ASKS_FOR[language])
    _shoot(page, f"asked-{language}")
    page.types(IS_IN_DANGER[language])
    _shoot(page, f"danger-{language}")
    page.close()


def _shoot(page: Page, name: str) -> None:
    time.sleep(2)
    page.picture(name)
