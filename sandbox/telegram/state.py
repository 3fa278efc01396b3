"""Everything the local Telegram remembers, and the few deeds that both sides of it share."""

import asyncio
import collections
import secrets
from dataclasses import dataclass, field
from typing import Any

from sandbox.host import Host
from sandbox.telegram.chats import Chat, Chats, Message, User
from sandbox.telegram.errors import ApiError, bad_request, too_many_requests
from sandbox.telegram.files import Files
from sandbox.telegram.till import Till
from sandbox.telegram.updates import Updates
from sandbox.telegram.webhook import Webhook

FORBIDDEN = {
    ("private", "never"): (403, "Forbidden: bot can't initiate conversation with a user"),
    ("private", "kicked"): (403, "Forbidden: bot was blocked by the user"),
    ("group", "never"): (400, "Bad Request: chat not found"),
    ("group", "kicked"): (403, "Forbidden: bot was kicked from the group chat"),
    ("group", "left"): (403, "Forbidden: bot is not a member of the group chat"),
}


@dataclass
class Rates:
    """How much may be sent: seconds between messages in one chat, messages in one second overall."""

    per_chat: float = 1.0
    overall: int = 30
    last: dict[int, float] = field(default_factory=dict)
    recent: collections.deque[float] = field(default_factory=collections.deque)

    def count(self, chat_id: int, now: float, messages: int = 1) -> None:
        """Count a message, or raise ApiError 429 without counting it."""
        while self.recent and now - self.recent[0] >= 1:
            self.recent.popleft()
        wait = self.per_chat - (now - self.last.get(chat_id, now - self.per_chat))
        if wait > 0 or len(self.recent) + messages > self.overall:
            raise too_many_requests(max(1, round(wait)))
        self.last[chat_id] = now
        self.recent.extend([now] * messages)


@dataclass
class Query:
    """A press that waits for its answer."""

    id: str
    at: float  # sandbox time
    user_id: int
    answered: bool = False
    notice: str | None = None
    alert: bool = False
    url: str | None = None


@dataclass
class Profile:
    """What the bot says about itself; texts by language, commands by (scope, language)."""

    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)
    menu_button: dict[str, Any] = field(default_factory=lambda: {"type": "commands"})


class State:
    """One bot among its people."""

    def __init__(self, host: Host, *, token: str | None, username: str, first_update_id: int) -> None:
        self.host = host
        self.token = token
        number = int(token.split(":")[0]) if token else 5_000_000_001
        self.bot = User(number, "Bot", username=username, is_bot=True)
        self.chats = Chats()
        self.files = Files()
        self.updates = Updates(host, first_update_id)
        self.webhook = Webhook(host, self.updates)
        self.queries: dict[str, Query] = {}
        self.till = Till()
        self.profile = Profile()
        self.rates: Rates | None = None
        self.reads_groups = True  # False: privacy mode, in groups only commands and replies reach the bot

    def now(self) -> int:
        """Sandbox time as Telegram writes it."""
        return int(self.host.clock.now().timestamp())

    def bind(self, token: str) -> None:
        """Take the token of the first caller as the bot's."""
        self.token = token
        self.bot.id = int(token.split(":")[0])

    # The bot's side

    def chat(self, chat_id: Any) -> Chat:
        """The chat of a call; raises ApiError when the bot may not speak there."""
        if chat_id in (None, ""):
            raise bad_request("chat_id is empty")
        try:
            found = self.chats.all.get(int(chat_id))
        except (TypeError, ValueError):
            found = None
        if found is None:
            raise bad_request("chat not found")
        if found.bot != "member":
            raise ApiError(*FORBIDDEN[found.kind, found.bot])
        return found

    def count(self, chat: Chat, messages: int = 1) -> None:
        """Apply the rate rules, when there are any, to messages about to be sent."""
        if self.rates is not None:
            self.rates.count(chat.id, asyncio.get_running_loop().time(), messages)

    def said_by_bot(self, chat: Chat, content: dict[str, Any]) -> Message:
        message = self.chats.post(chat, self.bot, self.now(), content)
        self.host.changed.note()
        return message

    # The people's side

    def said_by(self, chat: Chat, user: User, content: dict[str, Any]) -> Message:
        """Post what a human sends and tell the bot."""
        message = self.chats.post(chat, user, self.now(), content)
        chat.mark = message.step
        if chat.kind == "private" or self.reads_groups or self.meant_for_bot(message.raw):
            self.updates.push("message", message.raw)
        self.host.changed.note()
        return message

    def meant_for_bot(self, raw: dict[str, Any]) -> bool:
        """In privacy mode a bot sees commands, replies to itself and what happens to the group."""
        command = any(e["type"] == "bot_command" for e in raw.get("entities", []))
        reply = raw.get("reply_to_message", {}).get("from", {}).get("id") == self.bot.id
        return command or reply or "text" not in raw

    def bot_becomes(self, chat: Chat, by: User, standing: str) -> None:
        """Change how the bot stands in a chat and tell it (my_chat_member)."""
        old = chat.bot
        chat.bot = standing  # type: ignore[assignment]
        chat.mark = self.chats.step()
        change = {
            "chat": chat.api(),
            "from": by.api(),
            "date": self.now(),
            "old_chat_member": self.membership(old),
            "new_chat_member": self.membership(standing),
        }
        self.updates.push("my_chat_member", change)
        self.host.changed.note()

    def membership(self, standing: str) -> dict[str, Any]:
        shown: dict[str, Any] = {"status": "left" if standing == "never" else standing, "user": self.bot.api()}
        if standing == "kicked":
            shown["until_date"] = 0
        return shown

    def asked(self, user: User, message: Message, data: str) -> Query:
        """A press on an inline button, told to the bot."""
        query = Query(str(secrets.randbits(62) | 1 << 61), self.host.clock.now().timestamp(), user.id)
        self.queries[query.id] = query
        content = {
            "id": query.id,
            "from": user.api(),
            "message": message.raw,
            "chat_instance": str(abs(hash((message.raw["chat"]["id"], self.bot.id)))),
            "data": data,
        }
        self.updates.push("callback_query", content)
        self.host.changed.note()
        return query
