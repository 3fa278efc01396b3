"""What happened inside the product, fetched from an address that the product gives, for the page's drawer."""

from typing import Any

import aiohttp

from sandbox.control.asked import RefusedError

TIMEOUT = 5.0
LARGEST = 4 * 1024 * 1024


class Feed:
    """One address, asked with a token."""

    def __init__(self, address: str | None, token: str | None) -> None:
        self.address, self.token = address, token

    @property
    def given(self) -> bool:
        return self.address is not None

    async def fetch(self) -> Any:
        """The product's JSON, or RefusedError in words for the page."""
        if self.address is None:
            raise RefusedError("no feed was given", 404)
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        timeout = aiohttp.ClientTimeout(total=TIMEOUT)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout, headers=headers) as session,
                session.get(self.address, allow_redirects=False) as answer,
            ):
                if answer.status != 200:
                    raise RefusedError(f"the feed answers {answer.status}", 502)
                if (answer.content_length or 0) > LARGEST:
                    raise RefusedError("the feed is too long", 502)
                return await answer.json(content_type=None)
        except (TimeoutError, aiohttp.ClientError, ValueError):
            raise RefusedError("the feed cannot be reached", 502) from None
