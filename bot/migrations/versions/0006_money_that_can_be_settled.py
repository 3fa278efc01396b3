"""Money that can be settled: the fee he was told when he was asked to pay, and what an amount takes back

What an older program noted as paid or given back without any charge gets its movements, and all of it its tax.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True)
payments = sa.table(
    "payments", sa.column("id", sa.Integer), sa.column("quote_id", sa.Integer), sa.column("charge", sa.String),
    sa.column("amount_minor", sa.Integer), sa.column("tax_minor", sa.Integer), sa.column("currency", sa.String),
    sa.column("state", sa.String), sa.column("asked_at", moment), sa.column("paid_at", moment),
)  # fmt: skip
quotes = sa.table("quotes", sa.column("id", sa.Integer), sa.column("body", sa.JSON), sa.column("created_at", moment))
movements = sa.table(
    "movements", sa.column("occasion", sa.String), sa.column("order_id", sa.Integer), sa.column("kind", sa.String),
    sa.column("amount_minor", sa.Integer), sa.column("tax_minor", sa.Integer), sa.column("currency", sa.String),
    sa.column("charge", sa.String), sa.column("reason", sa.Text), sa.column("by", sa.String), sa.column("at", moment),
)  # fmt: skip


def upgrade() -> None:
    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("fee_minor", sa.Integer(), server_default="0", nullable=False))
    with op.batch_alter_table("movements", schema=None) as batch_op:
        batch_op.add_column(sa.Column("of_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_movements_of_id_movements"), "movements", ["of_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_movements_of_id"), ["of_id"], unique=False)
    _mend()


def downgrade() -> None:
    with op.batch_alter_table("movements", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_movements_of_id"))
        batch_op.drop_constraint(batch_op.f("fk_movements_of_id_movements"), type_="foreignkey")
        batch_op.drop_column("of_id")
    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.drop_column("fee_minor")


def _mend() -> None:
    """Orders of an older program are those that nobody noted the moment of asking for."""
    connection = op.get_bind()
    older = sa.select(payments, quotes.c.body, quotes.c.created_at).join(quotes, quotes.c.id == payments.c.quote_id)
    for row in connection.execute(older.where(payments.c.asked_at.is_(None))).all():
        tax = _tax(row.body, row.amount_minor)
        connection.execute(payments.update().where(payments.c.id == row.id).values(tax_minor=tax))
        mine = movements.c.order_id == row.id
        if connection.scalar(sa.select(sa.func.count()).select_from(movements).where(mine)):
            connection.execute(movements.update().where(mine, movements.c.by == "migration").values(tax_minor=tax))
        elif row.state in ("paid", "refunded"):
            _came(connection, row, tax, row.paid_at or row.created_at)


def _came(connection: sa.Connection, row: Any, tax: int, at: datetime) -> None:
    """What was noted as paid came; what was noted as given back came and went."""
    came = {
        "occasion": f"paid:{row.charge}"[:200] if row.charge else f"older:{row.id}", "order_id": row.id,
        "kind": "charged", "amount_minor": row.amount_minor, "tax_minor": tax, "currency": row.currency,
        "charge": row.charge, "reason": "", "by": "migration", "at": at,
    }  # fmt: skip
    connection.execute(movements.insert().values(came))
    if row.state == "refunded":
        went: dict[str, Any] = {"occasion": f"back:{row.id}:0", "kind": "refunded", "charge": None}
        went |= {"amount_minor": -row.amount_minor, "tax_minor": -tax}
        connection.execute(movements.insert().values(came | went))


def _tax(body: Any, minor: int) -> int:
    """The tax in an amount, as it is in its price: rounded half up."""
    tax, total = (int(body.get(name, {}).get("minor", 0)) for name in ("tax", "total"))
    return (2 * tax * minor + total) // (2 * total) if total > 0 else 0
