"""Slack's requests over HTTP: a guard in front of Bolt, which lets only Slack's own words through."""

import hashlib
import hmac
import json
import logging
import re
import time
from collections import OrderedDict
from collections.abc import Callable
from urllib.parse import parse_qsl

from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.async_app import AsyncApp
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.slack_shape import Json

log = logging.getLogger(__name__)

LARGEST = 1024 * 1024  # bytes
AGE = 300  # seconds a request may be off, either way
REMEMBERED, MOST_REMEMBERED = 600, 20_000  # seconds, signatures
SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")
TIME = re.compile(r"[0-9]{1,11}")


class RefusedError(Exception):
    """Not a request of Slack's; `status` says how we answer."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


def slack_route(
    app: AsyncApp,
    signing_secret: str,
    *,
    path: str = "/slack",
    now: Callable[[], float] = time.time,  # noqa: TID251 (signatures are checked against real time)
) -> Route:
    """POST /slack. Whatever is not signed by Slack, and fresh, is a 4xx before anything is read into it."""
    guard = Guard(signing_secret, now)

    async def receive(request: Request) -> Response:
        try:
            signature = guard.head(request)
            body = await _read(request)
            guard.check(request, signature, body)
            if guard.knows(signature):
                return Response()  # once more the same request: it had its effect
            payload = _shape(request.headers.get("content-type", ""), body)
            taken = to_async_bolt_request(request, body)
            taken.body = payload  # Bolt finds nothing in a command that has the word "payload" somewhere in its text
        except RefusedError as refused:
            return Response(status_code=refused.status)
        except (ClientDisconnect, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
            return Response(status_code=400)  # signed, and yet of no shape that Bolt can hold
        try:
            answer = to_starlette_response(await app.async_dispatch(taken))
        except (
            Exception
        ) as fault:  # what our side raises Bolt has turned into a status; this is a shape it stumbles over
            log.warning("a Slack request could not be taken: %s", type(fault).__name__)
            return Response(status_code=400)
        if answer.status_code < 300:
            guard.remember(signature)
        return answer

    return Route(path, receive, methods=["POST"])


class Guard:
    """Slack's signature, its age, and the ones that were seen."""

    def __init__(self, signing_secret: str, now: Callable[[], float]) -> None:
        if not signing_secret:
            raise ValueError("Slack's requests cannot be told from forged ones without the signing secret")
        self._secret, self._now = signing_secret.encode(), now
        self._seen: OrderedDict[str, float] = OrderedDict()

    def head(self, request: Request) -> str:
        """What can be refused before the body is read; the signature, if it looks like one."""
        length = request.headers.get("content-length", "0")
        if not TIME.fullmatch(length) or int(length) > LARGEST:
            raise RefusedError(413)
        stamp = request.headers.get("x-slack-request-timestamp", "")
        signature = request.headers.get("x-slack-signature", "")
        if not TIME.fullmatch(stamp) or not SIGNATURE.fullmatch(signature):
            raise RefusedError(401)
        if abs(self._now() - int(stamp)) > AGE:
            raise RefusedError(401)
        return signature

    def check(self, request: Request, signature: str, body: bytes) -> None:
        base = b"v0:" + request.headers["x-slack-request-timestamp"].encode() + b":" + body
        right = "v0=" + hmac.new(self._secret, base, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(right, signature):
            raise RefusedError(401)

    def knows(self, signature: str) -> bool:
        return signature in self._seen

    def remember(self, signature: str) -> None:
        """Keep it for as long as its time stamp is good, and then some."""
        now = self._now()
        self._seen[signature] = now
        while self._seen and (len(self._seen) > MOST_REMEMBERED or next(iter(self._seen.values())) < now - REMEMBERED):
            self._seen.popitem(last=False)


async def _read(request: Request) -> bytes:
    """The body, counted while it comes: a sender need not tell its length, or may lie."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            raise RefusedError(413)
    return bytes(body)


def _shape(content_type: str, body: bytes) -> Json:
    """What is in one of the three forms Slack writes in. Raises ValueError for what is no JSON."""
    text = body.decode("utf-8")
    if content_type.partition(";")[0].strip().lower() == "application/json":
        payload = json.loads(text)
    else:
        fields = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=200))
        payload = json.loads(fields["payload"]) if "payload" in fields else fields
        if "payload" not in fields and not {"command", "ssl_check"} & fields.keys():
            raise RefusedError(400)
    if not isinstance(payload, dict) or not payload:
        raise RefusedError(400)
    return payload
