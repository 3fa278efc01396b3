"""Carries letters to Slack."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.carrier import Letter, NotSent, Outcome, Sent, Unfetchable, Unknown, Waits
from bot.channels.slack_client import Client, files_after, look, ts_of
from bot.channels.slack_files import FileUnavailableError, Paper, download, name_of, put_up, share, title_of
from bot.channels.slack_outcome import FAULTS, code, outcome
from bot.channels.slack_renderer import render
from bot.channels.slack_views import show
from bot.failpoints import failpoint
from handlers.inbound import File
from handlers.messages import (
    Answer,
    Attached,
    Channel,
    Delete,
    Document,
    Edit,
    Form,
    Message,
    Outgoing,
    Page,
    React,
    Teammate,
)
from locales.text import t

log = logging.getLogger(__name__)

TRIES, PAUSE = 3, 0.5  # for files under words that are already said
CANNOT_CHANGE = {"message_not_found", "cant_update_message", "edit_window_closed"}
DONE = {"already_reacted", "no_reaction"}

Fetch = Callable[[File], Awaitable[bytes]]
Draw = Callable[[Document, str], Awaitable[tuple[str, bytes]]]


class SlackCarrier:
    """Slack as the outbox sees it. A message's remote id is its ts; in direct messages "<channel>:<ts>"."""

    def __init__(
        self,
        token: str,
        api: str | None = None,
        *,
        telegram_files: Fetch,
        papers: Draw,
        connect_timeout: float = 5.0,
        timeout: float = 30.0,
    ) -> None:
        """`telegram_files` fetches the bytes of a file there, `papers` draws our own; timeouts are in seconds."""
        self._token, self._api = token, api
        self._telegram_files, self._papers = telegram_files, papers
        self._timeout = aiohttp.ClientTimeout(total=timeout, connect=connect_timeout, sock_connect=connect_timeout)
        self._direct: dict[str, str] = {}
        self._session: aiohttp.ClientSession | None = None
        self._client: AsyncWebClient | None = None

    async def start(self) -> None:
        """Make ready; asks nothing of Slack, so it cannot fail because Slack is away."""
        self._session = aiohttp.ClientSession(timeout=self._timeout)
        self._client = Client(self._token, self._api, self._session)

    async def stop(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = self._client = None

    @property
    def client(self) -> AsyncWebClient:
        """Slack's own client, for what is no letter."""
        if self._client is None:
            raise RuntimeError("the Slack carrier was not started")
        return self._client

    async def send(self, letter: Letter) -> Outcome:
        """Carry it. Raises only for faults of our own (an unknown phrase), never for what Slack does."""
        try:
            return await self._send(letter.payload, letter)
        except Waits as later:
            return later.said
        except SlackApiError as fault:
            if code(fault) in DONE:
                return Sent(letter.remote)
            return outcome(fault)
        except FAULTS as fault:
            return outcome(fault)

    async def _send(self, payload: Outgoing, letter: Letter) -> Outcome:
        if isinstance(payload, Message):
            return await self._message(payload, letter)
        if isinstance(payload, Delete):
            return await self._delete(payload)
        if isinstance(payload, React):
            return await self._react(payload)
        if isinstance(payload, Form | Page):
            return await show(self.client, payload, letter)
        if isinstance(payload, Edit | Answer):
            return Sent()  # buttons here answer with the card itself, and presses need no answer
        return NotSent(f"Slack carries no {type(payload).__name__}", permanent=True)

    async def _message(self, message: Message, letter: Letter) -> Outcome:
        words = render(message, letter.language, letter.keyboard, letter.key)
        to = message.to
        if isinstance(to, Channel):
            thread = letter.thread or to.thread_ts
            if letter.remote is not None and words["blocks"]:
                return await self._update(to.id, letter.remote, thread, words)
            return await self._post(to.id, thread, words, message, letter)
        if not isinstance(to, Teammate):
            return NotSent("no member of the team", permanent=True)
        if to.channel is not None and not message.media and await self._whisper(to, to.channel, letter, words):
            return Sent()
        direct = await self._direct_messages(to.user)
        if letter.remote is not None and words["blocks"]:
            result = await self._update(direct, letter.remote, letter.thread, words)
        else:
            result = await self._post(direct, letter.thread, words, message, letter)
        # a direct message names its channel in its id, as the recipient does not
        if isinstance(result, Sent) and result.remote and ":" not in result.remote:
            return Sent(f"{direct}:{result.remote}")
        return result

    async def _post(
        self, channel: str, thread: str | None, words: dict[str, Any], message: Message, letter: Letter
    ) -> Outcome:
        """The words, then the files under them."""
        if not words["blocks"]:
            return await self._files_alone(channel, thread, message, letter)
        posted = await self.client.chat_postMessage(channel=channel, thread_ts=thread, **words)
        ts = ts_of(posted)
        if message.media:
            failpoint("sender.before_files.slack")
            await self._files_under(channel, thread or ts, message.media, letter)
        return Sent(ts)

    async def _update(self, channel: str, remote: str, thread: str | None, words: dict[str, Any]) -> Outcome:
        where, ts = _at(channel, remote)
        try:
            await self.client.chat_update(
                channel=where, ts=ts, text=words["text"], blocks=words["blocks"], metadata=words["metadata"]
            )
        except SlackApiError as fault:
            if code(fault) not in CANNOT_CHANGE:
                raise
            posted = await self.client.chat_postMessage(channel=where, thread_ts=thread, **words)
            return Sent(f"{where}:{ts_of(posted)}" if ":" in remote else ts_of(posted))
        return Sent(remote)

    async def _whisper(self, to: Teammate, channel: str, letter: Letter, words: dict[str, Any]) -> bool:
        """Words that only he sees, unless he is not there; they cannot be changed or found later."""
        try:
            await self.client.chat_postEphemeral(
                channel=channel,
                user=to.user,
                thread_ts=letter.thread or to.thread_ts,
                text=words["text"],
                blocks=words["blocks"],
            )
        except SlackApiError as fault:
            if code(fault) != "user_not_in_channel":
                raise
            return False
        return True

    async def _direct_messages(self, user: str) -> str:
        if user not in self._direct:
            opened = await self.client.conversations_open(users=user)
            self._direct[user] = str(opened["channel"]["id"])
        return self._direct[user]

    async def _delete(self, delete: Delete) -> Outcome:
        try:
            channel, ts = await self._place(delete.to, delete.remote)
            await self.client.chat_delete(channel=channel, ts=ts)
        except SlackApiError as fault:
            if code(fault) != "message_not_found":
                raise
        return Sent()

    async def _react(self, react: React) -> Outcome:
        channel, ts = await self._place(react.to, react.remote)
        change = self.client.reactions_add if react.added else self.client.reactions_remove
        try:
            await change(channel=channel, timestamp=ts, name=react.name)
        except SlackApiError as fault:
            if code(fault) != "message_not_found":  # whoever wrote it has deleted it: nobody misses the mark
                raise
        return Sent()

    async def _place(self, to: object, remote: str) -> tuple[str, str]:
        if isinstance(to, Channel):
            return _at(to.id, remote)
        if isinstance(to, Teammate) and ":" not in remote:
            return to.channel or await self._direct_messages(to.user), remote
        return _at("", remote)

    async def _files_alone(self, channel: str, thread: str | None, message: Message, letter: Letter) -> Outcome:
        """A message of files only: it fails as a whole."""
        if not message.media:
            return NotSent("a message that says nothing", permanent=True)
        try:
            await self._carry([await self._paper(m, letter.language) for m in message.media], channel, thread)
        except FileUnavailableError as fault:
            return NotSent(str(fault), permanent=fault.permanent)
        except Unfetchable as fault:
            return fault.said
        return Sent()

    async def _files_under(
        self, channel: str, thread: str, media: Sequence[Attached | Document], letter: Letter
    ) -> None:
        """Files under words that must not be said twice. One that is gone is told in the thread; one that cannot be had
        for the moment raises Waits: they come together, later."""
        papers, missing = list[Paper](), list[str]()
        for medium in media:
            try:
                papers.append(await self._paper(medium, letter.language))
            except Exception as fault:  # the other network or the drawing: whatever it is, the rest goes on
                if isinstance(fault, Unfetchable) and not fault.permanent and not letter.last:
                    raise Waits(fault.said) from fault
                log.warning("a file was not brought to Slack: %s", type(fault).__name__)
                missing.append(title_of(medium))
        for attempt in range(TRIES):
            try:
                await self._carry(papers, channel, thread)
                break
            except FAULTS as fault:
                log.warning("files were not put up in Slack: %s", type(fault).__name__)
                await asyncio.sleep(PAUSE * (attempt + 1))
        else:
            missing += [paper.name for paper in papers]
        if missing:
            await self._tell_missing(channel, thread, missing, letter.language)

    async def _tell_missing(self, channel: str, thread: str, names: list[str], language: str) -> None:
        note = Message(to=Channel(channel), body=tuple(t("slack.file.missing", name=name) for name in names))
        words = render(note, language, None, "missing")
        try:
            await self.client.chat_postMessage(channel=channel, thread_ts=thread, **words)
        except FAULTS as fault:
            log.warning("nor could that be told: %s", type(fault).__name__)

    async def _paper(self, medium: Attached | Document, language: str) -> Paper:
        if isinstance(medium, Document):
            return Paper(*await self._papers(medium, language))
        fetch = self._telegram_files if medium.network == "telegram" else self.fetch
        return Paper(name_of(medium.file), await fetch(medium.file))

    async def _carry(self, papers: list[Paper], channel: str, thread: str | None) -> None:
        if papers and self._session is not None:
            ids = await put_up(self.client, self._session, papers)
            await share(self.client, ids, [paper.name for paper in papers], channel, thread)

    async def outside(self, channels: Iterable[str]) -> list[str]:
        """Of these channels, those that we cannot post in: not there, or nobody has invited us."""
        found = []
        for channel in channels:
            try:
                told = await self.client.conversations_info(channel=channel)
                member = bool((told.get("channel") or {}).get("is_member"))
            except SlackApiError as refused:
                member = refused.response.get("error") not in ("channel_not_found", "not_in_channel")
            except FAULTS:
                continue  # Slack is away: it will be seen when something is posted
            if not member:
                found.append(channel)
        return found

    async def fetch(self, file: File) -> bytes:
        """The bytes of a file in Slack, at most 20 MB. Raises FileUnavailableError, and what the network raises."""
        if self._session is None:
            raise RuntimeError("the Slack carrier was not started")
        return await download(self.client, self._session, file)

    async def find(self, letter: Letter) -> str | None:
        """The remote id of a message that arrived after all; ConnectionError when Slack cannot say.

        Files that did not follow their words (the process died in between) are brought now.
        """
        message = letter.payload
        if not isinstance(message, Message):
            return None
        try:
            return await self._found(message, letter)
        except FAULTS as fault:
            if isinstance(result := outcome(fault), Unknown) or not result.permanent:
                raise ConnectionError(f"Slack cannot say: {result.error}") from fault
            return None

    async def _found(self, message: Message, letter: Letter) -> str | None:
        to = message.to
        if isinstance(to, Channel):
            thread = letter.thread or to.thread_ts
            ts = await look(self.client, to.id, thread, letter.key)
            if ts and message.media:
                there = await files_after(self.client, to.id, thread or ts, ts)
                await self._files_under(to.id, thread or ts, message.media[there:], letter)
            return ts
        if isinstance(to, Teammate) and (to.channel is None or message.media):
            direct = await self._direct_messages(to.user)
            ts = await look(self.client, direct, letter.thread, letter.key)
            return f"{direct}:{ts}" if ts else None
        return None


def _at(channel: str, remote: str) -> tuple[str, str]:
    """Channel and ts: a remote id may name its own channel."""
    named, colon, ts = remote.partition(":")
    return (named, ts) if colon else (channel, remote)
