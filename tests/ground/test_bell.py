"""What rings between processes: whoever stops listening does so, although something rings at that very moment."""

import asyncio

import pytest

from bot.postgresql import PostgreSQL
from tests.conftest import fresh_database


@pytest.mark.slow
async def test_a_program_stops_although_something_rings_at_that_moment(postgresql: str) -> None:
    url = await asyncio.to_thread(fresh_database, postgresql)
    heard: list[str] = []

    async def rung(what: str) -> None:
        heard.append(what)

    for number in range(12):
        database = PostgreSQL(url.replace("postgresql://", "postgresql+asyncpg://"))
        await database.listen(rung)
        await asyncio.sleep(0.1)
        for _ in range(20):
            database.ring("outbox")
            await asyncio.sleep(0.0005)
        await asyncio.sleep(number * 0.0008)
        closing = asyncio.create_task(database.close())
        done, _ = await asyncio.wait({closing}, timeout=8)
        assert done, "it rings, and nobody can stop it"
    assert heard
