"""Web API: messages, reactions, pins and bookmarks."""

from typing import Any

from sandbox.slack import rules
from sandbox.slack.core import Core
from sandbox.slack.errors import SlackError
from sandbox.slack.shapes import stored_json
from sandbox.slack.state import Channel, Json, Message

LONGEST = 40_000


def post_message(core: Core, fields: Json) -> Json:
    channel = writable(core, fields.get("channel"))
    text, blocks = content(fields)
    thread = thread_of(channel, fields.get("thread_ts"))
    message = core.post(
        channel,
        core.space.bot.id,
        text,
        blocks,
        thread_ts=thread,
        broadcast=bool(thread and fields.get("reply_broadcast")),
        metadata=fields.get("metadata") or None,
        attachments=fields.get("attachments"),
    )
    return {"ok": True, "channel": channel.id, "ts": message.ts, "message": _shown(core, message)}


def post_ephemeral(core: Core, fields: Json) -> Json:
    channel = writable(core, fields.get("channel"))
    text, blocks = content(fields)
    user = str(fields.get("user") or "")
    if user not in core.space.users or user not in channel.members:
        raise SlackError("user_not_in_channel")
    message = core.whisper(channel, user, text, blocks, thread_of(channel, fields.get("thread_ts")))
    return {"ok": True, "message_ts": message.ts}


def update(core: Core, fields: Json) -> Json:
    channel = core.space.seen_by_bot(fields.get("channel"))
    message = core.space.message(channel, fields.get("ts"))
    if message.user != core.space.bot.id:
        raise SlackError("cant_update_message")
    if channel.archived:
        raise SlackError("is_archived")
    text = fields.get("text")
    if "blocks" not in fields and "attachments" not in fields:
        content(fields)
    elif too_long(text, fields.get("blocks") or []):
        raise SlackError(str(too_long(text, fields.get("blocks") or [])))
    if "metadata" in fields:
        message.metadata = fields["metadata"] or None
    core.edit(message, core.space.bot.id, text, fields.get("blocks"))
    shown = {"ok": True, "channel": channel.id, "ts": message.ts, "text": message.text}
    return shown | {"message": _shown(core, message)}


def delete(core: Core, fields: Json) -> Json:
    channel = core.space.seen_by_bot(fields.get("channel"))
    message = core.space.message(channel, fields.get("ts"))
    if message.user != core.space.bot.id:
        raise SlackError("cant_delete_message")
    core.delete(message)
    return {"ok": True, "channel": channel.id, "ts": message.ts}


def permalink(core: Core, fields: Json) -> Json:
    channel = core.space.seen_by_bot(fields.get("channel"))
    message = core.space.message(channel, fields.get("message_ts"))
    address = f"https://{core.space.domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        address += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"ok": True, "channel": channel.id, "permalink": address}


def react(core: Core, fields: Json, *, remove: bool = False) -> Json:
    message = _pointed_at(core, fields)
    name = str(fields.get("name") or "").strip(":")
    if not name or not all(c.isalnum() or c in "_-+:'" for c in name):
        raise SlackError("invalid_name")
    (core.unreact if remove else core.react)(message, core.space.bot.id, name)
    return {"ok": True}


def unreact(core: Core, fields: Json) -> Json:
    return react(core, fields, remove=True)


def reactions(core: Core, fields: Json) -> Json:
    message = _pointed_at(core, fields)
    return {"ok": True, "type": "message", "channel": message.channel, "message": _shown(core, message)}


def pin(core: Core, fields: Json) -> Json:
    message = _pointed_at(core, fields)
    pins = core.space.channels[message.channel].pins
    if message.ts in pins:
        raise SlackError("already_pinned")
    pins.append(message.ts)
    core.host.changed.note()
    return {"ok": True}


def add_bookmark(core: Core, fields: Json) -> Json:
    channel = writable(core, fields.get("channel_id"))
    if fields.get("type") != "link":
        raise SlackError("invalid_bookmark_type")
    if not fields.get("link"):
        raise SlackError("invalid_link")
    kept: dict[str, Any] = {"id": core.space.new_id("Bk"), "channel_id": channel.id, "type": "link"}
    kept |= {key: fields.get(key) for key in ("title", "link", "emoji")}
    channel.bookmarks.append(kept)
    core.host.changed.note()
    return {"ok": True, "bookmark": kept}


def writable(core: Core, name: str | None) -> Channel:
    """The channel to write in: named by its id, by #name, or by a user's id (their direct conversation)."""
    space = core.space
    if name and name in space.users:
        return space.direct([name, space.bot.id])
    by_name = space.by_name(name) if name else None
    channel = space.seen_by_bot(by_name.id if by_name else name)
    if channel.archived:
        raise SlackError("is_archived")
    if space.bot.id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def content(fields: Json) -> tuple[str, list[Json]]:
    """The words and blocks of a message; SlackError when there are none or too many."""
    text, blocks = str(fields.get("text") or ""), list(fields.get("blocks") or [])
    if not text and not blocks and not fields.get("attachments"):
        raise SlackError("no_text")
    if error := too_long(text, blocks):
        raise SlackError(error)
    return text, blocks


def too_long(text: str | None, blocks: list[Json]) -> str | None:
    if len(text or "") > LONGEST:
        return "msg_too_long"
    return "msg_blocks_too_long" if rules.amount_of_text(blocks) > rules.MOST_TEXT else None


def thread_of(channel: Channel, ts: str | None) -> str | None:
    """The first message of the thread that a reply goes to."""
    if not ts:
        return None
    parent = channel.messages.get(ts)
    if parent is None:
        raise SlackError("thread_not_found")
    return parent.thread_ts if parent.is_reply else parent.ts


def _pointed_at(core: Core, fields: Json) -> Message:
    channel = core.space.seen_by_bot(fields.get("channel"))
    if core.space.bot.id not in channel.members:
        raise SlackError("not_in_channel")
    return core.space.message(channel, fields.get("timestamp"))


def _shown(core: Core, message: Message) -> Json:
    return stored_json(core.space, message, core.host.url, metadata=True)
