"""A running sandbox, Marta with her phone, and the real python-telegram-bot connected to the sandbox's Telegram."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp import web
from telegram import Bot, Update
from telegram.request import HTTPXRequest
from telegram_door import Door
from telegram_shop import Shop

from sandbox.server import Delays, Sandbox
from sandbox.telegram import Person

TOKEN = "123:abc"


@pytest.fixture(autouse=True)
def durations(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without this the library warns at every duration that it would rather give a timedelta."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    delays = Delays(webhook_pause=0.02, webhook_timeout=1.0, long_poll_cap=3.0)
    async with Sandbox(clock_file=tmp_path / "clock", delays=delays) as running:
        yield running


@pytest.fixture
def address(sandbox: Sandbox) -> str:
    """Where the methods of the bot are."""
    return f"{sandbox.url}/bot{TOKEN}"


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    connected = Bot(
        TOKEN,
        base_url=f"{sandbox.url}/bot",
        base_file_url=f"{sandbox.url}/file/bot",
        request=HTTPXRequest(connection_pool_size=8),
        get_updates_request=HTTPXRequest(connection_pool_size=4),
    )
    async with connected:
        yield connected


@pytest.fixture
async def marta(sandbox: Sandbox) -> AsyncIterator[Person]:
    """Marta has started the bot; at the end nobody may have found anything wrong."""
    person = sandbox.telegram.person("Marta", "Rossi", language="it", phone="+393331234567")
    await person.starts()
    yield person
    assert sandbox.recording.problems == []


@pytest.fixture
def next_update(bot: Bot) -> Callable[[str], Awaitable[Update]]:
    """Fetch until an update of a kind is there, confirming it and what came before."""

    async def fetch(kind: str) -> Update:
        offset = None
        async with asyncio.timeout(5):
            while True:
                for update in await bot.get_updates(offset=offset, timeout=1):
                    offset = update.update_id + 1
                    if getattr(update, kind) is not None:
                        await bot.get_updates(offset=offset, timeout=0)
                        return update

    return fetch


@pytest.fixture
def found(sandbox: Sandbox) -> Callable[[str], bool]:
    """Whether a judge has complained in these words."""
    return lambda words: any(words in problem for problem in sandbox.recording.problems)


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    door = Door()
    app = web.Application()
    app.router.add_post("/telegram", door.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    door.url = f"http://127.0.0.1:{runner.addresses[0][1]}/telegram"
    yield door
    await runner.cleanup()


@pytest.fixture
async def shop(bot: Bot) -> AsyncIterator[Shop]:
    """The shop, open as long as the test lasts."""
    shop = Shop(bot)
    poller = asyncio.create_task(shop.poll())
    yield shop
    poller.cancel()
    await asyncio.gather(poller, return_exceptions=True)
