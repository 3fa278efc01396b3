"""Faults on demand: what a network does to a client on a bad day, declared as data."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from sandbox.recording import Network

Kind = Literal[
    "status",  # answer with `status` without executing (429 carries retry_after)
    "reset_before",  # close the connection without executing
    "reset_after",  # execute, then close the connection without an answer
    "status_after",  # execute, then answer with `status` (an outcome the client cannot know)
    "hang",  # execute nothing and answer nothing for `seconds`
    "slow",  # execute and answer after `seconds`
]


@dataclass
class Fault:
    """One fault: which calls it hits, what it does, how often (None: until cleared)."""

    kind: Kind
    network: Network
    method: str = "*"
    target: str | None = None  # chat id or channel id
    status: int = 500
    retry_after: int | None = None
    seconds: float = 0.0
    error: str | None = None  # the description (Telegram) or error code (Slack) to answer with
    times: int | None = 1
    hits: int = 0

    def meets(self, network: Network, method: str, target: str | None) -> bool:
        return (
            self.network == network
            and fnmatchcase(method, self.method)
            and self.target in (None, target)
            and (self.times is None or self.hits < self.times)
        )


class Faults:
    """The faults in force, first come first served."""

    def __init__(self) -> None:
        self.list: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        self.list.append(fault)
        return fault

    def away(self, network: Network) -> Fault:
        """The whole network is unreachable until `clear`."""
        return self.add(Fault("reset_before", network, times=None))

    def clear(self, network: Network | None = None) -> None:
        self.list = [f for f in self.list if network is not None and f.network != network]

    def take(self, network: Network, method: str, target: str | None = None) -> Fault | None:
        """The fault that hits this call, counted."""
        for fault in self.list:
            if fault.meets(network, method, target):
                fault.hits += 1
                return fault
        return None
