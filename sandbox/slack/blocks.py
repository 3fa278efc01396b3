"""Reading Block Kit: what a person sees in blocks, and which elements can be used."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sandbox.slack.state import Json

_numbers = itertools.count(1)
BUTTONS = ("button", "workflow_button", "icon_button")
OPTION_ELEMENTS = (
    "static_select",
    "multi_static_select",
    "external_select",
    "multi_external_select",
    "radio_buttons",
    "checkboxes",
    "overflow",
)


@dataclass
class Element:
    """An interactive element and the block it stands in."""

    block: Json
    body: Json

    @property
    def kind(self) -> str:
        return str(self.body.get("type", ""))

    @property
    def action_id(self) -> str:
        return str(self.body.get("action_id", ""))

    @property
    def block_id(self) -> str:
        return str(self.block.get("block_id", ""))

    @property
    def label(self) -> str:
        """The words by which a person finds it: its own text, its field's label or its placeholder."""
        for text in (self.body.get("text"), self.block.get("label"), self.body.get("placeholder")):
            if isinstance(text, dict) and text.get("text"):
                return str(text["text"])
        return self.action_id

    @property
    def names(self) -> list[str]:
        texts = (self.body.get("text"), self.block.get("label"), self.body.get("placeholder"), self.block.get("text"))
        return [str(t["text"]) for t in texts if isinstance(t, dict) and t.get("text")] + [self.action_id]

    @property
    def options(self) -> list[Json]:
        groups = self.body.get("option_groups") or []
        return [*(self.body.get("options") or []), *(o for g in groups for o in g.get("options", []))]


def with_ids(blocks: list[Json]) -> list[Json]:
    """The blocks as Slack keeps them: every block and every interactive element has an id."""
    kept = []
    for block in blocks:
        block = {**block}
        block.setdefault("block_id", f"b{next(_numbers):05x}")
        for key in ("accessory", "element"):
            if isinstance(block.get(key), dict):
                block[key] = _with_action_id(block[key])
        if block.get("type") in ("actions", "context_actions"):
            block["elements"] = [_with_action_id(e) for e in block.get("elements") or []]
        kept.append(block)
    return kept


def _with_action_id(element: Json) -> Json:
    return (
        element
        if element.get("type") == "image" or "action_id" in element
        else {
            **element,
            "action_id": f"a{next(_numbers):05x}",
        }
    )


def elements(blocks: list[Json]) -> Iterator[Element]:
    """Every interactive element, top to bottom."""
    for block in blocks:
        if block.get("type") == "section" and isinstance(block.get("accessory"), dict):
            if block["accessory"].get("type") != "image":
                yield Element(block, block["accessory"])
        elif block.get("type") in ("actions", "context_actions"):
            yield from (Element(block, e) for e in block.get("elements") or [])
        elif block.get("type") == "input" and isinstance(block.get("element"), dict):
            yield Element(block, block["element"])


def texts(node: Any) -> Iterator[str]:
    """All words that can be read in blocks, in order."""
    if isinstance(node, list):
        for part in node:
            yield from texts(part)
    elif isinstance(node, dict):
        yield from _texts_of(node)


def _texts_of(node: Json) -> Iterator[str]:
    kind = node.get("type")
    if kind in ("rich_text_section", "rich_text_preformatted", "rich_text_quote"):
        yield "".join(_inline(e) for e in node.get("elements", []))
        return
    for key, value in node.items():
        if key in ("text", "alt_text", "title") and isinstance(value, str):
            yield plain(value) if kind in ("mrkdwn", "markdown") else value
        elif isinstance(value, dict | list) and key not in ("metadata", "confirm"):
            yield from texts(value)


def _inline(element: Json) -> str:
    match element.get("type"):
        case "text":
            return str(element.get("text", ""))
        case "link":
            return str(element.get("text") or element.get("url", ""))
        case "user":
            return f"<@{element.get('user_id')}>"
        case "channel":
            return f"<#{element.get('channel_id')}>"
        case "emoji":
            return f":{element.get('name')}:"
        case "broadcast":
            return f"@{element.get('range')}"
        case "date":
            return str(element.get("fallback") or element.get("format", ""))
        case _:
            return ""


def plain(text: str) -> str:
    """Slack's text as it is read: links by their label, dates by their fallback, `&lt;` as `<`."""
    text = re.sub(r"<!date\^[^|>]*\|([^>]*)>", r"\1", text)
    text = re.sub(r"<(?:https?|mailto|tel):[^|>]*\|([^>]*)>", r"\1", text)
    text = re.sub(r"<((?:https?|mailto|tel):[^|>]*)>", r"\1", text)
    text = re.sub(r"<!(here|channel|everyone)(?:\|[^>]*)?>", r"@\1", text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def mentions(text: str) -> list[str]:
    return re.findall(r"<@([A-Z0-9]+)(?:\|[^>]*)?>", text)
