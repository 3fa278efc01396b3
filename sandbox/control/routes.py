"""The addresses of the person side and of the page."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from sandbox.control import desk, page, phone, world
from sandbox.control.asked import Asked, Json, RefusedError, read
from sandbox.control.desk_seen import slack_json
from sandbox.control.feed import Feed
from sandbox.control.files import served
from sandbox.control.guard import stranger
from sandbox.control.phone_seen import telegram_json
from sandbox.server import Sandbox
from sandbox.slack import Person as Teammate
from sandbox.slack import SlackError
from sandbox.telegram import Person

SHOWN = 200  # messages of a chat or channel, unless more are asked for
MOST = 5000
QUIET = 15.0  # seconds after which the stream says that it is alive
TOGETHER = 0.04  # seconds in which changes are told as one

Deed = Callable[[Asked], Awaitable[Any]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Control:
    """People, time and weather of one sandbox over HTTP, for scripts and for the page."""

    def __init__(
        self,
        sandbox: Sandbox,
        *,
        team: Json | None = None,
        feed: str | None = None,
        feed_token: str | None = None,
    ) -> None:
        """`team` is a team file as read: people, users, channels, zone, commands, shortcuts."""
        self.sandbox = sandbox
        self.team = world.Team()
        self.feed = Feed(feed, feed_token)
        world.settle(sandbox, self.team, team or {})

    def routes(self) -> list[web.AbstractRouteDef]:
        get, post = web.get, web.post
        return [
            *[get(address, guarded(give)) for address, give in page.ROUTES.items()],
            get("/control/state", self._json(self._state)),
            get("/control/stream", guarded(self._stream)),
            get("/control/feed", self._json(self._feed)),
            get("/control/calls", self._json(self._calls)),
            get("/control/files/{network}/{id}", guarded(self._file)),
            get("/control/faults", self._json(self._faults)),
            post("/control/faults", self._json(self._add_fault)),
            web.delete("/control/faults", self._json(self._clear_faults)),
            post("/control/weather", self._json(self._weather)),
            post("/control/clock", self._json(self._clock)),
            post("/control/people", self._json(self._add_person)),
            post("/control/groups", self._json(self._add_group)),
            post("/control/users", self._json(self._add_user)),
            post("/control/channels", self._json(self._add_channel)),
            get("/control/telegram/{person}/sees", self._telegram),
            post("/control/telegram/{person}/{deed}", self._telegram),
            get("/control/slack/{user}/sees", self._slack),
            post("/control/slack/{user}/{deed}", self._slack),
        ]

    # People

    async def _telegram(self, request: web.Request) -> web.StreamResponse:
        async def act(asked: Asked) -> Any:
            person = self._person(request.match_info["person"])
            deed = phone.DEEDS.get(request.match_info.get("deed", "sees"))
            if deed is None:
                raise RefusedError(f"the deeds are {', '.join(phone.DEEDS)}", 404)
            return await deed(phone.Hand(self.sandbox.telegram, person, asked))

        return await self._json(act)(request)

    async def _slack(self, request: web.Request) -> web.StreamResponse:
        async def act(asked: Asked) -> Any:
            user = self._user(request.match_info["user"])
            deed = desk.DEEDS.get(request.match_info.get("deed", "sees"))
            if deed is None:
                raise RefusedError(f"the deeds are {', '.join(desk.DEEDS)}", 404)
            return await deed(desk.Seat(self.sandbox.slack, user, asked))

        return await self._json(act)(request)

    def _person(self, wanted: str) -> Person:
        """By id, or by first name."""
        for person in self.sandbox.telegram.people.values():
            if wanted in (str(person.id), person.user.first_name):
                return person
        raise RefusedError(f"there is nobody {wanted!r} with a phone", 404)

    def _user(self, wanted: str) -> Teammate:
        """By id, name or handle."""
        for user in self.sandbox.slack.people.values():
            if wanted in (user.id, user.name, user.user.handle):
                return user
        raise RefusedError(f"there is nobody {wanted!r} in Slack", 404)

    # Everything else

    async def _state(self, asked: Asked) -> Json:
        """`person`, `user`, `channel` and `thread` say what is wanted of the messages; `limit` how many."""
        sandbox, team = self.sandbox, self.team
        limit = max(1, min(asked.number("limit", SHOWN), MOST))
        person = self._person(asked.text("person")) if asked.has("person") else None
        user = self._user(asked.text("user")) if asked.has("user") else None
        channel, thread = asked.text("channel", None), asked.text("thread", None)
        return {
            "version": sandbox.changed.version,
            "clock": world.clock_json(sandbox, team.zone),
            "weather": world.weather_json(sandbox),
            "problems": len(sandbox.recording.problems),
            "feed": self.feed.given,
            "commands": team.commands,
            "shortcuts": team.shortcuts,
            "telegram": telegram_json(sandbox.telegram, team.invitations, person, limit),
            "slack": slack_json(sandbox.slack, team.roles, user, channel, thread, limit),
        }

    async def _feed(self, _: Asked) -> Any:
        return await self.feed.fetch()

    async def _calls(self, asked: Asked) -> Json:
        limit = max(1, min(asked.number("limit", 100), MOST))
        return world.calls_json(self.sandbox, limit, idle=asked.flag("idle"))

    async def _faults(self, _: Asked) -> Json:
        return world.faults_json(self.sandbox)

    async def _add_fault(self, asked: Asked) -> Json:
        return world.add_fault(self.sandbox, asked)

    async def _clear_faults(self, asked: Asked) -> Json:
        return world.clear_faults(self.sandbox, asked)

    async def _weather(self, asked: Asked) -> Json:
        return await world.change_weather(self.sandbox, asked)

    async def _clock(self, asked: Asked) -> Json:
        return world.move_clock(self.sandbox, self.team, asked)

    async def _add_person(self, asked: Asked) -> Json:
        return world.add_person(self.sandbox, self.team, asked.fields)

    async def _add_group(self, asked: Asked) -> Json:
        return world.add_group(self.sandbox, asked.fields)

    async def _add_user(self, asked: Asked) -> Json:
        return world.add_user(self.sandbox, self.team, asked.fields)

    async def _add_channel(self, asked: Asked) -> Json:
        return world.add_channel(self.sandbox, asked.fields)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        return served(self.sandbox, request.match_info["network"], request.match_info["id"])

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        """Server-Sent Events: `changed` with the version of what there is, whenever something changed."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        changed, seen = self.sandbox.changed, -1
        while not self.sandbox.telegram.state.updates.closed:
            if changed.version == seen:
                words = b": still here\n\n"
            else:
                seen = changed.version
                words = b'event: changed\ndata: {"version": %d}\n\n' % seen
            try:
                await response.write(words)
            except (ConnectionError, RuntimeError):
                break
            await changed.wait(seen, QUIET)
            await asyncio.sleep(TOGETHER)
        return response

    def _json(self, act: Deed) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            try:
                return answered(await act(await read(request)))
            except RefusedError as error:
                return refusal(str(error), error.status)
            except AssertionError as error:  # the person cannot do it, and says what is there
                return refusal(str(error), 409)
            except SlackError as error:
                return refusal(error.code, 409)

        return guarded(handle)


def guarded(handle: Handler) -> Handler:
    """Nothing is done for a page from elsewhere."""

    async def look(request: web.Request) -> web.StreamResponse:
        if (words := stranger(request)) is not None:
            return refusal(words, 403)
        return await handle(request)

    return look


def refusal(words: str, status: int) -> web.Response:
    return answered({"error": words}, status)


def answered(value: Any, status: int = 200) -> web.Response:
    """JSON that a person can read in a terminal."""
    body = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
    return web.Response(
        body=body, status=status, content_type="application/json", headers={"Cache-Control": "no-store"}
    )
