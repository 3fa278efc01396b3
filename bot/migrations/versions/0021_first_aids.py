"""First aids: what homeowners tried themselves, and whether it helped"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "first_aids",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("remedy", sa.String(length=64), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("under_way", "helped", "not", name="outcome", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_first_aids_request_id_requests")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_first_aids")),
    )
    op.create_index(op.f("ix_first_aids_request_id"), "first_aids", ["request_id"])
    op.create_index(op.f("ix_first_aids_ended_at"), "first_aids", ["ended_at"])


def downgrade() -> None:
    op.drop_table("first_aids")
