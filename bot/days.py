"""The coming days: what is planned ahead of them, again and again. Another process may do so at the same moment."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from bot.database import Database
from domain.company import Company
from domain.work import Work
from scheduling import briefs, coming_back


async def plan(database: Database, now: Callable[[], datetime], company: Company) -> None:
    """Every technician's briefs, and the first look at homes that nobody has looked at."""
    with suppress(IntegrityError):
        await database.write(lambda session: briefs.plan(Work(session, now()), company))
    with suppress(IntegrityError):
        while await database.write(lambda session: coming_back.begin(Work(session, now()))) == coming_back.AT_ONCE:
            pass  # some at a time: others write in between
