"""Alembic's environment: runs on the connection it is given."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from bot.schema import everything
from domain.record import UTCDateTime


def plain(kind: str, thing: Any, _context: AutogenContext) -> str | Literal[False]:
    """Our own column type is a plain one in the migrations: they must not change when it does."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, UTCDateTime) else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=everything(),
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    render_item=plain,
    transactional_ddl=False,  # the caller's transaction holds it all
)
context.run_migrations()
