"""Words sent on purpose: how far what a teammate wrote has come, and who talks with a homeowner"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

STATES = ("not", "waiting", "sent", "delivered", "failed", "undone", "withdrawn")


def upgrade() -> None:
    sending = sa.Enum(*STATES, name="sending", native_enum=False, create_constraint=True, length=32)
    with op.batch_alter_table("notes") as notes:
        notes.add_column(sa.Column("sending", sending, server_default="not", nullable=False))
        notes.add_column(sa.Column("sent_by", sa.String(length=64), nullable=True))
    op.execute("UPDATE notes SET sending = 'sent' WHERE direction = 'to_homeowner'")
    with op.batch_alter_table("requests") as requests:
        requests.add_column(sa.Column("talks", sa.String(length=64), nullable=True))


def downgrade() -> None:
    op.drop_column("requests", "talks")
    with op.batch_alter_table("notes") as notes:
        notes.drop_constraint(notes.f("ck_notes_sending"), type_="check")
        notes.drop_column("sent_by")
        notes.drop_column("sending")
