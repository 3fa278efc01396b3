"""What the outbox asks of a network, and what a network can say about a send."""

from dataclasses import dataclass, replace
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
    last: bool = False  # no other try follows: what cannot be brought is told
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
    aside: bool = False  # its words have arrived, a file has not: nobody behind it needs to wait


@dataclass(frozen=True)
class Unknown:
    """Nobody knows whether the network took it."""

    error: str
    aside: bool = False


Outcome = Sent | NotSent | Unknown


class Unfetchable(Exception):  # noqa: N818 (said to whoever wanted the file)
    """A file cannot be had. `said` is how asking for it went; `permanent`: not later either (too large, gone)."""

    def __init__(self, said: NotSent | Unknown) -> None:
        super().__init__(said.error)
        self.said = said

    @property
    def permanent(self) -> bool:
        return isinstance(self.said, NotSent) and self.said.permanent


class Waits(Exception):  # noqa: N818 (what is so, not a fault)
    """The words of a letter have arrived, a file has not yet; `said` is how asking for it went."""

    def __init__(self, said: NotSent | Unknown) -> None:
        super().__init__(said.error)
        self.said = replace(said, aside=True)


class Carrier(Protocol):
    """One network as the outbox sees it."""

    async def send(self, letter: Letter) -> Outcome:
        """Carry it; never raises for what a network can do."""

    async def find(self, letter: Letter) -> str | None:
        """The remote id of a letter that may have arrived after all (only where the network can be asked).

        ConnectionError: that cannot be said now. Waits: it has, but for a file.
        """
