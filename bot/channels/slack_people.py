"""Asks Slack, once in a while and outside any transaction, who is in our user groups, and who is no plain member."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack_client import NEWEST
from bot.channels.slack_door import NotStoredError
from bot.channels.slack_outcome import FAULTS, code
from bot.channels.slack_shape import Json, dig
from domain.standings import Kind

log = logging.getLogger(__name__)

ROUND = 300.0  # seconds between two rounds; the event about a user group comes at once
SOON = 60.0  # seconds, after a round that failed
PAUSE = 3.0  # seconds between two questions: `users.list` may be asked 20 times a minute (Tier 2)
NO_GROUP = {"no_such_subteam", "plan_upgrade_required"}

Learn = Callable[[Mapping[str, Kind], Mapping[str, list[str]]], Awaitable[None]]
OF_A_MEMBER = {"is_bot": Kind.BOT, "is_restricted": Kind.GUEST, "is_ultra_restricted": Kind.GUEST}


class People:
    """Reads them and hands them over; while Slack does not say, what was known before holds."""

    def __init__(
        self,
        client: Callable[[], AsyncWebClient],
        team: Callable[[], Awaitable[str]],
        groups: Callable[[], frozenset[str]],
        learn: Learn,
        *,
        pause: float = PAUSE,
    ) -> None:
        """`team` is our workspace's id; `groups` are the ids of the user groups that give a role."""
        self._client, self._team, self._groups, self._learn = client, team, groups, learn
        self._pause = pause
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to ask: at once, then every few minutes."""
        self._task = asyncio.create_task(self._keep(), name="slack people")

    async def stop(self) -> None:
        """Ask no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _keep(self) -> None:
        while True:
            try:
                await self.look()
                pause = ROUND
            except (*FAULTS, NotStoredError) as fault:
                log.info("Slack does not say who is who: %s", type(fault).__name__)
                pause = SOON
            except Exception:  # whoever asks must not die
                log.exception("asking Slack who is who")
                pause = SOON
            await asyncio.sleep(pause)

    async def look(self) -> None:
        """One round: all of it is handed over, or nothing."""
        home = await self._team()
        groups: dict[str, list[str]] = {}
        for group in sorted(self._groups()):
            if groups:
                await asyncio.sleep(self._pause)
            groups[group] = await self._inside(group)
        kinds = {dig(user, "id"): kind async for user in self._users() if (kind := kind_of(user, home)) != Kind.MEMBER}
        await self._learn(kinds, groups)

    async def _inside(self, group: str) -> list[str]:
        try:
            said = await self._client().usergroups_users_list(usergroup=group)
        except SlackApiError as fault:
            if code(fault) not in NO_GROUP:
                raise
            log.error("the company file names the user group %s, and Slack knows none: nobody is in it", group)
            return []
        users = said.get("users")
        if not isinstance(users, list):
            raise aiohttp.ClientPayloadError("an answer without users")
        return [user for user in users if isinstance(user, str)]

    async def _users(self) -> AsyncIterator[Json]:
        cursor: str | None = None
        while True:
            page = await self._client().users_list(limit=NEWEST, cursor=cursor)
            members = page.get("members")
            if not isinstance(members, list):
                raise aiohttp.ClientPayloadError("an answer without members")
            for user in members:
                if isinstance(user, dict) and dig(user, "id"):
                    yield user
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return
            await asyncio.sleep(self._pause)


def kind_of(user: Json, home: str) -> Kind:
    """What somebody is in our workspace, by Slack's own words about him."""
    if dig(user, "team_id") not in ("", home) or user.get("is_stranger") is True:
        return Kind.STRANGER
    return next((kind for key, kind in OF_A_MEMBER.items() if user.get(key) is True), Kind.MEMBER)
