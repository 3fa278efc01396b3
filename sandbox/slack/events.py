"""The events Slack makes of what happens in the workspace; the app hears only of channels its bot is in."""

from sandbox.host import Host
from sandbox.slack.blocks import mentions
from sandbox.slack.delivery import Delivery
from sandbox.slack.shapes import message_json, thread_json
from sandbox.slack.state import Channel, Json, Message, Workspace

NOT_BROADCAST = ("team", "bot_id", "bot_profile", "parent_user_id", "edited")


class Events:
    def __init__(self, host: Host, space: Workspace, delivery: Delivery) -> None:
        self.host, self.space, self.delivery = host, space, delivery

    def _heard(self, channel: Channel) -> bool:
        return self.space.bot.id in channel.members

    def _placed(self, channel: Channel) -> Json:
        return {"channel": channel.id, "event_ts": self.space.new_ts(), "channel_type": channel.kind}

    def _inside(self, channel: Channel, message: Message) -> Json:
        body = message_json(self.space, message, self.host.url)
        return body | {"channel": channel.id, "channel_type": channel.kind, "event_ts": message.ts}

    def posted(self, message: Message) -> None:
        channel = self.space.channels[message.channel]
        if not self._heard(channel):
            return
        body = self._inside(channel, message)
        if message.broadcast and message.thread_ts:
            first = channel.messages[message.thread_ts]
            root = self._inside(channel, first) | thread_json(channel, first)
            root.pop("subtype", None)
            body = {k: v for k, v in body.items() if k not in NOT_BROADCAST}
            body |= {"subtype": "thread_broadcast", "root": root, "client_msg_id": message.ts}
        self.delivery.event(body)
        if self.space.bot.id in mentions(message.text) and message.user != self.space.bot.id and channel.kind != "im":
            keys = ("user", "ts", "text", "team", "blocks", "thread_ts", "channel", "event_ts")
            self.delivery.event({"type": "app_mention"} | {k: body[k] for k in keys if k in body})

    def changed(self, message: Message, previous: Json) -> None:
        channel = self.space.channels[message.channel]
        if self._heard(channel):
            body: Json = {"type": "message", "subtype": "message_changed", "hidden": True}
            body |= {"message": self._inside(channel, message), "previous_message": previous}
            self.delivery.event(body | self._placed(channel) | {"ts": self.space.new_ts()})

    def before(self, message: Message) -> Json:
        """The message as it is now, for the event about its change."""
        return self._inside(self.space.channels[message.channel], message)

    def deleted(self, message: Message) -> None:
        channel = self.space.channels[message.channel]
        if self._heard(channel):
            body: Json = {"type": "message", "subtype": "message_deleted", "hidden": True, "deleted_ts": message.ts}
            body |= {"previous_message": self._inside(channel, message)}
            self.delivery.event(body | self._placed(channel) | {"ts": self.space.new_ts()})

    def reaction(self, message: Message, user: str, name: str, *, added: bool) -> None:
        channel = self.space.channels[message.channel]
        if self._heard(channel):
            kind = "reaction_added" if added else "reaction_removed"
            body: Json = {"type": kind, "user": user, "reaction": name, "item_user": message.user}
            item = {"type": "message", "channel": channel.id, "ts": message.ts}
            self.delivery.event(body | {"item": item, "event_ts": self.space.new_ts()})

    def joined(self, channel: Channel, user: str, inviter: str | None) -> None:
        if self._heard(channel):
            kind = "C" if channel.kind == "channel" else "G"
            body: Json = {"type": "member_joined_channel", "user": user, "channel": channel.id, "channel_type": kind}
            body |= {"team": self.space.team_id, "event_ts": self.space.new_ts()}
            self.delivery.event(body | ({"inviter": inviter} if inviter else {}))

    def left(self, channel: Channel, user: str) -> None:
        if self._heard(channel) or user == self.space.bot.id:
            kind = "C" if channel.kind == "channel" else "G"
            body: Json = {"type": "member_left_channel", "user": user, "channel": channel.id, "channel_type": kind}
            self.delivery.event(body | {"team": self.space.team_id, "event_ts": self.space.new_ts()})

    def archived(self, channel: Channel, user: str, *, back: bool = False) -> None:
        if self._heard(channel):
            kind = "channel_unarchive" if back else "channel_archive"
            body: Json = {"type": kind, "channel": channel.id, "user": user, "event_ts": self.space.new_ts()}
            self.delivery.event(body)

    def group_changed(self, group: str, added: list[str], removed: list[str]) -> None:
        """Slack leaves the list out of a side on which nothing changed."""
        now = self.space.seconds()
        body: Json = {"type": "subteam_members_changed", "subteam_id": group, "team_id": self.space.team_id}
        body |= {"date_previous_update": now, "date_update": now, "event_ts": self.space.new_ts()}
        for way, users in (("added", added), ("removed", removed)):
            if users:
                body |= {f"{way}_users": users, f"{way}_users_count": len(users)}
        self.delivery.event(body)

    def home_opened(self, user: str, view: Json | None) -> None:
        channel = self.space.direct([user, self.space.bot.id])
        body: Json = {"type": "app_home_opened", "user": user, "channel": channel.id, "tab": "home"}
        self.delivery.event(body | {"event_ts": self.space.new_ts()} | ({"view": view} if view else {}))
