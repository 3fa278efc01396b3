"""Many people who want the same at the same moment, on a PostgreSQL server."""

import asyncio
from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from bot.postgresql import PostgreSQL
from domain import homes
from domain.people import meet
from domain.record import metadata
from domain.stored import keep
from domain.work import Refusal, Work
from tests.domain.ground import MONDAY, SAMPLE, contract, home, person, request

ATTEMPTS = 40
POOL = 25  # connections that race at the same time

WAITED = "waited too long"

Deed = Callable[[Work, int], bool]


class Racers:
    """A PostgreSQL record, and as many people as there are attempts."""

    def __init__(self, database: PostgreSQL, attempts: int = ATTEMPTS) -> None:
        self.database, self.attempts = database, attempts
        self.home = self.contract = 0
        self.token = ""
        self.visitors: list[int] = []
        self.requests: list[int] = []

    async def line_up(self) -> None:
        """Everybody anew: a home with four visits a year, an invitation, a request for each of them."""

        def unit(session: Session) -> None:
            for table in reversed(metadata.sorted_tables):
                session.execute(table.delete())
            work = Work(session, MONDAY, "test")
            owner = person(work)
            casa = home(work, owner=owner)
            self.home, self.contract = casa.id, contract(work, casa, "signature", date(2026, 1, 1)).id
            self.token = homes.invite(work, casa, owner)
            self.visitors = [meet(work, f"t{n}", "Somebody", "en").id for n in range(self.attempts)]
            self.requests = [request(work, owner, casa).id for _ in range(self.attempts)]
            keep(work, SAMPLE.tariff)

        await self.database.write(unit)

    async def race(self, deed: Deed) -> list[Any]:
        """Everybody at once: what came of each attempt."""

        async def attempt(number: int) -> Any:
            try:
                return await self.database.write(lambda session: deed(Work(session, MONDAY, "test"), number))
            except (Refusal, StaleDataError) as lost:
                return type(lost).__name__
            except DBAPIError as waited:  # on a busy machine the last in a queue may wait too long, and has nothing
                if "statement timeout" not in str(waited):
                    raise
                return WAITED

        return await asyncio.gather(*(attempt(n) for n in range(self.attempts)))

    async def count(self, query: Any) -> int:
        return await self.database.read(lambda session: session.scalar(query) or 0)


def breathe(work: Work) -> None:
    """The moment between looking and writing, long enough for everybody to look."""
    work.session.execute(text("SELECT pg_sleep(0.1)"))
