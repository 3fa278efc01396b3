"""How long a text is for Telegram, and where it may be cut."""

import re
import unicodedata

BAD = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\u2028-\u202e]")
PARAGRAPH, LINE, SPACE = re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"[^\S\u00a0\u202f]")
INVISIBLE = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")  # letters that show nothing
JOINER = "\u200d"
LONGEST_GRAPHEME = 32  # characters to look back for its start; a longer one is cut


def units(text: str) -> int:
    """The length in UTF-16 units, as Telegram counts."""
    return len(text) + sum(c > "\uffff" for c in text)


def clean(text: str) -> str:
    """The text as Telegram would keep it: no half characters, controls, or turns of direction."""
    if not BAD.search(text):
        return text
    return BAD.sub(_replacement, text.replace("\r\n", "\n").replace("\r", "\n"))


def _replacement(found: re.Match[str]) -> str:
    if found[0] in "\u2028\u2029":
        return "\n"
    if "\ud800" <= found[0] <= "\udfff":
        return "\N{REPLACEMENT CHARACTER}"
    return "" if found[0] >= "\u202a" else " "


def blank(text: str) -> bool:
    """Whether there is nothing to see: Telegram refuses such a message."""
    return all(c.isspace() or c in INVISIBLE or unicodedata.category(c) in ("Cc", "Cf", "Mn", "Me") for c in text)


def shorten(text: str, limit: int) -> str:
    """The text within `limit` units; what is missing is an ellipsis."""
    if units(text) <= limit:
        return text
    return text[: _whole(text, 0, _reach(text, 0, limit - 1))].rstrip() + "…"


def cut(text: str, limit: int) -> list[tuple[int, int]]:
    """Where the parts of at most `limit` units start and end: at a paragraph, else a line, else a space, else anywhere.

    Blank space around a cut is left out, and so are parts that would show nothing.
    """
    parts = []
    start = _skip(text, 0)
    while start < len(text):
        reach = _reach(text, start, limit)
        end = reach if reach == len(text) else _seam(text, start, reach)
        seen = start + len(text[start:end].rstrip())
        if not blank(text[start:seen]):
            parts.append((start, seen))
        start = _skip(text, end)
    return parts


def _skip(text: str, start: int) -> int:
    while start < len(text) and text[start].isspace():
        start += 1
    return start


def _reach(text: str, start: int, limit: int) -> int:
    """The furthest end within `limit` units."""
    end = min(start + limit, len(text))
    over = units(text[start:end]) - limit
    while over > 0:
        end -= 1
        over -= units(text[end])
    return end


def _seam(text: str, start: int, reach: int) -> int:
    """The best place to cut before `reach`, not leaving a part less than half full for the sake of a nice seam."""
    least = start + (reach - start) // 2
    for pattern in (PARAGRAPH, LINE, SPACE):
        # One character more: a space right after the last one that fits is a seam too.
        places = [found.start() for found in pattern.finditer(text, least, reach + 1)]
        if places:
            return places[-1]
    return _whole(text, start, reach)


def _whole(text: str, start: int, end: int) -> int:
    """`end`, or a little before it when it is inside of what looks like one character."""
    at = end
    while at > max(start + 1, end - LONGEST_GRAPHEME) and _one(text, at):
        at -= 1
    return end if _one(text, at) else at


def _one(text: str, at: int) -> bool:
    """Whether the characters before and after `at` make one sign (an approximation of Unicode's grapheme rules)."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if JOINER in (before, after) or unicodedata.category(after).startswith("M"):
        return True
    if "\U0001f3fb" <= after <= "\U0001f3ff" or "\U000e0020" <= after <= "\U000e007f":  # skin tones, tags of flags
        return True
    return _flag(before) and _flag(after) and _flags_before(text, at) % 2 == 1


def _flag(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _flags_before(text: str, at: int) -> int:
    count = 0
    while count < at and _flag(text[at - count - 1]):
        count += 1
    return count
