"""The pieces a Slack message or form is made of, none of them able to carry markup.

Words go into `plain_text` and `rich_text` only: there is no `mrkdwn` object here, so nobody's words can become a
mention, a link or bold type. Limits are those of Block Kit, in characters; we count UTF-16 units, never fewer.
"""

import re
from typing import Any

from bot.channels.slack_shape import clean

Block = dict[str, Any]

HEADER, CONTEXT, LABEL, CHOICE, MODAL_WORD, HINT, INPUT, URL = 150, 2000, 75, 75, 24, 2000, 3000, 3000
MESSAGE_BLOCKS, MODAL_BLOCKS, ROW, OPTIONS, FILES = 50, 100, 25, 100, 10
ALL_WORDS = 12_000  # Slack takes about 13,000 characters in all blocks of a message together
ELLIPSIS = "…"
NAMED = re.compile(r":[^\s:]+:")  # what Slack would take for the name of an emoji


def units(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, most: int) -> str:
    """At most `most` units of the text, with an ellipsis for what is gone, never half a character."""
    if units(text) <= most:
        return text
    kept = text.encode("utf-16-le", "surrogatepass")[: 2 * max(0, most - 1)].decode("utf-16-le", "ignore")
    return (kept.rstrip() + ELLIPSIS)[:most]


class Room:
    """How much a message may still say."""

    def __init__(self, left: int = ALL_WORDS) -> None:
        self.left = left

    def fit(self, text: str, most: int = ALL_WORDS) -> str:
        """The text, cut to what is left; nothing for blank."""
        text = clean(text)
        fitting = cut(text, min(most, self.left)) if text.strip() and self.left > 0 else ""
        self.left -= units(fitting)
        return fitting


def plain_text(text: str, most: int) -> Block:
    """A label; Slack refuses an empty one.

    What somebody wrote between two colons stays as he wrote it: our own emoji are characters, never names.
    """
    shown = cut(clean(text), most) if clean(text).strip() else ELLIPSIS
    return {"type": "plain_text", "text": shown, "emoji": not NAMED.search(shown)}


def run(text: str, *, bold: bool = False) -> Block:
    """Words inside a rich text."""
    return {"type": "text", "text": text} | ({"style": {"bold": True}} if bold else {})


def section(*elements: Block) -> Block:
    return {"type": "rich_text_section", "elements": list(elements)}


def quote(*elements: Block) -> Block:
    return {"type": "rich_text_quote", "elements": list(elements)}


def rich(name: str, *elements: Block) -> Block:
    """A block of rich text; `name` is its id in the message."""
    return {"type": "rich_text", "block_id": name, "elements": list(elements)}


def header(text: str) -> Block:
    return {"type": "header", "block_id": "title", "text": plain_text(text, HEADER)}


def small_print(text: str) -> Block:
    return {"type": "context", "block_id": "footer", "elements": [plain_text(text, CONTEXT)]}


def everybody() -> Block:
    """Rings for everybody who is there: the one mention we ever make."""
    return rich("alert", section({"type": "broadcast", "range": "here"}))


def option(value: str, label: str) -> Block:
    return {"text": plain_text(label, CHOICE), "value": value}
