"""The search behind `slots`: what the chat would offer, by the same rules, from the record if there is one."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import make_url, select
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from bot.commands.tasks import database_url, moment
from bot.database import connect
from bot.faults import Mistake
from domain.areas import Area, Help, Urgency
from domain.asking import YEARS
from domain.company import Company, Job
from domain.coverage import Balance, Ruling
from domain.homes import Home
from domain.labour import NoPrice
from domain.need import Need, qualified
from domain.offering import URGENT, need_of, promised_by, searching, window_of
from domain.price_changes import in_force
from domain.pricing import Priced
from domain.promised import usual_time, worktime
from domain.requests import Request
from domain.slots import Search, Slot
from domain.spreading import Wanted, Window, days, few
from domain.tariff import NO_PLAN
from domain.work import Work
from handlers.cards.verdict import Terms

DAYS = 9


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question about times, its names checked."""

    work: str
    area: Area
    urgency: Urgency = Urgency.NORMAL
    home: str | None = None  # its reference
    plan: str | None = None  # instead of the home's
    brand: str | None = None
    at: datetime | None = None  # as if it were asked then
    day: date | None = None
    evenings: bool = False
    count: int | None = 4  # none: every start


@dataclass(frozen=True)
class Found:
    """The answer: the times with their prices, and what they were looked for with."""

    need: Need
    job: Job
    window: Window
    asked_at: datetime
    plan: str
    promised: datetime | None = None
    slots: tuple[tuple[Slot, Priced], ...] = ()
    days: tuple[date, ...] = ()
    record: bool = True
    visit: bool = False
    why_none: str | None = None
    names: dict[str, str] = field(default_factory=dict)

    def kept(self, slot: Slot) -> bool | None:
        """Whether a time keeps the plan's promise; none without one."""
        return None if self.promised is None else slot.start <= self.promised


def find(company: Company, asked: Asked) -> Found:
    """The times that could be offered. Raises Mistake."""
    if asked.day is not None and asked.day.year not in YEARS:
        raise Mistake(f"--day: {asked.day} is too far away; write a year from {YEARS[0]} to {YEARS[-1]}")
    now = (asked.at or moment()).astimezone(UTC)
    url = _record()
    if url is not None:
        return asyncio.run(_in_record(url, lambda session: _found(Work(session, now, "command"), company, asked)))
    if asked.home is not None:
        raise Mistake("--home: there is no record to look it up in; set DATABASE_URL, or ask without it")
    with Session() as nothing:
        return _found(Work(nothing, now, "command"), company, asked, record=False)


def _record() -> str | None:
    """The address of the record; none when the file is not there (nobody has called `migrate`)."""
    url = database_url()
    parts = make_url(url)
    if parts.get_backend_name() == "sqlite" and not (parts.database and Path(parts.database).is_file()):
        return None
    return url


async def _in_record(url: str, unit: Callable[[Session], Found]) -> Found:
    """Look, and leave everything as it is."""
    database = connect(url)
    try:
        return await database.read(unit)
    except (OperationalError, ProgrammingError, OSError) as away:
        told = getattr(away, "orig", away)
        raise Mistake(f"The database does not answer, or has no tables yet (`migrate`): {told}") from away
    finally:
        await database.close()


