"""What Telegram lets a keyboard be."""

from typing import Any
from urllib.parse import urlsplit

from sandbox.telegram.errors import ApiError, bad_request

A_ROW = 8
IN_ALL = 100
CALLBACK_DATA_BYTES = 64
NO_ACTION = {"text", "icon_custom_emoji_id", "style"}
LINKS = {"http", "https", "tg"}


def rows_of(markup: dict[str, Any]) -> list[list[dict[str, Any]]]:
    """The rows of buttons of either kind of keyboard, whatever was sent in their place left out."""
    rows = markup.get("inline_keyboard") or markup.get("keyboard") or []
    if not isinstance(rows, list):
        return []
    return [[b for b in row if isinstance(b, dict)] for row in rows if isinstance(row, list)]


def problems_of(markup: dict[str, Any]) -> list[str]:
    """Everything wrong with a keyboard beyond the shape of its fields."""
    rows = rows_of(markup)
    problems = [f"keyboard: {len(row)} buttons in a row, {A_ROW} are allowed" for row in rows if len(row) > A_ROW]
    total = sum(len(row) for row in rows)
    if total > IN_ALL:
        problems.append(f"keyboard: {total} buttons, {IN_ALL} are allowed")
    for button in (b for row in rows for b in row):
        if not str(button.get("text", "")).strip():
            problems.append("keyboard: a button without words")
        if "inline_keyboard" in markup:
            problems += problems_of_inline(button)
    return problems


def problems_of_inline(button: dict[str, Any]) -> list[str]:
    actions = sorted(set(button) - NO_ACTION)
    label = button.get("text")
    if not actions:
        return [f"keyboard: the button {label!r} has no action"]
    if len(actions) > 1:
        return [f"keyboard: the button {label!r} has several actions: {', '.join(actions)}"]
    if "url" in button and urlsplit(str(button["url"])).scheme not in LINKS:
        return [f"keyboard: the button {label!r} leads to no web address"]
    return []


def accept(markup: Any) -> dict[str, Any] | None:
    """The keyboard as Telegram takes it; raises ApiError as Telegram refuses it."""
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    for row in rows_of(markup):
        for button in row:
            if "inline_keyboard" in markup:
                accept_inline(button)
            elif not str(button.get("text", "")).strip():
                raise bad_request("keyboard button text must be non-empty")
    if problems_of(markup):
        raise bad_request("reply markup is too long")
    return markup


def accept_inline(button: dict[str, Any]) -> None:
    if not str(button.get("text", "")).strip():
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be non-empty')
    actions = set(button) - NO_ACTION
    if not actions:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad_request("can't parse inline keyboard button: Button must have exactly one action")
    if "callback_data" in button and not 0 < len(str(button["callback_data"]).encode()) <= CALLBACK_DATA_BYTES:
        raise button_invalid("BUTTON_DATA_INVALID")
    if "url" in button and urlsplit(str(button["url"])).scheme not in LINKS:
        raise button_invalid("BUTTON_URL_INVALID")


def button_invalid(code: str) -> ApiError:
    return bad_request(code)


def inline(markup: dict[str, Any] | None) -> dict[str, Any] | None:
    """The part that becomes part of the message (other keyboards belong to the chat)."""
    return markup if markup and markup.get("inline_keyboard") else None
