"""`summary`: what managers read, for a terminal, a script, a spreadsheet, a printer, a phone; with the rows behind."""

import asyncio
from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.commands import summary_rows, summary_told
from bot.commands.cli import cli, day
from bot.commands.summary_rows import Of
from bot.commands.tasks import database_url, moment
from bot.company_file import reading
from bot.company_file.place import company_path
from bot.database import connect
from bot.faults import Mistake
from bot.spreadsheet import sheet
from domain import summaries, summary_days
from domain.company import Company
from domain.price_changes import in_force
from domain.summaries import Summary
from domain.summaries_answers import By
from domain.summary_days import DAY, Days, Each
from domain.work import Work
from handlers.cards.chart import chart
from handlers.cards.summary import of_five, parts, percent, title
from handlers.messages import Fact
from locales.phrasebook import LANGUAGES
from locales.text import t

T = TypeVar("T")
WORDS = 200  # remarks on a page


class Span(StrEnum):
    """Which days, by the company's calendar."""

    WEEK = "week"
    LAST_WEEK = "last-week"
    MONTH = "month"
    LAST_MONTH = "last-month"
    QUARTER = "quarter"
    LAST_QUARTER = "last-quarter"
    YEAR = "year"
    LAST_YEAR = "last-year"


class Format(StrEnum):
    """For whom."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    HTML = "html"
    PNG = "png"


@cli.command()
def summary(
    span: Annotated[Span | None, typer.Option(help="Which days; the last thirty where nothing is said.")] = None,
    since: Annotated[date | None, typer.Option(parser=day, metavar="DAY", help="The first day, instead.")] = None,
    until: Annotated[date | None, typer.Option(parser=day, metavar="DAY", help="The last day.")] = None,
    by: Annotated[By | None, typer.Option(help="Group the answers; fewer than five are not shown.")] = None,
    format: Annotated[Format, typer.Option(help="How it is written.")] = Format.TEXT,
    language: Annotated[str | None, typer.Option(help="en, fr, es or it; else the team's.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write it to a new file.")] = None,
    rows: Annotated[Of | None, typer.Option(help="Instead: the rows behind the figures, as CSV.")] = None,
    personal: Annotated[
        bool, typer.Option("--personal", help="With what tells who it was, and people's words.")
    ] = False,
) -> None:
    """Summarise the satisfaction of some days, how requests were seen to, and what it came to.

    A question counts on the day it was put, whenever it was answered. Nobody is named, unless --personal.
    """
    if out is not None and out.exists():
        raise Mistake(f"{out} is there already; name another file.")
    if format is Format.PNG and rows is None and out is None:
        raise Mistake("A picture needs a file: add --out summary.png.")
    if language is not None and language not in LANGUAGES:
        raise Mistake(f"“{language}” is no language of ours; write one of {', '.join(LANGUAGES)}.")

    def look(work: Work, company: Company) -> bytes:
        days = _days(work.now, company.time_zone, span, since, until)
        if rows is not None:
            return sheet(*summary_rows.table(work, company, days, rows, personal=personal)).encode()
        found = summaries.summary(work, company, days, by, WORDS)
        said = language or company.team_language
        return _written(work, company, found, format, said, personal=personal)

    made = asyncio.run(_read(look))
    if out is None:
        print(made.decode(), end="" if made.endswith(b"\n") else "\n")
    else:
        _keep(out, made)
        print(out)


def _days(now: datetime, zone: str, span: Span | None, since: date | None, until: date | None) -> Days:
    today = summary_days.lately(now, zone, 1).last
    if span is not None:
        if since is not None or until is not None:
            raise Mistake("--span and --since (or --until) are two ways to say the same; leave one out.")
        each = Each(span.value.removeprefix("last-"))
        this = summary_days.of(each, today, zone)
        return summary_days.before(this) if span.value.startswith("last-") else this
    if since is None and until is None:
        return summary_days.lately(now, zone)
    last = until or today
    first = since or last - 29 * DAY
    if first > last:
        raise Mistake(f"--since {first} is later than {last}; exchange them, or say --until.")
    return summary_days.between(first, last, zone)


async def _read(look: Callable[[Work, Company], T]) -> T:
    """Look into the record without holding up whoever writes."""
    filed, now = reading.read(company_path()), moment()

    def unit(session: Session) -> T:
        work = Work(session, now, "command")
        return look(work, in_force(work, filed))

    database = connect(database_url())
    try:
        return await database.read(unit)
    except OperationalError as away:
        raise Mistake(f"The database does not answer, or has no tables yet (`migrate`): {away.orig}") from away
    finally:
        await database.close()


def _written(
    work: Work, company: Company, found: Summary, format: Format, language: str, *, personal: bool
) -> bytes:  # fmt: skip
    if format is Format.JSON:
        return summary_told.json(found, summaries.trend(work, found.days), personal=personal)
    if format is Format.CSV:
        return sheet(summary_told.COLUMNS, summary_told.cells(found)).encode()
    if format is Format.TEXT:
        words: str = import_module("bot.papers.page").text(title(found.days), parts(company, found), language)
        return words.encode()
    drawing = chart(found.days, found.answers, summaries.trend(work, summaries.leading_up(found.days)))
    if format is Format.PNG:
        picture: bytes = import_module("bot.papers.chart").draw(drawing, language)
        return picture
    paper = import_module("bot.papers.page")
    said = found.verbatims if personal else None
    key = tuple(_key(found))
    report = paper.Report(company.name, title(found.days), key, parts(company, found), drawing, said, found.remarks)
    page: str = paper.page(report, language)
    return page.encode()


def _key(found: Summary) -> list[Fact]:
    """What one looks for first."""
    answers = found.answers
    if answers.good is None or answers.mean is None or answers.rate is None:
        return []
    return [
        Fact(t("summary.good"), percent(answers.good)),
        Fact(t("summary.mean"), of_five(answers.mean)),
        Fact(t("summary.rate"), percent(answers.rate)),
    ]


def _keep(file: Path, made: bytes) -> None:
    try:
        file.write_bytes(made)
    except OSError as wrong:
        raise Mistake(
            f"{file} cannot be written: {wrong.strerror}; name a file in a folder that we may write to."
        ) from wrong
