"""The assembly: which parts there are, and in which order they start and stop."""

import asyncio
import secrets
from collections.abc import Iterable, Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from enum import Flag, auto
from functools import partial
from math import ceil

import structlog
from starlette.routing import Route

from bot import days, dead_letters, papers, routes
from bot.alarm import Alarm
from bot.calendar_feeds import calendar_route
from bot.channels.slack import SlackCarrier
from bot.channels.slack_missed import Missed
from bot.channels.slack_people import People
from bot.channels.telegram import TelegramCarrier
from bot.clock import Clock, real
from bot.company_watch import CompanyWatch
from bot.database import connect
from bot.desk import Desk, Rules
from bot.doors import Doors
from bot.feed import feed_route
from bot.health import Health
from bot.housekeeping import tidy
from bot.leader import Leader
from bot.limits import Limiter, Rates
from bot.outbox import Parcel
from bot.outside import Outside, Where
from bot.readers import READERS
from bot.sender import Sender
from bot.settings import Settings
from bot.shares import RING, Shares
from bot.told import answered
from bot.units import Database
from bot.web import Web
from domain import standings
from domain.company import Company
from domain.standings import Kind
from domain.work import Work
from handlers.inbound import File
from handlers.pipes import open_threads
from handlers.reactions import REACTIONS
from handlers.understanding.loading import load
from scheduling.heartbeat import Heartbeat

log = structlog.get_logger("app")

HOUR = 3600.0
SECONDS_ASKED = 10.0  # so many seconds' worth of questions of ours may wait to leave
DRAIN = 8.0  # seconds of the ten that a stop may take
SOON = 0.5  # seconds after the start


class Duty(Flag):
    """What a process does."""

    HOOKS = auto()  # web hooks, health, metrics
    WORK = auto()  # outbox and timers; the poller and the socket where there is no hook
    ALL = HOOKS | WORK


