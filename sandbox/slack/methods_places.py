"""Web API: conversations and users, page by page."""

import base64
import binascii
from collections.abc import Callable
from typing import Any, TypeVar

from sandbox.slack.core import Core
from sandbox.slack.errors import SlackError
from sandbox.slack.shapes import channel_json, stored_json, user_json
from sandbox.slack.state import Channel, Json, Kind, Message

T = TypeVar("T")
KINDS: dict[str, Kind] = {"public_channel": "channel", "private_channel": "group", "mpim": "mpim", "im": "im"}
DEFAULT_PAGE, LARGEST_PAGE, MOST_MESSAGES = 100, 1000, 999


def page(items: list[T], fields: Json, largest: int = LARGEST_PAGE) -> tuple[list[T], str]:
    """One page of items and the cursor of the next (empty on the last page)."""
    try:
        limit = int(fields.get("limit") or DEFAULT_PAGE)
        cursor = fields.get("cursor")
        start = int(base64.b64decode(str(cursor), validate=True).decode().removeprefix("next:")) if cursor else 0
    except (ValueError, binascii.Error):
        raise SlackError("invalid_cursor" if fields.get("cursor") else "invalid_limit") from None
    if not 1 <= limit <= largest:
        raise SlackError("invalid_limit")
    end = start + limit
    following = base64.b64encode(f"next:{end}".encode()).decode() if end < len(items) else ""
    return items[start:end], following


def paged(key: str, items: list[Any], fields: Json, shape: Callable[[Any], Any]) -> Json:
    shown, cursor = page(items, fields)
    return {"ok": True, key: [shape(i) for i in shown], "response_metadata": {"next_cursor": cursor}}


def _wanted(core: Core, fields: Json, *, member: str | None = None) -> list[Channel]:
    kinds = {KINDS.get(t.strip()) for t in str(fields.get("types") or "public_channel").split(",")}
    if None in kinds:
        raise SlackError("invalid_types")
    found = []
    for channel in core.space.channels.values():
        visible = core.space.knows(core.space.bot.id, channel) and (member is None or member in channel.members)
        if visible and channel.kind in kinds and not (channel.archived and fields.get("exclude_archived")):
            found.append(channel)
    return found


def list_channels(core: Core, fields: Json) -> Json:
    return paged("channels", _wanted(core, fields), fields, lambda c: channel_json(core.space, c))


def channels_of_user(core: Core, fields: Json) -> Json:
    user = core.space.user(str(fields.get("user") or core.space.bot.id))
    return paged("channels", _wanted(core, fields, member=user.id), fields, lambda c: channel_json(core.space, c))


def info(core: Core, fields: Json) -> Json:
    return {"ok": True, "channel": channel_json(core.space, core.space.seen_by_bot(fields.get("channel")))}


def create(core: Core, fields: Json) -> Json:
    name = str(fields.get("name") or "")
    if not name:
        raise SlackError("invalid_name_required")
    if name != name.lower() or not all(c.isalnum() or c in "-_" for c in name):
        raise SlackError("invalid_name_specials")
    if len(name) > 80:
        raise SlackError("invalid_name_maxlength")
    if core.space.by_name(name):
        raise SlackError("name_taken")
    private = bool(fields.get("is_private"))
    space = core.space
    id, kind = space.new_id("C"), KINDS["private_channel" if private else "public_channel"]
    channel = space.channels[id] = Channel(id, name, kind, space.seconds(), space.bot.id, [space.bot.id])
    core.host.changed.note()
    return {"ok": True, "channel": channel_json(space, channel)}


