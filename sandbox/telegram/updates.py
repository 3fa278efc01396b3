"""Updates on their way to the bot: kept until confirmed, in order, unless a fault was asked for."""

import copy
import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sandbox.host import Host
from sandbox.recording import Call
from sandbox.telegram import judge
from sandbox.telegram.errors import ApiError

NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
LIMIT = 100
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
TERMINATED = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


@dataclass
class Item:
    """One update that waits; `forced` ones (faults) are delivered even below the confirmed offset."""

    update: dict[str, Any]
    at: datetime
    call: Call
    forced: bool = False
    delivered: bool = False

    @property
    def id(self) -> int:
        return int(self.update["update_id"])


class Updates:
    """The queue between Telegram and the bot."""

    def __init__(self, host: Host, first_id: int) -> None:
        self.host = host
        self.next_id = first_id
        self.pending: list[Item] = []
        self.all: dict[int, dict[str, Any]] = {}
        self.allowed: list[str] = []
        self.webhook_active = False
        self.closed = False
        self._poll = 0  # the number of the newest getUpdates; an older one that still waits is terminated
        self._held: list[Item] = []
        self._hold = 0
        self._dice = random.Random(0)  # noqa: S311 (disorder that can be repeated)

    # What happens in Telegram

    def push(self, kind: str, content: dict[str, Any]) -> int | None:
        """Queue an update of our own making; None when the bot does not want this kind."""
        if kind in NOT_BY_DEFAULT if not self.allowed else kind not in self.allowed:
            return None
        number = self.next_id
        update = {"update_id": number, kind: copy.deepcopy(content)}
        call = self._queue(update)
        call.problems += judge.of_update(update)
        return number

    def inject(self, update: dict[str, Any]) -> int:
        """Queue an update as it is, however broken; it gets the next number when it has none. Nobody judges it."""
        if not isinstance(update.get("update_id"), int):
            update = {"update_id": self.next_id, **{k: v for k, v in update.items() if k != "update_id"}}
        self._queue(update)
        return int(update["update_id"])

    def redeliver(self, update_id: int | None = None, times: int = 1) -> None:
        """Deliver an update (the last one by default) again, although it was confirmed."""
        update = self.all[update_id if update_id is not None else max(self.all)]
        for _ in range(times):
            call = self._recorded(update)
            self.pending.append(Item(update, self.host.clock.now(), call, forced=True))
        self.host.changed.note()

    def shuffle(self, count: int) -> None:
        """Hold the next `count` updates back until all are there, then deliver them in another order."""
        self._hold = count

    def _queue(self, update: dict[str, Any]) -> Call:
        self.next_id = max(self.next_id, update["update_id"]) + 1
        self.all[update["update_id"]] = update
        call = self._recorded(update)
        item = Item(update, self.host.clock.now(), call)
        if self._hold:
            self._hold_back(item)
        else:
            self.pending.append(item)
        self.host.changed.note()
        return call

    def _hold_back(self, item: Item) -> None:
        item.forced = True
        self._held.append(item)
        self._hold -= 1
        if self._hold == 0:
            order = list(self._held)
            while len(order) > 1 and order == self._held:
                self._dice.shuffle(order)
            self.pending += order
            self._held = []

    def _recorded(self, update: dict[str, Any]) -> Call:
        kind = next((k for k in update if k != "update_id"), "empty")
        return self.host.recording.add(self.host.clock.now(), "telegram", "out", kind, update)

    # What the bot does

    def confirm(self, offset: int) -> None:
        """Forget what was fetched; a negative offset keeps only that many of the newest."""
        if offset < 0:
            self.pending = self.pending[offset:]
        else:
            self.pending = [i for i in self.pending if i.id >= offset or (i.forced and not i.delivered)]

    def expire(self) -> None:
        oldest = self.host.clock.now() - timedelta(seconds=self.host.delays.update_lifetime)
        self.pending = [i for i in self.pending if i.at > oldest]

    def done(self, item: Item) -> None:
        """Confirm one update (a web hook answered 2xx)."""
        self.pending = [i for i in self.pending if i is not item]

    def set_allowed(self, kinds: Iterable[str] | None) -> None:
        if kinds is not None:
            self.allowed = list(kinds)

    async def fetch(self, offset: int, limit: int, timeout: float, allowed: list[str] | None) -> list[dict[str, Any]]:
        """getUpdates: what is pending, at once or when something comes within `timeout`."""
        if self.webhook_active:
            raise ApiError(409, WEBHOOK_ACTIVE)
        self.set_allowed(allowed)
        self._poll += 1
        mine = self._poll
        self.host.changed.note()  # an older call that waits must notice this one
        self.confirm(offset)
        limit = min(max(limit, 1), LIMIT)
        wait = min(max(timeout, 0), self.host.delays.long_poll_cap)
        batch = await self.host.changed.until(lambda: self._look(mine, limit), wait)
        for item in batch or []:
            item.delivered, item.call.status = True, 200
        return [item.update for item in batch or []]

    def _look(self, poll: int, limit: int) -> list[Item] | None:
        if self.closed:
            return []
        if poll != self._poll:
            raise ApiError(409, TERMINATED)
        if self.webhook_active:
            raise ApiError(409, TERMINATED.replace("other getUpdates", "setWebhook").split(";")[0])
        self.expire()
        return self.pending[:limit] or None

    def close(self) -> None:
        self.closed = True
        self.host.changed.note()
