"""The web side: web hooks, health, metrics. One owner of signals: not this one."""

import asyncio
import contextlib
import importlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from uvicorn.config import Config
from uvicorn.server import Server

from bot.health import Health
from bot.settings import Settings


class _Server(Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the program's own order of stopping."""
        yield


class Web:
    """Serves on PORT; not ready (503) until `open`."""

    def __init__(self, settings: Settings, health: Callable[[], Health], routes: Sequence[Any]) -> None:
        self.open = False
        self._health = health
        app = Starlette(
            routes=[
                Route("/healthz", self._healthz),
                Route("/readyz", self._readyz),
                Route("/metrics", self._metrics),
                *routes,
            ]
        )
        self._server = _Server(
            Config(
                app,
                host="0.0.0.0" if settings.hooked else "127.0.0.1",  # noqa: S104 (web hooks come from outside)
                port=settings.port,
                log_config=None,
                access_log=False,
                timeout_graceful_shutdown=3,
                lifespan="off",
            )
        )
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Serve in the background; a port that is taken is an OSError at once."""
        self._task = asyncio.create_task(self._serve(), name="web")
        while not self._server.started:
            if self._task.done():
                await self._task
                raise OSError(f"port {self._server.config.port} cannot be used")
            await asyncio.sleep(0.005)

    async def _serve(self) -> None:
        try:
            await self._server.serve()
        except SystemExit as gave_up:  # uvicorn's way to say that the port is taken
            raise OSError(f"port {self._server.config.port} cannot be used: choose another with PORT") from gave_up

    async def stop(self) -> None:
        """Finish what is being answered, then close."""
        self._server.should_exit = True
        if self._task is not None:
            await self._task

    async def _healthz(self, _request: Request) -> Response:
        return JSONResponse({"alive": True})

    async def _readyz(self, _request: Request) -> Response:
        health = self._health()
        ready = self.open
        return JSONResponse({"ready": ready, "telegram": health.telegram, "slack": health.slack}, 200 if ready else 503)

    async def _metrics(self, _request: Request) -> Response:
        # Loaded when somebody asks for the first time: most small companies never do.
        metrics = await asyncio.to_thread(importlib.import_module, "bot.metrics")
        body, media_type = metrics.exposition(self._health())
        return Response(body, media_type=media_type)
