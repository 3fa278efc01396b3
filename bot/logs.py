"""Logs: JSON lines (readable ones on a terminal), allowed fields only, no personal data and no tokens.

The standard library's, with fields: a package for it took a tenth of a second at every start and brought a terminal's
colours into memory with it.
"""

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from typing import Any

TOKEN = re.compile(r"(\d{5,}:[\w-]{10,}|x(?:ox[a-z]|app)-[\w-]+)")
QUIET = ("httpx", "httpcore", "slack_bolt", "slack_sdk", "aiohttp.access", "uvicorn.access")


class Log:
    """A logger whose lines have fields: `log.info("handled", inbox=7)`."""

    def __init__(self, name: str) -> None:
        self._logger = logging.getLogger(name)

    def info(self, event: str, **fields: Any) -> None:
        """What happened."""
        self._say(logging.INFO, event, fields)

    def warning(self, event: str, **fields: Any) -> None:
        """What is odd, and goes on by itself."""
        self._say(logging.WARNING, event, fields)

    def error(self, event: str, **fields: Any) -> None:
        """What somebody should look at."""
        self._say(logging.ERROR, event, fields)

    def exception(self, event: str, *, exc_info: BaseException | bool = True, **fields: Any) -> None:
        """What went wrong, and where: a given exception's, or that of the one being handled."""
        self._say(logging.ERROR, event, fields, exc_info)

    def _say(self, level: int, event: str, fields: dict[str, Any], fault: BaseException | bool = False) -> None:
        if self._logger.isEnabledFor(level):
            self._logger.log(level, event, exc_info=fault or None, extra={"fields": fields})


class Lines(logging.Formatter):
    """One line of JSON for each record; `pretty`: one for people."""

    def __init__(self, *, pretty: bool = False) -> None:
        super().__init__()
        self._pretty = pretty

    def format(self, record: logging.LogRecord) -> str:
        said = fields_of(record)
        return _for_people(said) if self._pretty else json.dumps(said, default=str)


def configure(level: str) -> None:
    """Set the logs up, once per process: ours and the libraries' the same way."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines(pretty=sys.stderr.isatty()))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a beat that is still busy is no news
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    """Everything a line says, without tokens."""
    said = {
        **getattr(record, "fields", {}),
        "event": record.getMessage(),
        "level": record.levelname.lower(),
        "logger": record.name,
        "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat().replace("+00:00", "Z"),
    }
    if record.exc_info and record.exc_info[0] is not None:
        said["exception"] = _frames(record.exc_info)
    return {key: TOKEN.sub("•••", value) if isinstance(value, str) else value for key, value in said.items()}


def _frames(exc_info: Any) -> str:
    """Where it happened and what kind it was; not its message, which may hold somebody's words."""
    kind, _, trace = exc_info
    return "".join(traceback.format_tb(trace)) + getattr(kind, "__name__", "")


def _for_people(said: dict[str, Any]) -> str:
    trace = said.pop("exception", "")
    head = f"{said.pop('timestamp')} {said.pop('level'):<7} {said.pop('logger')}: {said.pop('event')}"
    return " ".join([head, *(f"{key}={value}" for key, value in said.items())]) + (f"\n{trace}" if trace else "")
