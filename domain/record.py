"""The record: what every table has in common."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import JSON, DateTime, Dialect, Enum, MetaData, String, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, MappedColumn, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = MetaData(naming_convention=NAMING)


class UTCDateTime(TypeDecorator[datetime]):
    """A moment: aware going in, UTC in the table, aware UTC coming out.

    A moment without a time zone is a mistake of ours and is refused (ValueError).
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs a time zone: {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Table(DeclarativeBase):
    """The root of all nouns: relations point from child to parent, nothing is loaded lazily."""

    metadata = metadata
    type_annotation_map = {datetime: UTCDateTime, dict[str, Any]: JSON, list[Any]: JSON}  # noqa: RUF012 (SQLAlchemy's way)


E_ = TypeVar("E_", bound=StrEnum)


def choice(kind: type[E_]) -> Enum:
    """A column of an enum, stored by its value and guarded by a named constraint."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=32,
        name=kind.__name__.lower(),
        values_callable=lambda k: [m.value for m in k],
    )


def personal(*args: Any, **options: Any) -> MappedColumn[Any]:
    """A column that says something about a person: export shows it, erasure empties it."""
    return mapped_column(*args, info={"personal": True}, **options)


def impersonal(*args: Any, **options: Any) -> MappedColumn[Any]:
    """A free-text or JSON column that was looked at and says nothing about a person."""
    return mapped_column(*args, info={"personal": False}, **options)


Short = String(64)
Name = String(200)
