"""Prepared statements, on both databases: what they find is the session's own, their faults are told as any other."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import bindparam, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot import schema
from bot import settings as settings_file
from bot.database import connect
from domain.people import Person, Presence, by_telegram
from domain.prepared import Nouns, Prepared
from domain.work import Work
from handlers.pipes import Draft, Keyboard, make_keyboard, pressed

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TABLE = Person.__table__
NAMED = Prepared(select(TABLE.c.id, TABLE.c.presence, TABLE.c.created_at).where(TABLE.c.name == bindparam("name")))
BOARD = Prepared(insert(Keyboard.__table__).values({c: bindparam(c.key) for c in Keyboard.__table__.c}))  # type: ignore[arg-type]
DRAFTS = Nouns(select(Draft).where(Draft.conversation == bindparam("of")), Draft)
BOARDS = Prepared(select(Keyboard.__table__.c.id))


def marta(session: Session) -> Person:
    person = Person(
        name="Marta",
        language="it",
        telegram="7",
        presence=Presence.ACTIVE,
        created_at=NOON,
        language_chosen=False,
    )
    session.add(person)
    session.flush()
    return person


def found_again(session: Session) -> None:
    person = marta(session)
    work = Work(session, NOON)
    assert by_telegram(work, "7") is person
    assert by_telegram(work, "8") is None
    session.expunge_all()
    again = by_telegram(work, "7")
    assert again is not None
    assert again is not person
    assert (again.name, again.presence, again.created_at) == ("Marta", Presence.ACTIVE, NOON)
    assert by_telegram(work, "7") is again
    again.name = "Marta Rossi"
    session.flush()
    assert NAMED.all(session, name="Marta Rossi") == [(again.id, Presence.ACTIVE, NOON)]


def written_before(session: Session) -> None:
    person = marta(session)
    person.telegram = "9"  # not written yet
    assert by_telegram(Work(session, NOON), "9") is person
    assert by_telegram(Work(session, NOON), "7") is None


def saved_once(session: Session) -> None:
    """A noun that was found is changed as any other, its version too."""
    session.add(Draft(conversation="c", step=None, said={"a": 1}, turn=0))
    session.flush()
    session.expunge_all()
    draft = DRAFTS.first(session, of="c")
    draft.said = {**draft.said, "b": 2}
    session.flush()
    session.expunge_all()
    again = DRAFTS.first(session, of="c")
    assert (again.said, again.version, again.since) == ({"a": 1, "b": 2}, 2, None)


def undone(session: Session) -> None:
    """What is done within a savepoint goes with it, even when nothing but prepared statements was done there."""
    token = make_keyboard(session, "chat", 1, [], NOON)
    inner = session.begin_nested()
    BOARD.done(session, id="lost", place="chat", turn=None, acts=[], made_at=NOON)
    inner.rollback()
    assert BOARDS.all(session) == [(token,)]
    with session.begin_nested():
        BOARD.done(session, id="kept", place="chat", turn=None, acts=[], made_at=NOON)
    assert {kept for (kept,) in BOARDS.all(session)} == {token, "kept"}


def told(session: Session) -> None:
    token = make_keyboard(session, "chat", 1, [], NOON)
    assert pressed(session, "chat", f"{token}.0") is None
    with pytest.raises(IntegrityError) as twice, session.begin_nested():
        BOARD.done(session, id=token, place="a secret place", turn=None, acts=[], made_at=NOON)
    assert "a secret place" not in str(twice.value)
    assert pressed(session, "chat", f"{token}.0") is None  # the transaction goes on


@pytest.mark.parametrize("unit", [found_again, written_before, saved_once, undone, told], ids=lambda u: u.__name__)
def test_a_prepared_statement_is_as_good_as_any(database_url: str, unit: Callable[[Session], None]) -> None:
    address = settings_file.database_url(database_url)
    schema.migrate(address)

    async def go() -> None:
        database = connect(address)
        await database.write(unit)
        await database.close()

    asyncio.run(go())
