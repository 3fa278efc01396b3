"""What the outbox asks of a network, and what a network can say about a send."""

from dataclasses import dataclass
from typing import Protocol

from handlers.messages import Outgoing


@dataclass(frozen=True)
class Letter:
    """One row of the outbox, ready to leave."""

    id: int
    key: str  # unique for ever: Slack keeps it in the message's metadata
    payload: Outgoing
    language: str  # the reader's
    remote: str | None = None  # the network's id of the card to edit, if it is already there
    thread: str | None = None  # Slack: the ts of the message that heads the thread
    keyboard: str | None = None  # the buttons' token: button number i is "<keyboard>.<i>", counted row by row


@dataclass(frozen=True)
class Sent:
    """The network took it; `remote` is its id there, where it has one."""

    remote: str | None = None


@dataclass(frozen=True)
class NotSent:
    """The network did not take it. `permanent`: no second try can help, and `gone` says that the recipient is."""

    error: str
    permanent: bool = False
    gone: bool = False  # blocked, deactivated, archived, never started
    retry_after: float | None = None  # seconds, when the network said so


@dataclass(frozen=True)
class Unknown:
    """Nobody knows whether the network took it."""

    error: str


Outcome = Sent | NotSent | Unknown


class Carrier(Protocol):
    """One network as the outbox sees it."""

    async def send(self, letter: Letter) -> Outcome:
        """Carry it; never raises for what a network can do."""

    async def find(self, letter: Letter) -> str | None:
        """The remote id of a letter that may have arrived after all (only where the network can be asked)."""