def join(core: Core, fields: Json) -> Json:
    channel = core.space.seen_by_bot(fields.get("channel"))
    if channel.archived:
        raise SlackError("is_archived")
    if channel.private:
        raise SlackError("method_not_supported_for_channel_type")
    fresh = core.join(channel, core.space.bot.id)
    extra = (
        {} if fresh else {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
    )
    return {"ok": True, "channel": channel_json(core.space, channel), **extra}


def invite(core: Core, fields: Json) -> Json:
    channel = core.space.seen_by_bot(fields.get("channel"))
    if core.space.bot.id not in channel.members:
        raise SlackError("not_in_channel")
    if channel.archived:
        raise SlackError("is_archived")
    users = [u.strip() for u in str(fields.get("users") or "").split(",") if u.strip()]
    if not users:
        raise SlackError("no_user")
    for user in users:
        core.space.user(user)
        if user == core.space.bot.id:
            raise SlackError("cant_invite_self")
    if all(u in channel.members for u in users):
        raise SlackError("already_in_channel")
    for user in users:
        core.join(channel, user, core.space.bot.id)
    return {"ok": True, "channel": channel_json(core.space, channel)}


def open_direct(core: Core, fields: Json) -> Json:
    if fields.get("channel"):
        channel = core.space.seen_by_bot(fields["channel"])
    else:
        users = [u.strip() for u in str(fields.get("users") or "").split(",") if u.strip()]
        if not users:
            raise SlackError("users_list_not_supplied")
        for user in users:
            core.space.user(user)
        channel = core.space.direct([*users, core.space.bot.id])
    body = channel_json(core.space, channel) if fields.get("return_im") else {"id": channel.id}
    return {"ok": True, "channel": body}


def members(core: Core, fields: Json) -> Json:
    channel = core.space.seen_by_bot(fields.get("channel"))
    return paged("members", channel.members, fields, lambda u: u)


def _readable(core: Core, fields: Json) -> Channel:
    channel = core.space.seen_by_bot(fields.get("channel"))
    if core.space.bot.id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _within(messages: list[Message], fields: Json) -> list[Message]:
    try:
        oldest, latest = float(fields.get("oldest") or 0), float(fields.get("latest") or "inf")
    except ValueError:
        raise SlackError("invalid_ts_oldest") from None
    whole = bool(fields.get("inclusive"))
    inside = [m for m in messages if oldest < float(m.ts) < latest or (whole and float(m.ts) in (oldest, latest))]
    return [m for m in inside if not m.deleted]


def _pages_of_messages(core: Core, found: list[Message], fields: Json) -> Json:
    metadata = bool(fields.get("include_all_metadata"))
    shown, cursor = page(found, fields, MOST_MESSAGES)
    body: Json = {
        "ok": True,
        "messages": [stored_json(core.space, m, core.host.url, metadata=metadata) for m in shown],
        "has_more": bool(cursor),
    }
    return body | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


def history(core: Core, fields: Json) -> Json:
    channel = _readable(core, fields)
    newest_first = _within(channel.timeline(), fields)[::-1]
    return _pages_of_messages(core, newest_first, fields) | {"pin_count": len(channel.pins)}


def replies(core: Core, fields: Json) -> Json:
    channel = _readable(core, fields)
    parent = core.space.message(channel, fields.get("ts"), "thread_not_found")
    root = channel.messages.get(parent.thread_ts or "", parent)
    found = [root, *(m for m in _within(channel.replies(root.ts), fields))]
    return _pages_of_messages(core, found, fields)


def set_topic(core: Core, fields: Json) -> Json:
    channel = _readable(core, fields)
    channel.topic = str(fields.get("topic") or "")
    return {"ok": True, "channel": channel_json(core.space, channel)}


def set_purpose(core: Core, fields: Json) -> Json:
    channel = _readable(core, fields)
    channel.purpose = str(fields.get("purpose") or "")
    return {"ok": True, "purpose": channel.purpose}


def archive(core: Core, fields: Json) -> Json:
    channel = _readable(core, fields)
    if channel.archived:
        raise SlackError("already_archived")
    core.archive(channel, core.space.bot.id)
    return {"ok": True}


def user_info(core: Core, fields: Json) -> Json:
    return {"ok": True, "user": user_json(core.space.user(str(fields.get("user") or "")))}


def list_users(core: Core, fields: Json) -> Json:
    body = paged("members", list(core.space.users.values()), fields, user_json)
    return body | {"cache_ts": core.space.seconds()}


def users_of_group(core: Core, fields: Json) -> Json:
    members = core.space.groups.get(str(fields.get("usergroup") or ""))
    if members is None:
        raise SlackError("no_such_subteam")
    return {"ok": True, "users": list(members)}


def user_by_email(core: Core, fields: Json) -> Json:
    wanted = str(fields.get("email") or "").lower()
    for user in core.space.users.values():
        if wanted and user.email.lower() == wanted and not user.deleted:
            return {"ok": True, "user": user_json(user)}
    raise SlackError("users_not_found")
