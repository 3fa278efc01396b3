"""Logs: JSON lines (pretty on a terminal), allowed fields only, no personal data and no tokens."""

import logging
import re
import sys
import traceback
from typing import Any

import structlog

TOKEN = re.compile(r"(\d{5,}:[\w-]{10,}|x(?:ox[a-z]|app)-[\w-]+)")
QUIET = ("httpx", "httpcore", "slack_bolt", "slack_sdk", "aiohttp.access", "uvicorn.access")


def configure(level: str) -> None:
    """Set the logs up, once per process: ours and the libraries' the same way."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(_frames),
        _redact,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),  # what is not told costs nothing
        cache_logger_on_first_use=True,
    )
    pretty = sys.stderr.isatty()
    last = (
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if pretty
        else structlog.processors.JSONRenderer()
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a beat that is still busy is no news
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _frames(exc_info: Any) -> str:
    """Where it happened and what kind it was; not its message, which may hold somebody's words."""
    kind, _, trace = exc_info
    return "".join(traceback.format_tb(trace)) + getattr(kind, "__name__", "")


def _redact(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    return {key: TOKEN.sub("•••", value) if isinstance(value, str) else value for key, value in event.items()}
