"""The beat that reads the technicians' other calendars: claimed, fetched outside any transaction, then written down."""

import asyncio
import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
import structlog
from sqlalchemy.orm import Session

from bot import outbox
from bot.channels.outside_calendar import CalendarAway, fetch
from bot.clock import Clock
from bot.outbox import Cause, Parcel
from bot.units import Database
from domain import outside
from domain.company import Company
from domain.outside import ToRead
from domain.requests import Happening
from domain.rota import Span
from domain.work import Work
from handlers.moving import calendar_trouble

log = structlog.get_logger("outside")

AROUND = timedelta(days=1)
BEYOND = timedelta(days=31)  # beyond the horizon of bookings


@dataclass(frozen=True)
class Where:
    """What the settings say: the calendars they name, how often one is read, whether one may stand on this machine."""

    named: Mapping[str, str]
    seconds: float
    loopback: bool = False


class Outside:
    """Reads each calendar once in a while; what cannot be read stays as it was."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        company: Callable[[], Company],
        where: Where,
        *,
        owner: str | None,
        committed: Callable[[list[Parcel]], None],
    ) -> None:
        self._database, self._clock, self._company = database, clock, company
        self._named, self._loopback, self._pause = where.named, where.loopback, timedelta(seconds=where.seconds)
        self._committed, self._owner = committed, owner

    async def beat(self) -> None:
        """Read those whose turn it is."""

        def unit(session: Session) -> list[ToRead]:
            work = Work(session, self._clock.now(), "outside")
            outside.drop_unnamed(work, self._named)
            return outside.claim(work, self._named, self._pause)

        for turn in await self._database.write(unit):
            await self._one(turn)

    async def _one(self, turn: ToRead) -> None:
        try:
            content = await fetch(turn.address, loopback=self._loopback)
            spans = await asyncio.to_thread(self._read, turn.technician, content, self._clock.now())
        except CalendarAway as away:
            await self._failed(turn.technician, str(away))
            return
        except ValueError as wrong:  # what stands there is no calendar
            await self._failed(turn.technician, f"no calendar: {wrong}")
            return
        await self._database.write(
            lambda session: outside.read(Work(session, self._clock.now(), "outside"), turn.technician, spans)
        )
        log.info("read", technician=turn.technician, busy=len(spans))

    def _read(self, technician: str, content: bytes, now: datetime) -> list[Span]:
        company = self._company()
        member = next((m for m in company.team if m.key == technician), None)
        zone = (member.time_zone if member else None) or company.time_zone
        until = now + timedelta(days=company.booking.horizon_days) + BEYOND
        spans: list[Span] = importlib.import_module("bot.outside_reading").busy(content, zone, now - AROUND, until)
        return spans

    async def _failed(self, technician: str, problem: str) -> None:
        log.warning("not read", technician=technician, problem=problem)

        def unit(session: Session) -> list[Parcel]:
            work = Work(session, self._clock.now(), "outside")
            outside.unread(work, technician, problem)
            return self._told(work)

        self._committed(await self._database.write(unit))

    def _told(self, work: Work) -> list[Parcel]:
        """The facts are written down like any; each is one line for the team."""
        company, parcels = self._company(), list[Parcel]()
        for fact in work.events:
            facts, name = msgspec.to_builtins(fact), type(fact).__name__
            work.session.add(Happening(name=name, subject=fact.subject, actor=work.actor, facts=facts, at=work.now))
            line = calendar_trouble(company.channels.trouble or company.channels.requests, company.team, fact)  # type: ignore[arg-type]
            cause = Cause(
                f"outside.{fact.subject}.{work.now:%Y%m%dT%H%M%S}", work.now, self._owner, company.team_language
            )
            parcels += outbox.put(work.session, [line], cause)
        return parcels
