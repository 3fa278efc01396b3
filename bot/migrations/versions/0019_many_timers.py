"""Many timers: what somebody waits for goes first, and what rang long ago costs nothing

An appointment's reminder and a campaign's question no longer stand in one line. What a subject has is found by the
unique key, which begins with it now.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

SET, CLEARED, NEW = (sa.text(f"state = '{state}'") for state in ("set", "cleared", "new"))
WAITED_FOR = ("send", "hold", "paying", "answer", "promise", "commitment", "commitment_soon", "soon")
OURS = ("survey", "prompt", "look")
TIMERS = sa.table("timers", sa.column("kind", sa.String), sa.column("rank", sa.SmallInteger))


def upgrade() -> None:
    op.drop_index("ix_timers_due", "timers")
    op.drop_index("ix_timers_subject", "timers")
    with op.batch_alter_table("timers") as timers:
        timers.add_column(sa.Column("rank", sa.SmallInteger(), nullable=False, server_default="1"))
        timers.drop_constraint(op.f("uq_timers_kind_subject_occurrence"), type_="unique")
        timers.create_unique_constraint(op.f("uq_timers_subject_kind_occurrence"), ["subject", "kind", "occurrence"])
        timers.create_check_constraint(op.f("ck_timers_known_rank"), "rank IN (0, 1, 2)")
    for rank, kinds in ((0, WAITED_FOR), (2, OURS)):
        op.get_bind().execute(sa.update(TIMERS).where(TIMERS.c.kind.in_(kinds)).values(rank=rank))
    op.create_index("ix_timers_due", "timers", ["rank", "due_at"], sqlite_where=SET, postgresql_where=SET)
    op.create_index("ix_timers_cleared", "timers", ["due_at"], sqlite_where=CLEARED, postgresql_where=CLEARED)
    op.add_column("outbox", sa.Column("rank", sa.SmallInteger(), nullable=False, server_default="0"))
    op.create_index("ix_outbox_rank", "outbox", ["rank", "id"], sqlite_where=NEW, postgresql_where=NEW)


def downgrade() -> None:
    op.drop_index("ix_outbox_rank", "outbox")
    op.drop_column("outbox", "rank")
    op.drop_index("ix_timers_cleared", "timers")
    op.drop_index("ix_timers_due", "timers")
    with op.batch_alter_table("timers") as timers:
        timers.drop_constraint(op.f("ck_timers_known_rank"), type_="check")
        timers.drop_constraint(op.f("uq_timers_subject_kind_occurrence"), type_="unique")
        timers.create_unique_constraint(op.f("uq_timers_kind_subject_occurrence"), ["kind", "subject", "occurrence"])
        timers.drop_column("rank")
    op.create_index(op.f("ix_timers_subject"), "timers", ["subject"])
    op.create_index("ix_timers_due", "timers", ["due_at"], sqlite_where=SET, postgresql_where=SET)
