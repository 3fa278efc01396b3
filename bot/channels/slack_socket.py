"""The Slack socket, watched: it must come back by itself whatever happens to it, and must never hold up the program."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.channels.slack_client import Client

log = logging.getLogger(__name__)

REBUILD = 60.0  # seconds: apps.connections.open may be asked about once a minute
DRAIN = 3.0  # seconds for what is being taken when we stop; Slack itself waits no longer
PING = 10.0


class _Handler(AsyncSocketModeHandler):
    """Bolt's handler, which knows what it is busy with and takes nothing more once it is closing."""

    def __init__(self, app: AsyncApp, app_token: str, client: Client, ping: float) -> None:
        super().__init__(app, app_token, web_client=client, ping_interval=ping)
        self.closing = False
        self.busy = 0
        self.idle = asyncio.Event()
        self.idle.set()

    async def handle(self, client: Any, req: SocketModeRequest) -> None:
        if self.closing:
            return  # not acknowledged: Slack sends it again
        self.busy += 1
        self.idle.clear()
        try:
            await super().handle(client, req)
        except Exception as fault:
            log.warning("a Slack envelope was not acknowledged: %s", type(fault).__name__)
        finally:
            self.busy -= 1
            if not self.busy:
                self.idle.set()

    async def drain(self) -> None:
        """Take nothing more, and finish what was taken while it can still be acknowledged."""
        self.closing = True
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.idle.wait(), DRAIN)

    async def close_async(self) -> None:
        client = self.client
        tasks = [client.message_processor, client.current_session_monitor, client.message_receiver]
        try:
            await super().close_async()  # type: ignore[no-untyped-call]
        except Exception as fault:
            log.info("the old Slack socket did not close well: %s", type(fault).__name__)
        await asyncio.gather(*(t for t in tasks if t is not None), return_exceptions=True)


class Socket:
    """Holds one Socket Mode connection, and builds it anew when it stays dead."""

    def __init__(
        self,
        app: AsyncApp,
        socket_token: str,
        api: str | None = None,
        *,
        rebuild_seconds: float = REBUILD,
        ping_seconds: float = PING,
        connected: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """`connected` is awaited after every connection, the first one included: what was missed can be fetched."""
        self._app, self._token, self._api = app, socket_token, api
        self._rebuild, self._ping, self._connected = rebuild_seconds, ping_seconds, connected
        self._look = min(1.0, rebuild_seconds / 5)
        self._handler: _Handler | None = None
        self._task: asyncio.Task[None] | None = None
        self._closing: asyncio.Task[None] | None = None
        self._session: Any = None
        self.ready = False

    async def start(self) -> None:
        """Begin to connect, and return at once: Slack may be away."""
        self._task = asyncio.create_task(self._keep(), name="slack socket")

    async def stop(self) -> None:
        """Finish what is being taken, then close."""
        if self._handler is not None:
            await self._handler.drain()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        if self._closing is not None:
            await asyncio.gather(self._closing, return_exceptions=True)
        self.ready = False

    async def _keep(self) -> None:
        while True:
            try:
                await self._hold()
            except Exception:  # the watchdog itself must not die
                log.exception("the Slack socket failed")
                await asyncio.sleep(self._rebuild)

    async def _hold(self) -> None:
        """One handler, until it has been without a connection for `rebuild_seconds`."""
        handler = self._handler = _Handler(self._app, self._token, Client(None, self._api), self._ping)
        connecting = asyncio.create_task(handler.client.connect(), name="slack socket connects")  # type: ignore[no-untyped-call]
        clock = asyncio.get_running_loop().time
        alive = clock()
        try:
            while clock() - alive < self._rebuild:
                if await handler.client.is_connected():
                    alive = clock()
                    await self._up(handler)
                else:
                    self.ready = False
                await asyncio.sleep(self._look)
            log.warning("the Slack socket stayed dead for %s s: it is built anew", self._rebuild)
        finally:
            self.ready, self._handler = False, None
            # A stop in the middle of a rebuild must not leave the old connection half closed.
            self._closing = asyncio.create_task(self._close(handler, connecting), name="slack socket closes")
            await asyncio.shield(self._closing)

    async def _close(self, handler: _Handler, connecting: asyncio.Task[Any]) -> None:
        connecting.cancel()
        await handler.close_async()
        await asyncio.gather(connecting, return_exceptions=True)

    async def _up(self, handler: _Handler) -> None:
        self.ready = True
        if self._session is handler.client.current_session:
            return
        self._session = handler.client.current_session
        log.info("the Slack socket is connected")
        if self._connected is not None:
            try:
                await self._connected()
            except Exception:  # looking for what was missed can be done again later
                log.exception("after connecting to Slack")
