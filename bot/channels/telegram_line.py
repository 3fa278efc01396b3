"""The wire to Telegram, and what an error on it says about a send."""

import json
import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import SplitResult, urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter

from bot.channels.carrier import NotSent, Unknown

UNREACHED = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,  # to a server, or for a free place in the pool
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
)
POOL, WRITE, WRITE_FILES = 5.0, 10.0, 60.0  # seconds: for a free connection, and to get a request out
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
GONE = ("chat not found", "user is deactivated", "peer_id_invalid", "group chat was upgraded", "bot was kicked")


class TooFast(TelegramError):  # noqa: N818 (what Telegram says, not a fault)
    """A 429: how many seconds Telegram wants us to wait."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"too many requests, wait {seconds:g} s")
        self.seconds = seconds


class Line(BaseRequest):
    """The wire under the library: aiohttp, which takes far less CPU than the library's own client.

    Errors are told apart by status before the library blurs them.
    """

    def __init__(self, api: str, *, size: int, read: float, connect: float = 5.0) -> None:
        """`size`: connections at once; `read`, `connect`: seconds for an answer and for a connection."""
        self._proxy = way_out(urlsplit(api))
        self._size, self._read, self._connect = size, read, connect
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return self._read

    async def initialize(self) -> None:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._size),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def ask(self, url: str, fields: Mapping[str, str]) -> Any:
        """Call a method whose fields are spelt out already: the raw result. Raises TelegramError."""
        return await self.post(url, RequestData([RequestParameter(name, said, None) for name, said in fields.items()]))

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        *_other: Any,
        **_others: Any,
    ) -> tuple[int, bytes]:
        read = read_timeout if isinstance(read_timeout, int | float) else self._read
        status, body = await self._call(url, method, request_data, read)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            raise TooFast(_retry_after(body))
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise NetworkError(f"Telegram answered {status}")
        if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            raise BadRequest("the file is too large")
        return status, body

    async def _call(self, url: str, method: str, data: RequestData | None, read: float) -> tuple[int, bytes]:
        if self._session is None:
            raise RuntimeError("the line is not open")
        limits = aiohttp.ClientTimeout(
            total=POOL + self._connect + (WRITE_FILES if data and data.contains_files else WRITE) + read,
            connect=POOL + self._connect,
            sock_connect=self._connect,
            sock_read=read,
        )
        head = None if data is None or data.contains_files else FORM
        try:
            async with self._session.request(
                method,
                url,
                data=None if data is None else _body(data),
                headers=head,
                timeout=limits,
                proxy=self._proxy,
                allow_redirects=False,
            ) as answer:
                return answer.status, await answer.read()
        except TimeoutError as late:
            raise TimedOut from late
        except aiohttp.ClientError as fault:
            raise NetworkError(f"{type(fault).__name__}: {fault}") from fault


def _body(data: RequestData) -> str | aiohttp.FormData:
    """A form; with files as its parts where there are some."""
    if not data.contains_files:
        return data.url_encoded_parameters()
    form = aiohttp.FormData(quote_fields=False)
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (file, content, kind) in data.multipart_data.items():
        form.add_field(name, content, filename=file, content_type=kind)
    return form


def way_out(api: SplitResult) -> str | None:
    """The proxy that the environment names (HTTPS_PROXY, NO_PROXY), looked up once."""
    if proxy_bypass(api.netloc):
        return None
    return getproxies().get(api.scheme) or getproxies().get("all")


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
