"""Calendars: times we ask somebody to agree to, secret addresses of calendars, and what other calendars say"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _proposed()
    op.create_table(
        "feeds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("technician", sa.String(length=64), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_by", sa.String(length=64), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feeds")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_feeds_token_hash")),
    )
    op.create_index(op.f("ix_feeds_technician"), "feeds", ["technician"], unique=False)
    op.create_table(
        "outside_calendars",
        sa.Column("technician", sa.String(length=64), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("set_by", sa.String(length=64), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("technician", name=op.f("pk_outside_calendars")),
    )
    op.create_table(
        "outside_busy",
        sa.Column("technician", sa.String(length=64), nullable=False),
        sa.Column("first", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("until", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("technician", "first", name=op.f("pk_outside_busy")),
    )
    op.create_index(op.f("ix_outside_busy_until"), "outside_busy", ["until"], unique=False)


def _proposed() -> None:
    states = sa.Enum(
        *("asked", "agreed", "lapsed", "withdrawn"),
        name="proposalstate", native_enum=False, create_constraint=True, length=32,
    )  # fmt: skip
    references = (("request_id", "requests"), ("booking_id", "bookings"), ("held_id", "bookings"))
    op.create_table(
        "proposed_times",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(column, sa.Integer(), nullable=False) for column, _ in references),
        sa.Column("state", states, nullable=False),
        sa.Column("proposed_by", sa.String(length=64), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(length=64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_proposed_times_{column}_{table}"))
            for column, table in references
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposed_times")),
    )
    for column, _ in references:
        op.create_index(op.f(f"ix_proposed_times_{column}"), "proposed_times", [column], unique=False)


def downgrade() -> None:
    for table in ("outside_busy", "outside_calendars", "feeds", "proposed_times"):
        op.drop_table(table)
