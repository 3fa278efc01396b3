"""Among many timers nothing is searched for by reading all of them, on either database."""

import asyncio
import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from bot import schema, settings
from bot.database import connect
from bot.units import Database
from domain.work import Work
from scheduling import timers
from tests.domain.ground import MONDAY

ROWS = 20_000
WHOLE = re.compile(r"SCAN timers(?! USING)")

DEEDS: dict[str, Any] = {
    "claim": lambda session: timers.claim(session, MONDAY),
    "next due": timers.next_due,
    "set": lambda session: timers.put(Work(session, MONDAY), "hold", "booking:7", "new", MONDAY),
    "move": lambda session: timers.move(Work(session, MONDAY), "hold", "booking:7", "7", MONDAY),
    "keep": lambda session: timers.keep(Work(session, MONDAY), "booking:7", ["7"], "hold"),
    "take back": lambda session: timers.clear(Work(session, MONDAY), "booking:7"),
    "take back one kind": lambda session: timers.clear(Work(session, MONDAY), "booking:7", "hold"),
    "forget": lambda session: timers.forget(session, MONDAY),
}


async def filled(url: str) -> Database:
    """Nine of ten rang long ago, one is to come."""
    address = settings.database_url(url)
    await asyncio.to_thread(schema.migrate, address)
    database = connect(address)

    def unit(session: Session) -> None:
        made = timers.Timer.__table__.insert()  # type: ignore[attr-defined]
        states = (timers.TimerState.RUNG,) * 9 + (timers.TimerState.SET,)
        due = MONDAY + timedelta(days=1)
        row = {"kind": "hold", "due_at": due}
        numbered = ({"subject": f"booking:{n}", "occurrence": f"{n}", "rank": n // 10 % 3} for n in range(ROWS))
        session.execute(made, [{**row, **one, "state": states[n % 10]} for n, one in enumerate(numbered)])
        session.execute(text("ANALYZE timers"))

    await database.write(unit)
    return database


async def read_whole(database: Database, deed: Any) -> list[str]:
    """Which statements of a deed read the whole table; several times, for a database may change its mind."""

    def on_sqlite(session: Session) -> list[str]:
        driver: Any = session.connection().connection.driver_connection
        said: list[str] = []
        driver.set_trace_callback(said.append)
        deed(session)
        driver.set_trace_callback(None)
        plans = [driver.execute(f"EXPLAIN QUERY PLAN {one}").fetchall() for one in said if "timers" in one]
        assert plans
        return [str(plan) for plan in plans if WHOLE.search(str(plan))]

    def on_postgresql(session: Session) -> list[str]:
        deed(session)
        looked = "SELECT seq_scan, idx_scan FROM pg_stat_xact_user_tables WHERE relname = 'timers'"
        whole, by_index = session.execute(text(looked)).one()
        assert whole or by_index
        return [f"{whole} times"] if whole else []

    unit = on_sqlite if database.dialect == "sqlite" else on_postgresql
    return [one for _ in range(8) for one in await database.write(unit)]


@pytest.mark.slow
def test_nothing_is_found_by_reading_every_timer(database_url: str) -> None:
    async def look() -> dict[str, list[str]]:
        database = await filled(database_url)
        try:
            found = {name: await read_whole(database, deed) for name, deed in DEEDS.items()}
            assert await read_whole(
                database, lambda s: s.execute(text("SELECT * FROM timers WHERE state = 'rung'")).all()
            )
            return {name: whole for name, whole in found.items() if whole}
        finally:
            await database.close()

    assert asyncio.run(look()) == {}
