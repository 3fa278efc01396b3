"""The company file while the program runs: read anew when it changes, whole or not at all, and said to the team."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy.orm import Session

from bot import outbox
from bot.clock import Clock
from bot.company_file.beforehand import ask, learn
from bot.company_file.reading import digest, read, text_of
from bot.faults import CompanyFileFault, Fault
from bot.outbox import Cause, Parcel
from bot.units import Database
from domain import company_changes, price_changes
from domain.company import Company
from domain.company_changes import ChangeKind, CompanyChange
from domain.differing import differences
from domain.work import Work
from handlers import company_told
from handlers.messages import Message
from scheduling import promise_watch

log = structlog.get_logger("company")

TIMES = ("hours", "times", "desk")  # what is counted in a promise, and when somebody is told
EVERYWHERE = timedelta(minutes=1)  # by then every process has read it

Stamp = tuple[int, ...]  # what the disk says of the file without reading it; empty when it is not there


@dataclass(frozen=True)
class Seen:
    """The file at one look."""

    stamp: Stamp
    digest: str
    text: str | None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Told:
    """What a look came to, once it is written down."""

    holds: bool
    parcels: tuple[Parcel, ...] = ()


class CompanyWatch:
    """Looks at the file with every beat. What an editor is still writing does not count: it must be the same twice.

    `current` is the company as it is; `put` puts a new one in its place, everywhere at once.
    """

    def __init__(
        self,
        path: Path,
        database: Database,
        clock: Clock,
        rooms: tuple[Callable[[], Company], Callable[[Company], Awaitable[None]]],
        *,
        owner: str | None,
        committed: Callable[[list[Parcel]], None],
    ) -> None:
        self._path, self._database, self._clock = path, database, clock
        (self._current, self._put), self._owner, self._committed = rooms, owner, committed
        self._settled: Stamp | None = None  # as the disk showed it when we last knew what is in it
        self._known = ""  # the digest of what we have dealt with
        self._candidate = ""  # the digest of what we have seen once

    async def begin(self) -> None:
        """What we were started with; if it is another file than before, the team reads what is different."""
        self._known = self._current().digest
        if self._known:
            told = await self._database.write(lambda session: self._began(session, self._current()))
            self._committed(list(told.parcels))

    def _began(self, session: Session, company: Company) -> Told:
        work = self._work(session)
        last = company_changes.last_read(work)
        return self._read(work, last.body if last is not None else None, company, away=True)

    async def beat(self) -> None:
        """Look; deal with what is there for the second time."""
        if not self._known:
            return
        seen = await asyncio.to_thread(self._look)
        if seen is None:
            return
        if seen.digest == self._known:
            self._settled = seen.stamp
        elif seen.digest != self._candidate:
            self._candidate = seen.digest
        else:
            await self._deal_with(seen)
            self._known, self._settled, self._candidate = seen.digest, seen.stamp, ""

    def _look(self) -> Seen | None:
        """The file, if the disk says that something is new."""
        try:
            found = self._path.stat()
            stamp: Stamp = (found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino)
        except OSError:
            stamp = ()
        if stamp == self._settled:
            return None
        try:
            text = text_of(self._path)
        except CompanyFileFault as fault:
            return Seen(stamp, digest(str(fault)), None, fault.faults)
        return Seen(stamp, digest(text), text)

    async def _deal_with(self, seen: Seen) -> None:
        company, faults = await asyncio.to_thread(self._understood, seen)
        if company is None:
            told = await self._database.write(lambda session: self._faulty(session, faults))
        else:
            fresh = company
            told = await self._database.write(lambda session: self._changed(session, fresh))
            if told.holds:
                await self._put(fresh)
                log.info("the company file was read anew", digest=seen.digest[:12])
        self._committed(list(told.parcels))

    def _understood(self, seen: Seen) -> tuple[Company | None, Sequence[Fault]]:
        if seen.text is None:
            return None, seen.faults
        learn(ask(self._path))
        try:
            return read(self._path, seen.text), ()
        except CompanyFileFault as fault:
            return None, fault.faults

    # ── written down, and told once, whichever process does it ──

    def _work(self, session: Session) -> Work:
        return Work(session, self._clock.now(), company_changes.FILE)

    def _faulty(self, session: Session, faults: Sequence[Fault]) -> Told:
        work, company = self._work(session), self._current()
        for fault in faults:
            log.error("the company file has a fault, the one from before goes on", fault=str(fault))
        what = [{"key": f.key, "of": None, "line": f.line, "before": f.what, "after": f.remedy} for f in faults]
        row = company_changes.note_file(work, ChangeKind.FAULTY, digest("\n".join(map(str, faults))), what)
        return Told(False, self._posted(work, company, row, company_told.faulty(company, faults)))

    def _changed(self, session: Session, company: Company) -> Told:
        work, before = self._work(session), self._current()
        kept = company_changes.kept(work, before, company)
        if not kept:
            return self._read(work, before.model_dump(mode="json"), company, away=False)
        log.error("the company file changes what cannot change now", what=[f"{k.what} {k.name}" for k in kept])
        what = [{"key": k.what.value, "of": k.name, "before": str(k.count), "after": None} for k in kept]
        row = company_changes.note_file(work, ChangeKind.REFUSED, f"{company.digest[:32]}.refused", what)
        return Told(False, self._posted(work, before, row, company_told.refused(before, kept)))

    def _read(self, work: Work, before: dict[str, Any] | None, company: Company, *, away: bool) -> Told:
        """It holds. What is different is told; so is that it is in order again."""
        last = company_changes.newest(work)
        if last is not None and last.digest == company.digest:
            return Told(True)
        body = company.model_dump(mode="json")
        found = differences(before, body) if before is not None else []
        what: list[Any] = [{"key": d.key, "of": d.of, "before": d.before, "after": d.after} for d in found]
        row = company_changes.note_file(work, ChangeKind.READ, company.digest, what, body)
        if row is not None and any(company_told.part_of(one) in TIMES for one in found):
            promise_watch.look_anew(work, work.now + EVERYWHERE)
        mended = last is not None and last.kind is not ChangeKind.READ
        if not (found or mended):
            return Told(True)
        lapsed = [c for c in price_changes.coming(work, company) if price_changes.overruled(c, company)]
        said = company_told.read_anew(company, found, lapsed, away=away)
        return Told(True, self._posted(work, company, row, said))

    def _posted(self, work: Work, company: Company, row: CompanyChange | None, message: Message) -> tuple[Parcel, ...]:
        """Only whoever wrote the row says it."""
        if row is None:
            return ()
        cause = Cause(f"company.{row.id}", work.now, self._owner, company.team_language)
        return tuple(outbox.put(work.session, [message], cause))