def _found(work: Work, filed: Company, asked: Asked, *, record: bool = True) -> Found:
    company = in_force(work, filed) if record else filed.on(filed.today(work.now))
    home = _home(work, asked.home)
    job = _job(company, asked)
    terms = _terms(work, company, asked, home, record=record)
    need = need_of(work, company, job, asked.area, home, brand=asked.brand, urgent=asked.urgency in URGENT)
    search = searching(work, company, need) if record else Search(company, need, work.now, lambda _: {})
    window = window_of(company, job, work.now, home.time_zone if home else company.time_zone)
    plan = terms.plan.key if terms.plan else NO_PLAN
    names = {member.key: member.name for member in company.team}
    visit = company.help_of(job.work) is Help.VISIT
    empty = Found(need, job, window, work.now, plan, record=record, visit=visit, names=names)
    barred = _barred(terms, job, search)
    if barred is not None:
        return replace(empty, why_none=barred)
    wanted = Wanted(asked.day, company.booking.evening_from if asked.evenings else None)
    slots = _slots(search, window, wanted, asked.count, lambda start: terms.priced(job, job.minutes, at=start))
    working = worktime(work, company) if record else usual_time(company)
    return replace(
        empty,
        promised=promised_by(company, terms.plan, terms.request, job.work, working),
        slots=slots,
        days=tuple(days(search, window, DAYS, wanted=Wanted(evening_from=wanted.evening_from))),
        why_none=None if slots else "nobody who could come is free then; try other days, or look at shifts and breaks",
    )


def _home(work: Work, ref: str | None) -> Home | None:
    if ref is None:
        return None
    found: Home | None = work.session.scalar(select(Home).where(Home.ref == ref))
    if found is None:
        raise Mistake(f"--home: there is no home with the reference {ref}; write one of your homes.csv")
    return found


def _job(company: Company, asked: Asked) -> Job:
    """The job as it is offered in the chat."""
    offered = {job.work: job for job in company.offered(asked.area)}
    if asked.work not in offered:
        known = f"use one of: {', '.join(offered)}" if offered else "add a [[jobs]] entry for it"
        raise Mistake(f"--work: “{asked.work}” is not booked for “{asked.area}”; {known}")
    return offered[asked.work]


def _terms(work: Work, company: Company, asked: Asked, home: Home | None, *, record: bool) -> Terms:
    """What a request of now is judged by; under another plan, with all of its allowances."""
    home_id = home.id if home else None
    request = Request(area=asked.area, urgency=asked.urgency, home_id=home_id, opened_at=work.now)
    terms = Terms.of(work, company, request) if record else Terms(company, request, work.now)
    if asked.plan is None:
        return terms
    plan = None if asked.plan == NO_PLAN else company.plan(asked.plan)
    whole = {a.key: Balance(a.key, a.unit, a.granted, a.granted) for a in plan.includes} if plan else {}
    return replace(terms, signed=plan, suspended=False, balances=whole)


def _barred(terms: Terms, job: Job, search: Search) -> str | None:
    """Why the chat would offer no time at all, whoever is free."""
    try:
        usual = terms.priced(job, job.minutes)
    except NoPrice as lacking:
        return f"it has no price, so a person looks first: {lacking}"
    if usual.verdict.ruling is Ruling.EXCLUDED:
        return "the plan excludes it: nobody comes"
    if not qualified(search.company, search.need):
        return "nobody of the team has the skill, knows the brand and goes to that region"
    return None


def _slots(
    search: Search, window: Window, wanted: Wanted, count: int | None, price: Callable[[datetime], Priced]
) -> tuple[tuple[Slot, Priced], ...]:
    """The times with their prices; hours that are priced by hand are not offered."""
    prices: dict[datetime, Priced] = {}

    def fits(slot: Slot) -> bool:
        try:
            prices[slot.start] = price(slot.start)
        except NoPrice:
            return False
        return True

    if count is not None:
        found = few(search, window, count, wanted=wanted, fits=fits)
    else:
        found = [slot for slot in _every(search, window, wanted) if fits(slot)]
    return tuple((slot, prices[slot.start]) for slot in found)


def _every(search: Search, window: Window, wanted: Wanted) -> Iterator[Slot]:
    """Every start there is, not only the well spread ones."""
    local = ZoneInfo(window.zone)

    def welcome(start: datetime) -> bool:
        at = start.astimezone(local)
        late = wanted.evening_from is None or at.time() >= wanted.evening_from
        return late and wanted.day in (None, at.date())

    return search.slots(window.first, window.until, welcome)
