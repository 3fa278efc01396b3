"""Fetching somebody's other calendar: little, not for long, only from where it may be, and never saying from where."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from bot.channels.outside_calendar import LARGEST, CalendarAway, fetch

SECRET = "private-0123"


@asynccontextmanager
async def there(answer: object) -> AsyncIterator[str]:
    """A place in the network that answers so."""

    async def serve(request: web.Request) -> web.StreamResponse:
        return await answer(request)  # type: ignore[operator,no-any-return]

    app = web.Application()
    app.router.add_get("/{any:.*}", serve)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/{SECRET}.ics"
    finally:
        await runner.cleanup()


async def why(answer: object, largest: int = LARGEST) -> str:
    """Why it could not be fetched; the secret is not in it."""
    async with there(answer) as address:
        with pytest.raises(CalendarAway) as away:
            await fetch(address, loopback=True, largest=largest)
    assert SECRET not in str(away.value)
    assert away.value.__cause__ is None
    return str(away.value)


async def test_what_stands_there_is_fetched_also_one_redirection_further() -> None:
    async def serve(request: web.Request) -> web.Response:
        if request.path.endswith(f"{SECRET}.ics"):
            raise web.HTTPFound("/moved/here.ics")
        return web.Response(text="BEGIN:VCALENDAR")

    async with there(serve) as address:
        assert await fetch(address, loopback=True) == b"BEGIN:VCALENDAR"


async def test_a_redirection_leads_nowhere_else_and_not_round_and_round() -> None:
    async def inside(_: web.Request) -> web.Response:
        raise web.HTTPFound("http://169.254.169.254/latest/meta-data")

    async def round_(request: web.Request) -> web.Response:
        raise web.HTTPFound(request.path)

    assert await why(inside) == "redirected to a place we do not fetch from"
    assert await why(round_) == "redirected too often"


async def test_what_is_too_large_is_not_read_to_its_end() -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        for _ in range(64):
            await answer.write(b"x" * 65_536)
        return answer

    assert await why(endless, 100_000) == "too large"


async def test_who_refuses_or_is_not_there_is_told_in_two_words() -> None:
    async def refuses(_: web.Request) -> web.Response:
        return web.Response(status=403, text=SECRET)

    assert await why(refuses) == "HTTP 403"
    with pytest.raises(CalendarAway, match="ClientConnectorError"):
        await fetch("http://127.0.0.1:9/private.ics", loopback=True)
