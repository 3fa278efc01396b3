"""What a Slack workspace consists of: its users, channels, messages and files."""

import itertools
import string
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sandbox.clock import Clock
from sandbox.slack.errors import SlackError

Json = dict[str, Any]
Kind = Literal["channel", "group", "im", "mpim"]
DIGITS = string.digits + string.ascii_uppercase


@dataclass
class User:
    id: str
    name: str  # as people read it
    handle: str
    email: str
    team_id: str
    is_bot: bool = False
    is_guest: bool = False
    deleted: bool = False


@dataclass
class File:
    id: str
    name: str
    title: str
    size: int
    user: str
    created: int
    content: bytes | None = None  # None until the upload has arrived
    shared: bool = False
    mimetype: str = "application/octet-stream"
    filetype: str = "binary"
    channels: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)


@dataclass
class Message:
    channel: str
    ts: str
    user: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    bot_id: str | None = None
    thread_ts: str | None = None
    broadcast: bool = False
    subtype: str | None = None
    metadata: Json | None = None
    files: list[File] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    edited: tuple[str, str] | None = None  # who and when
    history: list[tuple[str, list[Json]]] = field(default_factory=list)  # what it said before each edit
    ephemeral_to: str | None = None
    deleted: bool = False
    touched: int = 0  # the sandbox's count of posts and edits when it was last changed

    @property
    def is_reply(self) -> bool:
        return self.thread_ts not in (None, self.ts)


@dataclass
class Channel:
    id: str
    name: str
    kind: Kind
    created: int
    creator: str
    members: list[str] = field(default_factory=list)
    archived: bool = False
    topic: str = ""
    purpose: str = ""
    messages: dict[str, Message] = field(default_factory=dict)  # by ts, oldest first
    pins: list[str] = field(default_factory=list)
    bookmarks: list[Json] = field(default_factory=list)

    @property
    def private(self) -> bool:
        return self.kind != "channel"

    def replies(self, ts: str) -> list[Message]:
        return [m for m in self.messages.values() if m.thread_ts == ts and m.ts != ts]

    def timeline(self) -> list[Message]:
        """What the channel itself shows: no replies, except those sent to the channel as well."""
        return [m for m in self.messages.values() if not m.is_reply or m.broadcast]


class Workspace:
    """One workspace with one installed app and its bot user."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.team_id, self.domain, self.name = "T0AFTER01", "aftercare", "Aftercare"
        self.app_id, self.bot_id = "A0AFTER01", "B0AFTER01"
        self.bot = User("U0AFTERBOT", "Aftercare", "aftercare", "", self.team_id, is_bot=True)
        self.users: dict[str, User] = {self.bot.id: self.bot}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, File] = {}
        self.groups: dict[str, list[str]] = {}  # the user groups, by id: who is in
        self.ephemerals: list[Message] = []
        self.gone: list[Message] = []  # deleted messages, oldest first
        self.tick = 0
        self._numbers = itertools.count(1)
        self._last_ts = 0

    def new_id(self, prefix: str) -> str:
        number, word = next(self._numbers), ""
        while number:
            number, rest = divmod(number, len(DIGITS))
            word = DIGITS[rest] + word
        return prefix + "SBX" + word.rjust(6, "0")

    def now(self) -> datetime:
        return self.clock.now()

    def seconds(self) -> int:
        return int(self.now().timestamp())

    def new_ts(self) -> str:
        """A time stamp no other message has, later than all before."""
        self._last_ts = max(self._last_ts + 1, int(self.now().timestamp() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def touch(self, message: Message) -> None:
        self.tick += 1
        message.touched = self.tick

    def user(self, id: str) -> User:
        if (user := self.users.get(id)) is None:
            raise SlackError("user_not_found")
        return user

    def by_name(self, name: str) -> Channel | None:
        wanted = name.removeprefix("#")
        return next((c for c in self.channels.values() if c.id == name or c.name == wanted), None)

    def knows(self, user: str, channel: Channel) -> bool:
        """True when this user can see that the channel exists."""
        if user in channel.members:
            return True
        person = self.users[user]
        return not channel.private and not person.is_guest and person.team_id == self.team_id

    def seen_by_bot(self, id: str | None) -> Channel:
        """The channel of a call; a channel the bot cannot see does not exist for it."""
        channel = self.channels.get(id or "")
        if channel is None or not self.knows(self.bot.id, channel):
            raise SlackError("channel_not_found")
        return channel

    def message(self, channel: Channel, ts: str | None, error: str = "message_not_found") -> Message:
        if (message := channel.messages.get(ts or "")) is None:
            raise SlackError(error)
        return message

    def direct(self, users: Iterable[str]) -> Channel:
        """The direct conversation of exactly these users, opened when there is none."""
        members = sorted(set(users))
        for channel in self.channels.values():
            if channel.kind in ("im", "mpim") and sorted(channel.members) == members:
                return channel
        kind: Kind = "im" if len(members) <= 2 else "mpim"
        name = "" if kind == "im" else "mpdm-" + "--".join(self.users[u].handle for u in members) + "-1"
        channel = Channel(
            self.new_id("D" if kind == "im" else "G"), name, kind, self.seconds(), self.bot.id, list(members)
        )
        self.channels[channel.id] = channel
        return channel

    def everything(self) -> Iterator[Message]:
        for channel in self.channels.values():
            yield from channel.messages.values()
        yield from (m for m in self.ephemerals if not m.deleted)
