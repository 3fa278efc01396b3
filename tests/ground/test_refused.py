"""Who is refused is told so, once, and nothing of what the deed had done stays, on either database."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from bot import inbox, outbox, schema
from bot import settings as settings_file
from bot.channels.arrival import Arrival
from bot.clock import Clock
from bot.company_file import reading
from bot.database import connect
from bot.desk import Desk, Rules
from bot.outbox import Parcel
from bot.routes import OldButton
from domain.people import Group
from handlers.conversation import Talk
from handlers.inbound import Place, Sender, Typed
from handlers.messages import Message, Outgoing

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SAID = Typed(sender=Sender("telegram", "7", "Marta"), place=Place("telegram", "7"), text="hello")


def refused(talk: Talk) -> Iterable[Outgoing]:
    talk.work.session.add(Group(chat="left behind", greeted_at=NOON))
    talk.work.session.flush()
    raise OldButton


def test_a_refusal_leaves_nothing_behind(database_url: str) -> None:
    address = settings_file.database_url(database_url)
    schema.migrate(address)
    company = reading.read(Path("bot/sample/company.toml"))
    rules = Rules({"telegram": lambda _: SAID}, refused, {}, {})

    async def go() -> None:
        database, said = connect(address), list[Parcel]()
        desk = Desk(database, Clock(), lambda: company, rules, owner="me", committed=said.extend)
        await desk.accept([Arrival("telegram", "1", "telegram:7", {})])
        while not desk.idle:  # noqa: ASYNC110 (the desk's own tasks)
            await asyncio.sleep(0.01)
        states = await database.read(lambda s: list(s.scalars(select(inbox.inbox.c.state))))
        groups = await database.read(lambda s: list(s.scalars(select(Group.chat))))
        rows = await database.read(lambda s: list(s.scalars(select(outbox.outbox.c.id))))
        await database.close()
        assert (states, groups, desk.failed) == ([inbox.InboxState.DONE], [], 0)
        assert [p.id for p in said] == rows
        words = said[0].payload
        assert isinstance(words, Message)
        assert "refusal.old_button" in repr(words)

    asyncio.run(go())
