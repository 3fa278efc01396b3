"""What must be true of words between a team and homeowners: a book kept beside the program, and compared with it."""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sandbox.slack.person import Person as Teammate
from sandbox.slack.seen import Post
from sandbox.telegram.bubbles import Bubble
from sandbox.telegram.person import Person
from tests.house import House, words

TOKEN = re.compile(r"tk(\d+)v\d+e")
HIS = re.compile(r"hm\d+e")
LOST = ("reset_after", "status_after")  # Telegram did it, and we cannot know
PUTS = ("sendMessage", "sendPhoto")
OPEN, CLOSED, FAILED = "hourglass_flowing_sand", "white_check_mark", "warning"
MARKS: dict[str, set[str]] = {
    "internal": set(),
    "undone": set(),
    "withdrawn": set(),
    "waiting": {OPEN},
    "sent": {CLOSED},
    "failed": {FAILED},
}
COPIES: dict[str, tuple[str, ...]] = {  # what stands under the team's copy of a written answer
    "waiting": ("sent.waiting",),
    "sent": ("team.delivered",),
    "undone": ("sent.undone",),
    "withdrawn": ("sent.withdrawn", "sent.emptied"),  # the latter where Telegram does not delete it any more
}


@dataclass(eq=False)
class Room:
    """A homeowner's request: his chat, and the team's card with its thread."""

    person: Person
    card: Post

    @property
    def chat(self) -> str:
        return str(self.person.id)


@dataclass(eq=False)
class Said:
    """Something that a teammate wrote: what it says now, and what has become of it."""

    number: int
    room: Room | None  # none: it stands in no thread
    by: Teammate
    post: Post | None  # none: written in the form
    file: bytes | None = None
    version: int = 0
    state: str = "internal"
    shown: str | None = None  # what stands in the homeowner's chat
    heard: bool = True  # whether we were told of it
    gone: bool = False  # whoever wrote it has deleted it
    since: float = 0.0  # when it began to wait
    button: Post | None = None  # where it can be taken back, corrected or withdrawn
    sees: Teammate | None = None  # who alone sees that

    @property
    def token(self) -> str:
        return f"tk{self.number}v{self.version}e"


@dataclass
class Book:
    """All that was said, and what may be read by whom."""

    house: House
    ours: set[str]  # the people of the team, by their id in Slack
    bot: str
    said: list[Said] = field(default_factory=list)
    allowed: dict[str, str] = field(default_factory=dict)  # what was sent on purpose -> the chat
    his: dict[str, str] = field(default_factory=dict)  # what a homeowner wrote -> his chat
    blocked: set[str] = field(default_factory=set)  # chats
    doubled: Counter[int] = field(default_factory=Counter)  # by text: how often Telegram's answer was lost
    unmarked: int = 0  # what was on its way when the program was killed: nobody can know whether it has arrived
    again: set[int] = field(default_factory=set)  # texts of which two copies are there, for that reason
    found: Counter[str] = field(default_factory=Counter)  # for the report
    _read: int = 0  # how much of the recording was looked at

    # what happens to the words

    def sends(self, said: Said, *, at_once: bool, now: float) -> None:
        """On purpose: it waits for a moment, or leaves at once."""
        said.state, said.since = "waiting", now
        if at_once:
            self.leaves(said)

    def leaves(self, said: Said) -> None:
        """Nobody has taken it back."""
        assert said.room is not None
        if said.room.chat in self.blocked:
            said.state = "failed"
            return
        said.state, said.shown = "sent", said.token
        self.allowed[said.token] = said.room.chat

    def may_leave(self, said: Said) -> None:
        """Two things happen at the same moment: it may be read as it is now."""
        assert said.room is not None
        self.allowed[said.token] = said.room.chat

    def time_passes(self) -> None:
        for one in self.said:
            if one.state == "waiting":
                self.leaves(one)

    def changes(self, said: Said) -> None:
        """It says something else now (its token says so already)."""
        if said.state == "sent":
            self.leaves(said)

    def of(self, *states: str, **how: bool) -> list[Said]:
        """The texts in these states; `form`: written in the form or in a thread, `gone`: deleted there."""
        return [
            one
            for one in self.said
            if one.state in states
            and one.room is not None
            and how.get("form") in (None, one.post is None)
            and how.get("gone") in (None, one.gone)
        ]

    # what must be true of it

    def check(self) -> None:
        """Nothing internal has left, and what was sent stands where it belongs, once, with the right mark."""
        self.nothing_leaked()
        chats = {room.chat: room.person for room in self.rooms}
        bubbles = {chat: [b for b in person.chat if b.from_bot] for chat, person in chats.items()}
        for said in self.said:
            self.it_stands_once(said, bubbles)
            self.its_mark_is_true(said)
        self.found["checks"] += 1

    @property
    def rooms(self) -> list[Room]:
        return list({id(said.room): said.room for said in self.said if said.room is not None}.values())

    def nothing_leaked(self) -> None:
        """Whatever was said to Telegram: texts, captions, buttons, notices, tried or done."""
        calls = self.house.sandbox.recording.calls
        for call in calls[self._read :]:
            if call.network != "telegram" or call.direction != "in" or call.method == "getUpdates":
                continue
            sent, chat = repr(call.fields), str(call.fields.get("chat_id"))
            for token in TOKEN.finditer(sent):
                allowed = self.allowed.get(token.group())
                assert allowed == chat, f"{token.group()} went to {chat}, allowed: {allowed}: {self._about(token)}"
                if call.fault in LOST and call.method in PUTS:
                    self.doubled[int(token[1])] += 1
            for word in HIS.findall(sent):
                assert self.his[word] == chat, f"{word} of {self.his[word]} went to {chat}"
        self._read = len(calls)

    def _about(self, token: re.Match[str]) -> str:
        return next((f"{s.state}, {s.version=}, {s.shown=}" for s in self.said if s.number == int(token[1])), "?")

    def it_stands_once(self, said: Said, bubbles: dict[str, list[Bubble]]) -> None:
        mine = re.compile(rf"tk{said.number}v\d+e")
        there = [b for bubble in bubbles.values() for b in bubble if mine.search(b.text)]
        extra = self.doubled[said.number] + self.unmarked
        wanted = 0 if said.shown is None else 1
        assert wanted <= len(there) <= wanted + extra, f"{said}: {there}"
        if len(there) > wanted:
            self.again.add(said.number)
        if said.shown is not None:
            assert any(said.shown in b.text for b in there), f"{said}: {there}"
        if said.file is not None:
            shown = sum(b.content == said.file for bubble in bubbles.values() for b in bubble if b.media)
            assert wanted <= shown <= wanted + self.unmarked, f"the photo of {said} is there {shown} times"

    def its_mark_is_true(self, said: Said) -> None:
        if said.room is None or (said.post is None and said.button is None):
            return
        thread = "\n".join(post.text for post in said.room.card.thread) if said.state == "failed" else ""
        if said.state == "failed":
            assert "cannot be reached in Telegram" in thread or "Not delivered" in thread, f"{said}: no reason"
        if said.post is not None:
            if not said.gone:
                on = {name for name, who in said.post.message.reactions.items() if self.bot in who}
                assert on == MARKS[said.state], f"{said}: {on}"
        elif said.state in COPIES:
            assert said.button is not None
            statuses = [words("en", key, seconds=60) for key in COPIES[said.state]]
            assert any(status in said.button.text for status in statuses), f"{said}: {said.button.text}"
            assert said.token in said.button.text, f"{said}: {said.button.text}"


def label(key: str, **values: Any) -> str:
    """What stands on the team's buttons."""
    return words("en", key, **values)
