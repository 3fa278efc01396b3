"""What the web side serves: the feed only to who has its key, and nothing else to anybody."""

from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import func, select

from bot.inbox import inbox
from tests.house import House, open_house
from tests.journey.ground import STORY, reports

KEY = "feed-key-of-the-test-0123456789"
WRONG = [
    None,
    "",
    "Bearer",
    "Bearer ",
    "Bearer \u00e9",
    f"Bearer {KEY[:-1]}",
    f"Bearer {KEY}0",
    f"Bearer  {KEY}",
    f"bearer {KEY}",
    f"Bearer {KEY.upper()}",
    f"Bearer {KEY[::-1]}",
    f"Basic {KEY}",
    KEY,
    f"Bearer {KEY}, Bearer {KEY}",
    "Bearer " + "x" * 5000,
    "Bearer %00",
]


async def asks(house: House, path: str, method: str = "GET", **more: Any) -> tuple[int, str]:
    """What a stranger gets."""
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, f"http://127.0.0.1:{house.environment['PORT']}{path}", **more) as answer,
    ):
        return answer.status, await answer.text()


@pytest.mark.parametrize("hooked", [False, True])
async def test_the_feed_is_shown_to_who_has_its_key_and_to_nobody_else(tmp_path: Path, hooked: bool) -> None:
    async with open_house(tmp_path, hooked=hooked, FEED_TOKEN=KEY) as house:
        await reports(house, await house.arrives("en"))
        for wrong in WRONG:
            given = {} if wrong is None else {"Authorization": wrong}
            assert await asks(house, "/feed", headers=given) == (401, ""), wrong
        for path in (f"/feed?token={KEY}", f"/feed?authorization=Bearer%20{KEY}"):
            assert await asks(house, path) == (401, "")
        assert (await asks(house, "/feed/", allow_redirects=False))[0] in (307, 404)
        right = {"Authorization": f"Bearer {KEY}"}
        status, told = await asks(house, "/feed", headers=right)
        assert status == 200
        assert STORY not in told  # what happened, not what people wrote
        assert (await asks(house, "/feed", "POST", headers=right))[0] == 405


async def test_without_a_key_there_is_no_feed(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        for given in ({}, {"Authorization": "Bearer "}, {"Authorization": "Bearer None"}):
            assert (await asks(house, "/feed", headers=given))[0] == 404


@pytest.mark.parametrize("hooked", [False, True])
async def test_nothing_is_served_that_nobody_needs_and_nothing_that_is_served_tells_of_people(
    tmp_path: Path, hooked: bool
) -> None:
    async with open_house(tmp_path, hooked=hooked, FEED_TOKEN=KEY) as house:
        await reports(house, await house.arrives("en"))
        count = select(func.count()).select_from(inbox)
        before = await house.in_database(lambda session: session.scalar(count))
        for path in (
            "/",
            "/docs",
            "/openapi.json",
            "/favicon.ico",
            "/admin",
            "/feed/../feed.py",
            "/telegram/x",
            "/.env",
        ):
            assert (await asks(house, path))[0] == 404, path
        for path in ("/telegram", "/slack"):
            for method in ("GET", "PUT", "DELETE"):
                assert (await asks(house, path, method))[0] == (405 if hooked else 404), (method, path)
            assert (await asks(house, path, "POST", json={"update_id": 1}))[0] == (401 if hooked else 404), path
        for path in ("/healthz", "/readyz", "/metrics"):
            status, told = await asks(house, path)
            assert status == 200
            assert not [secret for secret in (STORY, "Emma", KEY, "xoxb", "5000000001:test") if secret in told]
        assert await house.in_database(lambda session: session.scalar(count)) == before
