"""A teammate with Slack before their eyes: everything a test (or the web page) can let them do."""

from dataclasses import dataclass
from typing import Any

from sandbox.slack.blocks import BUTTONS, Element
from sandbox.slack.core import Core
from sandbox.slack.courier import NotAcknowledgedError
from sandbox.slack.files import new_file, share
from sandbox.slack.form import chosen, complaint, option
from sandbox.slack.interactions import Interactions
from sandbox.slack.seen import Home, Modal, Post, Surface
from sandbox.slack.shapes import file_json
from sandbox.slack.state import Channel, Json, Message, User
from sandbox.slack.typed_text import typed
from sandbox.slack.views import View
from sandbox.slack.watcher import Watcher

NO_ANSWER = "We had some trouble connecting. Try again?"
COMMAND_FAILED = '{} failed with the error "operation_timeout"'


@dataclass
class Pressed:
    """What came of a press: acknowledged or not, and the address if the button leads to one."""

    label: str
    acknowledged: bool
    url: str | None = None


class Person(Watcher):
    def __init__(self, core: Core, interactions: Interactions, user: User) -> None:
        super().__init__(core, user)
        self.interactions = interactions

    # what they do with what they see

    async def presses(self, label: str, on: Surface | None = None, *, timeout: float = 0.0) -> Pressed:
        """Press a button, or choose from an overflow menu; returns when the product acknowledged.

        Without `on` the open modal is looked at first, then the newest message that has it, then the home tab.
        """

        def look() -> tuple[Surface, Element, Json | None] | None:
            for exact in (True, False):
                for surface in [on] if on is not None else self._surfaces():
                    if found := _button(surface, label, exact=exact):
                        return surface, *found
            return None

        found = await self.core.host.changed.until(look, timeout)
        if found is None:
            there = [(type(s).__name__, s.buttons) for s in ([on] if on is not None else self._surfaces()) if s.buttons]
            raise AssertionError(f"{self.name} sees no button {label!r}, but {there[:20]}")
        surface, element, picked = found
        address = (picked or element.body).get("url")
        value: Json = {"selected_option": picked} if picked else {}
        done = await self._acts(element, value, surface)
        return Pressed(element.label, done, str(address) if address else None)

    async def selects(self, label: str, wanted: Any, on: Surface | None = None) -> bool:
        """Choose in a select, date picker, radio or checkbox group; True when acknowledged."""
        for surface in [on] if on is not None else self._surfaces():
            for element in surface.elements:
                if element.kind not in BUTTONS and any(label in name for name in element.names):
                    value = await self._value(element, wanted, surface)
                    if element.block.get("type") == "input" and not element.block.get("dispatch_action"):
                        self._keep(element, value, surface)
                        return True
                    return await self._acts(element, value, surface)
        there = [s.selects for s in ([on] if on is not None else self._surfaces()) if s.selects]
        raise AssertionError(f"{self.name} sees nothing to select called {label!r}, but {there[:20]}")

    async def suggestions(self, label: str, typing: str, on: Surface | None = None) -> list[str]:
        """What an external select offers for typed words."""
        for surface in [on] if on is not None else self._surfaces():
            for element in surface.elements:
                if "external" in element.kind and any(label in name for name in element.names):
                    offered = await self.interactions.suggest(self.user, element, typing, _about(surface))
                    return [str(o["text"]["text"]) for o in offered]
        raise AssertionError(f"{self.name} sees no external select called {label!r}")

    async def fills(self, values: dict[str, Any], submit: bool = True) -> dict[str, str]:
        """Fill in the open modal by labels and send it; the errors by label when it is not accepted."""
        modal = self._open_modal()
        for label, wanted in values.items():
            await self.puts(_input(modal, label), wanted, modal)
        return await self.submits() if submit else {}

    async def submits(self) -> dict[str, str]:
        """Send the open modal as it is; the errors by label."""
        modal = self._open_modal()
        if not modal.submit:
            raise AssertionError(f"{modal} has no button to send it with")
        complaints = {e.label: c for e in modal.inputs if (c := complaint(e, modal.value(e)))}
        if complaints:
            return complaints
        self._acted()
        try:
            errors = await self.interactions.submit(self.user, modal.view)
        except NotAcknowledgedError:
            self._troubled(NO_ANSWER)
            return {"": NO_ANSWER}
        labels = {e.block_id: e.label for e in modal.inputs}
        return {labels.get(block, block): words for block, words in errors.items()}

    async def closes(self, *, whole: bool = False) -> None:
        """Close the top view (or all of them)."""
        modal = self._open_modal()
        self._acted()
        await self._noticing(self.interactions.close(self.user, modal.view, whole=whole))

    async def uses(self, element: Element, wanted: Any, surface: Surface) -> bool:
        """Use this very element; `wanted` is the choice, where there is one. True when acknowledged."""
        if element.kind in BUTTONS:
            return await self._acts(element, {}, surface)
        if element.kind == "overflow":
            return await self._acts(element, {"selected_option": option(element, str(wanted))}, surface)
        return await self._acts(element, await self._value(element, wanted, surface), surface)

    async def puts(self, element: Element, wanted: Any, modal: Modal) -> None:
        """Fill in this very input of a modal."""
        value = await self._value(element, wanted, modal)
        self._keep(element, value, modal)
        if element.block.get("dispatch_action"):
            await self._acts(element, value, modal)

    # what they say

    async def writes(self, channel: "str | Person", text: str) -> Post:
        place = self._writable(channel)
        words, blocks = typed(self.core.space, text)
        self._acted()
        return Post(self.core, self.core.post(place, self.id, words, blocks))

    async def writes_in_thread(self, post: Post, text: str, *, also_to_channel: bool = False) -> Post:
        place = self._writable(post.message.channel)
        words, blocks = typed(self.core.space, text)
        root = post.message.thread_ts or post.ts
        self._acted()
        said = self.core.post(place, self.id, words, blocks, thread_ts=root, broadcast=also_to_channel)
        return Post(self.core, said)

    async def writes_to_bot(self, text: str) -> Post:
        """A direct message to the app."""
        return await self.writes(self.core.space.direct([self.id, self.core.space.bot.id]).id, text)

    async def uploads(self, to: "Post | str", name: str, content: bytes, text: str = "") -> Post:
        """Share a file in a channel or in a message's thread."""
        thread = (to.message.thread_ts or to.ts) if isinstance(to, Post) else None
        place = self._writable(to.message.channel if isinstance(to, Post) else to)
        words, blocks = typed(self.core.space, text)
        file = new_file(self.core, name, len(content), self.id, content)
        self._acted()
        return Post(self.core, share(self.core, [file], place, self.id, words, blocks=blocks, thread_ts=thread))

    async def edits(self, post: Post, text: str) -> None:
        self._own(post)
        words, blocks = typed(self.core.space, text)
        self._acted()
        self.core.edit(post.message, self.id, words, blocks)

    async def deletes(self, post: Post) -> None:
        self._own(post)
        self._acted()
        self.core.delete(post.message)

    async def reacts(self, post: Post, name: str) -> None:
        self._acted()
        self.core.react(post.message, self.id, name)

    async def unreacts(self, post: Post, name: str) -> None:
        self._acted()
        self.core.unreact(post.message, self.id, name)

    async def joins(self, channel: str) -> None:
        self._acted()
        self.core.join(self._channel(channel), self.id)

    async def invites(self, who: "Person | str", channel: str) -> None:
        """Bring somebody into a channel; "bot" is the app."""
        user = self.core.space.bot.id if who == "bot" else who.id if isinstance(who, Person) else who
        self._acted()
        self.core.join(self._channel(channel), user, self.id)

    # how they call the app

    async def commands(self, command: str, text: str = "", channel: "str | Person | None" = None) -> Post | None:
        """Type a slash command; the message its acknowledgement brought, if it did."""
        place = (
            self._channel(channel) if channel is not None else self.core.space.direct([self.id, self.core.space.bot.id])
        )
        self._acted()
        try:
            said = await self.interactions.command(self.user, command, text, place)
        except NotAcknowledgedError:
            self._troubled(COMMAND_FAILED.format(command))
            return None
        return Post(self.core, said) if said else None

    async def shortcut(self, callback_id: str) -> bool:
        self._acted()
        return await self._noticing(self.interactions.shortcut(self.user, callback_id))

    async def message_shortcut(self, callback_id: str, post: Post) -> bool:
        self._acted()
        return await self._noticing(self.interactions.shortcut(self.user, callback_id, post.message))

    async def opens_home(self) -> Home | None:
        """Open the app's home tab: what is published there so far (wait for more with `sees_home`)."""
        self._acted()
        view = self.core.views.homes.get(self.id)
        self.core.events.home_opened(self.id, self.core.views.json(view) if view else None)
        return self.home

    # how it is done

    def _acted(self) -> None:
        self._since = self.core.space.tick

    def _troubled(self, words: str) -> None:
        self.trouble.append(words)
        self.core.host.changed.note()

    async def _noticing(self, work: Any) -> bool:
        try:
            await work
        except NotAcknowledgedError:
            self._troubled(NO_ANSWER)
            return False
        return True

    async def _acts(self, element: Element, value: Json, surface: Surface) -> bool:
        self._acted()
        return await self._noticing(self.interactions.act(self.user, element, value, _about(surface)))

    def _files(self, wanted: Any) -> Json:
        """Files put into a form, each a name and its bytes: they are up in Slack, and nobody else sees them."""
        given = [] if wanted is None else [wanted] if isinstance(wanted, tuple) else list(wanted)
        made = [new_file(self.core, name, len(content), self.id, content) for name, content in given]
        return {"files": [file_json(file, self.core.host.url) for file in made]}

    async def _value(self, element: Element, wanted: Any, surface: Surface) -> Json:
        if element.kind == "file_input":
            return self._files(wanted)
        offered = None
        if "external" in element.kind and wanted is not None:
            first = wanted if isinstance(wanted, str) else wanted[0]
            offered = await self.interactions.suggest(self.user, element, str(first), _about(surface))
        return chosen(element, wanted, self.core.space, offered)

    @staticmethod
    def _keep(element: Element, value: Json, surface: Surface) -> None:
        if isinstance(view := _about(surface), View):
            view.values.setdefault(element.block_id, {})[element.action_id] = {"type": element.kind, **value}

    def _surfaces(self) -> list[Surface]:
        if (modal := self.modal) is not None:
            return [modal]
        newest = sorted(self._visible(), key=lambda m: m.touched, reverse=True)
        home = [self.home] if self.home else []
        return [*(Post(self.core, m) for m in newest), *home]

    def _open_modal(self) -> Modal:
        if (modal := self.modal) is None:
            raise AssertionError(f"{self.name} has no modal open; {self.trouble}")
        return modal

    def _writable(self, name: "str | Person") -> Channel:
        channel = self._channel(name)
        if channel.archived:
            raise AssertionError(f"#{channel.name} is archived")
        self.core.join(channel, self.id)
        return channel

    def _own(self, post: Post) -> None:
        if post.message.user != self.id:
            raise AssertionError(f"{self.name} cannot change {post}")


def _about(surface: Surface) -> Message | View:
    if isinstance(surface, Post):
        return surface.message
    assert isinstance(surface, Modal | Home)
    return surface.view


def _button(surface: Surface, label: str, *, exact: bool) -> tuple[Element, Json | None] | None:
    for element in surface.elements:
        if element.kind in BUTTONS and (label == element.label if exact else label in element.label):
            return element, None
        if element.kind == "overflow":
            words = [str(o["text"]["text"]) for o in element.options]
            if label in words or (not exact and any(label in w for w in words)):
                return element, option(element, label)
    return None


def _input(modal: Modal, label: str) -> Element:
    for exact in (True, False):
        for element in modal.inputs:
            if element.label == label or (not exact and label in element.label):
                return element
    raise AssertionError(f"no input {label!r} in {modal}")
