"""From what Slack sent to rows of the inbox: named, put in order, rid of secrets before it is stored. Pure."""

import hashlib
import json
from typing import Any

from bot.channels.arrival import Arrival
from bot.channels.slack_reader import by_people, usable
from bot.channels.slack_shape import Json, dig, emoji_in, storable
from domain.secrets import mask

# Slack's old verification token and answer addresses are keys to something: they are never written down.
KEYS = ("token", "response_url", "response_urls")
WRITTEN = ("text",)
OF_A_FILE = ("id", "name", "mimetype", "size", "mode", "subtype", "filetype")
OF_A_VIEW = ("id", "hash", "type", "callback_id", "private_metadata", "team_id", "previous_view_id", "state")
KINDS = {
    "event_callback": "event",
    "block_actions": "action",
    "view_submission": "view",
    "view_closed": "view",
    "shortcut": "shortcut",
    "message_action": "shortcut",
    "block_suggestion": "options",
}


def kind_of(body: Json) -> str | None:
    """Our word for what Slack sent, or None for what we have no use for."""
    if "command" in body and "type" not in body:
        return "command"
    kind = body.get("type")
    return KINDS.get(kind) if isinstance(kind, str) else None


def arrivals(kind: str, body: Json, home: str | None = None) -> list[Arrival]:
    """The rows for it: one, or one for each file of a message that has several. `home`: our workspace."""
    raw = guard({"kind": kind, "home": home, "body": storable(body)})
    event = raw["body"].get("event")
    files = event.get("files") if isinstance(event, dict) else None
    count = sum(map(usable, files)) if isinstance(files, list) else 0
    raws = [raw if n == 0 else raw | {"file": n} for n in range(max(1, count))]
    return [Arrival("slack", external_id(r), conversation(r), r) for r in raws]


def external_id(raw: Json) -> str:
    """What makes a second delivery of the same thing the same thing. Never raises."""
    body = _body(raw)
    kind = dig(raw, "kind")
    if kind == "event" and (name := _message_name(body.get("event")) or dig(body, "event_id")):
        number = raw.get("file")
        return name + (f"#{number}" if isinstance(number, int) and number else "")
    if kind == "action":
        actions = body.get("actions")
        action = actions[0] if isinstance(actions, list) and actions else None
        ts = dig(body, "container", "message_ts") or dig(body, "container", "view_id")
        parts = (dig(body, "team", "id"), ts, dig(action, "action_id"), dig(action, "action_ts"), _user(body))
        return "action:" + ":".join(parts) if dig(action, "action_ts") else _digest("action", body)
    if kind == "view" and dig(body, "view", "id"):
        view = body["view"]
        return _digest(f"{dig(body, 'type')}:{dig(view, 'id')}:{dig(view, 'hash')}", view.get("state"))
    if kind in ("command", "shortcut", "options") and dig(body, "trigger_id"):
        return f"{kind}:{dig(body, 'trigger_id')}"
    return _digest(kind or "?", body)


def _message_name(event: object) -> str:
    """The name of what somebody wrote: by its place, so that it is the same when we find it there ourselves."""
    channel, ts = dig(event, "channel"), dig(event, "ts")
    written = dig(event, "type") == "message" and isinstance(event, dict) and by_people(event)
    return f"message:{channel}:{ts}" if written and channel and ts else ""


def conversation(raw: Json) -> str:
    """Whose turn it belongs to: the thread under a message, else the person. Never raises."""
    body = _body(raw)
    event = body.get("event") if dig(raw, "kind") == "event" else None
    channel, ts = _in_event(event) if event is not None else _in_interaction(body)
    if channel and ts:
        return f"slack:{channel}:{ts}"
    if group := dig(event, "subteam_id"):
        return f"slack:group:{group}"
    user = _user(event) if event is not None else _user(body)
    return f"slack:user:{user}" if user else "slack:?"


