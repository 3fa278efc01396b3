"""The state of the local Telegram: people, chats and the messages in them."""

import itertools
from dataclasses import dataclass, field
from typing import Any, Literal

from sandbox.telegram.invoices import Invoice

Standing = Literal["never", "member", "kicked", "left"]


@dataclass
class User:
    """An account; its phone number is told to the bot only when shared."""

    id: int
    first_name: str
    last_name: str = ""
    language: str = "en"
    phone: str = ""
    username: str = ""
    is_bot: bool = False

    def api(self) -> dict[str, Any]:
        shown: dict[str, Any] = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        if self.last_name:
            shown["last_name"] = self.last_name
        if self.username:
            shown["username"] = self.username
        if self.language and not self.is_bot:
            shown["language_code"] = self.language
        return shown


@dataclass
class Message:
    """A message as it is now, with its earlier versions; `step` orders everything that happened in all chats."""

    raw: dict[str, Any]
    step: int
    history: list[dict[str, Any]] = field(default_factory=list)
    deleted: bool = False
    reactions: list[dict[str, Any]] = field(default_factory=list)
    invoice: Invoice | None = None  # what it asks for, or what it says was paid
    receipt: bool = False  # paid here: the Pay button shows the receipt from now on

    @property
    def id(self) -> int:
        return int(self.raw["message_id"])

    @property
    def from_bot(self) -> bool:
        return bool(self.raw.get("from", {}).get("is_bot"))

    def turn_into(self, raw: dict[str, Any], step: int) -> None:
        self.history.append(self.raw)
        self.raw, self.step = raw, step


@dataclass
class Chat:
    """A private chat with the bot or a group; `bot` says how the bot stands in it."""

    id: int
    kind: Literal["private", "group"]
    title: str = ""
    person: User | None = None
    members: dict[int, User] = field(default_factory=dict)
    bot: Standing = "never"
    messages: dict[int, Message] = field(default_factory=dict)
    next_id: int = 1
    keyboard: dict[str, Any] | None = None  # the reply keyboard that is open below the chat
    pinned: int | None = None
    menu_button: dict[str, Any] | None = None
    actions: list[str] = field(default_factory=list)  # "typing" and the like
    mark: int = 0  # the step of the last thing a human did here
    seen: int = 0  # the step of the last bot message that a test has seen here

    def api(self) -> dict[str, Any]:
        if self.person is None:
            return {"id": self.id, "type": self.kind, "title": self.title}
        shown = {k: v for k, v in self.person.api().items() if k in ("id", "first_name", "last_name", "username")}
        return {**shown, "type": "private"}

    def find(self, message_id: Any) -> Message | None:
        """The message with that id, unless it was deleted."""
        found = self.messages.get(message_id)
        return None if found is None or found.deleted else found


class Chats:
    """All chats by id, and the counter of steps."""

    def __init__(self) -> None:
        self.all: dict[int, Chat] = {}
        self.users: dict[int, User] = {}
        self._steps = itertools.count(1)

    def step(self) -> int:
        return next(self._steps)

    def add_person(self, user: User) -> Chat:
        if user.id in self.users:
            raise ValueError(f"there is somebody with the id {user.id} already")
        self.users[user.id] = user
        self.all[user.id] = Chat(user.id, "private", person=user)
        return self.all[user.id]

    def add_group(self, chat_id: int, title: str, members: list[User]) -> Chat:
        self.all[chat_id] = Chat(chat_id, "group", title=title, members={u.id: u for u in members})
        return self.all[chat_id]

    def post(self, chat: Chat, sender: User, date: int, content: dict[str, Any]) -> Message:
        """Add a message to a chat under its next number."""
        head = {"message_id": chat.next_id, "from": sender.api(), "chat": chat.api(), "date": date}
        message = Message({**head, **content}, self.step())
        chat.messages[chat.next_id] = message
        chat.next_id += 1
        return message
