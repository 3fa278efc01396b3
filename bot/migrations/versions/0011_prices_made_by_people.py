"""Prices made by people: who of the team made a quote"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("quotes") as quotes:
        quotes.add_column(sa.Column("made_by", sa.String(length=64), nullable=True))
    # Until now every price that took another one's place was one for more time; who asked for it nobody kept.
    op.execute(sa.text("UPDATE quotes SET made_by = '' WHERE replaces_id IS NOT NULL"))


def downgrade() -> None:
    op.drop_column("quotes", "made_by")
