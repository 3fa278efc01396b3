"""Requests by phone: who of the team logged it"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("requests") as requests:
        requests.add_column(sa.Column("logged_by", sa.String(length=64), nullable=True))


def downgrade() -> None:
    op.drop_column("requests", "logged_by")
