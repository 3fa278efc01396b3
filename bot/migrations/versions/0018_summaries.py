"""Summaries: indexes by which a million answers are counted"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_surveys_asked_at", "surveys", ["asked_at", "round", "score"])
    if op.get_bind().dialect.name == "sqlite":
        op.create_index("ix_surveys_counted", "surveys", ["technician", "score", "reasons", "round", "asked_at"])
    _some("ix_surveys_remarked", "surveys", ["asked_at"], "remark IS NOT NULL")
    op.create_index("ix_recommendations_asked_at", "recommendations", ["asked_at", "score"])
    op.create_index("ix_requests_under_way", "requests", ["ended_at", "opened_at"])
    _some("ix_happenings_named", "happenings", ["name", "at"], "name IN ('ContractRenewed', 'PromiseWarned')")


def downgrade() -> None:
    op.drop_index("ix_happenings_named", "happenings")
    op.drop_index("ix_requests_under_way", "requests")
    op.drop_index("ix_recommendations_asked_at", "recommendations")
    op.drop_index("ix_surveys_remarked", "surveys")
    if op.get_bind().dialect.name == "sqlite":
        op.drop_index("ix_surveys_counted", "surveys")
    op.drop_index("ix_surveys_asked_at", "surveys")


def _some(name: str, table: str, columns: list[str], which: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(which), postgresql_where=sa.text(which))
