"""A Telegram that costs next to nothing: it hands out updates that were made before, and counts what comes back."""

import asyncio
import contextlib
import itertools
import json
from collections import Counter
from time import perf_counter
from typing import Any

from aiohttp import web

TOKEN = "5000000001:bench"
BATCH = 100
CHATS = 200


def message(number: int) -> dict[str, Any]:
    """“/help”, from one of the chats in turn."""
    chat = 700_000_001 + number % CHATS
    who = {"id": chat, "is_bot": False, "first_name": "P", "language_code": "en"}
    return {
        "message": {
            "message_id": number + 1,
            "date": 1_770_000_000,
            "chat": {"id": chat, "type": "private", "first_name": "P"},
            "from": who,
            "text": "/help",
            "entities": [{"type": "bot_command", "offset": 0, "length": 5}],
        }
    }


def press(number: int) -> dict[str, Any]:
    """A press of a button nobody knows any more: it is answered, and the person sees where he is."""
    inner = message(number)["message"]
    shown = {**inner, "from": {"id": 5000000001, "is_bot": True, "first_name": "B"}}
    return {
        "callback_query": {
            "id": f"q{number}",
            "from": inner["from"],
            "message": shown,
            "chat_instance": "1",
            "data": "unknown.0",
        }
    }


class Stub:
    """The server; `run` waits until so many updates were answered."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.url = ""
        self._numbers = itertools.count(1)
        self._pending: list[dict[str, Any]] = []
        self._next = 1000
        self._wake = asyncio.Event()
        self._goal = 0
        self._done = asyncio.Event()
        app = web.Application()
        app.router.add_post("/bot{token}/{method}", self._call)
        app.router.add_route("*", "/api/{method}", self._slack)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)

    async def start(self) -> None:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        self._wake.set()
        await self._runner.cleanup()

    async def run(self, updates: list[dict[str, Any]], per_update: int) -> float:
        """Hand them out; the seconds until every one had its `per_update` answers."""
        self._done.clear()
        self._goal = self.counts["answers"] + per_update * len(updates)
        for update in updates:
            self._pending.append({"update_id": self._next, **update})
            self._next += 1
        began = perf_counter()
        self._wake.set()
        await self._done.wait()
        return perf_counter() - began

    async def _call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"].lower().replace("_", "")
        body = await request.post()
        if method == "getupdates":
            return await self._updates(int(str(body.get("offset", 0))), float(str(body.get("timeout", 0))))
        if method in ("sendmessage", "answercallbackquery"):
            self.counts["answers"] += 1
            if self.counts["answers"] >= self._goal:
                self._done.set()
        if method == "sendmessage":
            chat = {"id": int(str(body["chat_id"])), "type": "private", "first_name": "P"}
            sent = {"message_id": next(self._numbers), "date": 1_770_000_000, "chat": chat, "text": "x"}
            return web.Response(text=json.dumps({"ok": True, "result": sent}), content_type="application/json")
        if method == "getme":
            me = {"id": 5000000001, "is_bot": True, "first_name": "B", "username": "b_bot"}
            return web.json_response({"ok": True, "result": me})
        return web.json_response({"ok": True, "result": True})

    async def _updates(self, offset: int, timeout: float) -> web.Response:
        self._pending = [u for u in self._pending if u["update_id"] >= offset] if offset else self._pending
        if not self._pending and timeout:
            self._wake.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), timeout)
        return web.json_response({"ok": True, "result": self._pending[:BATCH]})

    async def _slack(self, request: web.Request) -> web.Response:
        await request.read()
        return web.json_response({"ok": False, "error": "internal_error"})
