"""What a person has before their eyes: messages, modals and the home tab."""

from typing import Any

from sandbox.slack.blocks import BUTTONS, Element, elements, plain, texts
from sandbox.slack.core import Core
from sandbox.slack.state import File, Json, Message
from sandbox.slack.views import VALUE_KEYS, View


class Surface:
    """Anything made of blocks."""

    def __init__(self, core: Core) -> None:
        self.core = core

    @property
    def blocks(self) -> list[Json]:
        raise NotImplementedError

    @property
    def text(self) -> str:
        """All visible words."""
        raise NotImplementedError

    @property
    def elements(self) -> list[Element]:
        return list(elements(self.blocks))

    @property
    def buttons(self) -> list[str]:
        """The labels of all buttons and of the options behind overflow menus, top to bottom."""
        found = []
        for element in self.elements:
            if element.kind in BUTTONS:
                found.append(element.label)
            elif element.kind == "overflow":
                found += [str(o["text"]["text"]) for o in element.options]
        return found

    @property
    def selects(self) -> list[str]:
        """The labels of everything one can choose from."""
        return [e.label for e in self.elements if "select" in e.kind or e.kind in ("radio_buttons", "checkboxes")]


class Post(Surface):
    """One message; it always tells how the message is now."""

    def __init__(self, core: Core, message: Message) -> None:
        super().__init__(core)
        self.message = message

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Post) and other.message is self.message

    def __hash__(self) -> int:
        return id(self.message)

    def __repr__(self) -> str:
        return f"<Post {self.channel} {self.ts} {self.text[:80]!r} buttons={self.buttons}>"

    @property
    def blocks(self) -> list[Json]:
        return self.message.blocks

    @property
    def text(self) -> str:
        """All visible words: of the blocks, or of the text when there are none, and the names of files."""
        return _words(self.message.text, self.message.blocks, self.message.files)

    @property
    def fallback(self) -> str:
        """The text for notifications, as sent."""
        return self.message.text

    @property
    def ts(self) -> str:
        return self.message.ts

    @property
    def channel(self) -> str:
        channel = self.core.space.channels[self.message.channel]
        return f"#{channel.name}" if channel.name else channel.id

    @property
    def author(self) -> str:
        return self.core.space.users[self.message.user].name

    @property
    def from_bot(self) -> bool:
        return self.message.bot_id is not None

    @property
    def ephemeral(self) -> bool:
        return self.message.ephemeral_to is not None

    @property
    def deleted(self) -> bool:
        return self.message.deleted

    @property
    def files(self) -> list[File]:
        return self.message.files

    @property
    def reactions(self) -> dict[str, list[str]]:
        """Who reacted with what: emoji name -> people's names."""
        users = self.core.space.users
        return {name: [users[u].name for u in who] for name, who in self.message.reactions.items()}

    @property
    def metadata(self) -> Json | None:
        return self.message.metadata

    @property
    def thread(self) -> "list[Post]":
        """The replies, oldest first."""
        channel = self.core.space.channels[self.message.channel]
        return [Post(self.core, m) for m in channel.replies(self.message.ts)]

    @property
    def history(self) -> list[str]:
        """What it said before each edit, oldest first."""
        return [_words(text, blocks, []) for text, blocks in self.message.history]


def _words(text: str, blocks: list[Json], files: list[File]) -> str:
    said = "\n".join(t for t in texts(blocks) if t) if blocks else plain(text)
    return "\n".join([said, *(f.title for f in files)] if files else [said])


class Shown(Surface):
    """A modal or home tab as it is now."""

    def __init__(self, core: Core, view: View) -> None:
        super().__init__(core)
        self.view = view

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.title!r} labels={self.labels} buttons={self.buttons}>"

    @property
    def blocks(self) -> list[Json]:
        return self.view.blocks

    @property
    def title(self) -> str:
        return str((self.view.body.get("title") or {}).get("text", ""))

    @property
    def text(self) -> str:
        return "\n".join([self.title, *texts(self.blocks)])

    @property
    def callback_id(self) -> str:
        return str(self.view.body.get("callback_id") or "")

    @property
    def private_metadata(self) -> str:
        return str(self.view.body.get("private_metadata") or "")

    @property
    def inputs(self) -> list[Element]:
        return [e for e in self.elements if e.block.get("type") == "input"]

    @property
    def labels(self) -> list[str]:
        return [e.label for e in self.inputs]

    @property
    def values(self) -> dict[str, Any]:
        """What is filled in, by label."""
        return {e.label: readable(self.value(e)) for e in self.inputs}

    def value(self, element: Element) -> Json:
        return self.view.values.get(element.block_id, {}).get(element.action_id, {})


class Home(Shown):
    """The app's home tab."""


class Modal(Shown):
    """The topmost open view."""

    @property
    def stack(self) -> list[str]:
        """The titles of all open views, the lowest first."""
        return [Modal(self.core, v).title for v in self.core.views.stacks.get(self.view.user, [])]

    @property
    def submit(self) -> str | None:
        label = self.view.body.get("submit")
        return str(label["text"]) if label else None


def _named(one: Any) -> Any:
    """An option by its text, a file by its name."""
    if not isinstance(one, dict):
        return one
    return one["text"]["text"] if "text" in one else one.get("name", one)


def readable(value: Json) -> Any:
    """A filled-in value in words: options by their text."""
    kept = value.get(VALUE_KEYS.get(str(value.get("type")), ""))
    if isinstance(kept, dict) and "text" in kept:
        return kept["text"]["text"]
    if isinstance(kept, list):
        return [_named(one) for one in kept]
    return kept
