"""The assembly: which parts there are, and in which order they start and stop."""

import asyncio
import secrets
from collections.abc import Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from enum import Flag, auto

import structlog
from sqlalchemy.orm import Session
from starlette.routing import Route

from bot import outbox, papers, routes
from bot.alarm import Alarm
from bot.channels.slack import SlackCarrier
from bot.channels.slack_door import Door, app_id_in
from bot.channels.slack_http import slack_route
from bot.channels.slack_socket import Socket
from bot.channels.telegram import TelegramCarrier
from bot.channels.telegram_door import Poller, Webhook, webhook_route
from bot.clock import Clock, real
from bot.database import Database, connect
from bot.desk import Desk, Rules
from bot.feed import feed_route
from bot.health import Health
from bot.housekeeping import tidy
from bot.limits import Limiter, Rates
from bot.outbox import Cause, Parcel
from bot.readers import READERS
from bot.sender import Sender
from bot.settings import Settings
from bot.web import Web
from domain.company import Company
from handlers.conversation import standing
from handlers.inbound import File
from handlers.messages import Channel, Fact, Message
from handlers.reactions import REACTIONS
from locales.text import t
from scheduling.heartbeat import Heartbeat

log = structlog.get_logger("app")

HOUR = 3600.0
DRAIN = 8.0  # seconds of the ten that a stop may take


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
        self.database: Database = connect(self.settings.database_url.get_secret_value())
        self.telegram = TelegramCarrier(
            self.settings.telegram_token.get_secret_value(),
            self.settings.telegram_api,
            slack_files=self._slack_file,
            papers=papers.draw,
        )
        self.slack = SlackCarrier(
            self.settings.slack_token.get_secret_value(),
            self.settings.slack_api,
            telegram_files=self.telegram.fetch,
            papers=papers.draw,
        )
        self._alone = self.settings.on_sqlite
        self.desk = Desk(
            self.database,
            self.clock,
            lambda: self.company,
            Rules(READERS, routes.answer, REACTIONS, routes.STEPS),
            owner=self.owner if self._alone else None,
            committed=self._committed,
        )
        self.sender = Sender(
            self.database,
            {"telegram": self.telegram, "slack": self.slack},
            {
                "telegram": Limiter(Rates(self.settings.telegram_per_chat, self.settings.telegram_overall)),
                "slack": Limiter(Rates(self.settings.slack_per_channel)),
            },
            self.clock,
            self.owner,
            longest_pause=self.settings.backoff_seconds,
            woken=self._woken,
            dead=self._dead,
        )
        self.alarm = Alarm(self.database, self.clock, self._woken, self.settled)
        self.heartbeat = Heartbeat()
        self.door = self._slack_door()
        self.poller: Poller | Webhook | None = None
        self.socket: Socket | None = None
        self.web = Web(self.settings, self.health, self._routes())
        self._stack = AsyncExitStack()

    async def _slack_file(self, file: File) -> bytes:
        return await self.slack.fetch(file)

    def _slack_door(self) -> Door:
        secret, token = self.settings.slack_secret, self.settings.slack_socket_token
        return Door(
            token=self.settings.slack_token.get_secret_value(),
            signing_secret=secret.get_secret_value() if secret else None,
            api=self.settings.slack_api,
            accept=self.desk.accept,
            answer=self.desk.answer,
            language=self.company.team_language,
            app_id=app_id_in(token.get_secret_value()) if token else None,
        )

    def _routes(self) -> list[Route]:
        token = self.settings.feed_token
        feed = [feed_route(self.database, token.get_secret_value())] if token else []
        return [*feed, *self._hooks()]

    def _hooks(self) -> list[Route]:
        if not self.settings.hooked or Duty.HOOKS not in self.duty:
            return []
        hook, signed = self.settings.telegram_webhook_secret, self.settings.slack_secret
        if hook is None or signed is None:
            raise ValueError("web hooks need their secrets")  # the settings have seen to it
        return [
            webhook_route(hook.get_secret_value(), self.desk.accept),
            slack_route(self.door.app, signed.get_secret_value()),
        ]

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

    async def _start_work(self) -> None:
        self._stack.push_async_callback(self.sender.stop, DRAIN / 2)
        self._stack.push_async_callback(self.desk.stop, DRAIN / 2)
        await self.desk.sweep(after_crash=self._alone)
        self.heartbeat.every(self.settings.sweep_seconds, self.desk.sweep, "inbox")
        if Duty.WORK in self.duty:
            await self.sender.sweep(alone=self._alone)
            self.heartbeat.every(self.settings.sweep_seconds, self.sender.sweep, "outbox")
            self.heartbeat.every(self.settings.heartbeat_seconds, self.alarm.beat, "timers")
            self.heartbeat.every(HOUR, self._tidy, "housekeeping")
        self.heartbeat.start()
        self._stack.callback(self.heartbeat.stop)

    async def _start_doors(self) -> None:
        settings = self.settings
        self._stack.push_async_callback(self.door.drain)
        if Duty.WORK not in self.duty:
            return
        pause = settings.backoff_seconds
        if settings.hooked:
            assert settings.telegram_webhook_secret is not None
            secret = settings.telegram_webhook_secret.get_secret_value()
            url = f"{settings.public_url}/telegram"
            self.poller = Webhook(self.telegram.call, url, secret, longest_pause=pause)
        else:
            assert settings.slack_socket_token is not None
            token = settings.slack_socket_token.get_secret_value()
            rebuild = settings.slack_rebuild_seconds
            self.socket = Socket(self.door.app, token, settings.slack_api, rebuild_seconds=rebuild)
            await self.socket.start()
            self._stack.push_async_callback(self.socket.stop)
            self.poller = Poller(
                self.telegram.call, self.desk.accept, timeout=settings.poll_timeout, longest_pause=pause
            )
        await self.poller.start()
        self._stack.push_async_callback(self.poller.stop)
        self._greeting = asyncio.create_task(self.telegram.commands(self.company.languages))
        self._stack.push_async_callback(self._ungreet)

    async def _ungreet(self) -> None:
        self._greeting.cancel()
        await asyncio.gather(self._greeting, return_exceptions=True)

    async def stop(self) -> None:
        """In reverse: the doors close, what is on the desk is finished, what is written is sent."""
        self.web.open = False
        await self._stack.aclose()

    async def settled(self) -> None:
        """Wait (a little) until nothing is on the desk and nothing waits to leave."""
        async with asyncio.timeout(5) as limit:
            while not (self.desk.idle and self.sender.idle):
                await asyncio.sleep(0.01)
                if limit.expired():
                    return

    async def _tidy(self) -> None:
        await self.database.write(lambda session: tidy(session, real(), self.clock.now()))

    def health(self) -> Health:
        """How we are, for whoever asks."""
        return Health(
            telegram=self.poller is None or self.poller.ready,
            slack=self.settings.hooked or self.socket is None or self.socket.ready,
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
        elif what == "inbox":
            await self.desk.sweep()

    async def _dead(self, parcel: Parcel, error: str) -> None:
        """A message is dead: the team hears of it, with a button to try again."""
        channels = self.company.channels
        where = channels.trouble or channels.requests
        if parcel.network == "slack" and parcel.key.startswith("dead."):
            log.error("the trouble channel cannot be reached", outbox=parcel.id, error=error)
            return
        card = Message(
            to=Channel(where),
            title=t("trouble.outbound.title", number=str(parcel.id)),
            body=(t("trouble.outbound.body"),),
            facts=(Fact(t("trouble.what"), parcel.network), Fact(t("trouble.why"), error[:200])),
            buttons=((standing("trouble.retry", "trouble.retry", outbox=parcel.id),),),
        )
        cause = Cause(
            f"dead.{parcel.id}.{secrets.token_hex(4)}",
            self.clock.now(),
            self.owner if self._alone else None,
            self.company.team_language,
        )

        def unit(session: Session) -> list[Parcel]:
            return outbox.put(session, [card], cause)

        self._committed(await self.database.write(unit))
