"""What happened is written down: one line of the log for each fact."""

import msgspec
from sqlalchemy import bindparam, insert

from domain.events import Event
from domain.prepared import Prepared
from domain.requests import Happening
from domain.work import Work

_line = Prepared(
    insert(Happening).values(
        {name: bindparam(name) for name in ("name", "subject", "actor", "facts", "inbox_id", "at")}
    )
)


def write_down(work: Work, fact: Event, row: int | None) -> None:
    """Keep a fact, with the row of the inbox that brought it about."""
    _line.done(
        work.session,
        name=type(fact).__name__,
        subject=fact.subject,
        actor=work.actor,
        facts=msgspec.to_builtins(fact),
        inbox_id=row,
        at=work.now,
    )
