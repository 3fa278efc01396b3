"""What Slack did not tell us: replies in the threads of open requests, read again after every connection."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.arrival import Accept
from bot.channels.carrier import NotSent
from bot.channels.slack_arrival import arrivals
from bot.channels.slack_client import NEWEST, PAGES
from bot.channels.slack_door import Identity, NotStoredError
from bot.channels.slack_outcome import FAULTS, outcome
from bot.channels.slack_reader import by_people
from bot.channels.slack_shape import Json

log = logging.getLogger(__name__)

THREADS = 200  # at most, in one round
PAUSE = 1.2  # seconds between two questions: `conversations.replies` may be asked 50 times a minute (Tier 3)
TRIES = 5  # of one question that Slack asks to put later
QUARTER = 900.0  # seconds: events get lost at times although the connection stands
SOON = 60.0  # seconds, after a round that could not be ended
FIRST = timedelta(days=7)  # how far the first round looks back: nobody knows how long we were away
OVERLAP = timedelta(minutes=10)  # how far a later one looks back behind the last: clocks differ, events are late

Threads = Callable[[int], Awaitable[list[tuple[str, str]]]]


class Missed:
    """Reads open threads and hands over what people wrote there, named as the event would have been.

    So whatever was heard of already, or is heard of later, is the same row of the inbox: one effect.
    """

    def __init__(
        self,
        client: Callable[[], AsyncWebClient],
        threads: Threads,
        now: Callable[[], datetime],
        us: Callable[[], Awaitable[Identity]],
        accept: Accept,
        *,
        pause: float = PAUSE,
    ) -> None:
        """`threads` names the channel and head of at most so many; `now` is the clock that Slack's time stamps show."""
        self._client, self._threads, self._now, self._us, self._accept = client, threads, now, us, accept
        self._pause = pause
        self._since: datetime | None = None  # when the last whole round began
        self._wanted = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look: when it is asked for, and every quarter of an hour."""
        self._task = asyncio.create_task(self._keep(), name="slack missed")

    async def stop(self) -> None:
        """Look no more; what was not read is read at the next start."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def look(self) -> None:
        """There is reason to look now (returns at once)."""
        self._wanted.set()

    async def _keep(self) -> None:
        pause = QUARTER
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):  # not wait_for: on Python 3.11 a wish can swallow the cancellation
                    await self._wanted.wait()
            self._wanted.clear()
            try:
                await self._round()
                pause = QUARTER
            except (*FAULTS, NotStoredError) as fault:
                log.info("not everything that was missed could be read: %s", type(fault).__name__)
                pause = SOON
            except Exception:  # whoever looks must not die
                log.exception("looking for what was missed")
                pause = SOON

    async def _round(self) -> None:
        """All threads once; only a whole round moves the moment from which the next one reads."""
        began = self._now()
        oldest = self._since - OVERLAP if self._since else began - FIRST
        us = await self._us()
        for channel, head in await self._threads(THREADS):
            async for message in self._replies(channel, head, f"{oldest.timestamp():.6f}"):
                event = {**message, "type": "message", "channel": channel}
                body = {"type": "event_callback", "team_id": us.team, "event": event}
                await self._accept(arrivals("event", body, us.team))
        self._since = began

    async def _replies(self, channel: str, head: str, oldest: str) -> AsyncIterator[Json]:
        """What people wrote in a thread since then; nothing if it is gone."""
        cursor: str | None = None
        for _ in range(PAGES):
            page = await self._asked(channel=channel, ts=head, oldest=oldest, limit=NEWEST, cursor=cursor)
            found = page.get("messages")
            for message in found if isinstance(found, list) else ():
                if isinstance(message, dict) and message.get("ts") != head and by_people(message):
                    yield message
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return

    async def _asked(self, **what: Any) -> Any:
        """One page. When Slack wants us to wait, we do; a thread that is gone is an empty page."""
        for _ in range(TRIES):
            await asyncio.sleep(self._pause)
            try:
                return await self._client().conversations_replies(**what)
            except SlackApiError as fault:
                said = outcome(fault)
                if not isinstance(said, NotSent):
                    raise
                if said.permanent:
                    log.info("a thread cannot be read: %s", said.error)
                    return {}
                await asyncio.sleep(said.retry_after or 0.0)
        raise TimeoutError("Slack asks to wait, again and again")
