"""The doors: what lets Telegram and Slack in, by polling and socket or by web hooks."""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.routing import Route

from bot.channels.arrival import Accept
from bot.channels.slack_door import Door, Identity, app_id_in
from bot.channels.slack_http import slack_route
from bot.channels.slack_missed import Missed
from bot.channels.slack_people import People
from bot.channels.slack_socket import Socket
from bot.channels.telegram import TelegramCarrier
from bot.channels.telegram_door import Poller, Webhook, webhook_route
from bot.channels.telegram_till import Answered
from bot.desk import Desk
from bot.leader import Leader
from bot.reading_ahead import understanding_first
from bot.settings import Settings
from domain.company import Company

Look = Callable[[Callable[[], Awaitable[Identity]], Accept], Missed]
Ask = Callable[[Callable[[], Awaitable[str]]], People]


class Doors:
    """Opens the doors this process shall have. Where several may work, only the leader does."""

    def __init__(
        self,
        settings: Settings,
        company: Company,
        desk: Desk,
        telegram: TelegramCarrier,
        missed: Look,
        people: Ask,
        answered: Answered,
    ) -> None:
        self._settings, self._company, self._desk, self._telegram = settings, company, desk, telegram
        secret, token = settings.slack_secret, settings.slack_socket_token
        self.slack = Door(
            token=settings.slack_token.get_secret_value(),
            signing_secret=secret.get_secret_value() if secret else None,
            api=settings.slack_api,
            accept=desk.accept,
            answer=desk.answer,
            language=company.team_language,
            app_id=app_id_in(token.get_secret_value()) if token else None,
        )
        self._telegram_accept = telegram.till.watched(understanding_first(desk.accept), answered)
        self._missed = missed(self.slack.identity, desk.accept)
        self._people = people(self._workspace)
        self._telegram_door: Poller | Webhook | None = None
        self._socket: Socket | None = None
        self._leader: Leader | None = None
        self._greeting: asyncio.Task[object] | None = None

    async def _workspace(self) -> str:
        return (await self.slack.identity()).team

    def routes(self) -> list[Route]:
        """The web hooks' routes, where there are any."""
        hook, signed = self._settings.telegram_webhook_secret, self._settings.slack_secret
        if not self._settings.hooked or hook is None or signed is None:
            return []
        return [
            webhook_route(hook.get_secret_value(), self._telegram_accept),
            slack_route(self.slack.app, signed.get_secret_value()),
        ]

    async def speak(self, company: Company) -> None:
        """The company was read anew: the team's language, and what people see of commands in each language."""
        before, self._company, self.slack.language = self._company, company, company.team_language
        if self._telegram_door is not None and company.languages != before.languages:
            await self._telegram.commands(company.languages)

    async def open(self, leader: Leader | None) -> None:
        """Open them, or begin to stand for it."""
        self._leader = leader
        if leader is not None:
            await leader.start()
        else:
            await self.enter()

    async def close(self) -> None:
        """Close them; forms that are still being answered are waited for."""
        if self._leader is not None:
            await self._leader.stop()
        else:
            await self.leave()
        await self.slack.drain()

    async def enter(self) -> None:
        """Begin to let things in; nothing here waits for a network."""
        settings, pause = self._settings, self._settings.backoff_seconds
        self._missed.start()
        self._people.start()
        if settings.hooked and settings.telegram_webhook_secret is not None:
            secret, url = settings.telegram_webhook_secret.get_secret_value(), f"{settings.public_url}/telegram"
            self._telegram_door = Webhook(self._telegram.call, url, secret, longest_pause=pause)
            await self._missed.look()
        else:
            await self._connect()
            self._telegram_door = Poller(
                self._telegram.call, self._telegram_accept, timeout=settings.poll_timeout, longest_pause=pause
            )
        await self._telegram_door.start()
        self._greeting = asyncio.create_task(self._telegram.commands(self._company.languages))

    async def _connect(self) -> None:
        token = self._settings.slack_socket_token
        if token is not None:
            rebuild = self._settings.slack_rebuild_seconds
            self._socket = Socket(
                self.slack.app,
                token.get_secret_value(),
                self._settings.slack_api,
                rebuild_seconds=rebuild,
                connected=self._missed.look,
            )
            await self._socket.start()

    async def leave(self) -> None:
        """Let nothing more in."""
        if self._greeting is not None:
            self._greeting.cancel()
            await asyncio.gather(self._greeting, return_exceptions=True)
        if self._telegram_door is not None:
            await self._telegram_door.stop()
        if self._socket is not None:
            await self._socket.stop()
        await self._missed.stop()
        await self._people.stop()
        self._greeting = self._telegram_door = self._socket = None

    @property
    def telegram_ready(self) -> bool:
        """Whether Telegram answers (true where another process asks it)."""
        return self._telegram_door is None or self._telegram_door.ready

    @property
    def slack_ready(self) -> bool:
        """Whether Slack is connected (true where another process is, or it calls us)."""
        return self._socket is None or self._socket.ready
