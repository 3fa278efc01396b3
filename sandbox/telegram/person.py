"""People with phones: what somebody does in Telegram, and what they see."""

import itertools
import json
import secrets
from dataclasses import dataclass
from typing import Any, Literal

from sandbox.telegram.bubbles import Bubble, Button
from sandbox.telegram.chats import Chat, Message, User
from sandbox.telegram.files import PHOTO, VIDEO, VOICE, File
from sandbox.telegram.markup import finds, ordered
from sandbox.telegram.payer import Payer
from sandbox.telegram.room import Room
from sandbox.telegram.spec import units
from sandbox.telegram.state import State

LONGEST = 4096  # a client cuts what is longer into several messages
Content = dict[str, Any]


@dataclass
class Press:
    """What came of a press: the bot's short notice, or where the button led."""

    button: Button
    bubble: Bubble | None
    answered: bool = False
    notice: str | None = None
    alert: bool = False
    url: str | None = None


class Group(Room):
    """A group chat; its people act in it by `at=group`."""

    def __init__(self, state: State, chat_id: int, title: str, people: "list[Person]") -> None:
        super().__init__(state, state.chats.add_group(chat_id, title, [p.user for p in people]), title)
        self.people = people
        self.adds_bot(people[0])

    @property
    def id(self) -> int:
        return self.room.id

    def adds_bot(self, by: "Person") -> None:
        """Somebody adds the bot; it is told twice, as on Telegram (my_chat_member and a message)."""
        self.state.bot_becomes(self.room, by.user, "member")
        self.state.said_by(self.room, by.user, {"new_chat_members": [self.state.bot.api()]})

    def removes_bot(self, by: "Person") -> None:
        self.state.bot_becomes(self.room, by.user, "kicked")


