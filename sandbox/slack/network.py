"""The local Slack: one workspace, one app in it, and the people who work there."""

from dataclasses import replace
from typing import Any

from aiohttp import web

from sandbox.host import Host
from sandbox.slack.core import Core
from sandbox.slack.courier import EnvelopeKind, NotAcknowledgedError, Parcel
from sandbox.slack.files import FileServer
from sandbox.slack.interactions import Interactions
from sandbox.slack.person import Person
from sandbox.slack.responses import Responses
from sandbox.slack.seen import Post
from sandbox.slack.signed_http import SignedHttp
from sandbox.slack.socket_mode import DisconnectReason
from sandbox.slack.state import Channel, User
from sandbox.slack.web_api import WebApi


class Slack(Core):
    """What the product talks to (under `routes`), what tests do to it, and its people."""

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self.web_api = WebApi(self)
        self.responses = Responses(self)
        self.interactions = Interactions(self, self.responses)
        self.people: dict[str, Person] = {}
        self._http: SignedHttp | None = None

    def routes(self) -> list[web.AbstractRouteDef]:
        parts = (self.web_api, self.sockets, self.responses, FileServer(self))
        return [route for part in parts for route in part.routes()]

    async def start(self) -> None:
        """Nothing waits before the first connection."""

    async def stop(self) -> None:
        await self.delivery.stop()
        await self.sockets.stop()
        await self._end_http()

    # who and where

    @property
    def api_url(self) -> str:
        """The base address for a Slack client."""
        return f"{self.host.url}/api/"

    def user(
        self,
        name: str,
        *,
        id: str | None = None,
        handle: str | None = None,
        email: str | None = None,
        is_guest: bool = False,
        is_bot: bool = False,
        team_id: str | None = None,
    ) -> Person:
        """A member of the workspace (or, with another team_id, a stranger); the same one for the same id."""
        id = id or self.space.new_id("U")
        if id in self.people:
            return self.people[id]
        handle = handle or "".join(c if c.isalnum() else "." for c in name.lower())
        email = email if email is not None else f"{handle}@aftercare.example"
        user = User(id, name, handle, email, team_id or self.space.team_id, is_bot, is_guest)
        self.space.users[id] = user
        person = self.people[id] = Person(self, self.interactions, user)
        self.host.changed.note()
        return person

    def channel(
        self,
        name: str,
        *,
        id: str | None = None,
        private: bool = False,
        bot: bool = True,
        members: list[Person] | None = None,
    ) -> Channel:
        """A channel; the same one for the same name. `bot`: the app is a member from the start."""
        if (known := (id and self.space.channels.get(id)) or self.space.by_name(name)) is not None:
            return known
        people = [p.id for p in members or []]
        creator = people[0] if people else self.space.bot.id
        kind, id = ("group" if private else "channel"), id or self.space.new_id("C")
        channel = Channel(id, name.removeprefix("#"), kind, self.space.seconds(), creator, people)  # type: ignore[arg-type]
        if bot:
            channel.members.append(self.space.bot.id)
        self.space.channels[id] = channel
        self.host.changed.note()
        return channel

    def group(self, id: str, members: list[Person]) -> None:
        """A user group and who is in it; the app hears of it when that changes."""
        before, now = self.space.groups.get(id), [p.id for p in members]
        self.space.groups[id] = now
        if before is not None and before != now:
            added, removed = [u for u in now if u not in before], [u for u in before if u not in now]
            self.events.group_changed(id, added, removed)
        self.host.changed.note()

    def posts(self, channel: str) -> list[Post]:
        """Everything in a channel with its threads, oldest first, whoever may see it."""
        return [Post(self, m) for m in self._place(channel).messages.values()]

    def archives(self, channel: str) -> None:
        self.archive(self._place(channel), self._place(channel).creator)

    def unarchives(self, channel: str) -> None:
        self.archive(self._place(channel), self._place(channel).creator, back=True)

    def removes_bot(self, channel: str) -> None:
        self.leave(self._place(channel), self.space.bot.id)

    def adds_bot(self, channel: str) -> None:
        self.join(self._place(channel), self.space.bot.id)

    def _place(self, name: str) -> Channel:
        if (channel := self.space.by_name(name)) is None:
            raise AssertionError(f"there is no channel {name}")
        return channel

    # the way to the product

    @property
    def connected(self) -> int:
        """How many sockets are open."""
        return len([ws for ws in self.sockets.connections if not ws.closed])

    async def until_connected(self, timeout: float = 5.0, least: int = 1) -> None:
        if await self.host.changed.until(lambda: self.connected >= least or None, timeout) is None:
            raise AssertionError("nobody connects by Socket Mode")

    async def idle(self, timeout: float = 5.0) -> None:
        """Every event so far is acknowledged, or was given up."""
        if not await self.delivery.idle(timeout):
            raise AssertionError("some events are still not acknowledged")

    async def use_http(self, request_url: str, signing_secret: str, *, verify: bool = True) -> None:
        """Deliver by signed HTTP from now on; ValueError when the address does not answer Slack's challenge."""
        http = SignedHttp(self.host, request_url, signing_secret)
        try:
            if verify:
                await http.verify("sandbox")
        except BaseException:
            await http.stop()
            raise
        await self._end_http()
        self._http = self.delivery.courier = http

    async def use_socket(self) -> None:
        """Deliver by Socket Mode again."""
        self.delivery.courier = self.sockets
        await self._end_http()

    async def _end_http(self) -> None:
        if self._http is not None:
            await self._http.stop()
            self._http = None

    # bad days

    async def drop_socket(self) -> None:
        """Cut all sockets without a word."""
        await self.sockets.drop()

    async def send_disconnect(self, reason: DisconnectReason = "refresh_requested") -> None:
        """Tell the product to reconnect, then close its old sockets."""
        await self.sockets.disconnect(reason)

    def dead_address(self, times: int = 1) -> None:
        """The next addresses handed out for a socket lead nowhere."""
        self.sockets.dead += times

    def lose_events(self, number: int) -> None:
        """The next events never arrive."""
        self.delivery.lose += number

    async def redeliver(
        self, event_id: str | None = None, *, kind: EnvelopeKind = "events_api", times: int = 1, reason: str = "timeout"
    ) -> int:
        """Deliver something again that was delivered before (the last one, or that event); how often it was taken."""
        found = [p for p in self.delivery.delivered if p.kind == kind and event_id in (None, p.payload.get("event_id"))]
        if not found:
            raise AssertionError("nothing of the kind was delivered yet")
        taken = 0
        for attempt in range(1, times + 1):
            taken += await self._try(replace(found[-1], attempt=attempt, reason=reason, judged=False))
        return taken

    async def inject(self, payload: Any, kind: EnvelopeKind = "events_api", *, accepts: bool = False) -> bool:
        """Deliver any payload at all, unjudged and without repetition; True when it was acknowledged."""
        return await self._try(Parcel(kind, "injected", payload, accepts, judged=False))

    async def inject_raw(self, text: str) -> None:
        """Send any text at all through the sockets."""
        await self.sockets.raw(text)

    async def _try(self, parcel: Parcel) -> bool:
        try:
            await self.delivery.once(parcel)
        except NotAcknowledgedError:
            return False
        return True
