"""Filling in a modal the way Slack's client does, with the checks it makes before anything is sent."""

from datetime import date, datetime, time
from typing import Any

from sandbox.slack.blocks import Element
from sandbox.slack.state import Json, Workspace
from sandbox.slack.typed_text import typed
from sandbox.slack.views import VALUE_KEYS

LARGEST_FILE = 10 * 1024 * 1024  # bytes: the limit of a form's files
TEXTS = ("plain_text_input", "email_text_input", "url_text_input", "number_input")


def option(element: Element, wanted: str, offered: list[Json] | None = None) -> Json:
    """The option with this label or value (or the only one whose label contains it)."""
    options = element.options if offered is None else offered
    labels = [str(o["text"]["text"]) for o in options]
    for exact in (labels, [str(o.get("value")) for o in options]):
        if wanted in exact:
            return options[exact.index(wanted)]
    near = [o for o, label in zip(options, labels, strict=True) if wanted.lower() in label.lower()]
    if len(near) != 1:
        raise AssertionError(f"no option {wanted!r} in {element.label!r}: {labels}")
    return near[0]


def chosen(element: Element, wanted: Any, space: Workspace, offered: list[Json] | None = None) -> Json:
    """The state value that this input has after the person put `wanted` into it."""
    kind, key = element.kind, VALUE_KEYS[element.kind]
    if wanted is None:
        return {key: [] if key.endswith("s") else None}
    if kind in TEXTS:
        return {key: str(wanted)}
    if kind == "rich_text_input":
        _, blocks = typed(space, str(wanted))
        return {key: blocks[0] if blocks else None}
    if key.endswith("_option"):
        return {key: option(element, str(wanted), offered)}
    if key.endswith("_options"):
        many = [wanted] if isinstance(wanted, str) else list(wanted)
        return {key: [option(element, str(w), offered) for w in many]}
    if kind in ("datepicker", "timepicker", "datetimepicker"):
        return {key: _moment(kind, wanted)}
    many = [wanted] if isinstance(wanted, str) else list(wanted)
    ids = [_id(space, kind, str(w)) for w in many]
    return {key: ids if kind.startswith("multi_") else ids[0]}


def _moment(kind: str, wanted: Any) -> str | int:
    if isinstance(wanted, datetime):
        return int(wanted.timestamp())
    if isinstance(wanted, date):
        return wanted.isoformat()
    if isinstance(wanted, time):
        return f"{wanted:%H:%M}"
    return int(wanted) if kind == "datetimepicker" else str(wanted)


def _id(space: Workspace, kind: str, name: str) -> str:
    if "users" in kind:
        for user in space.users.values():
            if name in (user.id, user.name, user.handle):
                return user.id
        raise AssertionError(f"no user {name!r}")
    channel = space.by_name(name)
    if channel is None:
        raise AssertionError(f"no channel {name!r}")
    return channel.id


def complaint(element: Element, value: Json) -> str | None:
    """What Slack's client says about an input before it lets the modal be sent."""
    kept = value.get(VALUE_KEYS.get(element.kind, ""))
    if kept in (None, "", []):
        return None if element.block.get("optional") else "Please complete this required field."
    body = element.body
    if element.kind == "plain_text_input":
        if len(kept) > body.get("max_length", 3000):
            return f"Must be at most {body.get('max_length', 3000)} characters."
        if len(kept) < body.get("min_length", 0):
            return f"Must be at least {body['min_length']} characters."
    if element.kind == "number_input":
        return _of_number(body, str(kept))
    if element.kind == "email_text_input" and "@" not in kept:
        return "Must be an email address."
    if element.kind == "url_text_input" and "://" not in kept:
        return "Must be a URL."
    if element.kind == "file_input":
        return _of_files(body, kept)
    limit = body.get("max_selected_items")
    return f"Choose at most {limit}." if isinstance(kept, list) and limit and len(kept) > limit else None


def _of_files(body: Json, kept: list[Json]) -> str | None:
    most, types = body.get("max_files", 10), [str(t).lower() for t in body.get("filetypes") or []]
    if len(kept) > most:
        return f"Choose at most {most} files."
    for file in kept:
        if file["size"] > LARGEST_FILE:
            return f"{file['name']} is larger than 10 MB."
        if types and str(file["name"]).rpartition(".")[2].lower() not in types:
            return f"{file['name']} is not one of these: {', '.join(types)}."
    return None


def _of_number(body: Json, kept: str) -> str | None:
    try:
        number = float(kept)
    except ValueError:
        return "Must be a number."
    if not body.get("is_decimal_allowed") and not number.is_integer():
        return "Must be a whole number."
    if "min_value" in body and number < float(body["min_value"]):
        return f"Must be at least {body['min_value']}."
    if "max_value" in body and number > float(body["max_value"]):
        return f"Must be at most {body['max_value']}."
    return None
