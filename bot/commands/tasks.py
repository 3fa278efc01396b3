"""What the commands do, apart from reading their words."""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot import inbox, outbox
from bot.channels.telegram import TelegramCarrier
from bot.clock import Clock
from bot.database import connect
from bot.faults import Mistake
from bot.import_deed import Changes, bring_in
from bot.importing import parse
from bot.papers import draw
from bot.settings import Settings
from bot.settings import database_url as normal_url
from domain.company import Company
from domain.homes import Home, Member
from domain.homes import invite as make_invitation
from domain.people import Person
from domain.price_changes import in_force
from domain.work import Work

T = TypeVar("T")


class _Undone(Exception):  # noqa: N818 (a dry run ends this way)
    """What was done shall not stay."""

    def __init__(self, result: Any) -> None:
        super().__init__()
        self.result = result


def database_url() -> str:
    """The database that DATABASE_URL names."""
    file = os.environ.get("DATABASE_URL_FILE")
    given = _secret(Path(file)) if file else os.environ.get("DATABASE_URL") or "sqlite:///var/aftercare.db"
    try:
        return normal_url(given)
    except ValueError as wrong:
        raise Mistake(f"DATABASE_URL: {wrong}") from None


def _secret(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except UnicodeDecodeError:
        what = "it is not text"
    except OSError as unreadable:
        what = str(unreadable.strerror)
    raise Mistake(f"DATABASE_URL_FILE: cannot read {file}: {what}; name a file with the address of the database")


async def in_database(unit: Callable[[Session], T]) -> T:
    """Run one unit of work for a command."""
    database = connect(database_url())
    try:
        return await database.write(unit)
    except OperationalError as away:
        raise Mistake(f"The database does not answer, or has no tables yet (`migrate`): {away.orig}") from away
    finally:
        await database.close()


async def import_folder(folder: Path, company: Company, *, dry_run: bool) -> Changes:
    """Bring a folder in, or only say what would change."""
    parsed = parse(folder, company)
    now = moment()

    def unit(session: Session) -> Changes:
        work = Work(session, now, "import")
        changes = bring_in(work, in_force(work, company), parsed)
        if dry_run:
            raise _Undone(changes)
        return changes

    try:
        return await in_database(unit)
    except _Undone as undone:
        result: Changes = undone.result
        return result


def moment() -> datetime:
    """The moment it is for a command, moved by CLOCK_FILE."""
    named = os.environ.get("CLOCK_FILE")
    try:
        return Clock(Path(named) if named else None).now()
    except OSError as unreadable:
        what = f"CLOCK_FILE: cannot read {named}: {unreadable.strerror}"
        raise Mistake(f"{what}; name a file with a number of seconds, or leave it out") from None


async def invite(settings: Settings, home: str, customer: str) -> dict[str, Any]:
    """Make an invitation and the link that carries it."""
    now = Clock(settings.clock_file).now()

    def unit(session: Session) -> str:
        place = session.scalar(select(Home).where(Home.ref == home))
        person = session.scalar(select(Person).where(Person.ref == customer))
        if place is None:
            raise Mistake(f"There is no home with the reference {home}.")
        if person is None:
            raise Mistake(f"There is no customer with the reference {customer}.")
        member = select(Member.id).where(Member.home_id == place.id, Member.person_id == person.id)
        if session.scalar(member.where(Member.ended_at.is_(None))) is None:
            raise Mistake(f"{person.name} does not belong to {place.name}: add the row to members.csv and import it.")
        return make_invitation(Work(session, now, "command"), place, person)

    token = await in_database(unit)
    carrier = TelegramCarrier(
        settings.telegram_token.get_secret_value(), settings.telegram_api, slack_files=None, papers=draw
    )
    await carrier.start()
    try:
        name = await carrier.username()
    finally:
        await carrier.stop()
    return {"token": token, "link": f"https://t.me/{name}?start={token}" if name else None}


async def retry(inbound: int | None, message: int | None) -> dict[str, int]:
    """Bring dead letters back; a running program picks them up within seconds."""

    def unit(session: Session) -> dict[str, int]:
        both = inbound is None and message is None
        revived = inbox.revive(session, inbound) if both or inbound is not None else []
        messages = outbox.revive(session, message) if both or message is not None else 0
        return {"inbound": len(revived), "messages": messages}

    return await in_database(unit)
