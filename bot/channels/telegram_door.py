"""Where updates come in, by our own poller or Telegram's web hook: written down first, confirmed afterwards."""

import asyncio
import hmac
import json
import logging
from abc import ABC, abstractmethod
from collections.abc import Coroutine
from http import HTTPStatus
from random import SystemRandom
from typing import Any, Protocol, TypeVar

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from telegram.error import Conflict

from bot.channels.arrival import Accept
from bot.channels.telegram_guard import arrival
from bot.channels.telegram_line import TooFast, outcome
from bot.failpoints import failpoint

LOG = logging.getLogger(__name__)
RANDOM = SystemRandom()
ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member", "pre_checkout_query"]
LARGEST_UPDATE = 1_000_000  # bytes; the longest real ones have some 50 kB
SPARE = 10.0  # seconds an answer to a long poll may take beyond the poll itself
T = TypeVar("T")


class Call(Protocol):
    """A method of the Bot API with its raw result; raises TelegramError."""

    async def __call__(self, method: str, fields: dict[str, Any] | None = None, *, timeout: float | None = None) -> Any:
        """`timeout`: seconds to wait for the answer."""


class Supervised(ABC):
    """A task of rounds that goes on whatever happens, pausing longer and longer while rounds fail."""

    def __init__(self, *, first_pause: float = 1.0, longest_pause: float = 60.0) -> None:
        self.ready = False  # the last thing we heard from Telegram was good
        self.trouble: str | None = None
        self._first, self._longest = first_pause, longest_pause
        self._failures = 0
        self._stopping = False
        self._idle = False  # nothing is under way that must not be cut
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin; returns at once, Telegram being there or not."""
        self._stopping = False
        self._task = asyncio.create_task(self._run(), name=type(self).__name__)

    async def stop(self) -> None:
        """End: waiting is cut short, what is being written down is finished."""
        self._stopping = True
        if self._task is None:
            return
        if self._idle:
            self._task.cancel()
        await asyncio.wait([self._task])
        self._task = None
        self.ready = False

    async def _run(self) -> None:
        while not self._stopping:
            try:
                await self._round()
            except Exception as fault:
                await self._while_idle(asyncio.sleep(self._failed(fault)))
            else:
                self._failures = 0

    @abstractmethod
    async def _round(self) -> None:
        """One round; calls `_heard` when Telegram has answered well."""

    async def _while_idle(self, wait: Coroutine[Any, Any, T]) -> T:
        if self._stopping:
            wait.close()
            raise asyncio.CancelledError
        self._idle = True
        try:
            return await wait
        finally:
            self._idle = False

    def _heard(self) -> None:
        self.ready, self.trouble = True, None

    def _failed(self, fault: Exception) -> float:
        """Take note of a failed round, and say how long to pause (seconds)."""
        self.ready, self.trouble = False, outcome(fault).error
        LOG.warning("%s: %s", type(self).__name__, type(fault).__name__)
        pause = min(self._longest, self._first * 2.0 ** min(self._failures, 16)) * RANDOM.uniform(0.5, 1.0)
        self._failures += 1
        return max(pause, fault.seconds) if isinstance(fault, TooFast) else pause


class Poller(Supervised):
    """Fetches updates, has them written down, and only then asks for the next ones (which confirms them)."""

    def __init__(
        self,
        call: Call,
        accept: Accept,
        *,
        timeout: int = 50,
        first_pause: float = 1.0,
        longest_pause: float = 60.0,
    ) -> None:
        """`timeout`: seconds of a long poll."""
        super().__init__(first_pause=first_pause, longest_pause=longest_pause)
        self._call, self._accept, self._timeout = call, accept, timeout
        self._offset: int | None = None
        self._hook_removed = False

    async def _round(self) -> None:
        if not self._hook_removed:
            await self._while_idle(self._call("deleteWebhook", {"drop_pending_updates": False}))
            self._hook_removed = True
        # Until Telegram has answered once, a short poll: whether it is there should not take a long one to learn.
        timeout = self._timeout if self.ready else 0
        fields: dict[str, Any] = {"timeout": timeout, "allowed_updates": ALLOWED}
        if self._offset is not None:
            fields["offset"] = self._offset
        updates = await self._while_idle(self._call("getUpdates", fields, timeout=timeout + SPARE))
        numbered = [update for update in updates if _is_update(update)]
        if len(numbered) < len(updates):
            LOG.error("Telegram sent %d things that are no updates", len(updates) - len(numbered))
        # What was confirmed stays so. Numbers start anywhere again after a quiet week: an old offset could hide them.
        self._offset = None
        if numbered:
            failpoint("telegram.fetched")
            await self._accept([arrival(update) for update in numbered])
            failpoint("telegram.accepted")
            self._offset = max(update["update_id"] for update in numbered) + 1
        self._heard()

    def _failed(self, fault: Exception) -> float:
        if isinstance(fault, Conflict):  # somebody has set a web hook, or polls with our token
            self._hook_removed = False
        return super()._failed(fault)


class Webhook(Supervised):
    """Keeps Telegram told where to call us: at the start, and now and then in case somebody took the hook away."""

    def __init__(
        self,
        call: Call,
        url: str,
        secret: str,
        *,
        every: float = 3600.0,
        first_pause: float = 1.0,
        longest_pause: float = 60.0,
    ) -> None:
        """`url`: the whole address of the route; `every`: seconds."""
        super().__init__(first_pause=first_pause, longest_pause=longest_pause)
        self._call, self._url, self._secret, self._every = call, url, secret, every

    async def _round(self) -> None:
        await self._while_idle(set_webhook(self._call, self._url, self._secret))
        self._heard()
        await self._while_idle(asyncio.sleep(self._every))


async def set_webhook(call: Call, url: str, secret: str) -> None:
    """Have Telegram call `url` with our secret; raises TelegramError."""
    fields = {
        "url": url,
        "secret_token": secret,
        "allowed_updates": ALLOWED,
        "max_connections": 20,
        "drop_pending_updates": False,
    }
    await call("setWebhook", fields)


def webhook_route(secret: str, accept: Accept) -> Route:
    """POST /telegram: nothing is read before the secret is right, nothing is confirmed before it is written down."""
    if not secret:
        raise ValueError("a web hook needs a secret")
    expected = secret.encode()

    async def receive(request: Request) -> Response:
        given = request.headers.get("x-telegram-bot-api-secret-token", "").encode("latin-1")
        if not hmac.compare_digest(given, expected):
            return Response(status_code=HTTPStatus.UNAUTHORIZED)
        body = await _body(request)
        if body is None:
            return Response(status_code=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        update = _update(body)
        if update is None:
            return Response(status_code=HTTPStatus.BAD_REQUEST)
        failpoint("webhook.received")
        try:
            await accept([arrival(update)])
        except Exception:  # the database is away: Telegram keeps the update and calls again
            LOG.exception("an update could not be written down")
            return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE)
        failpoint("webhook.accepted")
        return Response()

    return Route("/telegram", receive, methods=["POST"])


async def _body(request: Request) -> bytes | None:
    """The body; empty when the caller hung up, None when it is too large."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_UPDATE:
                return None
    except ClientDisconnect:
        return b""
    return bytes(body)


def _update(body: bytes) -> dict[str, Any] | None:
    """The JSON object with a number, or None."""
    try:
        update = json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    return update if _is_update(update) else None


def _is_update(update: Any) -> bool:
    number = update.get("update_id") if isinstance(update, dict) else None
    return isinstance(number, int) and not isinstance(number, bool) and 0 <= number < 2**63


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON")
