"""The technicians' calendars: one secret address each, the same empty answer for all that are unknown or revoked."""

import asyncio
import hashlib
import importlib
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime, time
from email.utils import format_datetime, parsedate_to_datetime
from time import monotonic
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.clock import Clock
from bot.papers.entries import Drawn, Line
from bot.units import Database
from domain import agenda, calendar, feeds
from domain.agenda import Visit
from domain.areas import Help
from domain.calendar import CalendarEntry
from domain.company import Company
from domain.requests import Happening
from domain.team import Member
from domain.work import Work
from handlers.cards.request import headline
from locales.text import t

PER_ADDRESS, IN_ALL = 30, 600  # asks a minute
LONGEST_TOKEN = 100


class Allowance:
    """So many asks a minute for each key; the oldest keys are forgotten."""

    def __init__(self, per_minute: int, kept: int = 5000) -> None:
        self._gap, self._burst, self._kept = 60 / per_minute, 60.0, kept
        self._free_at: OrderedDict[str, float] = OrderedDict()

    def grants(self, key: str) -> bool:
        """Whether one more is granted now."""
        now = monotonic()
        at = max(self._free_at.pop(key, 0.0), now)
        granted = at - now < self._burst
        self._free_at[key] = at + self._gap if granted else at
        while len(self._free_at) > self._kept:
            self._free_at.popitem(last=False)
        return granted


def calendar_route(database: Database, company: Callable[[], Company], clock: Clock) -> Route:
    """GET /calendar/<token>.ics"""
    each, overall = Allowance(PER_ADDRESS), Allowance(IN_ALL)

    async def serve(request: Request) -> Response:
        token = str(request.path_params["token"])[:LONGEST_TOKEN]
        key = hashlib.sha256(token.encode()).hexdigest()
        if not overall.grants("") or not each.grants(key):
            return Response(status_code=429, headers={"Retry-After": "60"})
        found = await database.read(lambda session: _drawn(Work(session, clock.now(), "feed"), company(), token))
        if found is None:
            return Response(status_code=404)
        draw = importlib.import_module("bot.papers.agenda").draw
        body: bytes = await asyncio.to_thread(draw, found, company().team_language)
        return _answer(request, body, found.changed)

    return Route("/calendar/{token}.ics", serve)


def _answer(request: Request, body: bytes, changed: datetime) -> Response:
    """The calendar, or that it is as it was."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {
        "ETag": etag,
        "Last-Modified": format_datetime(changed, usegmt=True),
        "Cache-Control": "private, max-age=300",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex",
    }
    if _known(request, etag, changed):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="text/calendar; charset=utf-8", headers=headers)


def _known(request: Request, etag: str, changed: datetime) -> bool:
    tags = request.headers.get("if-none-match")
    if tags is not None:
        return etag in {tag.strip().removeprefix("W/") for tag in tags.split(",")}
    try:
        return changed <= parsedate_to_datetime(request.headers["if-modified-since"])
    except (KeyError, ValueError, TypeError):
        return False


def _drawn(work: Work, company: Company, token: str) -> Drawn | None:
    """What stands in a technician's calendar now; nothing for an address that nobody has."""
    key = feeds.whose(work, token)
    member = next((m for m in company.team if m.key == key), None)
    if member is None:
        return None
    zone = member.time_zone or company.time_zone
    today = datetime.combine(work.now.astimezone(ZoneInfo(zone)).date(), time(), ZoneInfo(zone)).astimezone(UTC)
    first, until = today - feeds.BEHIND, today + feeds.AHEAD
    visits = agenda.visits(work, member.key, first, until)
    stamps = _stamps(work.session, [f"booking:{visit.booking.id}" for visit in visits])
    lines = [_visit(visit, stamps.get(f"booking:{visit.booking.id}", today)) for visit in visits]
    lines += [_entry(member, entry) for entry in calendar.between(work, member.key, first, until)]
    changed = max(today, feeds.changed_at(work) or today).replace(microsecond=0)
    return Drawn(t("feed.name", company=company.name, name=member.name), zone, tuple(lines), changed)


def _stamps(session: Session, subjects: list[str]) -> dict[str, datetime]:
    """When each of them last changed: the same appointment is drawn the same every time."""
    last = select(Happening.subject, func.max(Happening.at)).where(Happening.subject.in_(subjects))
    return {row[0]: row[1] for row in session.execute(last.group_by(Happening.subject))}


def _visit(visit: Visit, stamp: datetime) -> Line:
    booking, home = visit.booking, visit.home if visit.booking.help is Help.VISIT else None
    who = t("day.person", name=visit.person.name, phone=visit.person.phone or "–")
    where = f"{home.address}, {home.postcode} {home.city}" if home else ""
    about = headline(visit.request)
    return Line(
        uid=f"{booking.uid}@aftercare", sequence=booking.sequence, stamp=stamp, start=booking.starts_at,
        end=booking.ends_at, location=where, about=(who,),
        summary=t("feed.visit", about=about, city=home.city if home else t("day.remote")),
    )  # fmt: skip


def _entry(member: Member, entry: CalendarEntry) -> Line:
    own = entry.technician == member.key and entry.reason
    return Line(
        uid=f"entry-{entry.id}@aftercare", sequence=0, stamp=entry.entered_at, start=entry.starts_at,
        end=entry.ends_at, summary=t(f"calendar.kind.{entry.kind}"), about=(entry.reason,) if own else (),
    )  # fmt: skip
