"""One unit of work: a transaction, the moment it happens at, and the facts it brings about."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from domain.events import Event


class Refusal(Exception):  # noqa: N818 (a refusal is an answer, not an error)
    """A rule says no: the class names the rule, its fields are what the phrase may mention.

    Subclasses with fields are dataclasses (never frozen: a traceback is written into them); their phrase has the key
    `refusal.<snake case of the class>`.
    """


@dataclass
class Work:
    """One transaction, synchronous: nothing in it can wait for a network."""

    session: Session
    now: datetime
    actor: str = "system"
    events: list[Event] = field(default_factory=list)
    once: dict[str, Any] = field(default_factory=dict)  # what is worked out once, and holds until somebody changes it

    def happened(self, event: Event) -> None:
        """Note a fact; the desk walks the facts before it commits."""
        self.events.append(event)
