"""Slack's own client, as we need it: one session, no retries, and one class of error for answers that make no sense."""

import itertools
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

SLACK = "https://slack.com/api/"
NEWEST = 200  # how far back a message is looked for
PAGES = 5  # of a thread, whose replies come oldest first


class Client(AsyncWebClient):
    """Makes each call once: the default retry handler posts twice when an answer is lost."""

    def __init__(self, token: str | None, api: str | None, session: aiohttp.ClientSession | None = None) -> None:
        super().__init__(token, api or SLACK, session=session, retry_handlers=[])

    async def api_call(self, *args: Any, **kwargs: Any) -> AsyncSlackResponse:
        try:
            return await super().api_call(*args, **kwargs)
        except (AttributeError, UnicodeDecodeError) as fault:  # JSON, but no object; or no text at all
            raise aiohttp.ClientPayloadError("garbled answer") from fault


def ts_of(posted: AsyncSlackResponse) -> str:
    """The id of a message that was just posted."""
    ts = posted.get("ts")
    if not isinstance(ts, str):
        raise aiohttp.ClientPayloadError("an answer without ts")
    return ts


async def look(client: AsyncWebClient, channel: str, thread: str | None, key: str) -> str | None:
    """The ts of the message that carries this key in its metadata, among the newest of a channel or all of a thread."""
    if thread is None:
        page = await client.conversations_history(channel=channel, limit=NEWEST, include_all_metadata=True)
        return _with_key(page.get("messages"), key)
    cursor: str | None = None
    for _ in range(PAGES):
        page = await client.conversations_replies(
            channel=channel, ts=thread, limit=NEWEST, cursor=cursor, include_all_metadata=True
        )
        if found := _with_key(page.get("messages"), key):
            return found
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            break
    return None


async def files_after(client: AsyncWebClient, channel: str, thread: str, ts: str) -> int:
    """How many files follow a message in its thread, put there by whoever wrote it, up to his next words."""
    page = await client.conversations_replies(channel=channel, ts=thread, oldest=ts, inclusive=True, limit=NEWEST)
    found = page.get("messages")
    messages: list[dict[str, Any]] = [m for m in found if isinstance(m, dict)] if isinstance(found, list) else []
    author = next((m.get("user") for m in messages if m.get("ts") == ts), None)
    below = [m.get("files") or () for m in messages if m.get("user") == author and m.get("ts") not in (thread, ts)]
    return sum(map(len, itertools.takewhile(bool, below)))


def _with_key(messages: object, key: str) -> str | None:
    for message in messages if isinstance(messages, list) else []:
        payload = (message.get("metadata") or {}).get("event_payload") or {}
        if payload.get("key") == key:
            return str(message["ts"])
    return None
