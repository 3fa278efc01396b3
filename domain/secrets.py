"""The secrets guard: passwords, codes and card numbers are struck out before anything is kept."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from domain import secret_words as words
from domain.secret_shapes import DOT, WORD, Span, cards, counted, dated, looks_secret, year

PASSES = 8  # striking one secret out may uncover the next; text that needs more than two is no text of people
SPACES = frozenset(" \t\n\r\u00a0\u202f-#")
WINDOW = 96  # how far behind its name a value is looked for


def mask(text: str, language: str | None = None) -> str:
    """The text with every secret replaced by dots, as many as the secret has UTF-16 units.

    `language` is the person's, if known: it decides whether a small word is a misspelt “is”.
    """
    for _ in range(PASSES):
        masked = _once(text, language)
        if masked == text:
            break
        text = masked
    return text


def _once(text: str, language: str | None) -> str:
    folded, where = _fold(text)
    spans = [*cards(folded), *_named(folded, language), *_reversed(folded)]
    if not spans:
        return text
    parts, done = [], 0
    for start, end in sorted((where[s], where[e]) for s, e in spans):
        if end > done:
            start = max(start, done)
            parts += [text[done:start], *(DOT * (1 + (ord(c) > 0xFFFF)) for c in text[start:end])]
            done = end
    return "".join([*parts, text[done:]])


def _fold(text: str) -> tuple[str, list[int]]:
    """The text in lower case without accents (“è” excepted: it is Italian for “is”), and where each character was."""
    folded: list[str] = []
    where: list[int] = []
    for at, character in enumerate(text):
        kind = unicodedata.category(character)
        if kind in ("Mn", "Cf"):
            if character == "\u0300" and folded and folded[-1] == "e":
                folded[-1] = "è"
            continue
        low = character.lower() if kind != "Nd" else str(unicodedata.digit(character))
        low = "'" if low in "’‘`´" else low
        folded.append(low if low == "è" else unicodedata.normalize("NFD", low)[0])
        where.append(at)
    return "".join(folded), [*where, len(text)]


def _either(options: Iterable[str]) -> str:
    longest = sorted(set(options), key=len, reverse=True)
    return "|".join(re.escape(o).replace(r"\ ", r"[\s]{1,3}") for o in longest)


# ── what comes behind its name ──

NAMES = re.compile(
    rf"(?<!\w)(?:(?P<password>{_either((*words.PASSWORDS, *words.NETWORK_KEYS))})|(?P<short>{_either(words.SHORT)})"
    rf"|(?P<code>{_either(words.CODES)}))(?!\w)"
)
ADVERBS = rf"(?:[\s,]{{0,3}}(?:{_either(words.ADVERBS)})(?!\w)){{0,2}}"
SENTENCE_END = re.compile(r"[.!?;](?=\s)|\n\s{0,8}\n")
VALUE = re.compile(r"[\s]{0,3}(?P<quote>[\"'«“”*_]{0,2})\s?(?P<value>[^\s\"«»“”]{1,64})")
QUOTED = re.compile(r"[\s]{0,3}(?:\"([^\"\n]{2,64})\"|«([^»\n]{2,64})»|“([^”\n]{2,64})”|'([^'\n]{2,64})')")
CODE = re.compile(
    r"[\s]{0,3}[\"'«“*#-]{0,2}\s?"
    r"(?P<value>(?:\d(?:[ -]?\d){2,8}|(?=\w{0,6}\d)[a-z0-9]{4,8})[#*]?)"
    r"(?![\w/,:.€$£%]?\w|[€$£%])"
)
AGAIN = re.compile(r"[\s]{0,2}(?:,|/|\b(?:and|or|y|o|e|et|ou|then|puis|luego|poi)\b)(?=\s)")


def _links(copulas: Iterable[str]) -> re.Pattern[str]:
    return re.compile(
        rf"(?P<strong>\s{{0,3}}(?:{_either(words.STRONG)}))"
        rf"|(?<=[\s,'])(?:(?P<copula>{_either(copulas)})(?=[\s:\"«“]){ADVERBS}(?P<sign>\s?:)?"
        rf"|(?P<weak>{_either(words.WEAK)})(?=\s))"
    )


LINKS = {None: _links(words.COPULAS)} | {
    language: _links((*words.COPULAS, *loose)) for language, loose in words.LOOSE_COPULAS.items()
}


def _named(folded: str, language: str | None) -> Iterator[Span]:
    links = LINKS.get(language, LINKS[None])
    for name in NAMES.finditer(folded):
        judge = _code if name["code"] else _password
        start = name.end()
        stop = SENTENCE_END.search(folded, start, start + WINDOW)
        end = stop.start() if stop else min(len(folded), start + WINDOW)
        span = judge(folded, name, links, end)
        while span:
            yield span
            again = AGAIN.match(folded, span[1])
            span = _another(folded, again.end(), code=bool(name["code"])) if again else None


def _another(folded: str, start: int, *, code: bool) -> Span | None:
    """A second value behind the first: “1234 and 5678”."""
    if not code:
        return _value(folded, start, plain=False, sure=False, digits=True)
    value = CODE.match(folded, start)
    return _unstarred(folded, value) if value and _holds(folded, value, least=3) else None


def _password(folded: str, name: re.Match[str], links: re.Pattern[str], end: int) -> Span | None:
    start, short = name.end(), bool(name["short"])
    if not short and (span := _bare(folded, start)):
        return span
    for link in links.finditer(folded, start, end):
        between = WORD.findall(folded[start : link.start()])
        if len(between) > 7 or words.HARMLESS.intersection(between):
            return None
        strong = bool(link["strong"] or link["sign"])
        if short and (between or not strong):
            return None
        if span := _linked(folded, link, strong=strong, short=short, close=_close(between), key=name[0] == "clave"):
            return span
    return None


def _close(between: list[str]) -> bool:
    """Whether the words between a name and its link still speak of the name."""
    return not between or between[0] in words.FILLERS


def _linked(folded: str, link: re.Match[str], *, strong: bool, short: bool, close: bool, key: bool) -> Span | None:
    copula = bool(link["copula"])
    if (strong or copula) and (span := _quoted(folded, link.end())):
        return span
    plain = not short and close and (strong or (copula and not key))
    span = _value(folded, link.end(), plain=plain, sure=strong and not short, digits=close)
    return None if span and link["weak"] and year(folded[slice(*span)]) else span


def _bare(folded: str, start: int) -> Span | None:
    """A value that follows its name without “is”: “wifi password Casa2024!”."""
    for _ in range(5):
        value = VALUE.match(folded, start)
        if not value or not folded[start : start + 1].isspace():
            return None
        word = value["value"].strip(".,;:!?()'")
        if looks_secret(value["value"]):
            return None if counted(folded, value) or year(word) else _trimmed(value)
        if word.split("'")[-1] not in words.FILLERS:
            return None
        start = value.end()
    return None


def _quoted(folded: str, start: int) -> Span | None:
    found = QUOTED.match(folded, start)
    if not found or DOT in found[0]:
        return None
    index = found.lastindex or 0
    return None if found[index].strip() in words.ORDINARY else found.span(index)


def _value(folded: str, start: int, *, plain: bool, sure: bool, digits: bool) -> Span | None:
    value = VALUE.match(folded, start)
    if not value or (value.start("value") == start and not sure) or DOT in value["value"] or counted(folded, value):
        return None
    text = value["value"].rstrip(".,;:!?)'")
    if looks_secret(value["value"]):
        return _trimmed(value) if digits or not text.isdigit() else None
    if not plain or _ordinary(text, endings=not sure):
        return None
    ends = len(text) >= 4 and _clause_ends(folded, value.end(), value["value"])
    return _trimmed(value) if ends or (sure and len(text) >= 3) else None


def _ordinary(text: str, *, endings: bool) -> bool:
    """Whether the word describes a password instead of being one."""
    first = text.split("'")[0]
    described = endings and text.endswith(words.ORDINARY_ENDINGS)
    return not text or text in words.ORDINARY or first in words.ORDINARY or described


def _clause_ends(folded: str, end: int, value: str) -> bool:
    following = VALUE.match(folded, end)
    return value[-1] in ".,;!?)" or not following or following["value"].strip(".,!") in words.AND


def _trimmed(value: re.Match[str]) -> Span:
    start, end = value.span("value")
    return start, end - len(value["value"]) + len(value["value"].rstrip(".,;:)'*_"))


# ── codes ──


def _code(folded: str, name: re.Match[str], links: re.Pattern[str], end: int) -> Span | None:
    before = WORD.findall(folded[max(0, name.start() - 40) : name.start()])[-3:]
    if words.HARMLESS.intersection(before):
        return None
    opens = name["code"] in words.OWN_SECRET or bool(words.PLACES.intersection(before[-2:]))
    return _code_beside(folded, name, end, opens=opens) or _code_linked(folded, name.end(), links, end, opens=opens)


def _code_beside(folded: str, name: re.Match[str], end: int, *, opens: bool) -> Span | None:
    """A code that follows its name without “is”: “code alarme 4521”."""
    start = name.end()
    least = 3 if name["code"] in words.CARD_CHECKS else 4
    for at in (start, *(w.end() for w in WORD.finditer(folded, start, end))):
        between = WORD.findall(folded[start:at])
        if len(between) > 4 or words.HARMLESS.intersection(between):
            return None
        value = CODE.match(folded, at) if folded[at : at + 1] in SPACES else None
        if not value or not _holds(folded, value, least=least) or dated(value["value"], between):
            continue
        if not _close_by(value["value"], between):
            return None
        around = [*between, *WORD.findall(folded[value.end() : value.end() + 40])[:3]]
        if opens or (words.PLACES.intersection(around) and not words.HARMLESS.intersection(around)):
            return _unstarred(folded, value)
    return None


def _close_by(text: str, between: list[str]) -> bool:
    """Whether every word before the value is one of a code's; digits alone may follow two others."""
    others = [word for word in between if word not in words.FILLERS and word not in words.PLACES]
    return len(others) <= (0 if any(c.isalpha() for c in text) else 2)


