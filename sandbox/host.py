"""What both networks of the sandbox stand on: its address, time, recording, faults, delays, news of every change."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.recording import Recording

T = TypeVar("T")


@dataclass
class Delays:
    """All waiting of the sandbox, in seconds; the defaults are those of the real services.

    Lifetimes are counted on the sandbox's clock (moving it makes things old), pauses and timeouts in real time.
    """

    long_poll_cap: float = 50.0  # Telegram: the longest a getUpdates may wait
    update_lifetime: float = 24 * 3600.0  # Telegram: an update nobody fetched is gone after this
    delete_window: float = 48 * 3600.0  # Telegram: a bot deletes nothing older
    callback_lifetime: float = 60.0  # Telegram: a press answered later is an error
    pre_checkout: float = 10.0  # Telegram: a bot that is asked before a payment must have answered by then
    provider: float = 30.0  # a payment provider that does not answer is given up after this
    webhook_timeout: float = 30.0  # Telegram: a web hook must have answered by then
    webhook_pause: float = 1.0  # Telegram: pause before the first repetition, doubled each time
    webhook_pause_cap: float = 60.0
    trigger_lifetime: float = 3.0  # Slack: a trigger_id opens a modal only this long
    acknowledge: float = 3.0  # Slack: an envelope must be acknowledged by then
    redeliver_after: float = 10.0  # Slack: pause before an unacknowledged event comes again (then 6 and 30 times it)
    disconnect_grace: float = 10.0  # Slack: a socket told to refresh is closed after this
    response_url_lifetime: float = 1800.0  # Slack: a response_url is good for this long (and five uses)


class Changes:
    """Wakes everybody who waits for something to happen anywhere in the sandbox."""

    def __init__(self) -> None:
        self.version = 0
        self._next = asyncio.Event()

    def note(self) -> None:
        """Something changed."""
        self.version += 1
        self._next.set()
        self._next = asyncio.Event()

    async def wait(self, since: int, timeout: float | None = None) -> int:
        """The version after `since`, or `since` itself when nothing changed for `timeout` seconds."""
        if self.version > since:
            return self.version
        try:
            async with asyncio.timeout(timeout):
                await self._next.wait()
        except TimeoutError:
            pass
        return self.version

    async def until(self, look: Callable[[], T | None], timeout: float) -> T | None:
        """What `look` finds, as soon as it finds something; None when it has not within `timeout` seconds."""
        end = asyncio.get_running_loop().time() + timeout
        while (found := look()) is None:
            left = end - asyncio.get_running_loop().time()
            if left <= 0:
                return None
            await self.wait(self.version, left)
        return found


class Host:
    """The part of the sandbox that its networks may use."""

    def __init__(self, clock: Clock, delays: Delays) -> None:
        self.clock = clock
        self.delays = delays
        self.recording = Recording()
        self.faults = Faults()
        self.changed = Changes()
        self.url = ""  # known once the sandbox listens
