"""What a secret looks like, by itself and beside its neighbours."""

import re
from collections.abc import Iterator

from domain import secret_words as words

DOT = "•"
Span = tuple[int, int]
WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")

CARD = re.compile(r"(?<![\d+])(?<!\d[ -])\d(?:[ -]?\d){13,18}(?![ -]?\d)")
CARD_SHAPES = re.compile(
    r"4\d{15}(?:\d{3})?|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3[068]\d{12}|35\d{14}|6\d{15,18}|5[06-9]\d{14}"
)


def cards(folded: str) -> Iterator[Span]:
    """Card numbers: the digits of a known kind of card, with a right check digit (ISO/IEC 7812)."""
    for found in CARD.finditer(folded):
        digits = found[0].replace(" ", "").replace("-", "")
        if CARD_SHAPES.fullmatch(digits) and _luhn(digits):
            yield found.span()


def _luhn(digits: str) -> bool:
    doubled = (int(d) * 2 for d in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(d - 9 if d > 9 else d for d in doubled)) % 10 == 0


QUANTITY = re.compile(r"\d+(?:[.,:/-]\d+)*(?:[a-z%€$£°]{1,4})?|[€$£]\d+(?:[.,]\d+)?")
MIXED = re.compile(
    r"(?=.*\d)(?=.*[^\W\d_]).{4,64}"  # letters and digits
    r"|(?=.*[^\W\d_])\S{2,}[!@#$%&*+=?^~|\\<>]\S+"  # a sign amid letters
    r"|\S*[@#$%&*+=^~|]\S*\d\S*"  # a sign and a digit
)


def looks_secret(value: str) -> bool:
    """Whether nobody would write such a word but as a password: letters amid digits or signs, or a long number."""
    text = value.rstrip(".,;:!?)'")
    if DOT in value or "://" in text or re.fullmatch(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", text):
        return False
    if text.isdigit():
        return 4 <= len(text) <= 16
    return not QUANTITY.fullmatch(text) and bool(MIXED.fullmatch(text)) and text[0] != "+"


def year(text: str) -> bool:
    """Whether the number may be a year."""
    return bool(re.fullmatch(r"(?:19|20)\d\d[.,;:!?)']*", text))


def dated(text: str, before: list[str]) -> bool:
    """Whether the number is a year: “since 2019”."""
    return year(text) and bool(before) and before[-1] in words.SINCE


def counted(folded: str, value: re.Match[str]) -> bool:
    """Whether the number is a quantity: “8 characters”."""
    following = WORD.match(folded, value.end() + (folded[value.end() : value.end() + 1].isspace()))
    return following is not None and following[0] in words.UNITS and value["value"][0].isdigit()
