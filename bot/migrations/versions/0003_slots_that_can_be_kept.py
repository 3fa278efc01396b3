"""Slots that can be kept: who comes to an appointment, whose diary is held, and what the team enters in the calendar

What was booked before is turned into attendances, so that nobody is offered a time somebody is on his way in.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

OLD_STATES = ("held", "booked", "expired", "cancelled", "done")
STATES = (*OLD_STATES, "paying", "on_the_way", "moved", "no_access")

bookings = sa.table(
    "bookings", sa.column("id", sa.Integer), sa.column("request_id", sa.Integer), sa.column("help", sa.String),
    sa.column("technician", sa.String), sa.column("state", sa.String), sa.column("uid", sa.String),
)  # fmt: skip
requests = sa.table("requests", sa.column("id", sa.Integer), sa.column("home_id", sa.Integer))
cells = sa.table("cells", sa.column("technician", sa.String), sa.column("number", sa.Integer),
                 sa.column("booking_id", sa.Integer))  # fmt: skip
attendances = sa.table(
    "attendances", sa.column("booking_id", sa.Integer), sa.column("technician", sa.String),
    sa.column("request_id", sa.Integer), sa.column("first", sa.Integer), sa.column("until", sa.Integer),
    sa.column("home_id", sa.Integer), sa.column("lead", sa.Boolean),
)  # fmt: skip


def upgrade() -> None:
    _tables()
    with op.batch_alter_table("bookings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("window_minutes", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("set_out_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("expected_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_constraint(batch_op.f("uq_bookings_uid"), type_="unique")
        batch_op.create_index(batch_op.f("ix_bookings_uid"), ["uid"], unique=False)
    _states(STATES)
    _attend()
    _waiting()


def downgrade() -> None:
    # A moved appointment has the uid of the one in its place, and no older word for its state: it was called off.
    connection = op.get_bind()
    own = bookings.c.uid + "-" + sa.cast(bookings.c.id, sa.String)
    for state, older in (("paying", "held"), ("on_the_way", "booked"), ("no_access", "cancelled")):
        connection.execute(bookings.update().where(bookings.c.state == state).values(state=older))
    connection.execute(bookings.update().where(bookings.c.state == "moved").values(state="cancelled", uid=own))
    _states(OLD_STATES)
    with op.batch_alter_table("bookings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bookings_uid"))
        batch_op.create_unique_constraint(batch_op.f("uq_bookings_uid"), ["uid"])
        for name in ("window_minutes", "set_out_at", "expected_at"):
            batch_op.drop_column(name)
    for table in ("waiting", "attendances", "diaries", "calendar_entries"):
        op.drop_table(table)


def _states(allowed: tuple[str, ...]) -> None:
    with op.batch_alter_table("bookings", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_bookings_bookingstate"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_bookings_bookingstate"), sa.column("state", sa.String).in_(allowed)
        )


def _tables() -> None:
    op.create_table(
        "calendar_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                *("away", "extra", "closed"), name="entrykind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("technician", sa.String(length=64), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("entered_by", sa.String(length=64), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_by", sa.String(length=64), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_entries")),
    )
    op.create_index(op.f("ix_calendar_entries_ends_at"), "calendar_entries", ["ends_at"], unique=False)
    op.create_table(
        "diaries",
        sa.Column("technician", sa.String(length=64), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("technician", name=op.f("pk_diaries")),
    )
    op.create_table(
        "attendances",
        sa.Column("booking_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("technician", sa.String(length=64), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("until", sa.Integer(), nullable=False),
        sa.Column("home_id", sa.Integer(), nullable=True),
        sa.Column("lead", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_attendances_booking_id_bookings")),
        sa.ForeignKeyConstraint(["home_id"], ["homes.id"], name=op.f("fk_attendances_home_id_homes")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_attendances_request_id_requests")),
        sa.PrimaryKeyConstraint("booking_id", "technician", name=op.f("pk_attendances")),
    )
    op.create_index(op.f("ix_attendances_request_id"), "attendances", ["request_id"], unique=False)
    op.create_index(op.f("ix_attendances_until"), "attendances", ["until"], unique=False)


def _waiting() -> None:
    states = sa.Enum(*("waiting", "offered", "served", "left"), name="waitingstate", native_enum=False,
                     create_constraint=True, length=32)  # fmt: skip
    op.create_table(
        "waiting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("work", sa.String(length=64), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", states, nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=True),
        sa.Column("declined", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_waiting_booking_id_bookings")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_waiting_request_id_requests")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting")),
        sa.UniqueConstraint("request_id", name=op.f("uq_waiting_request_id")),
    )
    op.create_index(op.f("ix_waiting_state"), "waiting", ["state"], unique=False)


def _attend() -> None:
    """Whoever has quarters taken comes to that appointment."""
    taken = (
        sa.select(
            cells.c.booking_id, cells.c.technician, bookings.c.request_id,
            sa.func.min(cells.c.number), sa.func.max(cells.c.number) + 1,
            sa.case((bookings.c.help == "visit", requests.c.home_id), else_=None),
            cells.c.technician == bookings.c.technician,
        )
        .join(bookings, bookings.c.id == cells.c.booking_id)
        .join(requests, requests.c.id == bookings.c.request_id)
        .group_by(cells.c.booking_id, cells.c.technician, bookings.c.request_id, bookings.c.help,
                  requests.c.home_id, bookings.c.technician)
    )  # fmt: skip
    columns = ["booking_id", "technician", "request_id", "first", "until", "home_id", "lead"]
    op.get_bind().execute(attendances.insert().from_select(columns, taken))
