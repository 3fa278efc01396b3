"""Orders and movements: every amount that comes, goes or is used has a row, and payments a receipt

What an older program noted as paid becomes a movement, so that the sums are right from the first day.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

OLD_STATES = ("asked", "paying", "paid", "failed", "refunded")
STATES = (*OLD_STATES, "stray")
KINDS = ("charged", "deposit", "refunded", "disputed", "credited", "fee")

payments = sa.table(
    "payments", sa.column("id", sa.Integer), sa.column("quote_id", sa.Integer), sa.column("booking_id", sa.Integer),
    sa.column("request_id", sa.Integer), sa.column("charge", sa.String), sa.column("amount_minor", sa.Integer),
    sa.column("currency", sa.String), sa.column("state", sa.String), sa.column("paid_at", sa.DateTime(timezone=True)),
)  # fmt: skip
quotes = sa.table("quotes", sa.column("id", sa.Integer), sa.column("request_id", sa.Integer))
bookings = sa.table("bookings", sa.column("id", sa.Integer), sa.column("quote_id", sa.Integer))
movements = sa.table(
    "movements", sa.column("occasion", sa.String), sa.column("order_id", sa.Integer), sa.column("kind", sa.String),
    sa.column("amount_minor", sa.Integer), sa.column("tax_minor", sa.Integer), sa.column("currency", sa.String),
    sa.column("charge", sa.String), sa.column("reason", sa.Text), sa.column("by", sa.String),
    sa.column("at", sa.DateTime(timezone=True)),
)  # fmt: skip


def upgrade() -> None:
    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("booking_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("request_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("how", sa.String(length=64), server_default="telegram", nullable=False))
        batch_op.add_column(sa.Column("deposit", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("tax_minor", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("replaces_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("payer", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("paying_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_payments_booking_id_bookings"), "bookings", ["booking_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_payments_request_id_requests"), "requests", ["request_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_payments_replaces_id_payments"), "payments", ["replaces_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_payments_booking_id"), ["booking_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_payments_request_id"), ["request_id"], unique=False)
    _states(STATES)
    _tables()
    _bring_over()


def downgrade() -> None:
    for table in ("receipt_books", "receipts", "movements"):
        op.drop_table(table)
    op.get_bind().execute(payments.update().where(payments.c.state == "stray").values(state="paid"))
    _states(OLD_STATES)
    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payments_request_id"))
        batch_op.drop_index(batch_op.f("ix_payments_booking_id"))
        for name in ("replaces_id_payments", "request_id_requests", "booking_id_bookings"):
            batch_op.drop_constraint(batch_op.f(f"fk_payments_{name}"), type_="foreignkey")
        for name in ("paying_since", "asked_at", "payer", "replaces_id", "tax_minor", "deposit", "how",
                     "request_id", "booking_id"):  # fmt: skip
            batch_op.drop_column(name)


def _states(allowed: tuple[str, ...]) -> None:
    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_payments_paymentstate"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_payments_paymentstate"), sa.column("state", sa.String).in_(allowed)
        )


def _tables() -> None:
    op.create_table(
        "movements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("occasion", sa.String(length=200), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="movementkind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("amount_minor", sa.Integer(), nullable=False),
        sa.Column("tax_minor", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=64), nullable=False),
        sa.Column("charge", sa.String(length=200), nullable=True),
        sa.Column("provider_charge", sa.String(length=200), nullable=True),
        sa.Column("payer", sa.String(length=200), nullable=True),
        sa.Column("charge_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_minor <> 0", name=op.f("ck_movements_amount_moves")),
        sa.ForeignKeyConstraint(["charge_id"], ["charges.id"], name=op.f("fk_movements_charge_id_charges")),
        sa.ForeignKeyConstraint(["order_id"], ["payments.id"], name=op.f("fk_movements_order_id_payments")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_movements")),
        sa.UniqueConstraint("charge", name=op.f("uq_movements_charge")),
        sa.UniqueConstraint("occasion", name=op.f("uq_movements_occasion")),
    )
    op.create_index(op.f("ix_movements_at"), "movements", ["at"], unique=False)
    op.create_index(op.f("ix_movements_order_id"), "movements", ["order_id"], unique=False)
    op.create_table(
        "receipts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("movement_id", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["movement_id"], ["movements.id"], name=op.f("fk_receipts_movement_id_movements")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipts")),
        sa.UniqueConstraint("movement_id", name=op.f("uq_receipts_movement_id")),
        sa.UniqueConstraint("year", "number", name=op.f("uq_receipts_year_number")),
    )
    op.create_table(
        "receipt_books",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_receipt_books")),
    )


def _bring_over() -> None:
    connection = op.get_bind()
    booked = sa.select(sa.func.max(bookings.c.id)).where(bookings.c.quote_id == payments.c.quote_id)
    asked = sa.select(quotes.c.request_id).where(quotes.c.id == payments.c.quote_id)
    connection.execute(
        payments.update().values(booking_id=booked.scalar_subquery(), request_id=asked.scalar_subquery())
    )
    came = (payments.c.state == "paid") & payments.c.charge.is_not(None) & payments.c.paid_at.is_not(None)
    columns = ["occasion", "order_id", "kind", "amount_minor", "tax_minor", "currency", "charge", "reason", "by", "at"]
    told = sa.literal("paid:").concat(payments.c.charge)
    found = sa.select(
        told, payments.c.id, sa.literal("charged"), payments.c.amount_minor, sa.literal(0), payments.c.currency,
        payments.c.charge, sa.literal(""), sa.literal("migration"), payments.c.paid_at,
    ).where(came)  # fmt: skip
    connection.execute(movements.insert().from_select(columns, found))
