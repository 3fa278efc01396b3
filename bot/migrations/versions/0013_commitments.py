"""Commitments: what somebody of the team said he would do, until when, and whether it was kept"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

OUTCOMES = ("open", "kept", "broken", "withdrawn")


def upgrade() -> None:
    outcome = sa.Enum(*OUTCOMES, name="outcome", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        "commitments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("keeper", sa.String(length=64), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=True),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("missed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", outcome, nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_commitments_request_id_requests")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments")),
        sa.UniqueConstraint("source", name=op.f("uq_commitments_source")),
    )
    for column in ("request_id", "due_at"):
        op.create_index(op.f(f"ix_commitments_{column}"), "commitments", [column])


def downgrade() -> None:
    for column in ("due_at", "request_id"):
        op.drop_index(op.f(f"ix_commitments_{column}"), table_name="commitments")
    op.drop_table("commitments")
