"""How each source of the inbox is read."""

from typing import Any

import msgspec

from bot.channels import slack_reader, telegram_reader
from handlers.inbound import Delivered, Due, Inbound


def _due(payload: dict[str, Any]) -> Inbound:
    return msgspec.convert(payload, Due)


def _delivered(payload: dict[str, Any]) -> Inbound:
    return msgspec.convert(payload, Delivered)


READERS = {
    "telegram": telegram_reader.read,
    "slack": slack_reader.read,
    "timer": _due,
    "delivery": _delivered,
}