def _in_event(event: object) -> tuple[str, str]:
    """Channel and head of the thread; words to the bot in private that head no thread belong to the person."""
    if dig(event, "item", "channel"):
        return dig(event, "item", "channel"), dig(event, "item", "ts")
    channel = dig(event, "channel")
    where: list[str] = []
    for path in ((), ("message",), ("previous_message",)):
        where += (dig(event, *path, "thread_ts"), dig(event, *path, "ts") if path or not _wraps(event) else "")
    threads = where[0::2]
    if channel.startswith("D"):
        where = threads
    head = next((t for t in threads if t), "") or next((w for w in where if w), "")
    return channel, head


def _wraps(event: object) -> bool:
    return isinstance(event, dict) and isinstance(event.get("message") or event.get("previous_message"), dict)


def _in_interaction(body: Json) -> tuple[str, str]:
    channel = dig(body, "container", "channel_id") or dig(body, "channel", "id")
    heads = (
        dig(body, "container", "thread_ts"),
        dig(body, "message", "thread_ts"),
        dig(body, "container", "message_ts"),
        dig(body, "message", "ts"),
    )
    return channel, next((h for h in heads if h), "")


def _user(body: object) -> str:
    paths = (("user",), ("user", "id"), ("user_id",), ("message", "user"), ("previous_message", "user"))
    return next((found for path in paths if (found := dig(body, *path))), "")


def _body(raw: object) -> Json:
    body = raw.get("body") if isinstance(raw, dict) else None
    return body if isinstance(body, dict) else {}


def _digest(name: str, value: object) -> str:
    written = json.dumps(value, sort_keys=True, default=str).encode()
    return f"{name}:{hashlib.sha256(written).hexdigest()[:32]}"


def guard(raw: Json) -> Json:
    """The payload as it may be written down: secrets masked in what people wrote, and little that nobody reads."""
    hidden: list[bool] = []
    body = {k: v for k, v in _body(raw).items() if k not in KEYS}
    if isinstance(event := body.get("event"), dict):
        body["event"] = _message(event, hidden)
    if isinstance(message := body.get("message"), dict):
        body["message"] = _message(message, hidden)
    if isinstance(view := body.get("view"), dict):
        body["view"] = _view(view, hidden)
    if "command" in body:
        body = _masked(body, hidden)
    body.pop("state", None)
    safe = {**raw, "body": body}
    return safe | {"masked": True} if any(hidden) else safe


def _message(message: Json, hidden: list[bool]) -> Json:
    """A message or a message event: the same words stand in its blocks once more, so these go."""
    slim = _masked({k: v for k, v in message.items() if k not in ("blocks", "attachments", "root")}, hidden)
    if emoji := emoji_in(message.get("blocks")):
        slim["emoji"] = emoji
    for inner in ("message", "previous_message"):
        if isinstance(part := slim.get(inner), dict):
            slim[inner] = _message(part, hidden)
    slim = _slim_files(slim)
    if isinstance(view := slim.get("view"), dict):  # the home that is being opened
        slim["view"] = _view(view, hidden)
    return slim


def _slim_files(holder: Json) -> Json:
    """Of its files only what we read: their addresses are nobody's business."""
    if not isinstance(files := holder.get("files"), list):
        return holder
    return holder | {"files": [{k: f[k] for k in OF_A_FILE if k in f} if isinstance(f, dict) else f for f in files]}


def _masked(holder: Json, hidden: list[bool], keys: tuple[str, ...] = WRITTEN) -> Json:
    changed = dict(holder)
    for key in keys:
        if isinstance(text := holder.get(key), str):
            changed[key] = mask(text)
            hidden.append(changed[key] != text)
    return changed


def _view(view: Json, hidden: list[bool]) -> Json:
    slim = {k: view[k] for k in OF_A_VIEW if k in view}
    state = slim.get("state")
    values = state.get("values") if isinstance(state, dict) else None
    if isinstance(values, dict):
        slim["state"] = {"values": {name: _inputs(block, hidden) for name, block in values.items()}}
    return slim


def _inputs(block: Any, hidden: list[bool]) -> Any:
    if not isinstance(block, dict):
        return block
    return {n: _slim_files(_masked(e, hidden, ("value",))) if isinstance(e, dict) else e for n, e in block.items()}
