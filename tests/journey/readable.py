"""Whether what somebody reads is in words, and in his language."""

import re
from collections.abc import Iterator
from functools import cache

from locales.phrasebook import catalogue, say
from locales.text import Text

BLANK = re.compile(r"\\\{\w+\\\}")
KEY_LIKE = re.compile(r"\b[a-z_]+(?:\.[a-z_]+)+\b")


@cache
def foreign(language: str, spoken: str = "en") -> list[re.Pattern[str]]:
    """The phrases of another language, as patterns of whole lines; of two words only what sounds different in it."""
    own = catalogue(language).phrases
    found = []
    for key, forms in catalogue(spoken).phrases.items():
        for form in forms:
            words = len(re.findall(r"[^\W\d]{2,}", re.sub(r"\{\w+\}", "", form)))
            if words > 2 or (words == 2 and form not in own[key]):
                found.append(re.compile(BLANK.sub(".+", re.escape(form))))
    return found


@cache
def line_fault(line: str, language: str) -> str | None:
    """What is wrong with one line that somebody reads."""
    leaked = next((key for key in KEY_LIKE.findall(line) if key in catalogue("en").phrases), None)
    if leaked:
        return f"a key instead of words: {leaked}"
    if "{" in line or "Text(" in line:
        return f"a blank that was not filled: {line[:80]}"
    if language != "en" and any(pattern.fullmatch(line) for pattern in foreign(language)):
        return f"English words: {line[:80]}"
    return None


def faults_in(text: str, labels: tuple[str, ...], language: str) -> Iterator[str]:
    """What is wrong with the words of a message and of its buttons."""
    for line in [line for line in text.splitlines() if line.strip()] + list(labels):
        if fault := line_fault(line, language):
            yield f"{language}: {fault}"
    if say(Text("fault.ours", {"number": "\0"}), language).split("\0")[0] in text:
        yield "an apology for a fault"
    if not text.strip():
        yield "a message without words"
    if len(set(labels)) != len(labels):
        yield f"{language}: two buttons with the same label: {labels}"


def speaks_another(text: str, labels: tuple[str, ...], language: str) -> str | None:
    """A line that is a phrase of another language than his."""
    for line in (*filter(str.strip, text.splitlines()), *labels):
        for other in {"en", "fr", "es", "it"} - {language}:
            if any(pattern.fullmatch(line) for pattern in foreign(language, other)):
                return f"{other} instead of {language}: {line[:80]}"
    return None
