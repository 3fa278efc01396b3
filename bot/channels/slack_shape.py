"""What stands in a Slack payload, looked at with care: anybody may have written it."""

import html
import re
from typing import Any

from handlers.inbound import File

Json = dict[str, Any]

HEX = re.compile(r"(?:[0-9a-f]{2,4}|1[0-9a-f]{4})(?:-(?:[0-9a-f]{2,4}|1[0-9a-f]{4})){0,15}")
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
DEEPEST = 50  # levels; Slack's own payloads have some twenty
CONTROL = re.compile(r"<([^<>]*)>")


class Unreadable(Exception):  # noqa: N818 (an outcome, not a fault of ours)
    """This payload has no meaning that we know: it belongs in quarantine."""


def storable(value: Any, depth: int = 0) -> Any:
    """The value without characters that no database takes, wherever they stand, and without what is absurdly deep."""
    if isinstance(value, str):
        return UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", value)
    if not isinstance(value, dict | list):
        return value
    if depth >= DEEPEST:
        return None
    if isinstance(value, list):
        return [storable(item, depth + 1) for item in value]
    return {storable(key): storable(item, depth + 1) for key, item in value.items()}


def thing(value: object, what: str) -> Json:
    """An object that must be there."""
    if not isinstance(value, dict):
        raise Unreadable(f"{what} is no object")
    return value


def word(value: object, what: str) -> str:
    """A string that must be there, and must not be empty: an id, a type, a time stamp."""
    if not isinstance(value, str) or not value:
        raise Unreadable(f"{what} is no word")
    return clean(value)


def words(value: object, what: str) -> str:
    """A string that may be empty or missing."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Unreadable(f"{what} is no text")
    return clean(value)


def maybe(value: object, what: str) -> str | None:
    """A string, or nothing."""
    return words(value, what) or None


def several(value: object, what: str) -> list[Any]:
    """A list that may be missing."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise Unreadable(f"{what} is no list")
    return value


def dig(value: object, *path: str) -> str:
    """The string at the end of the path, or an empty one: for places where nothing may go wrong."""
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def clean(text: str) -> str:
    """The text without what no database and no network can hold: NUL and halves of characters."""
    if text.isascii():
        return text.replace("\0", "")
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def plain(text: str, emoji: object = None) -> str:
    """Slack's way of writing (`<@U1|ana>`, `<http://a|b>`, `&amp;`, `:wave:`) as people read it.

    `emoji` names the characters that stand behind the names between colons, as `emoji_in` found them.
    """
    if isinstance(emoji, dict):
        for name, character in sorted(emoji.items(), key=lambda pair: -len(pair[0])):
            if isinstance(character, str):
                text = text.replace(f":{name}:", clean(character))
    return html_free(CONTROL.sub(_spoken, text))


def emoji_in(blocks: object) -> dict[str, str]:
    """The emoji of a rich text, by the name that the plain text calls them."""
    found: dict[str, str] = {}
    pile = [blocks]
    while pile:
        node = pile.pop()
        pile += node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        name, code = dig(node, "name"), dig(node, "unicode")
        if dig(node, "type") == "emoji" and name and HEX.fullmatch(code):
            tone = node.get("skin_tone") if isinstance(node, dict) else None
            key = f"{name}::skin-tone-{tone}" if isinstance(tone, int) else name
            found[key] = clean("".join(chr(int(point, 16)) for point in code.split("-")))
    return found


def html_free(text: str) -> str:
    """Slack escapes three characters, in this order of undoing."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def escape(text: str) -> str:
    """The three characters that Slack gives a meaning, made harmless."""
    return html.escape(text, quote=False)


def _spoken(control: re.Match[str]) -> str:
    target, _, label = control.group(1).partition("|")
    if target.startswith(("@", "#")):
        return target[0] + (label or target[1:]).removeprefix(target[0])
    if target.startswith("!"):
        return label or "@" + target[1:].partition("^")[0]
    address = target.removeprefix("mailto:").removeprefix("tel:")
    if not label or label == address or target.endswith("//" + label):
        return address
    return f"{label} ({address})"


def file_of(file: Json) -> File:
    """A file of a message."""
    id, mime = word(file.get("id"), "file id"), words(file.get("mimetype"), "mimetype")
    size = file.get("size")
    return File(
        kind=_kind(mime, words(file.get("subtype"), "subtype")),
        id=id,
        unique=id,
        name=maybe(file.get("name"), "file name"),
        mime=mime or None,
        size=size if isinstance(size, int) and not isinstance(size, bool) and size >= 0 else None,
    )


def _kind(mime: str, subtype: str) -> Any:
    family = mime.partition("/")[0]
    if family == "image" and "svg" not in mime:
        return "photo"
    if family == "audio":
        return "voice" if subtype == "slack_audio" else "audio"
    return "video" if family == "video" else "document"
