"""Updates sent to the bot's own address, one after the other, until each was taken with 2xx."""

import asyncio
import ipaddress
import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from sandbox.host import Host
from sandbox.telegram.errors import bad_request
from sandbox.telegram.updates import Item, Updates

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (a header's name)
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
REAL_LIMIT = 4096


@dataclass
class Hook:
    """Where to and with what secret."""

    url: str
    secret: str | None
    max_connections: int
    last_error: tuple[int, str] | None = None
    attempts: list[int] = field(default_factory=list)  # the status of each try, 0 for no answer


class Webhook:
    """The bot's web hook, if it has one."""

    def __init__(self, host: Host, updates: Updates) -> None:
        self.host = host
        self.updates = updates
        self.hook: Hook | None = None
        self._task: asyncio.Task[None] | None = None

    async def set(self, url: str, secret: str | None, max_connections: int) -> None:
        """Deliver to `url` from now on; an empty one ends it."""
        if url:
            self._check(url, secret)
        await self.stop()
        self.hook = Hook(url, secret, max_connections) if url else None
        self.updates.webhook_active = self.hook is not None
        self.host.changed.note()
        if self.hook is not None:
            self._task = asyncio.create_task(self._deliver(self.hook), name="telegram web hook")

    def _check(self, url: str, secret: str | None) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or len(url) > REAL_LIMIT:
            raise bad_request("bad webhook: invalid webhook URL specified")
        if secret is not None and not SECRET.fullmatch(secret):
            raise bad_request("bad webhook: secret token contains unallowed characters")
        try:
            near = parts.hostname == "localhost" or ipaddress.ip_address(parts.hostname).is_loopback
        except ValueError:
            near = False
        if not near:
            raise bad_request("bad webhook: the sandbox delivers to loopback only")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    def info(self) -> dict[str, Any]:
        """What getWebhookInfo says."""
        self.updates.expire()
        shown: dict[str, Any] = {
            "url": self.hook.url if self.hook else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self.updates.pending),
        }
        if self.hook:
            shown["max_connections"] = self.hook.max_connections
            if self.hook.last_error:
                shown["last_error_date"], shown["last_error_message"] = self.hook.last_error
        if self.updates.allowed:
            shown["allowed_updates"] = self.updates.allowed
        return shown

    async def _deliver(self, hook: Hook) -> None:
        pause = self.host.delays.webhook_pause
        timeout = aiohttp.ClientTimeout(total=self.host.delays.webhook_timeout)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            while True:
                item = await self.host.changed.until(self._first, 60.0)
                if item is None:
                    continue
                if await self._post(session, hook, item):
                    self.updates.done(item)
                    pause = self.host.delays.webhook_pause
                else:
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, self.host.delays.webhook_pause_cap)

    def _first(self) -> Item | None:
        self.updates.expire()
        return self.updates.pending[0] if self.updates.pending else None

    async def _post(self, session: aiohttp.ClientSession, hook: Hook, item: Item) -> bool:
        headers = {"Content-Type": "application/json"}
        if hook.secret is not None:
            headers[SECRET_HEADER] = hook.secret
        body = json.dumps(item.update).encode()
        try:
            async with session.post(hook.url, data=body, headers=headers, allow_redirects=False) as answer:
                status, trouble = answer.status, f"Wrong response from the webhook: {answer.status} {answer.reason}"
                await answer.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            status, trouble = 0, str(error) or type(error).__name__
        hook.attempts.append(status)
        item.delivered, item.call.status = True, status
        self.host.changed.note()
        if 200 <= status < 300:
            return True
        hook.last_error = (int(self.host.clock.now().timestamp()), trouble)
        return False
