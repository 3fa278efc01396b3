"""The wire to Telegram, and what an error on it says about a send."""

import json
import logging
from http import HTTPStatus
from ssl import SSLContext
from typing import Any

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
)
from telegram.request import HTTPXRequest, RequestData

from bot.channels.carrier import NotSent, Unknown

UNREACHED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)
GONE = ("chat not found", "user is deactivated", "peer_id_invalid", "group chat was upgraded", "bot was kicked")


class TooFast(TelegramError):  # noqa: N818 (what Telegram says, not a fault)
    """A 429: how many seconds Telegram wants us to wait."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"too many requests, wait {seconds:g} s")
        self.seconds = seconds


class Line(HTTPXRequest):
    """The library's HTTP client, with errors told apart by status before the library blurs them."""

    def __init__(self, security: SSLContext, *, size: int, read: float, connect: float = 5.0) -> None:
        super().__init__(
            connection_pool_size=size,
            connect_timeout=connect,
            read_timeout=read,
            write_timeout=10.0,
            pool_timeout=5.0,
            media_write_timeout=60.0,
            httpx_kwargs={"verify": security},  # one context for all clients: making it is slow
        )

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *args: Any, **kwargs: Any
    ) -> tuple[int, bytes]:
        status, body = await super().do_request(url, method, request_data, *args, **kwargs)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            raise TooFast(_retry_after(body))
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise NetworkError(f"Telegram answered {status}")
        if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            raise BadRequest("the file is too large")
        return status, body


def _retry_after(body: bytes) -> float:
    try:
        return min(max(float(json.loads(body)["parameters"]["retry_after"]), 0.0), 86_400.0)
    except (ValueError, TypeError, LookupError, RecursionError):
        return 1.0


def quiet() -> None:
    """Keep the libraries from logging the token (it is in every address) and what people wrote."""
    for name in ("httpx", "httpcore", "telegram"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("telegram.request.BaseRequest").setLevel(logging.CRITICAL)


def outcome(fault: BaseException) -> NotSent | Unknown:
    """What an exception says about the call: by its class, and for a network fault by the class of its cause."""
    words = f"{type(fault).__name__}: {fault}"[:300]
    if isinstance(fault, TooFast):
        return NotSent(words, retry_after=fault.seconds)
    if isinstance(fault, Forbidden | ChatMigrated):
        return NotSent(words, permanent=True, gone=True)
    if isinstance(fault, BadRequest):
        return NotSent(words, permanent=True, gone=says(fault, *GONE))
    if isinstance(fault, InvalidToken):
        return NotSent(words, permanent=True)
    if isinstance(fault, Conflict) or isinstance(fault.__cause__, UNREACHED):
        return NotSent(words)
    cause = f" ({type(fault.__cause__).__name__})" if fault.__cause__ else ""
    return Unknown(words + cause)


def says(fault: BaseException, *fragments: str) -> bool:
    """Whether the error's description has one of the fragments (Telegram has no codes for its 400s)."""
    words = str(fault).lower()
    return any(fragment in words for fragment in fragments)
