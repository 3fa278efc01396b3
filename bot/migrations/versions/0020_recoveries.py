"""Recoveries: when it was made good, and an answer that was raised before anybody had done anything"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _known("open", "yes", "no", "raised")
    op.add_column("recoveries", sa.Column("made_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.execute(sa.text("UPDATE recoveries SET outcome = 'yes' WHERE outcome = 'raised'"))
    op.drop_column("recoveries", "made_at")
    _known("open", "yes", "no")


def _known(*outcomes: str) -> None:
    with op.batch_alter_table("recoveries") as recoveries:
        recoveries.drop_constraint(op.f("ck_recoveries_recovered"), type_="check")
        recoveries.create_check_constraint(
            op.f("ck_recoveries_recovered"), sa.column("outcome", sa.String).in_(outcomes)
        )
