"""The local Telegram as its bot sees it: HTTP in, HTTP out, everything recorded and judged."""

import inspect
from collections.abc import Callable
from typing import Any

from aiohttp import web

from sandbox.faults import Fault
from sandbox.host import Host
from sandbox.recording import Call
from sandbox.telegram import editing, judge, lookups, paying, profile, sending, spec
from sandbox.telegram.errors import STANDARD, ApiError, bad_request, too_many_requests
from sandbox.telegram.files import DOWNLOAD_LIMIT
from sandbox.telegram.person import Group, Person
from sandbox.telegram.reading import Asked, read
from sandbox.telegram.state import Rates, State

Method = Callable[[State, Asked], Any]
METHODS: dict[str, Method] = {
    **lookups.METHODS,
    **sending.METHODS,
    **editing.METHODS,
    **profile.METHODS,
    **paying.METHODS,
}
NOT_FOUND = ApiError(404, "Not Found")


class Telegram:
    """One bot's Telegram: routes for the bot, people and groups for the tests, faults on demand."""

    def __init__(
        self,
        host: Host,
        *,
        token: str | None = None,
        username: str = "aftercare_bot",
        first_update_id: int = 718_204_311,
    ) -> None:
        self.host = host
        self.state = State(host, token=token, username=username, first_update_id=first_update_id)
        self.people: dict[int, Person] = {}
        self.groups: dict[int, Group] = {}

    # Life

    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.route("*", "/bot{token:[^/]+}/{method}", self._call),
            web.get("/file/bot{token:[^/]+}/{path:.+}", self._download),
        ]

    async def start(self) -> None:
        """Nothing to prepare: a web hook begins to deliver when it is set."""

    async def stop(self) -> None:
        await self.state.webhook.stop()
        await self.state.till.close()
        self.state.updates.close()

    # People

    def person(
        self,
        first_name: str,
        last_name: str = "",
        *,
        language: str = "en",
        phone: str | None = None,
        id: int | None = None,
        username: str = "",
    ) -> Person:
        """Somebody with a phone, who has never spoken to the bot; unasked numbers are made up."""
        number = id if id is not None else 700_000_001 + len(self.people)
        while id is None and number in self.people:
            number += 1
        person = Person(self.state, number, first_name, last_name, language, phone or f"+3933300{number % 10**5:05}")
        person.user.username = username
        self.people[number] = person
        return person

    def group(self, title: str, people: list[Person], *, id: int | None = None) -> Group:
        """A group of people to which the first of them adds the bot."""
        number = id if id is not None else -4_000_000_001 - len(self.groups)
        group = Group(self.state, number, title, people)
        self.groups[number] = group
        return group

    # Faults of delivery

    def redeliver(self, update_id: int | None = None, times: int = 1) -> None:
        """Deliver an update (the last one by default) again, although it was confirmed."""
        self.state.updates.redeliver(update_id, times)

    def shuffle(self, count: int) -> None:
        """Hold the next `count` updates until all are there, then deliver them in another order."""
        self.state.updates.shuffle(count)

    def inject(self, raw_update: dict[str, Any]) -> int:
        """Deliver an update as it is, however broken; its id. Nobody judges it."""
        return self.state.updates.inject(raw_update)

    def limit_rates(self, per_chat: float = 1.0, overall: int = 30) -> None:
        """Answer 429 to a bot that sends faster than this (off until called)."""
        self.state.rates = Rates(per_chat, overall)

    def limit_nothing(self) -> None:
        self.state.rates = None

    # The wire

    async def _call(self, request: web.Request) -> web.StreamResponse:
        token, name = request.match_info["token"], request.match_info["method"]
        if not self._admitted(token):
            return reply(ApiError(401, "Unauthorized"))
        method = spec.method_names().get(name.lower())
        call = self._record(method or name)
        try:
            asked = await read(request, method)
        except ApiError as error:
            return self._answer(call, error)
        call.fields, asked.call = asked.fields, call
        call.files = {n: len(p.content) for n, p in asked.parts.items()}
        if method is None:
            call.problems.append(f"there is no method {name}")
            return self._answer(call, NOT_FOUND)
        call.problems += judge.of_call(method, asked.fields, set(asked.parts))
        chat_id = asked.fields.get("chat_id")
        fault = self.host.faults.take("telegram", method, None if chat_id is None else str(chat_id))
        if fault is None:
            return self._answer(call, await self._run(call, method, asked))
        return await self._suffer(request, call, fault, method, asked)

    def _admitted(self, token: str) -> bool:
        digits, _, secret = token.partition(":")
        if self.state.token is None and digits.isdecimal() and secret:
            self.state.bind(token)
        return token == self.state.token

    def _record(self, method: str) -> Call:
        return self.host.recording.add(self.host.clock.now(), "telegram", "in", method, {})

    async def _run(self, call: Call, method: str, asked: Asked) -> Any:
        """Execute; the result or the ApiError that is the answer."""
        if method not in METHODS:
            call.problems.append(f"the sandbox does not know {method}")
            return NOT_FOUND
        try:
            check_shapes(method, asked.fields)
            result = METHODS[method](self.state, asked)
            if inspect.isawaitable(result):
                result = await result
        except ApiError as error:
            return error
        except (AttributeError, KeyError, TypeError):
            if not call.problems:
                raise
            return bad_request(f"can't parse {method} request")  # misshapen inside, as the judge has noted
        if method != "getUpdates":  # what is inside was judged when it was made, or is broken on purpose
            call.problems += judge.of_result(method, result)
        return result

    def _answer(self, call: Call, outcome: Any) -> web.Response:
        response = reply(outcome)
        call.status = response.status
        call.answer = outcome.answer() if isinstance(outcome, ApiError) else outcome
        self.host.changed.note()
        return response

    async def _suffer(
        self, request: web.Request, call: Call, fault: Fault, method: str, asked: Asked
    ) -> web.StreamResponse:
        """Answer as the fault wants it."""
        call.fault = fault.kind
        if fault.kind in ("hang", "slow"):
            await self._keep_waiting(fault.seconds)
        if fault.kind in ("slow", "reset_after", "status_after"):
            outcome = await self._run(call, method, asked)
            if fault.kind == "slow":
                return self._answer(call, outcome)
            call.answer = outcome.answer() if isinstance(outcome, ApiError) else outcome
        if fault.kind in ("status", "status_after"):
            error = error_of(fault)
            call.status = error.status
            self.host.changed.note()
            return reply(error)
        return cut(request)

    async def _keep_waiting(self, seconds: float) -> None:
        """Let the client wait, unless the sandbox stops."""
        await self.host.changed.until(lambda: self.state.updates.closed or None, seconds)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        if not self._admitted(request.match_info["token"]):
            return reply(ApiError(401, "Unauthorized"))
        path = request.match_info["path"]
        call = self._record("file")
        call.fields = {"path": path}
        fault = self.host.faults.take("telegram", "file", path)
        if fault is not None:
            return await self._suffer_download(request, call, fault)
        return self._file(call, path)

    async def _suffer_download(self, request: web.Request, call: Call, fault: Fault) -> web.StreamResponse:
        call.fault = fault.kind
        if fault.kind in ("hang", "slow"):
            await self._keep_waiting(fault.seconds)
        if fault.kind == "slow":
            return self._file(call, call.fields["path"])
        if fault.kind in ("status", "status_after"):
            return self._answer(call, error_of(fault))
        return cut(request)

    def _file(self, call: Call, path: str) -> web.Response:
        file = self.state.files.by_path.get(path)
        if file is None or len(file.content) > DOWNLOAD_LIMIT:
            return self._answer(call, NOT_FOUND)
        call.status, call.answer = 200, f"{len(file.content)} bytes"
        return web.Response(body=file.content, content_type="application/octet-stream")


def reply(outcome: Any) -> web.Response:
    if isinstance(outcome, ApiError):
        return web.json_response(outcome.answer(), status=outcome.status)
    return web.json_response({"ok": True, "result": outcome})


def error_of(fault: Fault) -> ApiError:
    """The error that a fault declares, in Telegram's words."""
    if fault.status == 429:
        error = too_many_requests(fault.retry_after or 1)
        return error if fault.error is None else ApiError(429, fault.error, **error.parameters)
    return ApiError(fault.status, fault.error or STANDARD.get(fault.status, "Internal Server Error"))


def cut(request: web.Request) -> web.Response:
    """Close the connection; the response returned is never seen."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


def check_shapes(method: str, fields: dict[str, Any]) -> None:
    """Refuse what Telegram cannot even read: a text where an object or a list must be."""
    for name, field in spec.fields_of("methods", method).items():
        value = fields.get(name)
        simple = any(t in (*spec.PRIMITIVES, spec.MULTIPART_ONLY) for t in field["types"])
        if value is not None and not simple and not isinstance(value, dict | list):
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object")
