"""The desk: gives each inbound one transaction, from the raw row to the messages it causes."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

import msgspec
import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import inbox, outbox, reception
from bot.channels.arrival import Arrival
from bot.clock import Clock, real
from bot.doubts import ABANDONED, Doubt, Doubts
from bot.failpoints import failpoint
from bot.forms import next_view
from bot.gate import Gate
from bot.inbox import InboxState
from bot.inbox import inbox as inbox_table
from bot.outbox import Cause, Parcel
from bot.units import Database
from domain.company import Company
from domain.happened import write_down
from domain.price_changes import in_force
from domain.work import Refusal, Work
from handlers import phoning, refusals
from handlers.conversation import Talk
from handlers.inbound import Ignored, Inbound
from handlers.messages import FormAnswer, Outgoing
from scheduling.followups import follow
from scheduling.ranks import Rank

log = structlog.get_logger("desk")

Reader = Callable[[dict[str, Any]], Inbound]
Answering = Callable[[Talk], Iterable[Outgoing]]
Reaction = Callable[[Talk, Any], Iterable[Outgoing]]

TIMERS_AT_ONCE = 2  # a press never has more of them before it; on SQLite one is done while the next is made ready
FAULT_ATTEMPTS = 3  # a mistake of ours does not heal by waiting; a database that is away may


class Unreadable(Exception):  # noqa: N818 (a reader's verdict on what came in)
    """What came in cannot be understood, whatever is tried."""


class Undone(Exception):  # noqa: N818 (a way back, not an error)
    """Somebody is refused: what was done so far must not stay."""


@dataclass(frozen=True)
class Rules:
    """What the desk consults: how to read a source, who answers an inbound, who reacts to a fact."""

    readers: Mapping[str, Reader]
    answer: Answering
    reactions: Mapping[type, Sequence[Reaction]]
    steps: Mapping[str, Any]
    address: str | None = None  # under which people reach our web server
    bot: Callable[[], str | None] = lambda: None  # our name in Telegram, once we know it


@dataclass
class Result:
    """What one step on the desk came to."""

    row: int
    parcels: list[Parcel] = field(default_factory=list)
    answer: FormAnswer | None = None
    name: tuple[str, str] = ("", "")  # source and external id, for whoever waits for the answer
    busy: bool = False  # another process has this conversation
    more: bool = True  # there may be another row to see to


class Desk:
    """Takes conversations one row at a time, in order; different conversations side by side."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        company: Callable[[], Company],
        rules: Rules,
        *,
        owner: str | None,
        committed: Callable[[list[Parcel]], None],
    ) -> None:
        self._database, self._clock, self._company, self._rules = database, clock, company, rules
        self._owner, self._committed = owner, committed
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._doubts = Doubts(database)
        self._forms: dict[tuple[str, str], asyncio.Future[FormAnswer | None]] = {}
        self._stopping = False
        self.gate = Gate(TIMERS_AT_ONCE)
        self.handled = 0
        self.failed = 0

    @property
    def idle(self) -> bool:
        """Nothing is on the desk."""
        return not self._tasks

    def at_work_on(self, conversation: str) -> bool:
        """Whether it is on the desk."""
        return conversation in self._tasks

    async def accept(self, arrivals: Sequence[Arrival]) -> None:
        """Keep what arrived, and only then return; it is handled right after."""
        now = real()

        def unit(session: Session) -> list[int]:
            made = inbox.accept(session, arrivals, now)
            failpoint("inbox.before_commit")
            return made

        made = await self._database.write(unit)
        failpoint("inbox.after_commit")
        if made:
            self.wake(dict.fromkeys(a.conversation for a in arrivals))

    async def answer(self, arrival: Arrival) -> FormAnswer | None:
        """Keep what arrived and return what is said to it at once (a form being sent)."""
        name = (arrival.source, arrival.external_id)
        # Before it is written: a sweep may see to the row before we come to it.
        self._forms[name] = future = asyncio.get_running_loop().create_future()
        try:
            made = await self._database.write(lambda session: inbox.accept(session, [arrival], real()))
            if not made:
                return await self._database.read(lambda session: inbox.answered(session, arrival))
            self.wake([arrival.conversation])
            answer: FormAnswer | None = await future
            return answer
        finally:
            self._forms.pop(name, None)

    def wake(self, conversations: Iterable[str], rank: int | None = None) -> None:
        """See to these conversations, now; with a rank, a few at a time: nobody stands before them."""
        for conversation in conversations:
            if conversation in self._tasks:
                self._again.add(conversation)
            elif not self._stopping:
                work = self._see_to(conversation) if rank is None else self._in_turn(conversation, rank)
                self._tasks[conversation] = asyncio.create_task(work)

    async def sweep(self, *, after_crash: bool = False) -> None:
        """See to whatever waits: what was postponed, and what a dead process left behind."""
        now = real()
        waiting = await self._database.read(lambda session: inbox.waiting(session, now))
        left = {c for c, found in waiting.items() if after_crash or now - found.since > ABANDONED}
        self._doubts.rise(left - self._tasks.keys())
        self.wake(c for c, found in waiting.items() if not found.rung)
        # Timers that have just rung are in the hands of whoever rang them; all of us at once would only be in the way.
        mine = left if self._database.dialect == "postgresql" else waiting.keys()
        self.wake((c for c in mine if waiting[c].rung), Rank.PROMISED)

    async def stop(self, within: float) -> None:
        """Finish what is on the desk; what is not begun stays in the inbox."""
        self._stopping = True
        if self._tasks:
            await asyncio.wait(list(self._tasks.values()), timeout=within)

    async def _in_turn(self, conversation: str, rank: int) -> None:
        async with self.gate.pass_through(rank):
            await self._see_to(conversation)

    async def _see_to(self, conversation: str) -> None:
        try:
            while not self._stopping:
                self._again.discard(conversation)
                result = await self._one(conversation)
                # What came meanwhile has woken us: there is no need to ask the database once more.
                if not (result and result.more) and conversation not in self._again:
                    return
        finally:
            self._doubts.over(conversation)
            self._tasks.pop(conversation, None)

    async def _one(self, conversation: str) -> Result | None:
        """Handle the next row of a conversation; none left, or not its time: nothing."""
        began: list[int] = []
        doubt = await self._doubts.settle(conversation)
        if doubt is not Doubt.GO:
            return Result(0) if doubt is Doubt.ASIDE else None
        try:
            result = await self._undertake(conversation, began)
        except Exception as fault:
            self._doubts.let_go(conversation)
            return await self._failed(began, fault)
        if result is None:
            return None
        if result.busy:
            await asyncio.sleep(0.05)
            return result
        failpoint("desk.after_commit")
        self.handled += 1
        self._settle(result.name, result.answer)
        self._committed(result.parcels)
        return result

    async def _undertake(self, conversation: str, began: list[int]) -> Result | None:
        """One transaction; where somebody is refused it is undone, and done once more with a savepoint to return to.

        Nearly nobody is refused, and nothing has left yet: a savepoint for everybody would cost a fifth of a step.
        """
        try:
            return await self._database.write(lambda session: self._step(session, conversation, began))
        except Undone:
            began.clear()
            return await self._database.write(lambda session: self._step(session, conversation, began, careful=True))

    def _settle(self, name: tuple[str, str], answer: FormAnswer | None) -> None:
        future = self._forms.get(name)
        if future is not None and not future.done():
            future.set_result(answer)

    def _step(self, session: Session, conversation: str, began: list[int], *, careful: bool = False) -> Result | None:
        """One transaction: the way of one press."""
        if self._database.dialect == "postgresql" and not inbox.mine(session, conversation):
            return Result(0, busy=True)
        row, more = inbox.earliest(session, conversation)
        if row is None:
            return None
        if row.not_before is not None and row.not_before > real() and not self._doubts.ours(conversation, row.id):
            return None
        began.append(row.id)
        failpoint("desk.began")
        try:
            inbound = self._rules.readers[row.source](row.payload)
        except Exception as unreadable:
            inbox.quarantine(session, row.id, reception.where(unreadable))
            log.warning("unreadable", inbox=row.id, source=row.source, error=type(unreadable).__name__)
            return Result(row.id, name=(row.source, row.external_id))
        failpoint("desk.read")
        company = self._company()  # asked for once: it may be read anew meanwhile
        said, answer = self._handle(session, company, inbound, row, careful=careful)
        said, answer = next_view(session, said, answer, self._clock.now())
        parcels = outbox.put(session, said, self._cause(company, f"i{row.id}", row.id, row.rank))
        failpoint("desk.put")
        inbox.done(session, row.id, self._clock.now(), msgspec.to_builtins(answer) if answer else None)
        log.info("handled", inbox=row.id, source=row.source, kind=type(inbound).__name__, said=len(parcels))
        failpoint("desk.before_commit")
        return Result(row.id, parcels, answer, (row.source, row.external_id), more=more)

    def _cause(self, company: Company, key: str, row: int | None, rank: Rank = Rank.WAITED_FOR) -> Cause:
        return Cause(key, self._clock.now(), self._owner, company.team_language, row, rank)

    def _handle(
        self, session: Session, company: Company, inbound: Inbound, row: inbox.Waiting, *, careful: bool
    ) -> tuple[list[Outgoing], FormAnswer | None]:
        if isinstance(inbound, Ignored):
            return [], None
        work = Work(session, self._clock.now())
        company = in_force(work, company)
        talk = reception.welcome(work, company, inbound, row.conversation, self._rules.steps)
        talk.address, talk.bot = self._rules.address, self._rules.bot()
        try:
            with session.begin_nested() if careful else nullcontext():
                answer = list(self._rules.answer(talk))
                failpoint("desk.handled")
                # The cards first: the question that stands is the last thing one sees.
                said = list(phoning.instead(talk, [*self._walk(talk, row.id), *answer]))
        except (Refusal, refusals.FormRefused) as no:
            if not careful:
                raise Undone from no
            work.events.clear()
            if isinstance(no, refusals.FormRefused):
                return [], no.errors
            said = list(refusals.said(talk, no))
        if talk.revive is not None:
            box, dead = talk.revive
            (inbox.revive if box == "inbox" else outbox.revive)(session, dead)
        failpoint("desk.walked")
        return [*reception.ends(talk), *said], None

    def _walk(self, talk: Talk, row: int) -> Iterable[Outgoing]:
        """Write the facts down, let scheduling and the cards react; a reaction may bring about new facts."""
        said: list[Outgoing] = []
        seen = 0
        while seen < len(talk.work.events):
            fact = talk.work.events[seen]
            seen += 1
            write_down(talk.work, fact, row)
            follow(talk.work, talk.company, fact)
            for react in self._rules.reactions.get(type(fact), ()):
                said += react(talk, fact)
        return said

    async def _failed(self, began: list[int], fault: Exception) -> Result | None:
        """Count the failure; when it was the last try, tell the person and the team."""
        self.failed += 1
        if not began:
            log.exception("the desk could not begin", exc_info=fault)
            await asyncio.sleep(1)
            return None
        row = began[0]
        log.exception("not handled", inbox=row, exc_info=fault)
        final = inbox.ATTEMPTS if reception.may_heal(fault) else FAULT_ATTEMPTS

        def unit(session: Session) -> tuple[InboxState, list[Parcel], tuple[str, str]]:
            state = inbox.fail(session, row, real(), reception.where(fault), final=final)
            raw = session.execute(select(inbox_table).where(inbox_table.c.id == row)).one()
            name = (raw.source, raw.external_id)
            if state is not InboxState.DEAD:
                return state, [], name
            company = self._company()
            said = reception.apologise(session, company, self._rules.readers[raw.source], raw, fault)
            return state, outbox.put(session, said, self._cause(company, f"d{row}.{raw.attempts}", row)), name

        state, parcels, name = await self._database.write(unit)
        self._committed(parcels)
        if state is InboxState.DEAD:
            self._settle(name, None)
        else:
            await asyncio.sleep(0.1)
        return Result(row)