@dataclass
class App:
    """The running program."""

    settings: Settings
    company: Company
    duty: Duty = Duty.ALL
    owner: str = field(default_factory=lambda: secrets.token_hex(8))

    def __post_init__(self) -> None:
        self.clock = Clock(self.settings.clock_file)
        self.filed, self.company = self.company, self._payable(self.company)  # as the file says it; as it is run
        self.database: Database = connect(self.settings.database_url.get_secret_value())
        self._make_carriers()
        self._alone = self.settings.on_sqlite
        self.desk = Desk(
            self.database,
            self.clock,
            lambda: self.company,
            Rules(
                READERS,
                routes.answer,
                REACTIONS,
                routes.STEPS,
                self.settings.reached_at,
                lambda: self.telegram.known_as,
            ),
            owner=self.owner if self._alone else None,
            committed=self._committed,
        )
        telegram = Limiter(Rates(self.settings.telegram_per_chat, self.settings.telegram_overall))
        self.shares = Shares(self.database, self.owner, telegram)
        self.sender = Sender(
            self.database,
            {"telegram": self.telegram, "slack": self.slack},
            {"telegram": telegram, "slack": Limiter(Rates(self.settings.slack_per_channel))},
            self.clock,
            self.owner,
            longest_pause=self.settings.backoff_seconds,
            woken=self._woken,
            dead=partial(dead_letters.card, lambda: self.company, self.clock, self.owner if self._alone else None),
            committed=self._committed,
        )
        most = ceil(SECONDS_ASKED * self.settings.telegram_overall) or None
        self.alarm = Alarm(self.database, self.clock, self.desk, self.settled, asked_at_most=most)
        self.heartbeat = Heartbeat()
        self.outside = self._outside()
        self.watch = self._watch()
        missed = partial(Missed, lambda: self.slack.client, self._open_threads, self.clock.now)
        people = partial(People, lambda: self.slack.client, groups=self._groups, learn=self._learn)
        self.doors = Doors(self.settings, self.company, self.desk, self.telegram, missed, people, self._answered)
        self.web = Web(self.settings, self.health, self._routes())
        self._stack = AsyncExitStack()

    def _outside(self) -> Outside:
        settings, owner = self.settings, self.owner if self._alone else None
        where = Where(settings.outside_named, settings.outside_seconds, settings.outside_loopback)
        return Outside(self.database, self.clock, lambda: self.company, where, owner=owner, committed=self._committed)

    def _watch(self) -> CompanyWatch:
        file, owner = self.settings.company_file, self.owner if self._alone else None
        rooms = (lambda: self.filed, self._read_anew)
        return CompanyWatch(file, self.database, self.clock, rooms, owner=owner, committed=self._committed)

    def _payable(self, company: Company) -> Company:
        """Where nobody can be charged in Telegram, nobody is asked to pay there."""
        if self.settings.telegram_payment_token is not None:
            return company
        return company.model_copy(update={"payment": company.payment.without_telegram()})

    async def _read_anew(self, company: Company) -> None:
        """The company file says something else: from the next unit of work on it holds everywhere."""
        before, self.filed, self.company = self.company, company, self._payable(company)
        await self.doors.speak(company)
        if Duty.WORK in self.duty:
            await self._plan_days()
            if company.channels != before.channels:
                await self._look_around()

    def _make_carriers(self) -> None:
        """Both networks."""
        token = self.settings.telegram_payment_token
        self.telegram = TelegramCarrier(
            self.settings.telegram_token.get_secret_value(),
            self.settings.telegram_api,
            slack_files=self._slack_file,
            papers=papers.draw,
            payments=token.get_secret_value() if token else None,
        )
        self.slack = SlackCarrier(
            self.settings.slack_token.get_secret_value(),
            self.settings.slack_api,
            telegram_files=self.telegram.fetch,
            papers=papers.draw,
        )

    async def _open_threads(self, most: int) -> list[tuple[str, str]]:
        return await self.database.read(lambda session: open_threads(session, most))

    def _groups(self) -> frozenset[str]:
        return frozenset(self.company.desk.groups.values())

    async def _learn(self, kinds: Mapping[str, Kind], groups: Mapping[str, list[str]]) -> None:
        """What Slack says of people, written down: from now on it holds at every click."""
        await self.database.write(lambda s: standings.learn(Work(s, self.clock.now(), "slack"), kinds, groups))
        if unknown := {user for users in groups.values() for user in users} - {m.slack for m in self.company.team}:
            log.info("in a user group and not in the company file: no role", people=len(unknown))

    async def _answered(self, query: str) -> bool:
        return await self.database.read(lambda session: answered(session, query))

    async def _slack_file(self, file: File) -> bytes:
        return await self.slack.fetch(file)

    def _routes(self) -> list[Route]:
        token = self.settings.feed_token
        feed = [feed_route(self.database, token.get_secret_value())] if token else []
        calendars = calendar_route(self.database, lambda: self.company, self.clock)
        return [*feed, calendars, *self.doors.routes()] if Duty.HOOKS in self.duty else feed

    async def start(self) -> None:
        """HTTP first (not ready yet), then what works inside, the doors last; nothing waits for a network."""
        if Duty.HOOKS in self.duty:
            await self.web.start()
            self._stack.push_async_callback(self.web.stop)
        self._stack.push_async_callback(self.database.close)
        await self.telegram.start()
        self._stack.push_async_callback(self.telegram.stop)
        await self.slack.start()
        self._stack.push_async_callback(self.slack.stop)
        await self.database.listen(self._rung)
        await self._start_work()
        await self._start_doors()
        self.web.open = True
        log.info("ready", duty=str(self.duty), hooked=self.settings.hooked)
        reading = asyncio.create_task(self._read_words(), name="words")
        self._stack.callback(reading.cancel)

    async def _read_words(self) -> None:
        """What understanding needs, once whoever waited for the start has been seen to."""
        await asyncio.sleep(SOON)
        await asyncio.to_thread(load, self.company.languages)

    async def _start_work(self) -> None:
        if Duty.WORK in self.duty and not self._alone:
            await self._share()
        self._stack.push_async_callback(self.sender.stop, DRAIN / 2)
        self._stack.push_async_callback(self.desk.stop, DRAIN / 2)
        await self.desk.sweep(after_crash=self._alone)
        await self.watch.begin()
        self.heartbeat.every(self.settings.heartbeat_seconds, self.watch.beat, "company file")
        asking = asyncio.create_task(self._ask_who_we_are(), name="name")
        self._stack.callback(asking.cancel)
        self.heartbeat.every(60.0, self._ask_who_we_are, "name")
        self.heartbeat.every(self.settings.sweep_seconds, self.desk.sweep, "inbox")
        if Duty.WORK in self.duty:
            await self.sender.sweep(alone=self._alone)
            self.heartbeat.every(self.settings.sweep_seconds, self.sender.sweep, "outbox")
            self.heartbeat.every(self.settings.heartbeat_seconds, self.alarm.tick, "timers")
            self._stack.push_async_callback(self.alarm.stop)
            self.heartbeat.every(HOUR, self._tidy, "housekeeping")
            await self._plan_days()
            self.heartbeat.every(HOUR / 4, self._plan_days, "days")
            self.heartbeat.every(min(60.0, self.settings.outside_seconds), self.outside.beat, "outside calendars")
        self.heartbeat.start()
        self._stack.callback(self.heartbeat.stop)

    async def _share(self) -> None:
        """Several processes keep the networks' limits together; our part is free when all that we held has left."""
        self._stack.push_async_callback(self.shares.leave)
        await self.shares.join()
        self.heartbeat.every(self.settings.sweep_seconds, self.shares.look, "shares")

    async def _start_doors(self) -> None:
        if Duty.WORK not in self.duty:
            self._stack.push_async_callback(self.doors.slack.drain)
            return
        # Polling, the socket and the look for what was missed belong to one.
        leader = None if self._alone else Leader(self.database, "doors", self.owner, self.doors.enter, self.doors.leave)
        await self.doors.open(leader)
        looking = asyncio.create_task(self._look_around(), name="channels")
        self._stack.callback(looking.cancel)
        self._stack.push_async_callback(self.doors.close)

    async def _look_around(self) -> None:
        """A card that nobody sees is lost: say in the log which channels we are not in."""
        for channel in await self.slack.outside(sorted(self.company.channels.all)):
            log.error("not in a channel of the company file", channel=channel, remedy="invite the app into it in Slack")

    async def stop(self) -> None:
        """In reverse: the doors close, what is on the desk is finished, what is written is sent."""
        self.web.open = False
        await self._stack.aclose()

    async def settled(self) -> None:
        """Wait, five seconds at most, until nothing is on the desk and nothing waits to leave."""
        with suppress(TimeoutError):
            async with asyncio.timeout(5):
                while not (self.desk.idle and self.sender.idle):  # noqa: ASYNC110 (only a moved clock waits here)
                    await asyncio.sleep(0.01)

    async def _tidy(self) -> None:
        await self.database.write(lambda session: tidy(session, real(), self.clock.now()))

    async def _ask_who_we_are(self) -> None:
        """Our name in Telegram, for invitations; asked until it is known."""
        if self.telegram.known_as is None:
            await self.telegram.username()

    async def _plan_days(self) -> None:
        await days.plan(self.database, self.clock.now, self.company)

    def health(self) -> Health:
        """How we are, for whoever asks."""
        return Health(
            telegram=self.doors.telegram_ready,
            slack=self.doors.slack_ready,
            handled=self.desk.handled,
            failed=self.desk.failed,
            sent=self.sender.sent,
        )

    def _committed(self, parcels: list[Parcel]) -> None:
        """What was committed leaves at once: from here, or from whoever is free."""
        if not parcels:
            return
        if self._alone:
            self.sender.post(parcels)
        else:
            if Duty.WORK in self.duty:
                self.sender.wake()
            self.database.ring("outbox")

    def _woken(self, conversations: Iterable[str]) -> None:
        self.desk.wake(conversations)

    async def _rung(self, what: str) -> None:
        """Another process committed something."""
        if what == "outbox" and Duty.WORK in self.duty:
            self.sender.wake()
        elif what == RING and Duty.WORK in self.duty:
            await self.shares.look()
        elif what == "inbox":
            await self.desk.sweep()
