"""What an error of the Slack client says about a send: not sent, never to be sent, or nobody knows."""

from collections.abc import Mapping

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.channels.carrier import NotSent, Unknown

# Slack did something, or may have: it says so itself.
UNSURE = frozenset({"fatal_error", "internal_error", "service_unavailable", "request_timeout"})
LATER = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
# There is nobody and nothing to send to any more.
GONE = frozenset(
    {"account_inactive", "cannot_dm_bot", "channel_not_found", "is_archived", "not_in_channel", "user_disabled"}
    | {"user_is_bot", "user_not_found", "user_not_visible", "users_not_found"}
)
UNREADABLE = frozenset({400, 413, 414, 431})  # malformed, or too long
PAUSE = 30.0  # seconds, when Slack asks to wait and does not say how long

# What the network does to us. Whatever else is raised is a fault of our own.
FAULTS = (SlackApiError, aiohttp.ClientError, OSError, TimeoutError)


def outcome(fault: Exception) -> NotSent | Unknown:
    """The class of a fault: by the network's word where there is one, else by whether the request can have left."""
    if isinstance(fault, SlackApiError):
        return _refused(fault)
    if isinstance(fault, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return NotSent(type(fault).__name__)
    return Unknown(type(fault).__name__)


def code(fault: SlackApiError) -> str:
    """Slack's word for the reason, or an empty one."""
    data = getattr(fault.response, "data", None)
    error = data.get("error") if isinstance(data, dict) else None
    return error if isinstance(error, str) else ""


def _refused(fault: SlackApiError) -> NotSent | Unknown:
    error, status = code(fault), _status(fault)
    if status == 429 or error in LATER:
        return NotSent(error or "429", retry_after=_pause(fault))
    if status >= 500 or error in UNSURE:
        return Unknown(error or str(status))
    if error:
        return NotSent(error, permanent=True, gone=error in GONE)
    # 200 without an answer: it may well have been posted; 4xx without one comes from something in between, which will
    # think better of it unless it is the request itself that nobody can read
    return Unknown("garbled answer") if status < 400 else NotSent(str(status), permanent=status in UNREADABLE)


def _status(fault: SlackApiError) -> int:
    # what cannot be read as JSON arrives as the raw answer of aiohttp
    status = getattr(fault.response, "status_code", None) or getattr(fault.response, "status", 0)
    return status if isinstance(status, int) else 0


def _pause(fault: SlackApiError) -> float:
    headers = getattr(fault.response, "headers", None)
    said = headers.get("Retry-After") if isinstance(headers, Mapping) else None
    try:
        return max(0.0, float(said)) if said is not None else PAUSE
    except ValueError:
        return PAUSE
