"""What Slack says of people: who is in a user group, who is a guest, a bot, of another workspace"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KINDS = ("member", "guest", "bot", "stranger")


def upgrade() -> None:
    kind = sa.Enum(*KINDS, name="kind", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        "standings",
        sa.Column("user", sa.String(length=200), nullable=False),
        sa.Column("kind", kind, nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("user", name=op.f("pk_standings")),
    )


def downgrade() -> None:
    op.drop_table("standings")
