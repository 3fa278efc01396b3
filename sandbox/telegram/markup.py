"""Telegram's HTML: markup → text and entities, entities → markup; offsets in UTF-16 units."""

import html
import re
from collections.abc import Iterable
from typing import Any

from sandbox.telegram.errors import bad_request
from sandbox.telegram.spec import units

Entity = dict[str, Any]

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
OPENING = {"bold": "b", "italic": "i", "underline": "u", "strikethrough": "s", "spoiler": "tg-spoiler", "code": "code"}
TOKEN = re.compile(r"<(?P<end>/?)(?P<tag>[^\s<>/]*)(?P<attributes>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>|<|[^<]+")
ATTRIBUTE = re.compile(r"([\w-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
CHARACTER = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);")
FOUND = (
    ("url", re.compile(r"\bhttps?://[^\s<>\"]*[^\s<>\".,;:!?)]")),
    ("email", re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")),
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?\b")),
    ("mention", re.compile(r"(?<![\w.])@[A-Za-z]\w{3,31}\b")),
    ("hashtag", re.compile(r"(?<!\w)#\w*[^\W\d]\w*")),
)
CLOSED_TO_FINDS = {"code", "pre", "text_link"}


class Parser:
    """Reads one text; `open` holds the tags not yet closed as (tag, entity)."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self.length = 0
        self.entities: list[Entity] = []
        self.open: list[tuple[str, Entity]] = []

    def read(self, source: str) -> tuple[str, list[Entity]]:
        for token in TOKEN.finditer(source):
            at = len(source[: token.start()].encode())
            if token[0] == "<" or (token["tag"] == "" and token[0].startswith("<")):
                raise unparsable(f'Unsupported start tag "" at byte offset {at}')
            if not token[0].startswith("<"):
                self.say(CHARACTER.sub(lambda m: html.unescape(m[0]), token[0]))
            elif token["end"]:
                self.close(token["tag"].lower(), at)
            else:
                self.begin(token["tag"].lower(), token["attributes"], at)
        if self.open:
            raise unparsable(f'Can\'t find end tag corresponding to start tag "{self.open[-1][0]}"')
        return "".join(self.text), self.entities

    def say(self, words: str) -> None:
        self.text.append(words)
        self.length += units(words)

    def begin(self, tag: str, attributes: str, at: int) -> None:
        values = {m[1]: html.unescape(m[2] or m[3] or m[4] or "") for m in ATTRIBUTE.finditer(attributes)}
        if tag not in TAGS or (tag == "span" and values.get("class") != "tg-spoiler"):
            raise unparsable(f'Unsupported start tag "{tag}" at byte offset {at}')
        entity: Entity = {"type": TAGS[tag], "offset": self.length, "length": 0}
        if tag == "a":
            entity["url"] = values.get("href", "")
        elif tag == "tg-emoji":
            entity["custom_emoji_id"] = values.get("emoji-id", "")
        elif tag == "blockquote" and "expandable" in values:
            entity["type"] = "expandable_blockquote"
        elif tag == "code" and self.open and self.open[-1][0] == "pre" and "class" in values:
            entity["language"] = values["class"].removeprefix("language-")
        self.open.append((tag, entity))

    def close(self, tag: str, at: int) -> None:
        if not self.open:
            raise unparsable(f"Unexpected end tag at byte offset {at}")
        expected, entity = self.open.pop()
        if tag not in ("", expected):
            raise unparsable(f'Unmatched end tag at byte offset {at}, expected "</{expected}>", found "</{tag}>"')
        entity["length"] = self.length - entity["offset"]
        if "language" in entity and self.open:
            # <pre><code class="language-x">: one entity, the pre, which names the language
            self.open[-1][1]["language"] = entity["language"]
            return
        if entity["length"] and entity.get("url") != "":
            self.entities.append(entity)


def unparsable(why: str) -> Exception:
    return bad_request(f"can't parse entities: {why}")


def parse(text: str, parse_mode: str | None, entities: list[Entity] | None) -> tuple[str, list[Entity]]:
    """The words a reader sees and their entities, trimmed as Telegram trims; raises ApiError on bad markup."""
    if parse_mode in (None, ""):
        words, found = text, [dict(e) for e in entities or []]
    elif str(parse_mode).lower() == "html":
        words, found = Parser().read(text)
    else:
        raise bad_request("unsupported parse_mode")
    if not all(isinstance(e.get(n), int) for e in found for n in ("offset", "length")):
        raise bad_request("can't parse MessageEntity: offset and length must be numbers")
    words, found = trimmed(words, found)
    return words, ordered([*found, *finds(words, found)])


def trimmed(words: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Without white space around, entities moved and cut accordingly."""
    start = units(words) - units(words.lstrip())
    words = words.strip()
    end = units(words)
    kept = []
    for entity in entities:
        first = max(entity["offset"] - start, 0)
        last = min(entity["offset"] + entity["length"] - start, end)
        if last > first:
            kept.append({**entity, "offset": first, "length": last - first})
    return words, kept


def finds(words: str, entities: list[Entity]) -> list[Entity]:
    """Links, addresses, commands, mentions and hashtags that Telegram marks by itself."""
    taken = [(e["offset"], e["offset"] + e["length"]) for e in entities if e["type"] in CLOSED_TO_FINDS]
    found: list[Entity] = []
    for kind, pattern in FOUND:
        for match in pattern.finditer(words):
            first = units(words[: match.start()])
            last = first + units(match[0])
            if all(last <= a or first >= b for a, b in taken):
                taken.append((first, last))
                found.append({"type": kind, "offset": first, "length": last - first})
    return found


def ordered(entities: Iterable[Entity]) -> list[Entity]:
    return sorted(entities, key=lambda e: (e["offset"], -e["length"]))


def to_html(words: str, entities: list[Entity]) -> str:
    """The markup that would give these words and entities (marks found by Telegram itself are left out)."""
    raw = words.encode("utf-16-le")
    marks: list[tuple[int, int, int, str]] = []
    for number, entity in enumerate(ordered(entities)):
        opening, closing = tags_of(entity)
        if opening:
            first, last = entity["offset"], entity["offset"] + entity["length"]
            marks.append((first, 1, number, opening))
            marks.append((last, 0, -number, closing))
    out, position = [], 0
    for offset, _, _, tag in sorted(marks):
        out.append(html.escape(raw[2 * position : 2 * offset].decode("utf-16-le"), quote=False))
        out.append(tag)
        position = offset
    out.append(html.escape(raw[2 * position :].decode("utf-16-le"), quote=False))
    return "".join(out)


def tags_of(entity: Entity) -> tuple[str, str]:
    kind = entity["type"]
    if kind in OPENING:
        return f"<{OPENING[kind]}>", f"</{OPENING[kind]}>"
    if kind == "text_link":
        return f'<a href="{html.escape(entity["url"])}">', "</a>"
    if kind == "pre" and entity.get("language"):
        return f'<pre><code class="language-{html.escape(entity["language"])}">', "</code></pre>"
    if kind == "expandable_blockquote":
        return "<blockquote expandable>", "</blockquote>"
    if kind in ("pre", "blockquote"):
        return f"<{kind}>", f"</{kind}>"
    if kind == "custom_emoji":
        return f'<tg-emoji emoji-id="{html.escape(entity["custom_emoji_id"])}">', "</tg-emoji>"
    return "", ""