def _code_linked(folded: str, start: int, links: re.Pattern[str], end: int, *, opens: bool) -> Span | None:
    for link in links.finditer(folded, start, end):
        between = WORD.findall(folded[start : link.start()])
        if len(between) > 8 or words.HARMLESS.intersection(between):
            return None
        known = opens or bool(words.PLACES.intersection(between))
        value = CODE.match(folded, link.end()) if known or not link["weak"] else None
        if value and _holds(folded, value, least=3 if known else 4) and not dated(value["value"], [link[0]]):
            return _unstarred(folded, value)
    return None


def _holds(folded: str, value: re.Match[str], *, least: int) -> bool:
    text = value["value"]
    letters = sum(c.isalpha() for c in text)
    if re.fullmatch(r"\d{4}-\d\d-\d\d|\d\d-\d\d-\d{4}", text) or counted(folded, value):
        return False
    return _digits(text) >= (least if not letters else 2) and _digits(text) + letters <= 9


def _unstarred(folded: str, value: re.Match[str]) -> Span:
    """The value without the star that closes bold type."""
    start, end = value.span("value")
    return start, end - (folded[start - 1] == folded[end - 1] == "*")


def _digits(text: str) -> int:
    return sum(c.isdigit() for c in text)


# ── the other way round: “1234 is the alarm code” ──

REVERSED = re.compile(
    rf"\s(?:is|est|es|è)\s(?:{_either(words.OWNERS)})\s(?P<between>(?:\w{{2,12}}\s){{0,2}}?)"
    rf"(?:(?P<password>{_either((*words.PASSWORDS, *words.NETWORK_KEYS))})|(?P<code>{_either(words.CODES)}))(?!\w)"
)


def _reversed(folded: str) -> Iterator[Span]:
    for found in REVERSED.finditer(folded):
        if words.HARMLESS.intersection(WORD.findall(folded[found.start() : found.end() + 24])):
            continue
        far = max(0, found.start() - 80)
        start = max(folded.rfind(" ", far, found.start()), folded.rfind("\n", far, found.start()), far - 1) + 1
        value = folded[start : found.start()].strip("\"'«»“”,.(")
        at = folded.find(value, start, found.start())
        secret = bool(re.fullmatch(r"\d{4,8}[#*]?", value)) if found["code"] else looks_secret(value)
        if value and DOT not in value and secret and len(value) <= 64:
            yield at, at + len(value)
