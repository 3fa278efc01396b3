"""State as the JSON that Slack's answers and events carry."""

from typing import Any
from urllib.parse import quote

from sandbox.slack.state import Channel, File, Json, Message, User, Workspace


def user_json(user: User) -> Json:
    return {
        "id": user.id,
        "team_id": user.team_id,
        "name": user.handle,
        "real_name": user.name,
        "deleted": user.deleted,
        "tz": "Europe/Madrid",
        "tz_label": "Central European Time",
        "tz_offset": 3600,
        "profile": {
            "real_name": user.name,
            "real_name_normalized": user.name,
            "display_name": user.name,
            "display_name_normalized": user.name,
            "email": user.email,
            "team": user.team_id,
        },
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": user.is_guest,
        "is_ultra_restricted": False,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": 1700000000,
    }


def channel_json(space: Workspace, channel: Channel) -> Json:
    foreign = any(space.users[u].team_id != space.team_id for u in channel.members)
    body: Json = {
        "id": channel.id,
        "created": channel.created,
        "is_archived": channel.archived,
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind == "group",
        "is_im": channel.kind == "im",
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.private,
        "is_org_shared": False,
        "is_shared": foreign,
        "is_ext_shared": foreign,
        "context_team_id": space.team_id,
    }
    if channel.kind == "im":
        return body | {"user": next((u for u in channel.members if u != space.bot.id), space.bot.id)}
    return body | {
        "name": channel.name,
        "name_normalized": channel.name,
        "creator": channel.creator,
        "is_general": False,
        "is_member": space.bot.id in channel.members,
        "topic": {"value": channel.topic, "creator": channel.creator, "last_set": channel.created},
        "purpose": {"value": channel.purpose, "creator": channel.creator, "last_set": channel.created},
        "num_members": len(channel.members),
    }


def file_json(file: File, base: str) -> Json:
    name = quote(file.name, safe="")
    return {
        "id": file.id,
        "created": file.created,
        "name": file.name,
        "title": file.title,
        "mimetype": file.mimetype,
        "filetype": file.filetype,
        "pretty_type": file.filetype.upper(),
        "user": file.user,
        "editable": False,
        "size": file.size,
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": bool(file.channels),
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": f"{base}/slack/files/{file.id}/{name}",
        "url_private_download": f"{base}/slack/files/{file.id}/download/{name}",
        "permalink": f"{base}/slack/permalink/{file.id}",
        "channels": file.channels,
        "groups": file.groups,
    }


def bot_profile(space: Workspace) -> Json:
    return {
        "id": space.bot_id,
        "app_id": space.app_id,
        "name": space.bot.name,
        "icons": {},
        "deleted": False,
        "updated": 1700000000,
        "team_id": space.team_id,
    }


def message_json(space: Workspace, message: Message, base: str) -> Json:
    """A message as events carry it: what every message has, then only what this one has."""
    body: Json = {"type": "message", "user": message.user, "ts": message.ts, "text": message.text}
    extras: dict[str, Any] = {
        "subtype": message.subtype,
        "blocks": message.blocks,
        "attachments": message.attachments,
        "thread_ts": message.thread_ts,
        "files": [file_json(f, base) for f in message.files],
    }
    body |= {key: value for key, value in extras.items() if value}
    if message.subtype is None:
        body["team"] = space.users[message.user].team_id
    if message.bot_id and message.subtype is None:
        body |= {"bot_id": message.bot_id, "bot_profile": bot_profile(space)}
    if message.is_reply and message.thread_ts:
        parent = space.channels[message.channel].messages.get(message.thread_ts)
        body["parent_user_id"] = parent.user if parent else space.bot.id
    if message.edited and message.subtype is None:
        body["edited"] = {"user": message.edited[0], "ts": message.edited[1]}
    return body


def stored_json(space: Workspace, message: Message, base: str, *, metadata: bool = False) -> Json:
    """A message as the Web API and interactions show it: with its thread, reactions and, if asked for, its metadata."""
    body = message_json(space, message, base)
    if message.bot_id:
        body |= {"bot_id": message.bot_id, "app_id": space.app_id, "bot_profile": bot_profile(space)}
    if metadata and message.metadata:
        body["metadata"] = message.metadata
    if message.reactions:
        body["reactions"] = [{"name": n, "users": list(u), "count": len(u)} for n, u in message.reactions.items()]
    channel = space.channels[message.channel]
    if thread := thread_json(channel, message):
        body |= thread | {"is_locked": False, "subscribed": False}
    if message.ts in channel.pins:
        body["pinned_to"] = [channel.id]
    return body


def thread_json(channel: Channel, message: Message) -> Json:
    """What the first message of a thread tells about its replies; nothing when there are none."""
    replies = channel.replies(message.ts)
    if not replies:
        return {}
    users = sorted({r.user for r in replies})
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users": users,
        "reply_users_count": len(users),
        "latest_reply": replies[-1].ts,
    }
