"""Canned replies: the team's and one's own, with a log of their changes; several files with one reply"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "canned_replies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=True),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("changed_by", sa.String(length=64), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_replies")),
        sa.UniqueConstraint("key", name=op.f("uq_canned_replies_key")),
    )
    op.create_index(op.f("ix_canned_replies_owner"), "canned_replies", ["owner"])
    what = sa.Enum(
        "made", "changed", "retired", name="change", native_enum=False, create_constraint=True, length=32
    )  # fmt: skip
    op.create_table(
        "canned_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reply_id", sa.Integer(), nullable=False),
        sa.Column("what", what, nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["reply_id"], ["canned_replies.id"], name=op.f("fk_canned_changes_reply_id_canned_replies")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_changes")),
    )
    op.create_index(op.f("ix_canned_changes_reply_id"), "canned_changes", ["reply_id"])
    op.add_column("notes", sa.Column("more", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("notes", "more")
    op.drop_table("canned_changes")
    op.drop_table("canned_replies")
