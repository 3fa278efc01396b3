"""Rules of Slack that no schema states, and manners we keep beyond what Slack asks."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Literal

from sandbox.slack.blocks import BUTTONS, Element, elements, texts
from sandbox.slack.state import Json

Surface = Literal["message", "modal", "home"]
MOST_BLOCKS: dict[Surface, int] = {"message": 50, "modal": 100, "home": 100}
MOST_TEXT = 13_000
BARE = re.compile(r"<(?!@[A-Z0-9]+|#[A-Z0-9]+|!|https?:|mailto:|tel:|/)")
BROADCAST = re.compile(r"<!(?:channel|here|everyone)\b")


def refused(blocks: list[Json], surface: Surface) -> Iterator[str]:
    """Why Slack would refuse these blocks."""
    if len(blocks) > MOST_BLOCKS[surface]:
        yield f"{len(blocks)} blocks, at most {MOST_BLOCKS[surface]} are allowed in a {surface}"
    yield from (f"block_id {b!r} is there twice" for b in _twice(b.get("block_id") for b in blocks))
    for place, block in enumerate(blocks):
        inside = list(elements([block]))
        yield from (
            f"{place}: action_id {a!r} is there twice in one block"
            for a in _twice(e.body.get("action_id") for e in inside)
        )
        if block.get("type") == "section" and not block.get("text") and not block.get("fields"):
            yield f"{place}: a section needs text or fields"
        for element in inside:
            if element.kind in ("static_select", "multi_static_select") and not element.options:
                yield f"{place}: {element.kind} without options"
            if element.kind == "file_input":
                yield from (f"{place}: {fault}" for fault in _of_files(element, surface))


def _of_files(element: Element, surface: Surface) -> Iterator[str]:
    """Files can be put into forms only, ten at most in one place."""
    if surface != "modal" or element.block.get("type") != "input":
        yield "file_input outside an input block of a modal"
    most = element.body.get("max_files", 10)
    if not isinstance(most, int) or not 1 <= most <= 10:
        yield f"file_input: max_files is {most!r}, from 1 to 10 are allowed"
    types = element.body.get("filetypes")
    if types is not None and not all(isinstance(t, str) and t and not t.startswith(".") for t in types):
        yield "file_input: filetypes are the ends of names, without the dot"


def improper(blocks: list[Json], surface: Surface) -> Iterator[str]:
    """What Slack would accept although somebody will suffer from it."""
    found = list(elements(blocks))
    yield from (
        f"action_id {a!r} is there twice in this {surface}" for a in _twice(e.body.get("action_id") for e in found)
    )
    yield from (f"{e.kind} {e.label!r} has no action_id" for e in found if not e.action_id)
    yield from (p for e in found for p in _of_options(e))
    for block in blocks:
        yield from (f"{block.get('type')}: {fault}" for text in _marked(block) for fault in of_text(text))


def _of_options(element: Element) -> Iterator[str]:
    values = [o.get("value") for o in element.options]
    yield from (f"{element.kind} {element.label!r}: option value {v!r} is there twice" for v in _twice(values))
    if element.kind in BUTTONS and element.body.get("confirm") == {}:
        yield f"button {element.label!r} has an empty confirmation"


def _twice(names: Iterable[str | None]) -> list[str]:
    return [name for name, times in Counter(n for n in names if n is not None).items() if times > 1]


def _marked(node: object) -> Iterator[str]:
    """The mrkdwn texts in a block."""
    if isinstance(node, list):
        for part in node:
            yield from _marked(part)
    elif isinstance(node, dict):
        if node.get("type") == "mrkdwn" and isinstance(node.get("text"), str):
            yield node["text"]
        for value in node.values():
            yield from _marked(value)


def of_text(text: str) -> Iterator[str]:
    """What is wrong with a text that Slack will read as markup."""
    if match := BARE.search(text):
        yield f"an unescaped < at {text[match.start() : match.start() + 20]!r}"
    if match := BROADCAST.search(text):
        yield f"it notifies everybody: {match[0]!r}"


def of_message(fields: Json) -> Iterator[str]:
    """Manners of a message: words for notifications, nobody woken by a customer's words."""
    text, blocks = fields.get("text"), fields.get("blocks")
    if blocks and not text and not fields.get("delete_original"):
        yield "blocks without text: notifications and screen readers have nothing to say"
    if isinstance(text, str):
        yield from (f"text: {fault}" for fault in of_text(text))
    if fields.get("link_names"):
        yield "link_names turns anybody's words into mentions"
    metadata = fields.get("metadata")
    if isinstance(metadata, dict) and metadata and not {"event_type", "event_payload"} <= metadata.keys():
        yield "metadata: needs event_type and event_payload"


def of_view(view: Json) -> Iterator[str]:
    """Why Slack would refuse this view, beyond its blocks."""
    inputs = [b for b in view.get("blocks") or [] if isinstance(b, dict) and b.get("type") == "input"]
    if view.get("type") == "modal" and inputs and not view.get("submit"):
        yield "an input block without submit: nobody can send what they fill in"
    if len(str(view.get("private_metadata") or "")) > 3000:
        yield f"private_metadata: {len(view['private_metadata'])} characters, at most 3000 are allowed"


def amount_of_text(blocks: list[Json]) -> int:
    return sum(len(t) for t in texts(blocks))
