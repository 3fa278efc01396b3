"""Bringing events and interactions to the product: recorded, judged, repeated when nobody acknowledged."""

import asyncio
from collections import deque
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

from sandbox.host import Host
from sandbox.slack import judge
from sandbox.slack.courier import Courier, NotAcknowledgedError, Parcel
from sandbox.slack.state import Json, Workspace

PAUSES = (1, 6, 30)  # times `redeliver_after`: Slack repeats an event three times


class Delivery:
    def __init__(self, host: Host, space: Workspace, courier: Courier) -> None:
        self.host, self.space, self.courier = host, space, courier
        self.judging = True
        self.lose = 0  # how many of the next events get lost
        self.delivered: deque[Parcel] = deque(maxlen=1000)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._under_way = 0

    def start(self, work: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def event(self, body: Json) -> None:
        """Send one event to the product, in the background."""
        payload = self._callback(body)
        problems = judge.event(body) if self.judging else []
        parcel = Parcel("events_api", str(body["type"]), payload)
        if self.lose > 0:
            self.lose -= 1
            call = self.host.recording.add(self.space.now(), "slack", "out", parcel.method, payload)
            call.fault, call.problems = "lost", problems
            return
        self._under_way += 1
        self.start(self._until_acknowledged(parcel, problems))

    def _callback(self, body: Json) -> Json:
        space = self.space
        bot = {
            "enterprise_id": None,
            "team_id": space.team_id,
            "user_id": space.bot.id,
            "is_bot": True,
            "is_enterprise_install": False,
        }
        channel = space.channels.get(str(body.get("channel")))
        foreign = channel is not None and any(space.users[u].team_id != space.team_id for u in channel.members)
        return {
            "token": "sandbox",
            "team_id": space.team_id,
            "context_team_id": space.team_id,
            "context_enterprise_id": None,
            "api_app_id": space.app_id,
            "event": body,
            "type": "event_callback",
            "event_id": space.new_id("Ev"),
            "event_time": int(float(body["event_ts"])),
            "authorizations": [bot],
            "is_ext_shared_channel": foreign,
            "event_context": f"4-{space.new_id('E')}",
        }

    async def _until_acknowledged(self, parcel: Parcel, problems: list[str]) -> None:
        try:
            for attempt, pause in enumerate((*PAUSES, 0)):
                try:
                    await self.once(replace(parcel, attempt=attempt), problems if attempt == 0 else [])
                except NotAcknowledgedError as error:
                    if error.final:
                        return
                    parcel.reason = error.reason
                else:
                    return
                if pause:
                    await asyncio.sleep(pause * self.host.delays.redeliver_after)
        finally:
            self._under_way -= 1
            self.host.changed.note()

    async def once(self, parcel: Parcel, problems: list[str] | None = None) -> Any:
        """One attempt: the answer that came with the acknowledgement, or NotAcknowledgedError."""
        call = self.host.recording.add(self.space.now(), "slack", "out", parcel.method, parcel.payload)
        call.problems += problems or []
        self.delivered.append(parcel)
        try:
            answer = await self.courier.send(parcel)
        except NotAcknowledgedError as error:
            call.fault, call.status = error.reason, error.status
            raise
        call.status, call.answer = 200, answer
        if self.judging and parcel.judged:
            call.problems += judge.acknowledgement(_judged_as(parcel), parcel.payload, answer, parcel.accepts)
        return answer

    async def idle(self, timeout: float) -> bool:
        """True as soon as every event is acknowledged or given up; False when some are not in time."""
        return await self.host.changed.until(lambda: self._under_way == 0 or None, timeout) is not None

    async def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _judged_as(parcel: Parcel) -> str:
    return parcel.kind if parcel.kind == "slash_commands" else parcel.method
