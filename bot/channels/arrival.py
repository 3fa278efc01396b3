"""What a network's door hands to the inbox: one raw event, already guarded, not yet read."""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple


class Arrival(NamedTuple):
    """One row of the inbox to be."""

    source: str  # the network: "telegram", "slack"
    external_id: str  # unique per source: the same event delivered twice has the same one
    conversation: str  # order is kept within it
    payload: dict[str, Any]


# Writes the rows (one transaction); returns only when they are safe, raises when they are not.
Accept = Callable[[list[Arrival]], Awaitable[None]]
