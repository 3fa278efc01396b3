"""Fetches somebody's other calendar. Its address is a secret: no error and no log line has it."""

from urllib.parse import urljoin, urlsplit

import aiohttp

LARGEST = 5 * 1024 * 1024  # bytes
PATIENCE = aiohttp.ClientTimeout(total=20, connect=8)
HOPS = 3  # redirections
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class CalendarAway(Exception):  # noqa: N818 (an outcome)
    """It could not be fetched; says why in a word or two, never where."""


def address_of(given: str, *, loopback: bool = False) -> str:
    """The address as we fetch it: only https (webcal is https); http on this machine only, where a test says so.

    Raises ValueError, which does not repeat it.
    """
    address = given.strip()
    if address.startswith("webcal://"):
        address = "https://" + address.removeprefix("webcal://")
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        raise ValueError("it is no address") from None
    here = loopback and parts.scheme == "http" and host in LOOPBACK
    if not host or not (parts.scheme == "https" or here) or any(c.isspace() for c in address):
        raise ValueError("it must begin with https:// (or webcal://)")
    return address


async def fetch(address: str, *, loopback: bool = False, largest: int = LARGEST) -> bytes:
    """What stands at an address. Raises CalendarAway."""
    try:
        async with aiohttp.ClientSession(timeout=PATIENCE, trust_env=True) as session:
            for _ in range(HOPS + 1):
                address = address_of(address, loopback=loopback)
                async with session.get(address, allow_redirects=False, headers={"Accept": "text/calendar"}) as answer:
                    if answer.status in (301, 302, 303, 307, 308):
                        address = urljoin(address, answer.headers.get("Location", ""))
                        continue
                    if answer.status != 200:
                        raise CalendarAway(f"HTTP {answer.status}")
                    return await _body(answer, largest)
            raise CalendarAway("redirected too often")
    except ValueError:
        raise CalendarAway("redirected to a place we do not fetch from") from None
    except TimeoutError:
        raise CalendarAway("no answer in time") from None
    except (aiohttp.ClientError, OSError) as fault:
        raise CalendarAway(type(fault).__name__) from None


async def _body(answer: aiohttp.ClientResponse, largest: int) -> bytes:
    """At most so many bytes, also when it says otherwise."""
    read = bytearray()
    async for chunk in answer.content.iter_chunked(64 * 1024):
        read += chunk
        if len(read) > largest:
            raise CalendarAway("too large")
    return bytes(read)
