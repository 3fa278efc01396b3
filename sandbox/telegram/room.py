"""Looking at a chat: what is there, what is new, what one waits for."""

import asyncio

from sandbox.telegram.bubbles import Bubble, Button, plain
from sandbox.telegram.chats import Chat
from sandbox.telegram.keyboards import rows_of
from sandbox.telegram.state import State

SHOWN = 8  # messages listed when something is missing


class Room:
    """A chat as those in it see it."""

    def __init__(self, state: State, room: Chat, name: str) -> None:
        self.state = state
        self.room = room
        self.name = name

    @property
    def chat(self) -> list[Bubble]:
        """All messages that are there, oldest first."""
        return [b for b in self._all() if not b.deleted]

    @property
    def deleted(self) -> list[Bubble]:
        """The messages that the bot took away."""
        return [b for b in self._all() if b.deleted]

    @property
    def keyboard(self) -> list[list[Button]]:
        """The reply keyboard that is open below the chat."""
        rows = rows_of(self.room.keyboard or {})
        return [[Button(str(b["text"]), b) for b in row] for row in rows]

    @property
    def actions(self) -> list[str]:
        """What the bot was seen doing ("typing"), oldest first."""
        return list(self.room.actions)

    def buttons(self) -> list[str]:
        """The labels of the newest inline keyboard of the bot, or of the reply keyboard when there is none."""
        for bubble in reversed(self.chat):
            if bubble.from_bot and bubble.labels:
                return bubble.labels
        return [b.label for row in self.keyboard for b in row]

    def news(self, since: int | None = None) -> list[Bubble]:
        """What the bot sent or edited since a step (by default: since somebody here last did something)."""
        start = self.room.mark if since is None else since
        return sorted((b for b in self.chat if b.from_bot and b.step > start), key=lambda b: b.step)

    def looks_away(self) -> None:
        """Count everything that is there as seen: from now on only what comes later is new."""
        self.room.mark = self.state.chats.step()

    async def sees(
        self, fragment: str, timeout: float = 15.0, *, anywhere: bool = False, after: Bubble | None = None
    ) -> Bubble:
        """The newest message of the bot that shows `fragment` in its text, buttons or file name, waiting for it.

        It must have been sent or edited after the last thing that somebody in this chat did, or after `after` was sent
        or last edited; `anywhere` takes the whole chat.
        """
        since = 0 if anywhere else after.step if after is not None else None

        def look() -> Bubble | None:
            return next((b for b in reversed(self.news(since)) if b.shows(fragment)), None)

        found = await self.state.host.changed.until(look, timeout)
        if found is None:
            raise AssertionError(f"{self.name} saw no {fragment!r} within {timeout} s.\n{self.shown()}")
        self.room.seen = max(self.room.seen, found.step)
        return found

    async def sees_nothing(self, seconds: float = 0.3) -> None:
        """The bot says nothing here for a while, beyond what was seen before."""
        await asyncio.sleep(seconds)
        fresh = self.news(max(self.room.mark, self.room.seen))
        if fresh:
            raise AssertionError(f"{self.name} expected silence, but there is {fresh}\n{self.shown()}")

    async def sees_gone(self, bubble: Bubble, timeout: float = 15.0) -> None:
        """A message disappears."""
        gone = await self.state.host.changed.until(lambda: bubble.deleted or None, timeout)
        if gone is None:
            raise AssertionError(f"{self.name} still sees {bubble!r}")

    def shown(self) -> str:
        """The end of the chat, for messages about what is missing; a line marks the last thing done by a human."""
        lines, before = [], True
        for bubble in sorted(self.chat, key=lambda b: b.step)[-SHOWN:]:
            if before and bubble.step > self.room.mark:
                lines.append("  ----- since the last thing done here:")
                before = False
            lines.append(f"  {bubble!r}")
        keyboard = "".join(f" [{b.label}]" for row in self.keyboard for b in row)
        return "\n".join([f"The chat of {self.name}:", *lines, *([f"  keyboard:{keyboard}"] if keyboard else [])])

    def button(self, label: str, on: Bubble | None = None) -> tuple[Bubble | None, Button]:
        """The button with that label in the newest message that has it, else in the reply keyboard."""
        places = [on] if on is not None else [b for b in reversed(self.chat) if b.from_bot]
        for bubble in places:
            if found := self._pick(label, bubble.buttons):
                return bubble, found
        if on is None and (found := self._pick(label, self.keyboard)):
            return None, found
        where = repr(on) if on is not None else self.shown()
        raise AssertionError(f"{self.name} finds no button {label!r}.\n{where}")

    def _pick(self, label: str, rows: list[list[Button]]) -> Button | None:
        buttons, wanted = [b for row in rows for b in row], plain(label)
        same = [b for b in buttons if plain(b.label) == wanted]
        alike = same or [b for b in buttons if wanted in plain(b.label)]
        if len({b.label for b in alike}) > 1:
            raise AssertionError(f"{label!r} fits several buttons: {[b.label for b in alike]}")
        return alike[0] if alike else None

    def _all(self) -> list[Bubble]:
        return [Bubble(self.room, m, self.state.files) for m in self.room.messages.values()]
