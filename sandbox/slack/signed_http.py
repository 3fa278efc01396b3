"""Signed HTTP: events, interactions and commands posted to the product's request address."""

import asyncio
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import aiohttp

from sandbox.host import Host
from sandbox.slack.courier import NotAcknowledgedError, Parcel
from sandbox.slack.state import Json

CHALLENGE = "sandbox-challenge"
AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"


class SignedHttp:
    def __init__(self, host: Host, address: str, secret: str) -> None:
        self.host, self.address, self.secret = host, address, secret
        self.session = aiohttp.ClientSession()

    def signed(self, body: str, *, at: int | None = None) -> dict[str, str]:
        """The headers that prove the body comes from Slack; real time, since the product checks it with its own."""
        stamp = at if at is not None else int(datetime.now(UTC).timestamp())  # noqa: TID251 (a signature is no business)
        digest = hmac.new(self.secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": str(stamp), "X-Slack-Signature": f"v0={digest}", "User-Agent": AGENT}

    async def verify(self, token: str) -> None:
        """Slack's first question to an address; ValueError when it is not answered with the challenge."""
        body = json.dumps({"token": token, "challenge": CHALLENGE, "type": "url_verification"})
        headers = self.signed(body) | {"Content-Type": "application/json"}
        async with self.session.post(self.address, data=body, headers=headers) as response:
            text = await response.text()
            if response.status != 200 or not _answers(text, CHALLENGE):
                raise ValueError(f"{self.address} did not answer the challenge: {response.status} {text[:200]}")

    async def send(self, parcel: Parcel) -> Any:
        body, kind = _encoded(parcel)
        headers = self.signed(body) | {"Content-Type": kind}
        if parcel.attempt:
            headers |= {"X-Slack-Retry-Num": str(parcel.attempt), "X-Slack-Retry-Reason": parcel.reason}
        try:
            async with (
                asyncio.timeout(self.host.delays.acknowledge),
                self.session.post(self.address, data=body.encode(), headers=headers, allow_redirects=False) as response,
            ):
                text = await response.text()
        except TimeoutError:
            raise NotAcknowledgedError("http_timeout") from None
        except aiohttp.ClientError:
            raise NotAcknowledgedError("connection_failed") from None
        if not 200 <= response.status < 300:
            final = response.headers.get("X-Slack-No-Retry") == "1"
            raise NotAcknowledgedError("http_error", status=response.status, final=final)
        return _answer(parcel, text)

    async def stop(self) -> None:
        await self.session.close()


def _encoded(parcel: Parcel) -> tuple[str, str]:
    if parcel.kind == "events_api":
        return json.dumps(parcel.payload), "application/json"
    fields: Json = parcel.payload if parcel.kind == "slash_commands" else {"payload": json.dumps(parcel.payload)}
    return urlencode(fields), "application/x-www-form-urlencoded"


def _answers(text: str, challenge: str) -> bool:
    """True for the challenge itself, plain or as a JSON field."""
    try:
        body = json.loads(text)
    except ValueError:
        return text.strip() == challenge
    return bool(isinstance(body, dict) and body.get("challenge") == challenge)


def _answer(parcel: Parcel, text: str) -> Any:
    if not text.strip() or parcel.kind == "events_api":
        return None
    try:
        return json.loads(text)
    except ValueError:
        return {"text": text} if parcel.kind == "slash_commands" else None
