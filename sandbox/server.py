"""The sandbox as one HTTP server on loopback: a Telegram and a Slack behind one address."""

import ipaddress
from pathlib import Path

from aiohttp import web

from sandbox.clock import Clock
from sandbox.host import Changes, Delays, Host
from sandbox.slack import Slack
from sandbox.telegram import Telegram

__all__ = ["Changes", "Delays", "Sandbox"]

LARGEST_BODY = 64 * 1024 * 1024  # above the 50 MB a bot may upload, so that Telegram itself can refuse


class Sandbox(Host):
    """Both networks, listening once started."""

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        clock_file: Path | None = None,
        delays: Delays | None = None,
        token: str | None = None,
        first_update_id: int = 718_204_311,
    ) -> None:
        """`token` binds the Telegram bot beforehand; without it the first one of the form `digits:…` is taken."""
        if not is_loopback(host):
            raise ValueError(f"the sandbox listens on loopback only, not on {host}")
        super().__init__(Clock(clock_file), delays or Delays())
        self.host, self.port = host, port
        self.telegram = Telegram(self, token=token, first_update_id=first_update_id)
        self.slack = Slack(self)
        self._runner: web.AppRunner | None = None
        self.extra_routes: list[web.AbstractRouteDef] = []  # the web page's, added before `start`

    async def start(self) -> None:
        app = web.Application(client_max_size=LARGEST_BODY)
        app.add_routes([*self.telegram.routes(), *self.slack.routes(), *self.extra_routes])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.host, self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        name = f"[{self.host}]" if ":" in self.host else self.host
        self.url = f"http://{name}:{self.port}"
        await self.telegram.start()
        await self.slack.start()

    async def stop(self) -> None:
        await self.slack.stop()
        await self.telegram.stop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> "Sandbox":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()


def is_loopback(host: str) -> bool:
    """True for an address that no other machine can reach."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
