"""The training phrases: read from `locales/`, slots filled, written carelessly, joined in pairs."""

import random
import re
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path

from locales.catalogues import HERE

LANGUAGES = ("en", "fr", "es", "it")
HABITS = Path(__file__).parent / "habits"
FILLS = 4  # of a line with a blank
SHORT_ENOUGH = 90  # characters of a line that is joined to another
SLOT = re.compile(r"<([\w-]+)>")
REQUESTS = ("visit", "price", "contract", "billing", "upgrade", "human", "howto", "command")
NEIGHBOURS = dict(zip("qwertyuiopasdfghjklzxcvbnm", "wertyuiopqsdfghjklazxcvbnm", strict=True))
LINKS = {
    "en": (" ", ". ", ", ", " and ", "! ", ". Also, ", " and also ", ". And "),
    "fr": (" ", ". ", ", ", " et ", "! ", ". Et puis ", " et aussi ", ". Par ailleurs, "),
    "es": (" ", ". ", ", ", " y ", "! ", ". Y otra cosa, ", " y también ", ". Además, "),
    "it": (" ", ". ", ", ", " e ", "! ", ". E poi ", " e anche ", ". Inoltre, "),
}


@dataclass(frozen=True)
class Phrase:
    """One line somebody might type, and what it means."""

    text: str
    language: str
    intent: str
    area: str | None
    also: str | None

    @property
    def label(self) -> str:
        """Intent and area in one word."""
        return f"{self.intent}/{self.area}" if self.area else self.intent


def written(seed: int = 0) -> list[Phrase]:
    """All phrases of all languages; lines with blanks several times."""
    chance = random.Random(seed)
    found = [phrase for language in LANGUAGES for phrase in _of(language, chance)]
    return list({(phrase.text, phrase.language): phrase for phrase in found}.values())


def _of(language: str, chance: random.Random) -> list[Phrase]:
    folder = HERE / language / "understanding"
    slots = {path.stem: _lines(path) for path in sorted((folder / "slots").glob("*.txt"))}
    found = []
    for path in sorted((folder / "phrases").rglob("*.txt")):
        area = path.stem if path.parent.name != "phrases" else None
        intent = path.parent.name if area else path.stem
        for line in _lines(path):
            text, _, also = line.partition(" | ")
            for _ in range(FILLS if SLOT.search(text) else 1):
                filled = SLOT.sub(lambda slot: chance.choice(slots[slot[1]]), text)
                found.append(Phrase(filled, language, intent, area, also or None))
    return found


def _lines(path: Path) -> list[str]:
    return [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def joined(phrases: list[Phrase], seed: int, each: int) -> list[Phrase]:
    """Pairs of lines in one message, labelled by the guide's rule of two intents; so many a language."""
    chance = random.Random(seed)
    made = []
    for language in LANGUAGES:
        by_intent: dict[str, list[Phrase]] = {}
        for phrase in phrases:
            if phrase.language == language and not phrase.also and len(phrase.text) < SHORT_ENOUGH:
                by_intent.setdefault(phrase.intent, []).append(phrase)
        made += [_pair(by_intent, chance, language) for _ in range(each)]
    return made


def _pair(by_intent: dict[str, list[Phrase]], chance: random.Random, language: str) -> Phrase:
    first, second = _kinds(chance)
    one, two = chance.choice(by_intent[first]), chance.choice(by_intent[second])
    ordered = [one, two]
    if second not in REQUESTS or first == "problem":
        chance.shuffle(ordered)
    text = ordered[0].text.rstrip(" .!") + chance.choice(LINKS[language]) + ordered[1].text
    return replace(one, text=text, also=None if second == "greeting" else second)


def _kinds(chance: random.Random) -> tuple[str, str]:
    kind = chance.random()
    if kind < 0.4:
        return "problem", chance.choice((*REQUESTS, "complaint"))
    if kind < 0.6:
        first, second = chance.sample(REQUESTS, 2)
        return first, second
    if kind < 0.8:
        return chance.choice(REQUESTS), chance.choice(("complaint", "feedback"))
    return chance.choice(("problem", *REQUESTS, "feedback", "complaint")), "greeting"


def habits() -> dict[str, dict[str, list[str]]]:
    """How people shorten words when they chat: language → word → its short forms."""
    kept: dict[str, dict[str, list[str]]] = {}
    for language in LANGUAGES:
        pairs = [line.split(" = ") for line in _lines(HABITS / f"{language}.txt") if " = " in line]
        kept[language] = {full: [s.strip() for s in shorts.split(",") if s.strip() != full] for full, shorts in pairs}
    return kept


def careless(phrase: Phrase, chance: random.Random, shorter: dict[str, list[str]]) -> Phrase:
    """The same line as somebody types it in haste: no accents, no commas, letters lost, doubled or swapped."""
    text = phrase.text
    if chance.random() < 0.55:
        text = text.lower()
    if chance.random() < 0.5:
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    if chance.random() < 0.5:
        text = re.sub(r"[.,;:!?¿¡]+", " ", text)
    if chance.random() < 0.3:
        text = re.sub(r"(?<=\w)['’](?=\w)", chance.choice(("", " ")), text)
    if chance.random() < 0.35:
        said = [(word, shorter.get(word.lower()) or [word]) for word in text.split()]
        text = " ".join(chance.choice(short) if chance.random() < 0.6 else word for word, short in said)
    for _ in range(chance.choice((0, 0, 1, 1, 2) if len(text) < 60 else (0, 1, 2, 3))):
        text = _slip(text, chance)
    return replace(phrase, text=" ".join(text.split()) or phrase.text)


def _slip(text: str, chance: random.Random) -> str:
    if len(text) < 5:
        return text
    at = chance.randrange(len(text) - 1)
    here, following = text[at], text[at + 1]
    if not here.isalpha():
        return text
    swapped = following + here if following.isalpha() else here + following
    slip = chance.choice((swapped, following, here + here + following, NEIGHBOURS.get(here, here) + following))
    return text[:at] + slip + text[at + 2 :]
