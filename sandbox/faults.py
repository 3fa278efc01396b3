"""Faults on demand: what a network does to a client on a bad day, declared as data."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal, get_args

from sandbox.recording import Network

Kind = Literal[
    "status",  # answer with `status` without executing (429 carries retry_after)
    "reset_before",  # close the connection without executing
    "reset_after",  # execute, then close the connection without an answer
    "status_after",  # execute, then answer with `status` (an outcome the client cannot know)
    "hang",  # execute nothing and answer nothing for `seconds`
    "slow",  # execute and answer after `seconds`
    "query_lost",  # a payment: the bot is never asked (pre-checkout)
    "query_twice",  # a payment: the bot is asked twice by the same update
    "paid_late",  # a payment: `seconds` of the sandbox's clock pass between the bot's ok and the charge
    "paid_other",  # a payment: the provider reports another `amount`
    "paid_twice",  # a payment: the provider charges twice
]
PaymentKind = Literal["query_lost", "query_twice", "paid_late", "paid_other", "paid_twice"]


@dataclass
class Fault:
    """One fault: which calls it hits, what it does, how often (None: until cleared)."""

    kind: Kind
    network: Network
    method: str = "*"
    target: str | None = None  # chat id or channel id; of a payment: who pays
    status: int = 500
    retry_after: int | None = None
    seconds: float = 0.0
    error: str | None = None  # the description (Telegram) or error code (Slack) to answer with
    amount: int | None = None  # in the smallest unit of the currency
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
        calls = (f for f in self.list if f.kind not in get_args(PaymentKind))
        return self._hit(next((f for f in calls if f.meets(network, method, target)), None))

    def take_of_payment(self, kind: PaymentKind, payer: int) -> Fault | None:
        """The fault of that kind that hits this person's payment, counted."""
        alike = (f for f in self.list if f.kind == kind)
        return self._hit(next((f for f in alike if f.meets("telegram", kind, str(payer))), None))

    def _hit(self, fault: Fault | None) -> Fault | None:
        if fault is not None:
            fault.hits += 1
        return fault
