"""Storms: like requests of one moment under one parent, who was told what, and who looks for them"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

AREAS = (
    "lighting",
    "shades",
    "climate",
    "network",
    "audio",
    "video",
    "security",
    "access",
    "control",
    "power",
    "other",
)
AREA = sa.Enum(*AREAS, name="area", native_enum=False, create_constraint=True, length=32)
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "storms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=320), nullable=True),
        sa.Column("area", AREA, nullable=False),
        sa.Column("brand", sa.String(length=200), nullable=True),
        sa.Column("region", sa.String(length=64), nullable=True),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("begun_by", sa.String(length=64), nullable=True),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.Column("assignee", sa.String(length=64), nullable=True),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.Column("told_by", sa.String(length=64), nullable=True),
        sa.Column("warned", sa.JSON(), nullable=False),
        sa.Column(
            "ending", sa.Enum("solved", "none", name="ending", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("resolution", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_storms")),
        sa.UniqueConstraint("key", name=op.f("uq_storms_key")),
    )  # fmt: skip
    op.create_table(
        "storm_members",
        sa.Column("storm_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("request_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("joined_at", MOMENT, nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["storm_id"], ["storms.id"], name=op.f("fk_storm_members_storm_id_storms")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_storm_members_request_id_requests")),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name=op.f("fk_storm_members_note_id_notes")),
        sa.PrimaryKeyConstraint("storm_id", "request_id", name=op.f("pk_storm_members")),
    )
    op.create_index(op.f("ix_storm_members_request_id"), "storm_members", ["request_id"])
    op.create_table(
        "storm_watches",
        sa.Column("area", sa.String(length=64), nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("area", name=op.f("pk_storm_watches")),
    )
    op.add_column("requests", sa.Column("storm_id", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_requests_storm_id"), "requests", ["storm_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_requests_storm_id"), "requests")
    op.drop_column("requests", "storm_id")
    for table in ("storm_watches", "storm_members", "storms"):
        op.drop_table(table)
