"""What nearly every update asks of the record: statements made ready once, past the machinery that makes them anew.

They run in the transaction of the session they are given, on its own connection. A noun that is found is the session's
own, as if the session had looked for it itself.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, Dialect, inspect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, make_transient_to_detached

from domain.record import Table

Row = tuple[Any, ...]
Convert = Callable[[Any], Any] | None

RAW = "raw"  # where a session keeps the connection it works on

UNLESS_IT_IS_THERE = "ON CONFLICT DO NOTHING"  # at the end of an insert from a select, for both databases


class Form:
    """A statement in the words of one database, and how its values go in and come out."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        made = statement.compile(dialect=dialect)
        self.words = str(made)
        self._given: list[tuple[str | None, Any, Convert]] = []  # its name, or the value that is always the same
        for place in made.positiontup:
            bind = made.binds[place]
            convert = bind.type.dialect_impl(dialect).bind_processor(dialect)
            if bind.required:
                self._given.append((bind.key, None, convert))
            else:
                value = bind.effective_value
                self._given.append((None, value if convert is None else convert(value), None))
        self._types = [c.type.dialect_impl(dialect) for c in getattr(statement, "exported_columns", ())]
        self._dialect = dialect
        self._columns: list[Convert] = []

    def values(self, given: Mapping[str, Any]) -> Row:
        """The values in the order in which they are asked for."""
        return tuple(
            [
                fixed if name is None else (given[name] if convert is None else convert(given[name]))
                for name, fixed, convert in self._given
            ]
        )

    def rows(self, cursor: Any) -> list[Row]:
        """What a cursor found, as the program knows it."""
        found = cursor.fetchall()
        if found and not self._columns:  # how a number comes out, only the driver knows
            kinds = zip(self._types, cursor.description, strict=True)
            self._columns = [kind.result_processor(self._dialect, about[1]) for kind, about in kinds]
        columns = self._columns
        return [
            tuple([value if convert is None else convert(value) for value, convert in zip(raw, columns, strict=True)])
            for raw in found
        ]


class Prepared:
    """One statement, ready for whichever database it is asked of. Every value is given by name, each time."""

    def __init__(self, statement: Any) -> None:
        self._statement = statement
        self._forms: dict[str, Form] = {}

    def all(self, session: Session, **given: Any) -> list[Row]:
        """All rows."""
        form, cursor = self._run(session, given)
        try:
            return form.rows(cursor)
        finally:
            cursor.close()

    def first(self, session: Session, **given: Any) -> Row | None:
        """The first row, if there is one."""
        return next(iter(self.all(session, **given)), None)

    def done(self, session: Session, **given: Any) -> int:
        """Do it; how many rows it was done to."""
        _, cursor = self._run(session, given)
        count: int = cursor.rowcount
        cursor.close()
        return count

    def _run(self, session: Session, given: Mapping[str, Any]) -> tuple[Form, Any]:
        connection = _connection(session)
        form = self._forms.get(connection.dialect.name)
        if form is None:
            form = self._forms[connection.dialect.name] = Form(self._statement, connection.dialect)
        cursor: Any = connection.connection.cursor()
        try:
            cursor.execute(form.words, form.values(given))
        except Exception as fault:
            raise _told(connection, form.words, fault, cursor) from fault
        return form, cursor


class Nouns:
    """Nouns that a statement finds: rows of one or several kinds, joined by `select(A, B)…`."""

    def __init__(self, statement: Any, *kinds: type[Table]) -> None:
        self._kinds = [Kind(kind) for kind in kinds]
        self._found = Prepared(statement.with_only_columns(*(c for kind in self._kinds for c in kind.columns)))

    def all(self, session: Session, **given: Any) -> list[tuple[Any, ...]]:
        """What is found, one tuple of nouns a row. What was changed so far is written before."""
        session.flush()
        return [self._awake(session, row) for row in self._found.all(session, **given)]

    def first(self, session: Session, **given: Any) -> Any | None:
        """The first noun (of the first kind) that is found."""
        found = self.all(session, **given)
        return found[0][0] if found else None

    def _awake(self, session: Session, row: Row) -> tuple[Any, ...]:
        nouns = []
        at = 0
        for kind in self._kinds:
            nouns.append(kind.awake(session, row[at : at + kind.width]))
            at += kind.width
        return tuple(nouns)


class Kind:
    """One kind of noun, and how a row becomes one."""

    def __init__(self, kind: type[Table]) -> None:
        self.columns = list(kind.__table__.columns)
        self.width = len(self.columns)
        self._kind = kind
        self._names: list[str] = []
        self._keys: list[int] = []

    def awake(self, session: Session, row: Row) -> Any:
        """The noun a row stands for: the one the session has already, or a new one."""
        mapper = inspect(self._kind)
        if not self._names:
            self._names = [mapper.get_property_by_column(column).key for column in self.columns]
            self._keys = [self._names.index(mapper.get_property_by_column(column).key) for column in mapper.primary_key]
        known = session.identity_map.get(mapper.identity_key_from_primary_key(tuple(row[at] for at in self._keys)))
        if known is not None:
            return known
        noun = mapper.class_manager.new_instance()
        noun.__dict__.update(zip(self._names, row, strict=True))
        make_transient_to_detached(noun)
        session.add(noun)
        return noun


def _connection(session: Session) -> Connection:
    """The connection of the transaction: asked for once, and once within each savepoint (which begins then)."""
    savepoint = session.get_nested_transaction()
    known: tuple[Any, Connection] | None = session.info.get(RAW)
    if known is not None and known[0] is savepoint and not known[1].closed:
        return known[1]
    connection = session.connection()
    session.info[RAW] = savepoint, connection
    return connection


def _told(connection: Connection, words: str, fault: Exception, cursor: Any) -> BaseException:
    """The database's fault, as the rest of the program knows faults: without the values."""
    dialect = connection.dialect
    base = dialect.loaded_dbapi.Error
    lost = isinstance(fault, base) and dialect.is_disconnect(fault, connection.connection, cursor)
    if lost:
        connection.invalidate(fault)
    return DBAPIError.instance(
        words, None, fault, base, hide_parameters=True, connection_invalidated=lost, dialect=dialect
    )
