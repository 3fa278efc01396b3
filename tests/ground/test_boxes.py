"""The two boxes on both databases: many rows in one statement keep their order, and none is there twice."""

import asyncio
from datetime import UTC, datetime

from sqlalchemy import select

from bot import inbox, outbox, schema
from bot import settings as settings_file
from bot.channels.arrival import Arrival
from bot.database import connect
from bot.outbox import Cause
from bot.units import Database
from handlers.messages import Homeowner, Message
from locales.text import t

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MANY = 250


def arrival(number: int) -> Arrival:
    return Arrival("telegram", str(number), "chat:1", {"n": number})


def migrated(url: str) -> Database:
    address = settings_file.database_url(url)
    schema.migrate(address)
    return connect(address)


async def took(database: Database) -> None:
    """Fetched twice, in part: what was there stays as it was, the rest follows in order."""
    first = await database.write(lambda s: inbox.accept(s, [arrival(n) for n in range(100)], NOON))
    again = await database.write(lambda s: inbox.accept(s, [arrival(n) for n in (99, *range(MANY), 3)], NOON))
    assert len(first) == 100
    assert len(again) == MANY - 100
    assert await database.write(lambda s: inbox.accept(s, [], NOON)) == []
    kept = await database.read(lambda s: s.scalars(select(inbox.inbox.c.payload).order_by(inbox.inbox.c.id)).all())
    assert [row["n"] for row in kept] == list(range(MANY))
    row, more = await database.read(lambda s: inbox.earliest(s, "chat:1"))
    assert (row.payload["n"], more) == (0, True)
    assert await database.read(lambda s: inbox.earliest(s, "chat:2")) == (None, False)
    await database.close()


async def said(database: Database) -> None:
    """Each parcel has the row that holds its own words, and the rows stand in the order they were said in."""
    words = [Message(to=Homeowner("1"), body=(t("help.title"),), about=str(n)) for n in range(MANY)]
    parcels = await database.write(lambda s: outbox.put(s, words, Cause("i1", NOON, "me", "en")))
    assert [p.payload for p in parcels] == words
    assert [p.id for p in parcels] == sorted(p.id for p in parcels)
    table = outbox.outbox
    kept = await database.read(lambda s: s.execute(select(table.c.id, table.c.key).order_by(table.c.id)).all())
    assert [(row.id, row.key) for row in kept] == [(p.id, p.key) for p in parcels]
    await database.close()


def test_what_came_is_kept_once_and_in_order(database_url: str) -> None:
    asyncio.run(took(migrated(database_url)))


def test_what_is_said_stands_in_the_order_it_was_said_in(database_url: str) -> None:
    asyncio.run(said(migrated(database_url)))
