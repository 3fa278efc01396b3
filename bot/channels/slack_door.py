"""Slack's door: what comes in is written down first, acknowledged second, and worked on by others third."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.response import BoltResponse

from bot.channels.arrival import Accept, Arrival
from bot.channels.slack_arrival import arrivals, kind_of
from bot.channels.slack_client import Client
from bot.channels.slack_outcome import FAULTS
from bot.channels.slack_renderer import errors
from bot.channels.slack_shape import Json, dig
from bot.channels.slack_views import view_of
from bot.failpoints import failpoint
from handlers.messages import FormAnswer, FormNext

log = logging.getLogger(__name__)

ANSWER_WITHIN = 2.0  # seconds for a form; Slack itself waits three
ASK_WITHIN = 2.0  # seconds for asking Slack who we are

Answer = Callable[[Arrival], Awaitable[FormAnswer | None]]


class NotStoredError(Exception):
    """It could not be written down: Slack must keep it and come again."""


class Identity(NamedTuple):
    """Who we are in Slack."""

    team: str
    user: str
    bot: str
    app: str | None


class Door:
    """What stands between Bolt and our inbox. `app` is the Bolt app, for `Socket` and `slack_route`."""

    def __init__(
        self,
        *,
        token: str,
        signing_secret: str | None,
        api: str | None,
        accept: Accept,
        answer: Answer,
        language: str,
        app_id: str | None = None,
        answer_within: float = ANSWER_WITHIN,
    ) -> None:
        """`accept` writes rows; `answer` writes one, works on it and says what is wrong with a form."""
        self._token, self.language, self._app_id = token, language, app_id  # the language: the team's, as it is now
        self._accept, self._answer, self._answer_within = accept, answer, answer_within
        self._client = Client(token, api)
        self._identity: Identity | None = None
        self._asking = asyncio.Lock()
        self._answering: set[asyncio.Task[FormAnswer | None]] = set()
        self.app = self._assemble(signing_secret, api)

    def _assemble(self, signing_secret: str | None, api: str | None) -> AsyncApp:
        async def authorize() -> AuthorizeResult:
            us = await self.identity()
            return AuthorizeResult(
                enterprise_id=None, team_id=us.team, bot_id=us.bot, bot_user_id=us.user, bot_token=self._token
            )

        async def receive(body: Json, ack: AsyncAck) -> BoltResponse:
            return await self._receive(body, ack)

        async def refuse(error: Exception) -> BoltResponse:
            return self._refuse(error)

        # Our own `authorize`, and no token for Bolt: otherwise SLACK_CLIENT_ID in the environment turns on OAuth, and
        # an `auth.test` that fails is answered 200, which would lose the event.
        app = AsyncApp(
            name="aftercare",
            client=Client(None, api),
            signing_secret=signing_secret or "",
            request_verification_enabled=True,
            authorize=authorize,
        )
        app.use(receive)
        app.error(refuse)
        return app

    async def identity(self) -> Identity:
        """Who we are, asked once. Raises NotStoredError while Slack does not say."""
        async with self._asking:
            if self._identity is None:
                try:
                    async with asyncio.timeout(ASK_WITHIN):
                        us = await self._client.auth_test()
                except FAULTS as fault:
                    raise NotStoredError("Slack does not say who we are") from fault
                team, user, bot = us.get("team_id"), us.get("user_id"), us.get("bot_id")
                if not (isinstance(team, str) and isinstance(user, str)):
                    raise NotStoredError("Slack says something odd about who we are")
                self._identity = Identity(team, user, bot or "", us.get("app_id") or self._app_id)
            return self._identity

    async def drain(self) -> None:
        """Wait for forms that are still being answered."""
        if self._answering:
            await asyncio.gather(*self._answering, return_exceptions=True)

    async def _receive(self, body: Json, ack: AsyncAck) -> BoltResponse:
        """The one middleware, after Bolt's own checks. There are no listeners: Bolt acknowledges an event before its
        listener runs, and one without a listener never; here the row and the acknowledgement cannot change places."""
        kind = kind_of(body)
        if kind is None:
            return await ack()  # nothing that we asked for
        if kind == "options":
            return await ack(options=[])
        us = await self.identity()
        if not is_ours(body, us):
            log.warning("a Slack %s of another workspace or app was dropped", kind)
            return await ack()
        rows = arrivals(kind, body, us.team)
        failpoint("slack.received")
        if body.get("type") == "view_submission":
            return await self._fill(rows[0], ack)
        try:
            await self._accept(rows)
        except Exception as fault:
            raise NotStoredError(f"{kind} was not written down") from fault
        failpoint("slack.accepted")
        return await ack()

    async def _fill(self, row: Arrival, ack: AsyncAck) -> BoltResponse:
        """A form: the answer is the acknowledgement. One that takes too long is closed, and worked on all the same."""
        task = asyncio.ensure_future(self._answer(row))
        self._answering.add(task)
        task.add_done_callback(self._answered)
        done, _ = await asyncio.wait({task}, timeout=self._answer_within)
        if not done:
            return await ack()
        if fault := task.exception():
            raise NotStoredError("a form was not taken") from fault
        refused = task.result()
        failpoint("slack.answered")
        if isinstance(refused, FormNext):
            view = view_of(refused.form, self.language, refused.keyboard)
            return await ack(response_action="update", view=view)
        if refused is None or not refused.errors:
            return await ack()
        said = errors(refused, self.language)
        return await ack(response_action="errors", errors=said["errors"])

    def _answered(self, task: "asyncio.Task[FormAnswer | None]") -> None:
        self._answering.discard(task)
        if not task.cancelled() and (fault := task.exception()):
            log.error("a form could not be answered", exc_info=fault)

    def _refuse(self, error: Exception) -> BoltResponse:
        """Without a row there is no acknowledgement; what nobody can read is the sender's mistake."""
        if isinstance(error, NotStoredError):
            log.error("not acknowledged: %s", error, exc_info=error.__cause__)
            return BoltResponse(status=503, body="")
        log.warning("a Slack payload could not be taken: %s", type(error).__name__)
        return BoltResponse(status=400, body="")


def is_ours(body: Json, us: Identity) -> bool:
    """Whether it is for our app, where we are installed. An event says where it was heard; whoever presses in a shared
    channel names his own workspace instead, and shall be told why nothing happens."""
    app = dig(body, "api_app_id")
    if us.app is not None and app and app != us.app:
        return False
    if body.get("type") != "event_callback":
        return True
    heard = body.get("authorizations")
    team = dig(heard[0], "team_id") if isinstance(heard, list) and heard else ""
    return (team or dig(body, "team_id")) == us.team


def app_id_in(socket_token: str) -> str | None:
    """The app's id, which stands in its Socket Mode token (`xapp-1-A0…-…`)."""
    found = re.match(r"xapp-\d+-(A[A-Z0-9]+)-", socket_token)
    return found.group(1) if found else None
