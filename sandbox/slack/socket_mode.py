"""Socket Mode: the product's web sockets, the envelopes sent through them and their acknowledgements."""

import asyncio
import json
import random
import uuid
from contextlib import suppress
from typing import Any, Literal

from aiohttp import WSMsgType, web

from sandbox.host import Host
from sandbox.slack.courier import NotAcknowledgedError, Parcel
from sandbox.slack.state import Json, Workspace

DisconnectReason = Literal["warning", "refresh_requested", "link_disabled"]


class SocketMode:
    def __init__(self, host: Host, space: Workspace) -> None:
        self.host, self.space = host, space
        self.connections: list[web.WebSocketResponse] = []
        self._transports: dict[web.WebSocketResponse, asyncio.Transport | None] = {}
        self.tickets: set[str] = set()
        self.dead = 0  # how many of the next addresses lead nowhere
        self.late: list[str] = []  # envelopes acknowledged too late, or never sent
        self._waiting: dict[str, asyncio.Future[Any]] = {}

    def routes(self) -> list[web.AbstractRouteDef]:
        return [web.get("/slack/socket", self._connect)]

    def address(self) -> str:
        """A fresh address, good for one connection."""
        ticket = uuid.uuid4().hex
        if self.dead > 0:
            self.dead -= 1
        else:
            self.tickets.add(ticket)
        return f"{self.host.url.replace('http', 'ws', 1)}/slack/socket?ticket={ticket}&app_id={self.space.app_id}"

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        fault = self.host.faults.take("slack", "socket")
        ticket = request.query.get("ticket", "")
        if fault is not None or ticket not in self.tickets:
            return web.Response(status=fault.status if fault else 404, text="no such socket")
        self.tickets.discard(ticket)
        ws = web.WebSocketResponse(heartbeat=30.0)
        with suppress(ConnectionError):  # whoever goes away while we shake hands is not missed
            await ws.prepare(request)
            await self._hold(ws, request)
        return ws if ws.prepared else web.Response(status=400)

    async def _hold(self, ws: web.WebSocketResponse, request: web.Request) -> None:
        """One connection, from our hello to its end."""
        self.connections.append(ws)
        self._transports[ws] = request.transport
        try:
            await ws.send_json(self._hello())
            self.host.changed.note()
            async for message in ws:
                if message.type == WSMsgType.TEXT:
                    self._acknowledged(message.data)
        finally:
            if ws in self.connections:
                self.connections.remove(ws)
            del self._transports[ws]
            self.host.changed.note()

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "debug_info": {"host": "sandbox", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self.space.app_id},
        }

    def _acknowledged(self, text: str) -> None:
        try:
            body = json.loads(text)
            envelope = str(body["envelope_id"])
        except (ValueError, KeyError, TypeError):
            self.late.append(text)
            return
        future = self._waiting.get(envelope)
        if future is None or future.done():
            self.late.append(envelope)
        else:
            future.set_result(body.get("payload"))

    async def send(self, parcel: Parcel) -> Any:
        """Send to one connection at random and wait for its acknowledgement."""
        limit = self.host.delays.acknowledge
        if parcel.kind == "events_api":  # an event can wait a little for the product to come back
            await self.host.changed.until(lambda: self._open() or None, limit)
        connections = self._open()
        if not connections:
            raise NotAcknowledgedError("no_connection")
        envelope: Json = {
            "envelope_id": str(uuid.uuid4()),
            "payload": parcel.payload,
            "type": parcel.kind,
            "accepts_response_payload": parcel.accepts,
        }
        if parcel.kind == "events_api":
            envelope |= {"retry_attempt": parcel.attempt, "retry_reason": parcel.reason}
        future = self._waiting[envelope["envelope_id"]] = asyncio.get_running_loop().create_future()
        try:
            await random.choice(connections).send_json(envelope)  # noqa: S311 (Slack spreads at random, too)
            async with asyncio.timeout(limit):
                return await future
        except TimeoutError:
            raise NotAcknowledgedError("timeout") from None
        except ConnectionError:
            raise NotAcknowledgedError("connection_failed") from None
        finally:
            del self._waiting[envelope["envelope_id"]]

    def _open(self) -> list[web.WebSocketResponse]:
        return [ws for ws in self.connections if not ws.closed]

    async def raw(self, text: str) -> None:
        """Send anything at all to every connection."""
        for ws in self._open():
            await ws.send_str(text)

    async def drop(self) -> None:
        """Cut every connection as a broken network does: without a closing handshake."""
        for ws in list(self.connections):
            self.connections.remove(ws)
            transport = self._transports.get(ws)
            if transport is not None:
                transport.abort()
        self.host.changed.note()

    async def disconnect(self, reason: DisconnectReason) -> None:
        """Tell the product that its connections end; they do, after the grace period (at once for link_disabled)."""
        told = self._open()
        body = {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}
        for ws in told:
            await ws.send_json(body)
        if reason != "link_disabled":
            await asyncio.sleep(self.host.delays.disconnect_grace)
        for ws in told:
            if ws in self.connections:
                self.connections.remove(ws)
            await ws.close()

    async def stop(self) -> None:
        for future in self._waiting.values():
            future.cancel()
        for ws in list(self.connections):
            await ws.close()
        self.connections.clear()
