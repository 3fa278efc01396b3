"""What Slack's people have on their screens, as JSON."""

from datetime import UTC, datetime

from sandbox.control.asked import Json
from sandbox.slack import Channel, File, Person, Slack
from sandbox.slack.state import Message
from sandbox.slack.views import View


def slack_json(
    slack: Slack, roles: dict[str, str], person: Person | None, channel: str | None, thread: str | None, limit: int
) -> Json:
    """The team, and Slack as one of them sees it; messages of one channel (and one thread in it) or of all."""
    shown: Json = {
        "team": slack.space.name,
        "bot": {"id": slack.space.bot.id, "name": slack.space.bot.name},
        "connected": slack.connected,
        "http": slack.delivery.courier is not slack.sockets,
        "users": [user_json(slack, p, roles.get(p.id)) for p in slack.people.values()],
    }
    if person is None:
        return shown
    places = [c for c in slack.space.channels.values() if slack.space.knows(person.id, c)]
    ephemerals: dict[str, list[Message]] = {}
    for post in person.ephemerals:
        ephemerals.setdefault(post.message.channel, []).append(post.message)
    listed = []
    for place in places:
        whispered = ephemerals.get(place.id, [])
        listed.append(summary_json(person, place, whispered))
        if channel in (None, place.id):
            listed[-1] |= messages_json(slack, place, whispered, limit)
            listed[-1] |= threads_json(slack, place, whispered, None if channel is None else thread or "")
    modal = slack.views.top(person.id)
    home = slack.views.homes.get(person.id)
    return shown | {
        "me": person.id,
        "channels": listed,
        "modal": modal and {**view_json(slack, modal), "depth": len(slack.views.stacks[person.id])},
        "home": home and view_json(slack, home),
        "trouble": list(person.trouble),
    }


def user_json(slack: Slack, person: Person, role: str | None) -> Json:
    user = person.user
    return {
        "id": user.id,
        "name": user.name,
        "handle": user.handle,
        "role": role or ("guest" if user.is_guest else None),
        "guest": user.is_guest,
        "stranger": user.team_id != slack.space.team_id,
    }


def summary_json(person: Person, channel: Channel, whispered: list[Message]) -> Json:
    others = [m for m in channel.messages.values() if m.user != person.id]
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "members": channel.members,
        "archived": channel.archived,
        "topic": channel.topic,
        "newest": max((m.ts for m in [*others, *whispered]), default=""),
    }


def messages_json(slack: Slack, channel: Channel, whispered: list[Message], limit: int) -> Json:
    """The channel itself, newest last."""
    replies = replies_of(channel)
    timeline = sorted([*channel.timeline(), *(m for m in whispered if not m.thread_ts)], key=lambda m: m.ts)
    messages = [post_json(slack, m, replies.get(m.ts)) for m in timeline[-limit:]]
    return {"earlier": max(0, len(timeline) - limit), "messages": messages}


def threads_json(slack: Slack, channel: Channel, whispered: list[Message], only: str | None) -> Json:
    """The answers by the ts of what they answer: those of one thread, or of all."""
    threads = replies_of(channel)
    for message in whispered:
        if message.thread_ts:
            threads.setdefault(message.thread_ts, []).append(message)
    shown = {
        ts: {
            "root": post_json(slack, channel.messages[ts]),
            "messages": [post_json(slack, m) for m in sorted(threads.get(ts, []), key=lambda m: m.ts)],
        }
        for ts in (threads if only is None else [only])
        if ts in channel.messages
    }
    return {"threads": shown}


def replies_of(channel: Channel) -> dict[str, list[Message]]:
    replies: dict[str, list[Message]] = {}
    for message in channel.messages.values():
        if message.is_reply and message.thread_ts:
            replies.setdefault(message.thread_ts, []).append(message)
    return replies


def post_json(slack: Slack, message: Message, replies: list[Message] | None = None) -> Json:
    user = slack.space.users[message.user]
    shown: Json = {
        "channel": message.channel,
        "ts": message.ts,
        "at": datetime.fromtimestamp(float(message.ts), UTC).isoformat(),
        "user": message.user,
        "name": user.name,
        "bot": message.bot_id is not None,
        "text": message.text,
        "blocks": message.blocks,
        "files": [file_json(f) for f in message.files],
        "reactions": message.reactions,
        "edited": message.edited is not None,
        "ephemeral": message.ephemeral_to is not None,
        "thread_ts": message.thread_ts,
    }
    if message.attachments:
        shown["attachments"] = message.attachments
    if message.broadcast:
        shown["broadcast"] = True
    if replies:
        people = list(dict.fromkeys(m.user for m in replies))
        shown["replies"] = {"count": len(replies), "users": people, "newest": replies[-1].ts}
    return shown


def file_json(file: File) -> Json:
    return {
        "id": file.id,
        "name": file.name,
        "title": file.title,
        "mime": file.mimetype,
        "size": file.size,
        "url": f"/control/files/slack/{file.id}",
    }


def view_json(slack: Slack, view: View) -> Json:
    """A modal or home tab with what is filled in."""
    body = slack.views.json(view)
    names = ("id", "hash", "type", "title", "submit", "close", "blocks", "state", "callback_id")
    return {name: body[name] for name in names}
