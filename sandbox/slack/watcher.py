"""A teammate who looks at Slack: what they can see, now or after a wait."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from sandbox.slack.core import Core
from sandbox.slack.seen import Home, Modal, Post, Surface
from sandbox.slack.state import Channel, Message, User

S = TypeVar("S", bound=Surface)


class Watcher:
    def __init__(self, core: Core, user: User) -> None:
        self.core, self.user = core, user
        self.trouble: list[str] = []  # the errors Slack showed, oldest first
        self._since = 0  # the workspace's count when this person last did something

    def __repr__(self) -> str:
        return f"<{self.user.name} {self.user.id}>"

    @property
    def id(self) -> str:
        return self.user.id

    @property
    def name(self) -> str:
        return self.user.name

    def posts(self, channel: "str | Watcher | None" = None) -> list[Post]:
        """All messages this person can see, oldest first; in one channel or everywhere."""
        wanted = self._channel(channel) if channel is not None else None
        found = [m for m in self._visible() if wanted is None or m.channel == wanted.id]
        return [Post(self.core, m) for m in sorted(found, key=lambda m: m.ts)]

    def _visible(self) -> Iterator[Message]:
        space = self.core.space
        for message in space.everything():
            private = message.ephemeral_to not in (None, self.id)
            if not private and space.knows(self.id, space.channels[message.channel]):
                yield message

    @property
    def ephemerals(self) -> list[Post]:
        """What only this person was told and is still there, oldest first."""
        return [Post(self.core, m) for m in self.core.space.ephemerals if m.ephemeral_to == self.id and not m.deleted]

    @property
    def modal(self) -> Modal | None:
        """The topmost open view."""
        view = self.core.views.top(self.id)
        return Modal(self.core, view) if view else None

    @property
    def home(self) -> Home | None:
        view = self.core.views.homes.get(self.id)
        return Home(self.core, view) if view else None

    async def sees(
        self,
        channel: "str | Watcher | None" = None,
        fragment: str = "",
        timeout: float = 15.0,
        *,
        thread_of: Post | None = None,
        anywhere: bool = False,
    ) -> Post:
        """The newest message with the fragment (in words, buttons, file names), waited for.

        Others' messages count if posted or edited since this person's last own action; with `anywhere` all do.
        """
        wanted = self._channel(channel) if channel is not None else None

        def fits(post: Post) -> bool:
            message = post.message
            if wanted is not None and message.channel != wanted.id:
                return False
            if thread_of is not None and (message.thread_ts != thread_of.ts or message.ts == thread_of.ts):
                return False
            return anywhere or (message.touched > self._since and message.user != self.id)

        def look() -> Post | None:
            found = [p for p in (Post(self.core, m) for m in self._visible()) if fits(p) and _has(p, fragment)]
            return max(found, key=lambda p: p.message.touched, default=None)

        post = await self.core.host.changed.until(look, timeout)
        if post is None:
            there = [p for p in (Post(self.core, m) for m in self._visible()) if fits(p)]
            raise AssertionError(f"{self.name} does not see {fragment!r} in {channel or 'Slack'}, but {there}")
        return post

    async def sees_nothing(self, seconds: float, channel: "str | Watcher | None" = None, fragment: str = "") -> None:
        """Nothing of the kind appears for so long."""
        try:
            post = await self.sees(channel, fragment, seconds)
        except AssertionError:
            return
        raise AssertionError(f"{self.name} sees {post}")

    async def sees_modal(self, fragment: str = "", timeout: float = 15.0) -> Modal:
        """The topmost view as soon as it has the fragment."""
        return await self._sees_surface(lambda: self.modal, fragment, timeout)

    async def sees_home(self, fragment: str = "", timeout: float = 15.0) -> Home:
        return await self._sees_surface(lambda: self.home, fragment, timeout)

    async def _sees_surface(self, get: Callable[[], S | None], fragment: str, timeout: float) -> S:
        def look() -> S | None:
            shown = get()
            return shown if shown is not None and _has(shown, fragment) else None

        found = await self.core.host.changed.until(look, timeout)
        if found is None:
            raise AssertionError(f"{self.name} does not see a view with {fragment!r}, but {get()}; {self.trouble}")
        return found

    async def sees_no_modal(self, timeout: float = 15.0) -> None:
        if await self.core.host.changed.until(lambda: self.modal is None or None, timeout) is None:
            raise AssertionError(f"{self.name} still sees {self.modal}")

    def _channel(self, name: "str | Watcher") -> Channel:
        if isinstance(name, Watcher):
            return self.core.space.direct([self.id, name.id])
        channel = self.core.space.by_name(name)
        if channel is None or not self.core.space.knows(self.id, channel):
            raise AssertionError(f"{self.name} knows no channel {name}")
        return channel


def _has(surface: Surface, fragment: str) -> bool:
    return fragment in surface.text or any(fragment in b for b in surface.buttons)
