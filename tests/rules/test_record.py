"""The record: every column was looked at, every constraint has a name, and the migrations lead to the models."""

import asyncio
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, TypeVar

import pytest
from alembic import command
from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    Connection,
    Enum,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.schema import CreateTable

from bot import schema, settings
from bot.database import SQLite, sqlite_engine
from domain.contracts import Contract
from domain.homes import Home
from domain.people import Person
from domain.record import NAMING, UTCDateTime
from tests.rules.ground import Fault

T = TypeVar("T")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def inside(url: str, unit: Callable[[Connection], T]) -> T:
    """Run something on a connection to a database, whichever it is."""
    address = settings.database_url(url)
    if address.startswith("sqlite"):
        engine = sqlite_engine(address)
        try:
            with engine.begin() as connection:
                return unit(connection)
        finally:
            engine.dispose()

    async def there() -> T:
        engine = create_async_engine(address)
        try:
            async with engine.begin() as connection:
                return await connection.run_sync(unit)
        finally:
            await engine.dispose()

    return asyncio.run(there())


def untagged(metadata: MetaData) -> Iterator[Fault]:
    """Columns that could say something about a person, and nobody has said whether they do."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            open_ended = isinstance(column.type, String | JSON | Float | LargeBinary)
            if open_ended and not isinstance(column.type, Enum) and not isinstance(column.info.get("personal"), bool):
                yield Fault(f"{table.name}.{column.name}", "tag it: personal(…) or impersonal(…)")


def unnamed(metadata: MetaData) -> Iterator[Fault]:
    """Constraints that a migration could not name."""
    for table in metadata.sorted_tables:
        for dialect in (sqlite.dialect(), postgresql.dialect()):
            for line in str(CreateTable(table).compile(dialect=dialect)).splitlines():
                if re.search(r"\b(PRIMARY KEY|FOREIGN KEY|UNIQUE|CHECK) ?\(", line) and "CONSTRAINT" not in line:
                    yield Fault(f"{table.name} on {dialect.name}", line.strip())


def test_every_column_that_could_be_personal_was_looked_at() -> None:
    assert [str(fault) for fault in untagged(schema.everything())] == []


def test_a_new_column_nobody_looked_at_is_found() -> None:
    planted = MetaData(naming_convention=NAMING)
    Table(
        "diaries",
        planted,
        Column("id", Integer, primary_key=True),
        Column("words", Text),
        Column("title", String(20), info={"personal": None}),
        Column("place", Float),
        Column("pages", JSON, info={"other": True}),
        Column("looked_at", String(20), info={"personal": False}),
        Column("kind", Enum("a", "b", name="kind")),
    )
    assert {fault.place for fault in untagged(planted)} == {
        "diaries.words",
        "diaries.title",
        "diaries.place",
        "diaries.pages",
    }


def test_what_names_a_person_is_tagged_so() -> None:
    tables = schema.everything().tables
    for place in ("people.name", "people.phone", "people.telegram", "requests.story", "notes.words", "inbox.payload"):
        table, column = place.split(".")
        assert tables[table].c[column].info == {"personal": True}, place


def test_every_constraint_has_a_name() -> None:
    assert [str(fault) for fault in unnamed(schema.everything())] == []


def test_a_constraint_without_a_name_is_found() -> None:
    planted = MetaData()
    Table("a", planted, Column("id", Integer, primary_key=True))
    Table("b", planted, Column("a", ForeignKey("a.id")), Column("n", Integer, CheckConstraint("n > 0")))
    Table("c", planted, Column("n", Integer), UniqueConstraint("n"))
    found = " ".join(str(fault) for fault in unnamed(planted))
    assert all(kind in found for kind in ("PRIMARY KEY", "FOREIGN KEY", "CHECK", "UNIQUE"))


def checks(connection: Connection) -> set[tuple[str, str]]:
    """The named checks of every table, which autogenerate does not compare."""
    seen = inspect(connection)
    return {(table, str(c["name"])) for table in seen.get_table_names() for c in seen.get_check_constraints(table)}


def test_the_migrations_lead_to_the_models(database_url: str) -> None:
    schema.migrate(settings.database_url(database_url))
    assert inside(database_url, schema.differences) == []
    assert inside(database_url, schema.current) == schema.head()
    assert inside(database_url, checks) == {
        (table.name, str(c.name))
        for table in schema.everything().sorted_tables
        for c in table.constraints
        if isinstance(c, CheckConstraint)
    }


@pytest.mark.parametrize(
    "moved",
    [
        "ALTER TABLE people DROP COLUMN email",
        "ALTER TABLE people ADD COLUMN nickname VARCHAR(20)",
        "DROP INDEX ix_timers_due",
        "CREATE TABLE journals (id INTEGER)",
    ],
)
def test_a_database_that_has_gone_its_own_way_is_found(tmp_path: Path, moved: str) -> None:
    url = f"sqlite:///{tmp_path}/moved.db"
    inside(url, schema.everything().create_all)
    assert inside(url, schema.differences) == []
    inside(url, lambda connection: connection.execute(text(moved)))
    assert len(inside(url, schema.differences)) == 1


@pytest.mark.slow
def test_one_can_go_back_to_nothing_and_up_again(database_url: str) -> None:
    schema.migrate(settings.database_url(database_url))
    inside(database_url, lambda connection: command.downgrade(schema.config(connection), "base"))
    assert inside(database_url, lambda connection: inspect(connection).get_table_names()) == ["alembic_version"]
    schema.migrate(settings.database_url(database_url))
    assert inside(database_url, schema.differences) == []


# ── moments ──


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    engine = sqlite_engine(f"sqlite:///{tmp_path}/record.db")
    schema.everything().create_all(engine)
    with Session(engine, expire_on_commit=False) as session:
        yield session
    engine.dispose()


def somebody(session: Session, at: datetime = NOON) -> Person:
    person = Person(name="Marta", language="it", created_at=at)
    session.add(person)
    session.commit()
    return person


def test_a_moment_without_a_time_zone_is_refused(session: Session) -> None:
    with pytest.raises(StatementError, match="needs a time zone"):
        somebody(session, datetime(2026, 3, 2, 12))  # noqa: DTZ001 (the mistake)


def test_a_moment_comes_back_in_utc_wherever_it_was_said(session: Session) -> None:
    tokyo = timezone(timedelta(hours=9))
    person = somebody(session, NOON.astimezone(tokyo))
    session.expire_all()
    kept = session.get_one(Person, person.id).created_at
    assert (kept, kept.tzinfo, kept.utcoffset()) == (NOON, UTC, timedelta(0))


def test_moments_are_the_same_on_both_databases(database_url: str) -> None:
    table = Table("moments", MetaData(), Column("n", Integer, primary_key=True), Column("at", UTCDateTime))
    said = [NOON, NOON.astimezone(timezone(timedelta(hours=-7))), NOON + timedelta(microseconds=1), None]

    def unit(connection: Connection) -> Any:
        table.create(connection)
        connection.execute(insert(table), [{"n": n, "at": at} for n, at in enumerate(said)])
        earlier = connection.scalars(select(table.c.n).where(table.c.at <= NOON).order_by(table.c.n)).all()
        return connection.scalars(select(table.c.at).order_by(table.c.n)).all(), earlier

    kept, earlier = inside(database_url, unit)
    assert kept == said
    assert earlier == [0, 1]
    assert [at.tzinfo for at in kept if at] == [UTC] * 3


# ── two at once ──

VERSIONED = {
    *("bookings", "canned_replies", "contracts", "drafts", "payments", "proposed_times", "quotes", "requests", "storms")
}


def test_what_two_people_may_change_at_once_has_a_version() -> None:
    found = {m.local_table.name for m in schema.pipes.Draft.registry.mappers if m.version_id_col is not None}
    assert found == VERSIONED


def test_of_two_who_race_one_is_told(tmp_path: Path) -> None:
    engine = sqlite_engine(f"sqlite:///{tmp_path}/race.db")
    schema.everything().create_all(engine)
    with Session(engine) as session, session.begin():
        home = Home(ref="h", name="h", address="h", postcode="h", city="h", country="FR", time_zone="Europe/Paris")
        session.add(home)
        session.flush()
        session.add(Contract(ref="c", home_id=home.id, plan="p", terms={}, starts_on=date(2026, 1, 1)))
    with Session(engine) as first:
        mine = first.scalars(select(Contract)).one()
        first.expunge(mine)
        first.rollback()
        with Session(engine) as second, second.begin():
            second.scalars(select(Contract)).one().plan = "theirs"
        first.add(mine)
        mine.plan = "mine"
        with pytest.raises(StaleDataError):
            first.commit()
    with Session(engine) as session:
        assert session.scalars(select(Contract.plan)).one() == "theirs"
    engine.dispose()


# ── SQLite, as we set it up ──


def test_sqlite_is_set_up_to_keep_what_it_is_given(tmp_path: Path) -> None:
    engine = sqlite_engine(f"sqlite:///{tmp_path}/set-up.db")
    with engine.connect() as connection:
        asked = ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
        assert [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked] == ["wal", 1, 2, 10_000]
    engine.dispose()


def test_nothing_can_point_to_nothing(session: Session) -> None:
    session.add(Contract(ref="c", home_id=99, plan="p", terms={}, starts_on=date(2026, 1, 1)))
    with pytest.raises(IntegrityError, match="FOREIGN KEY"):
        session.commit()


def test_a_transaction_begins_by_taking_the_pen(tmp_path: Path) -> None:
    """BEGIN IMMEDIATE: while one reads in order to write, no other can begin to."""
    url = f"sqlite:///{tmp_path}/pen.db"
    first, second = sqlite_engine(url), sqlite_engine(url)
    with first.begin() as writing:
        writing.execute(text("SELECT 1"))
        with second.connect() as other:
            other.connection.driver_connection.execute("PRAGMA busy_timeout=50")  # type: ignore[union-attr]
            with pytest.raises(Exception, match="database is locked"):
                other.execute(text("SELECT 1"))
    for engine in (first, second):
        engine.dispose()


async def test_who_only_reads_cannot_write_and_waits_for_nobody(tmp_path: Path) -> None:
    database = SQLite(f"sqlite:///{tmp_path}/reading.db")

    def make(session: Session) -> None:
        schema.everything().create_all(session.connection())

    await database.write(make)
    with pytest.raises(Exception, match="readonly"):
        await database.read(lambda session: somebody(session))
    await database.close()


async def test_what_a_unit_of_work_raises_undoes_it(tmp_path: Path) -> None:
    database = SQLite(f"sqlite:///{tmp_path}/undone.db")
    await database.write(lambda session: schema.everything().create_all(session.connection()))

    def half(session: Session) -> None:
        session.add(Person(name="Marta", language="it", created_at=NOON))
        session.flush()
        with session.begin_nested():
            session.add(Person(name="Luigi", language="it", created_at=NOON))
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        await database.write(half)
    assert await database.read(lambda session: session.scalars(select(Person.name)).all()) == []
    await database.close()
