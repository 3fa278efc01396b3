"""The coming days: what is planned ahead of them, again and again. Another process may do so at the same moment."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.units import Database
from domain.company import Company
from domain.work import Work
from scheduling import briefs, digests, looks


async def plan(database: Database, now: Callable[[], datetime], company: Company) -> None:
    """Every technician's briefs, the managers' digests, and the next look at each home."""
    for ahead in (briefs.plan, digests.plan, looks.plan):
        with suppress(IntegrityError):
            await database.write(partial(_planned, ahead, now(), company))


def _planned(ahead: Callable[[Work, Company], None], now: datetime, company: Company, session: Session) -> None:
    ahead(Work(session, now), company)
