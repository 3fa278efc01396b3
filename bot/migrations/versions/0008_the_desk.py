"""The desk: what was wrong, how long a request rests, which part it waits for, and answers to press"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

REQUESTS: tuple[tuple[str, Any], ...] = (
    ("cause", sa.String(length=64)),
    ("snoozed_until", sa.DateTime(timezone=True)),
    ("part", sa.String(length=200)),
    ("part_on", sa.Date()),
)
NOTES: tuple[tuple[str, Any], ...] = (("answers", sa.JSON()), ("answered", sa.Integer()))


def upgrade() -> None:
    for name, kind in REQUESTS:
        op.add_column("requests", sa.Column(name, kind, nullable=True))
    for name, kind in NOTES:
        op.add_column("notes", sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    for table, columns in (("notes", NOTES), ("requests", REQUESTS)):
        for name, _ in columns:
            op.drop_column(table, name)
