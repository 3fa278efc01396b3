"""The sender: takes what the desk committed and carries it out, in order per target, side by side across targets."""

import asyncio
import random
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import structlog
from sqlalchemy.orm import Session

from bot import claiming, late, outbox
from bot.addresses import FAST
from bot.channels.carrier import Carrier, Letter, NotSent, Outcome, Sent, Unknown, Waits
from bot.clock import Clock, real
from bot.failpoints import failpoint
from bot.limits import Limiter
from bot.marks import Marks
from bot.outbox import Mark, OutboxState, Parcel
from bot.reception import may_heal
from bot.units import Database
from handlers.messages import Importance, Message

log = structlog.get_logger("sender")

ATTEMPTS = 8
LOW_ATTEMPTS = 3
REMEMBERED = 10_000  # cards whose place is known without asking the database


@dataclass
class Line:
    """What waits for one target; `task` carries it."""

    parcels: deque[Parcel] = field(default_factory=deque)
    task: asyncio.Task[None] | None = None


class Sender:
    """Carries parcels until each is sent, dropped or dead."""

    def __init__(
        self,
        database: Database,
        carriers: Mapping[str, Carrier],
        limiters: Mapping[str, Limiter],
        clock: Clock,
        owner: str,
        *,
        longest_pause: float = 30.0,
        woken: Callable[[Iterable[str]], None],
        dead: Callable[[Session, Parcel, str], list[Parcel]],
        committed: Callable[[list[Parcel]], None],
    ) -> None:
        self._database, self._carriers, self._limiters = database, carriers, limiters
        self._clock, self._owner, self._longest = clock, owner, longest_pause
        self._lines: dict[tuple[str, str], Line] = {}
        self._held: set[int] = set()  # the rows in our hands
        self._hung: OrderedDict[tuple[str, str], str] = OrderedDict()  # (target, about) -> remote, the newest
        self._marks = Marks(database, woken=woken, dead=dead, committed=committed)
        self._tries: dict[int, int] = {}  # pauses so far, for the backoff
        self._heard: dict[str, int] = {}  # good answers so far, by network
        self._heard_at_try: dict[int, int] = {}  # how many there were when a parcel's answer was lost
        self._sweeping: asyncio.Task[None] | None = None
        self._again = False
        self._more = False  # rows were left to whoever can send them sooner
        self._stopping = False
        self.sent = 0

    def post(self, parcels: Iterable[Parcel]) -> None:
        """Take parcels (called in the loop, right after the commit that wrote them)."""
        for parcel in parcels:
            if parcel.id in self._held:
                continue
            failpoint("sender.posted")
            self._held.add(parcel.id)
            line = self._lines.setdefault((parcel.network, parcel.target), Line())
            line.parcels.append(parcel)
            if line.task is not None:
                self._limiters[parcel.network].hurry(parcel.target, parcel.rank)
            elif not self._stopping:
                line.task = asyncio.create_task(self._carry(line, (parcel.network, parcel.target)))

    @property
    def idle(self) -> bool:
        """Nothing waits and nothing is on its way."""
        return not self._lines and self._marks.written

    async def sweep(self, *, alone: bool = False) -> None:
        """Pick up what a crash left, and hold on to what we have."""

        def unit(session: Session) -> tuple[list[Parcel], bool]:
            claiming.renew(session, self._owner)
            found = claiming.sweep(session, self._owner, None if alone else room)
            failpoint("sweep.claimed")
            return found

        while True:
            self._again = False
            room = {network: left for network, one in self._limiters.items() if (left := one.room()) is not None}
            found, self._more = await self._database.write(unit)
            self.post(found)
            if not self._again:
                return

    def wake(self) -> None:
        """Something was committed for whoever is free: look at once, once for many."""
        if self._sweeping is None or self._sweeping.done():
            self._sweeping = asyncio.create_task(self.sweep())
        else:
            self._again = True

    async def stop(self, within: float) -> None:
        """Finish what is on its way, up to `within` seconds; the rest stays in the database."""
        self._stopping = True
        tasks = [line.task for line in self._lines.values() if line.task]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=within)
            for task in late:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
        await self._marks.stop()

    async def _carry(self, line: Line, place: tuple[str, str]) -> None:
        try:
            while line.parcels and not (self._stopping and line.parcels[0].attempts):
                parcel = line.parcels[0]
                if await self._done_or_shaken(parcel):
                    line.parcels.popleft()
                    self._held.discard(parcel.id)
                elif parcel.aside and place[1] == parcel.target:
                    self._beside(line.parcels.popleft())
        finally:
            line.task = None
            if not line.parcels:
                self._lines.pop(place, None)

    def _beside(self, parcel: Parcel) -> None:
        """A line of its own for what only a file is missing of (a stop leaves it to the next start)."""
        if not self._stopping:
            place, line = (parcel.network, f"{parcel.target}/{parcel.id}"), Line(deque([parcel]))
            self._lines[place] = line
            line.task = asyncio.create_task(self._carry(line, place))

    async def _done_or_shaken(self, parcel: Parcel) -> bool:
        """One try that ends whatever happens: a line waits for the database, and a fault of ours is a dead letter.

        The same words would raise again, and those behind them must not wait.
        """
        try:
            return await self._done_with(parcel)
        except Exception as fault:
            log.exception("a try could not be finished", outbox=parcel.id)
            if not may_heal(fault):
                return await self._not_yet(parcel, NotSent(f"cannot be said: {type(fault).__name__}", permanent=True))
            await asyncio.sleep(1)
            return False

    async def _done_with(self, parcel: Parcel) -> bool:
        """One try; whether the parcel needs no other."""
        if parcel.not_before is not None:
            await asyncio.sleep(max(0.0, (parcel.not_before - real()).total_seconds()))
            if not await self._database.read(lambda session: outbox.standing(session, parcel.id)):
                return True
        if late.over(parcel.payload, self._clock.now()):
            self._note(parcel, OutboxState.DROPPED, late.TOO_LATE)
            return True
        if not parcel.target.startswith(FAST):
            limiter = self._limiters[parcel.network]
            await limiter.turn(parcel.target, lambda: self._rank(parcel))
            if self._more and limiter.calm:
                self.wake()
        outcome = await self._try(parcel)
        if isinstance(outcome, Sent):
            self._note(parcel, OutboxState.SENT, outcome)
            return True
        return await self._not_yet(parcel, outcome)

    def _rank(self, parcel: Parcel) -> int:
        """Its own, or that of what stands behind it: the order in a chat stays, so all of it goes as soon."""
        line = self._lines.get((parcel.network, parcel.target))
        return min((behind.rank for behind in line.parcels), default=parcel.rank) if line else parcel.rank

    async def _try(self, parcel: Parcel) -> Outcome:
        carrier = self._carriers[parcel.network]
        letter = self._letter(parcel)
        if parcel.suspect:
            try:
                arrived = await carrier.find(letter)
            except Waits as later:
                return later.said
            except ConnectionError as away:
                return NotSent(f"cannot be asked whether it arrived: {away}")
            if arrived is not None:
                return Sent(arrived)
        failpoint(f"sender.before_send.{parcel.network}")
        outcome = await carrier.send(letter)
        failpoint(f"sender.after_send.{parcel.network}")
        return outcome

    def _letter(self, parcel: Parcel) -> Letter:
        message = parcel.payload if isinstance(parcel.payload, Message) else None
        hung = self._hung.get((parcel.target, parcel.about)) if parcel.about else None
        head = getattr(message.to, "thread", None) if message else None
        given = getattr(message.to, "thread_ts", None) if message else None
        return Letter(
            id=parcel.id,
            key=parcel.key,
            payload=late.worded(parcel.payload, self._clock.now()),
            language=parcel.language,
            remote=None if message and message.fresh else hung or parcel.remote,
            thread=given or (self._hung.get((parcel.target, head)) if head else None) or parcel.thread,
            last=parcel.attempts >= ATTEMPTS - 1,
            keyboard=parcel.keyboard,
        )

    async def _not_yet(self, parcel: Parcel, outcome: NotSent | Unknown) -> bool:
        """Decide by class what a failed or unknown try means; True when the parcel is finished with."""
        low = _importance(parcel) is Importance.LOW
        if outcome.aside and not parcel.aside:
            parcel.aside = parcel.suspect = True  # from now on beside the line, and looked for before each try
            return False
        if isinstance(outcome, NotSent) and outcome.permanent:
            # A hint that finds nobody is dropped; that somebody has left Telegram is worth knowing all the same.
            told = outcome.gone and parcel.network == "telegram"
            state = OutboxState.DROPPED if low and not told else OutboxState.DEAD
            self._note(parcel, state, outcome)
            return True
        if low and isinstance(outcome, Unknown):
            self._note(parcel, OutboxState.DROPPED, outcome)
            return True
        if isinstance(outcome, Unknown):
            parcel.suspect = True
            parcel.attempts += outcome.aside or self._at_fault(parcel)
        elif low:
            parcel.attempts += 1
        if parcel.attempts >= (LOW_ATTEMPTS if low else ATTEMPTS):
            self._note(parcel, OutboxState.DROPPED if low else OutboxState.DEAD, outcome)
            return True
        await self._pause(parcel, outcome)
        return False

    def _at_fault(self, parcel: Parcel) -> bool:
        """Whether a lost answer counts against the parcel: not while the whole network gives no good answer."""
        heard = self._heard.get(parcel.network, 0)
        before = self._heard_at_try.get(parcel.id)
        self._heard_at_try[parcel.id] = heard
        return before != heard

    async def _pause(self, parcel: Parcel, outcome: NotSent | Unknown) -> None:
        log.info("not sent", outbox=parcel.id, network=parcel.network, error=outcome.error)
        await self._database.write(lambda s: outbox.postpone(s, parcel.id, parcel.attempts, outcome.error))
        wanted = outcome.retry_after if isinstance(outcome, NotSent) else None
        self._tries[parcel.id] = tries = self._tries.get(parcel.id, 0) + 1
        backoff = min(self._longest, 0.25 * 2 ** min(tries, 20)) * random.uniform(0.8, 1.2)  # noqa: S311 (jitter)
        await asyncio.sleep(wanted if wanted is not None else backoff)

    def _note(self, parcel: Parcel, state: OutboxState, outcome: Outcome) -> None:
        """Gather the mark; what later parcels need to know is known at once."""
        self._tries.pop(parcel.id, None)
        self._heard_at_try.pop(parcel.id, None)
        if state is OutboxState.SENT:
            self._heard[parcel.network] = self._heard.get(parcel.network, 0) + 1
        remote = outcome.remote if isinstance(outcome, Sent) else None
        if remote is not None and parcel.about is not None:
            self._hung[(parcel.target, parcel.about)] = remote
            while len(self._hung) > REMEMBERED:
                self._hung.popitem(last=False)
        error = None if isinstance(outcome, Sent) else outcome.error
        self.sent += state is OutboxState.SENT
        self._marks.note(Mark(parcel.id, state, self._clock.now(), remote, error), parcel, outcome)


def _importance(parcel: Parcel) -> Importance:
    return getattr(parcel.payload, "importance", Importance.LOW)