class Person(Payer):
    """Somebody with a phone; looking (`sees`, `chat`, `buttons`) is about their private chat with the bot."""

    _numbers = itertools.count(1)

    def __init__(self, state: State, number: int, first_name: str, last_name: str, language: str, phone: str) -> None:
        self.user = User(number, first_name, last_name, language, phone)
        super().__init__(state, state.chats.add_person(self.user), first_name)

    @property
    def id(self) -> int:
        return self.user.id

    @property
    def phone(self) -> str:
        return self.user.phone

    # Coming and going

    async def starts(self, payload: str = "") -> Bubble:
        """Open the chat (again): the Start button, or a link with a payload."""
        if self.room.bot == "kicked":
            self.state.bot_becomes(self.room, self.user, "member")
        self.room.bot = "member"
        return await self.types(f"/start {payload}".strip())

    async def blocks(self) -> None:
        self.state.bot_becomes(self.room, self.user, "kicked")

    async def unblocks(self) -> None:
        self.state.bot_becomes(self.room, self.user, "member")

    # Saying something

    async def types(self, text: str, *, at: Group | None = None, reply_to: Bubble | None = None) -> Bubble:
        """Send words; the last bubble when they were too long for one."""
        pieces = cut(text.strip())
        for piece in pieces[:-1]:
            self._says(typed(piece), at, reply_to)
        return self._says(typed(pieces[-1]), at, reply_to)

    async def edits(self, bubble: Bubble, text: str) -> Bubble:
        """Change the words (or the caption) of an own message."""
        if bubble.raw["from"]["id"] != self.id:
            raise AssertionError(f"{self.name} cannot edit {bubble!r}")
        names = ("caption", "caption_entities") if bubble.media else ("text", "entities")
        raw = {k: v for k, v in bubble.raw.items() if k not in names}
        fresh = typed(text)
        raw[names[0]] = fresh["text"]
        if "entities" in fresh:
            raw[names[1]] = fresh["entities"]
        raw["edit_date"] = self.state.now()
        bubble.message.turn_into(raw, self.state.chats.step())
        bubble.room.mark = bubble.step
        self.state.updates.push("edited_message", raw)
        self.state.host.changed.note()
        return bubble

    async def sends_photo(
        self, caption: str | None = None, n: int = 1, *, content: bytes | None = None, at: Group | None = None
    ) -> list[Bubble]:
        """Send one photo, or `n` as an album (the caption on the first, as clients do)."""
        album = {"media_group_id": str(secrets.randbits(56))} if n > 1 else {}
        bubbles = []
        for number in range(n):
            # bytes after the end of a picture are ignored by its readers and make it a picture of its own
            picture = content if content is not None and n == 1 else (content or PHOTO) + self._unlike()
            file = self.state.files.add("photo", picture, "photo.jpg", "image/jpeg")
            bubbles.append(self._sends(file, caption if number == 0 else None, at, album))
        return bubbles

    async def sends_voice(self, *, content: bytes = VOICE, at: Group | None = None) -> Bubble:
        return self._sends(self.state.files.add("voice", content, "voice.ogg", "audio/ogg"), None, at)

    async def sends_video(
        self, caption: str | None = None, *, content: bytes | None = None, at: Group | None = None
    ) -> Bubble:
        film = VIDEO + self._unlike() if content is None else content
        return self._sends(self.state.files.add("video", film, "video.mp4", "video/mp4"), caption, at)

    async def sends_document(
        self,
        name: str,
        content: bytes,
        *,
        mime: str = "application/octet-stream",
        caption: str | None = None,
        at: Group | None = None,
    ) -> Bubble:
        return self._sends(self.state.files.add("document", content, name, mime), caption, at)

    async def shares_contact(
        self,
        phone: str | None = None,
        user_id: int | Literal["own"] | None = "own",
        *,
        name: str | None = None,
        at: Group | None = None,
    ) -> Bubble:
        """Share the own number, or somebody else's card (`user_id` None: somebody without Telegram)."""
        contact: Content = {"phone_number": phone or self.phone, "first_name": name or self.user.first_name}
        if name is None and self.user.last_name:
            contact["last_name"] = self.user.last_name
        number = self.id if user_id == "own" else user_id
        if number is not None:
            contact["user_id"] = number
        return self._says({"contact": contact}, at)

    async def shares_location(self, lat: float, lon: float, *, at: Group | None = None) -> Bubble:
        return self._says({"location": {"latitude": lat, "longitude": lon}}, at)

    # Pressing

    async def presses(
        self, label: str, *, on: Bubble | None = None, at: Group | None = None, timeout: float = 15.0
    ) -> Press:
        """Press a button by its label (or part of it) and wait for the bot's answer to the press.

        AssertionError lists what is there when no button has this label, or when several have part of it. A button of
        the reply keyboard sends its words, the own contact or a place, as it says.
        """
        place: Room = at or self
        self._can_act(place.room)
        bubble, button = place.button(label, on)
        return await self.presses_button(button, on=bubble, at=at, timeout=timeout)

    async def presses_button(
        self, button: Button, *, on: Bubble | None = None, at: Group | None = None, timeout: float = 15.0
    ) -> Press:
        """Press this very button of a message, or (without `on`) of the reply keyboard."""
        place: Room = at or self
        self._can_act(place.room)
        press = Press(button, on)
        if on is None:
            await self._taps(button, at)
        elif button.pays:
            raise AssertionError(f"{self.name} would have to choose a card: `pays` does that")
        elif button.data is None:
            press.url = button.url
        elif on.deleted:
            raise AssertionError(f"{self.name} cannot press on a deleted message: {on!r}")
        else:
            await self._asks(press, on.message, button.data, place.room, timeout)
        return press

    async def _asks(self, press: Press, message: Message, data: str, room: Chat, timeout: float) -> None:
        room.mark = self.state.chats.step()
        query = self.state.asked(self.user, message, data)
        await self.state.host.changed.until(lambda: query.answered or None, timeout)
        press.answered, press.notice, press.alert, press.url = query.answered, query.notice, query.alert, query.url

    async def _taps(self, button: Button, at: Group | None) -> None:
        room = (at or self).room
        if room.keyboard and room.keyboard.get("one_time_keyboard"):
            room.keyboard = None
        if button.raw.get("request_contact"):
            await self.shares_contact(at=at)
        elif button.raw.get("request_location"):
            await self.shares_location(45.4642, 9.19, at=at)
        else:
            await self.types(button.label, at=at)

    # Looking

    def commands(self) -> dict[str, str]:
        """The menu of commands (name → description) as somebody with this language sees it."""
        chat = {"type": "chat", "chat_id": self.id}
        for scope in (chat, {"type": "all_private_chats"}, {"type": "default"}):
            for language in (self.user.language[:2], ""):
                found = self.state.profile.commands.get((json.dumps(scope, sort_keys=True), language))
                if found:
                    return {str(c["command"]): str(c["description"]) for c in found}
        return {}

    # How it is done

    def _says(self, content: Content, at: Group | None, reply_to: Bubble | None = None) -> Bubble:
        room = (at or self).room
        self._can_act(room)
        if reply_to is not None:
            answered = {k: v for k, v in reply_to.raw.items() if k != "reply_to_message"}
            content = {"reply_to_message": answered, **content}
        message = self.state.said_by(room, self.user, content)
        return Bubble(room, message, self.state.files)

    def _sends(self, file: File, caption: str | None, at: Group | None, more: Content | None = None) -> Bubble:
        content: Content = {**(more or {}), file.kind: file.media()}
        if caption:
            fresh = typed(caption)
            content["caption"] = fresh["text"]
            if "entities" in fresh:
                content["caption_entities"] = fresh["entities"]
        return self._says(content, at)

    def _can_act(self, room: Chat) -> None:
        if room.kind == "private" and room.bot != "member":
            why = "has blocked the bot" if room.bot == "kicked" else "has not started the bot yet"
            raise AssertionError(f"{self.name} {why}")
        if room.kind == "group" and self.id not in room.members:
            raise AssertionError(f"{self.name} is not in {room.title}")

    def _unlike(self) -> bytes:
        return str(next(self._numbers)).encode()


def typed(text: str) -> Content:
    """Words as a client sends them, with what Telegram finds in them."""
    content: Content = {"text": text.strip()}
    if found := ordered(finds(content["text"], [])):
        content["entities"] = found
    return content


def cut(text: str) -> list[str]:
    """Pieces that fit into a message each."""
    pieces = []
    while units(text) > LONGEST:
        # half of the limit fits whatever the characters are
        end = next(n for n in range(LONGEST, LONGEST // 2 - 1, -1) if units(text[:n]) <= LONGEST)
        pieces.append(text[:end])
        text = text[end:]
    return [*pieces, text]
