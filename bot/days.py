"""The coming days: what is planned ahead of them, again and again. Another process may do so at the same moment."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from bot.database import Database
from domain.company import Company
from domain.work import Work
from scheduling import briefs, looks


async def plan(database: Database, now: Callable[[], datetime], company: Company) -> None:
    """Every technician's briefs, and the next look at each home."""
    with suppress(IntegrityError):
        await database.write(lambda session: briefs.plan(Work(session, now()), company))
    with suppress(IntegrityError):
        await database.write(lambda session: looks.plan(Work(session, now())))
