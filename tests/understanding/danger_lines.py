"""What the model of danger learns from, with typing slips added."""

import json
import random
import re
from pathlib import Path

LOCALES = Path("locales")
DEV = Path("tests/understanding/urgency_dev.jsonl")
LANGUAGES = ("en", "fr", "es", "it")
LEVELS = ("emergency", "high", "calm")
NEAR = dict(zip("qwertyuiopasdfghjklzxcvbnm", "wertyuiopqsdfghjklaxcvbnmz", strict=True))

Row = tuple[str, str, bool, str]  # text, language, emergency, where from


def _lines(lang: str, name: str) -> list[str]:
    return (LOCALES / lang / "understanding" / name).read_text().splitlines()


def _slots(lang: str) -> dict[str, list[str]]:
    folder = LOCALES / lang / "understanding" / "slots"
    return {path.stem: path.read_text().splitlines() for path in folder.glob("*.txt")}


def _filled(text: str, slots: dict[str, list[str]], rnd: random.Random) -> str:
    return re.sub(r"<([\w-]+)>", lambda m: rnd.choice(slots.get(m[1], [m[0]])), text)


def phrases() -> list[Row]:
    """The training phrases of the other model: problems that are emergencies are listed by hand."""
    rows: list[Row] = []
    for lang in LANGUAGES:
        rnd, slots = random.Random(7), _slots(lang)
        emergencies, unsure = (
            set(_lines(lang, "danger/problem_emergencies.txt")),
            set(_lines(lang, "danger/unsure.txt")),
        )
        folder = LOCALES / lang / "understanding" / "phrases"
        for path in sorted(folder.rglob("*.txt")):
            kind = path.relative_to(folder).parts[0].removesuffix(".txt")
            for line in path.read_text().splitlines():
                if line in unsure:
                    continue
                text = _filled(line.rsplit(" | ", 1)[0], slots, rnd)
                rows.append((text, lang, kind == "problem" and line in emergencies, "phrase:" + kind))
    return rows


def danger() -> list[Row]:
    """The lines written for danger; a third of them lies in `judge/danger_unseen.jsonl` and is not learnt."""
    return [
        (text, lang, level == "emergency", level)
        for level in LEVELS
        for lang in LANGUAGES
        for text in _lines(lang, f"danger/{level}.txt")
    ]


def more() -> list[Row]:
    """Lines added while the model was made."""
    return [
        (text, lang, level == "emergency", "more " + level)
        for lang in LANGUAGES
        for level in ("emergency", "calm")
        for text in _lines(lang, f"danger/more_{level}.txt")
    ]


def dev() -> list[Row]:
    """The rows the rules were written with."""
    read = [json.loads(line) for line in DEV.read_text().splitlines()]
    return [(row["text"], row["lang"], row["level"] == "emergency", "dev") for row in read]


def slipped(text: str, rnd: random.Random) -> str:
    """The text as hasty fingers type it."""
    letters = list(text)
    for _ in range(rnd.choice((1, 1, 2, 3))):
        at = rnd.randrange(len(letters))
        if not letters[at].isalpha() or at + 1 >= len(letters):
            continue
        match rnd.randrange(4):
            case 0:
                letters[at] = ""
            case 1:
                letters[at] *= 2
            case 2 if letters[at + 1].isalpha():
                letters[at], letters[at + 1] = letters[at + 1], letters[at]
            case _:
                letters[at] = NEAR.get(letters[at].lower(), letters[at])
        letters = list("".join(letters)) or ["."]
    out = "".join(letters)
    if rnd.random() < 0.4:
        out = re.sub(r"['’]", "", out)
    return re.sub(r"[.,;:!?]", "", out) if rnd.random() < 0.5 else out
