"""A bot's own address, for updates that come by web hook."""

import asyncio

from aiohttp import web
from telegram import Update


class Door:
    """A bot's own address: notes what comes and answers with the statuses it is given, then with 200."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.updates: list[Update] = []
        self.news = asyncio.Event()
        self.secrets: set[str | None] = set()
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        self.secrets.add(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        status = self.statuses.pop(0) if self.statuses else 200
        if status == 200:
            self.updates.append(Update.de_json(await request.json()))
            self.news.set()
        return web.Response(status=status)

    async def has(self, count: int) -> list[str]:
        async with asyncio.timeout(5):
            while len(self.updates) < count:
                self.news.clear()
                await self.news.wait()
        return [u.message.text for u in self.updates]
