"""What the two ways to the product (socket, signed HTTP) have in common."""

from dataclasses import dataclass
from typing import Any, Literal, Protocol

from sandbox.slack.state import Json

EnvelopeKind = Literal["events_api", "interactive", "slash_commands"]


@dataclass
class Parcel:
    """Something for the product: `method` is its name in the recording, `accepts` whether an answer may say more."""

    kind: EnvelopeKind
    method: str
    payload: Json
    accepts: bool = False
    attempt: int = 0
    reason: str = ""  # why it comes again
    judged: bool = True


class NotAcknowledgedError(Exception):
    """The product did not acknowledge in time; `final` when it asked not to be tried again."""

    def __init__(self, reason: str, *, status: int | None = None, final: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.status, self.final = reason, status, final


class Courier(Protocol):
    async def send(self, parcel: Parcel) -> Any:
        """What the product answered with its acknowledgement (None: nothing); NotAcknowledgedError otherwise."""
