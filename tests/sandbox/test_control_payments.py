"""A script pays with nothing but HTTP."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from telegram import Bot
from telegram_shop import LINES, TOKEN, Shop, invoice

from sandbox.control import Control
from sandbox.server import Delays, Sandbox

TEAM = {"people": [{"first_name": "Marta", "language": "it", "id": 7001}]}
Ask = Callable[..., Awaitable[Any]]


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    running = Sandbox(clock_file=tmp_path / "clock", delays=Delays(long_poll_cap=1.0, provider=0.1))
    running.extra_routes += Control(running, team=TEAM).routes()
    async with running:
        yield running
        assert running.recording.problems == []


@pytest.fixture
async def http(sandbox: Sandbox) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(sandbox.url + "/control/") as session:
        yield session


@pytest.fixture
def post(http: aiohttp.ClientSession) -> Ask:
    async def send(address: str, expected: int = 200, /, **fields: Any) -> Any:
        async with http.post(address, json=fields) as answer:
            assert answer.status == expected, await answer.text()
            return await answer.json()

    return send


async def messages(http: aiohttp.ClientSession) -> list[dict[str, Any]]:
    """Marta's chat as the page draws it."""
    async with http.get("state", params={"person": "7001"}) as answer:
        return list((await answer.json())["telegram"]["chats"]["7001"]["rooms"][0]["messages"])


async def test_marta_reads_the_lines_of_an_invoice_tries_two_cards_and_has_a_receipt(
    http: aiohttp.ClientSession, post: Ask, bot: Bot, shop: Shop
) -> None:
    await post("telegram/Marta/starts")
    sent = await invoice(bot, 7001)
    shown = (await messages(http))[-1]
    assert shown["invoice"] == {
        "title": "Visit on Tuesday",
        "description": "The shades",
        "currency": "EUR",
        "digits": 2,
        "lines": [
            {"label": "Visit", "amount": 8000},
            {"label": "Travel", "amount": 1200},
            {"label": "Loyalty", "amount": -700},
        ],
        "total": 8500,
        "receipt": False,
        "own_button": False,
    }
    assert shown["buttons"] == [[{"label": "Pay €85.00", "url": None, "pay": True}]]
    refused = await post("telegram/Marta/pays", card="4000 0000 0000 0002")
    assert refused == {
        "paid": False,
        "stage": "failed",
        "reason": "declined",
        "words": "Your card was declined.",
        "charges": [],
    }
    paid = await post("telegram/Marta/pays", card="works", message=sent.message_id)
    assert (paid["paid"], [c["amount"] for c in paid["charges"]]) == (True, [8500])
    await shop.has(1)
    first, note = (await messages(http))[-2:]
    assert first["invoice"]["receipt"]
    assert note["payment"] == {"title": "Visit on Tuesday", "currency": "EUR", "digits": 2, "total": 8500}
    assert "sees the receipt" in (await post("telegram/Marta/pays", 409))["error"]
    assert (await post("telegram/Marta/pays", again=True))["paid"]


async def test_a_script_passes_an_invoice_on_to_the_family(post: Ask, bot: Bot, shop: Shop) -> None:
    await post("telegram/Marta/starts")
    await post("people", first_name="Luigi", id=7002)
    group = (await post("groups", title="Family", people=[7001, 7002]))["id"]
    sent = await invoice(bot, 7001)
    await post("telegram/Marta/forwards", 404, message=sent.message_id, to=-1)
    copy = await post("telegram/Marta/forwards", message=sent.message_id, to=group)
    assert (await post("telegram/Luigi/pays", message=copy["message"], at=group))["paid"]
    await shop.has(1)
    assert shop.paid[0].from_user.id == 7002


async def test_a_script_pays_by_link_and_makes_the_money_late(
    post: Ask, bot: Bot, shop: Shop, http: aiohttp.ClientSession
) -> None:
    await post("telegram/Marta/starts")
    sent = await invoice(bot, 7001)
    link = await bot.create_invoice_link("Visit", "The shades", "order-9", "EUR", LINES, provider_token=TOKEN)
    assert "there is no card" in (await post("telegram/Marta/pays", 400, card="gold"))["error"]
    await post("telegram/Marta/pays", 409, link="https://t.me/$none")
    await post("telegram/Marta/pays", 404, message=sent.message_id + 50)
    fault = await post("faults", kind="paid_late", network="telegram", seconds=3600, target="7001")
    assert fault["hits"] == 0
    under_way = await post("telegram/Marta/pays", link=link, timeout=0.2)
    assert (under_way["paid"], under_way["stage"], shop.paid) == (False, "charging", [])
    await post("clock", move="+1 day")
    assert await shop.has(1) == [("order-9", 8500, "EUR")]
    async with http.get("state") as answer:
        cards = (await answer.json())["telegram"]["cards"]
    assert [c["name"] for c in cards] == ["works", "declined", "no_funds", "hangs"]
