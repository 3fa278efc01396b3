"""A teammate does something with words at the very moment in which they leave: he waits, and sees that they have."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.postgresql import PostgreSQL
from domain import desk_events, notes
from domain.notes import Direction, LeftAlready, Note, Words
from domain.requests import Request
from domain.work import Refusal, Work
from tests.domain.ground import MONDAY
from tests.domain.racing import Racers

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("races")]
SOURCE = "slack:C0SERVICE:1.5"


async def while_they_leave(server: str, deed: Callable[[Work, Note], None]) -> list[Any]:
    """What came of a deed that begins while the words are leaving: its facts, or its refusal."""
    database = PostgreSQL(server)
    racers = Racers(database, 1)
    await racers.line_up()

    def waits(session: Session) -> int:
        work = Work(session, MONDAY, "test")
        about = session.get_one(Request, racers.requests[0])
        return notes.send(work, about, Words(Direction.TO_HOMEOWNER, "Ana", "At tem", source=SOURCE), "ana").id

    note = await database.write(waits)

    def leaves(session: Session) -> None:
        work = Work(session, MONDAY, "timer")
        notes.leave(work, notes.held(work, note))
        session.flush()
        session.execute(text("SELECT pg_sleep(0.5)"))

    def acts(session: Session) -> list[Any]:
        work = Work(session, MONDAY, "ana")
        try:
            deed(work, notes.written(work, SOURCE)[0])
        except Refusal as no:
            return [type(no)]
        return [type(fact) for fact in work.events]

    leaving = asyncio.create_task(database.write(leaves))
    await asyncio.sleep(0.2)
    found = await database.write(acts)
    await leaving
    await database.close()
    return found


async def test_what_is_corrected_while_it_leaves_is_corrected_at_the_homeowners(server_record: str) -> None:
    found = await while_they_leave(server_record, lambda work, note: notes.change(work, note, "At ten"))
    assert found == [desk_events.WordsChanged]


async def test_what_is_taken_back_while_it_leaves_is_not_said_to_be_taken_back(server_record: str) -> None:
    assert await while_they_leave(server_record, notes.undo) == [LeftAlready]
