"""Everything that crossed the wire, in order, with what the judges said about it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Network = Literal["telegram", "slack"]


@dataclass
class Call:
    """One exchange: the product asked us something (`in`) or we told the product something (`out`)."""

    number: int
    at: datetime
    network: Network
    direction: Literal["in", "out"]
    method: str
    fields: dict[str, Any]
    files: dict[str, int] = field(default_factory=dict)  # part name -> size in bytes
    status: int | None = None
    answer: Any = None
    fault: str | None = None
    problems: list[str] = field(default_factory=list)


class Recording:
    """The list of all calls; `problems` is what must be empty at the end of every end-to-end test."""

    def __init__(self) -> None:
        self.calls: list[Call] = []

    def add(
        self, at: datetime, network: Network, direction: Literal["in", "out"], method: str, fields: dict[str, Any]
    ) -> Call:
        call = Call(len(self.calls) + 1, at, network, direction, method, fields)
        self.calls.append(call)
        return call

    def of(self, network: Network, method: str | None = None) -> Iterator[Call]:
        return (c for c in self.calls if c.network == network and method in (None, c.method))

    @property
    def problems(self) -> list[str]:
        return [f"#{c.number} {c.network} {c.method}: {p}" for c in self.calls for p in c.problems]
