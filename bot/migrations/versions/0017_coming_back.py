"""Coming back: prompts, what one agreed to, surveys with reasons, recoveries, recommendations, referrals, campaigns"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
KINDS = ("surveys", "maintenance", "upgrades")


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    _known(*KINDS, "offers")
    with op.batch_alter_table("consents") as consents:
        consents.create_unique_constraint(op.f("uq_consents_id_person_id_kind"), ["id", "person_id", "kind"])
    op.create_index(
        "uq_consents_standing", "consents", ["person_id", "kind"], unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"), postgresql_where=sa.text("withdrawn_at IS NULL"),
    )  # fmt: skip
    with op.batch_alter_table("devices") as devices:
        devices.add_column(sa.Column("firmware", sa.String(length=64), nullable=True))
    with op.batch_alter_table("surveys") as surveys:
        surveys.add_column(sa.Column("round", sa.Integer(), nullable=False, server_default="1"))
        surveys.add_column(sa.Column("reasons", sa.JSON(), nullable=False, server_default="[]"))
        surveys.drop_constraint(op.f("uq_surveys_request_id"), type_="unique")
        surveys.create_unique_constraint(op.f("uq_surveys_request_id_round"), ["request_id", "round"])
    with op.batch_alter_table("surveys") as surveys:
        surveys.alter_column("round", server_default=None)
        surveys.alter_column("reasons", server_default=None)
    _answers()
    _referrals()
    _prompts()


def downgrade() -> None:
    for table in ("prompts", "referred", "referrals", "recoveries", "recommendations", "opt_outs", "campaigns"):
        op.drop_table(table)
    op.execute(sa.text("DELETE FROM surveys WHERE round > 1"))
    with op.batch_alter_table("surveys") as surveys:
        surveys.drop_constraint(op.f("uq_surveys_request_id_round"), type_="unique")
        surveys.create_unique_constraint(op.f("uq_surveys_request_id"), ["request_id"])
        surveys.drop_column("round")
        surveys.drop_column("reasons")
    op.drop_column("devices", "firmware")
    op.drop_index("uq_consents_standing", "consents")
    with op.batch_alter_table("consents") as consents:
        consents.drop_constraint(op.f("uq_consents_id_person_id_kind"), type_="unique")
    op.execute(sa.text("DELETE FROM consents WHERE kind = 'offers'"))
    _known(*KINDS)


def _known(*kinds: str) -> None:
    with op.batch_alter_table("consents") as consents:
        consents.drop_constraint(op.f("ck_consents_consentkind"), type_="check")
        consents.create_check_constraint(op.f("ck_consents_consentkind"), sa.column("kind", sa.String).in_(kinds))


def _answers() -> None:
    op.create_table(
        "opt_outs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("of", sa.String(length=64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_opt_outs_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opt_outs")),
        sa.UniqueConstraint("person_id", "of", name=op.f("uq_opt_outs_person_id_of")),
    )
    op.create_table(
        "recommendations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("home_id", sa.Integer(), nullable=True),
        sa.Column("half", sa.String(length=64), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("locked_at", MOMENT, nullable=True),
        sa.CheckConstraint("score BETWEEN 0 AND 10", name=op.f("ck_recommendations_score_in_range")),
        sa.ForeignKeyConstraint(["home_id"], ["homes.id"], name=op.f("fk_recommendations_home_id_homes")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_recommendations_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendations")),
        sa.UniqueConstraint("person_id", "half", name=op.f("uq_recommendations_person_id_half")),
    )
    op.create_index(op.f("ix_recommendations_answered_at"), "recommendations", ["answered_at"])
    op.create_table(
        "recoveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("survey_id", sa.Integer(), nullable=True),
        sa.Column("recommendation_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=True),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("warned", sa.Integer(), nullable=False),
        sa.Column("call_at", MOMENT, nullable=True),
        sa.Column("contacted_at", MOMENT, nullable=True),
        sa.Column("outcome", _choice("recovered", "open", "yes", "no"), nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("settled_by", sa.String(length=64), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(survey_id IS NULL) <> (recommendation_id IS NULL)", name=op.f("ck_recoveries_of_one_answer")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_recoveries_person_id_people")),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendations.id"], name=op.f("fk_recoveries_recommendation_id_recommendations")
        ),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_recoveries_request_id_requests")),
        sa.ForeignKeyConstraint(["survey_id"], ["surveys.id"], name=op.f("fk_recoveries_survey_id_surveys")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recoveries")),
        sa.UniqueConstraint("recommendation_id", name=op.f("uq_recoveries_recommendation_id")),
        sa.UniqueConstraint("survey_id", name=op.f("uq_recoveries_survey_id")),
    )
    op.create_index(op.f("ix_recoveries_opened_at"), "recoveries", ["opened_at"])
    op.create_index(op.f("ix_recoveries_person_id"), "recoveries", ["person_id"])
    op.create_index(op.f("ix_recoveries_request_id"), "recoveries", ["request_id"])


def _referrals() -> None:
    op.create_table(
        "campaigns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("whom", sa.JSON(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("work", sa.String(length=64), nullable=True),
        sa.Column("area", sa.String(length=64), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("a_day", sa.Integer(), nullable=False),
        sa.Column("state", _choice("campaignstate", "draft", "running", "stopped", "done"), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
    )
    op.create_table(
        "referrals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_referrals_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referrals")),
        sa.UniqueConstraint("code", name=op.f("uq_referrals_code")),
        sa.UniqueConstraint("person_id", name=op.f("uq_referrals_person_id")),
    )
    op.create_table(
        "referred",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("came_at", MOMENT, nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=True),
        sa.Column("thanked_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_referred_contract_id_contracts")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_referred_person_id_people")),
        sa.ForeignKeyConstraint(["referral_id"], ["referrals.id"], name=op.f("fk_referred_referral_id_referrals")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referred")),
        sa.UniqueConstraint("person_id", name=op.f("uq_referred_person_id")),
    )
    op.create_index(op.f("ix_referred_referral_id"), "referred", ["referral_id"])


def _prompts() -> None:
    op.create_table(
        "prompts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("home_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            _choice(
                "kind",
                "survey",
                "survey_again",
                "second_ask",
                "recommend",
                "consent",
                "maintenance",
                "warranty",
                "allowance_low",
                "allowance_lapses",
                "renewal",
                "upgrade",
                "advice",
                "referral",
                "campaign",
            ),
            nullable=False,
        ),
        sa.Column("topic", _choice("consentkind", "surveys", "maintenance", "upgrades", "offers"), nullable=True),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("occurrence", sa.String(length=64), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("wanted_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("state", _choice("promptstate", "planned", "asked", "let_go", "unreached"), nullable=False),
        sa.Column("let_go_for", sa.String(length=64), nullable=True),
        sa.Column("asked_at", MOMENT, nullable=True),
        sa.Column("opened_at", MOMENT, nullable=True),
        sa.Column("reply", _choice("reply", "yes", "more", "later", "never", "stop"), nullable=True),
        sa.Column("replied_at", MOMENT, nullable=True),
        sa.Column("consent_id", sa.Integer(), nullable=True),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("campaign_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "topic NOT IN ('upgrades', 'offers') OR consent_id IS NOT NULL",
            name=op.f("ck_prompts_marketing_needs_consent"),
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_prompts_campaign_id_campaigns")),
        sa.ForeignKeyConstraint(
            ["consent_id", "person_id", "topic"],
            ["consents.id", "consents.person_id", "consents.kind"],
            name=op.f("fk_prompts_consent_id_consents"),
        ),
        sa.ForeignKeyConstraint(["home_id"], ["homes.id"], name=op.f("fk_prompts_home_id_homes")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_prompts_person_id_people")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_prompts_request_id_requests")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompts")),
        sa.UniqueConstraint(
            "person_id", "kind", "subject", "occurrence", name=op.f("uq_prompts_person_id_kind_subject_occurrence")
        ),
    )
    op.create_index("ix_prompts_asked", "prompts", ["person_id", "asked_at"])
    op.create_index(op.f("ix_prompts_campaign_id"), "prompts", ["campaign_id"])
    op.create_index("ix_prompts_kind", "prompts", ["kind", "asked_at"])
    op.create_index(
        "ix_prompts_planned",
        "prompts",
        ["person_id", "due_at"],
        sqlite_where=sa.text("state = 'planned'"),
        postgresql_where=sa.text("state = 'planned'"),
    )
    op.create_index(
        "ix_prompts_subject", "prompts", ["subject"],
        sqlite_where=sa.text("state = 'planned'"), postgresql_where=sa.text("state = 'planned'"),
    )  # fmt: skip
    op.create_index(op.f("ix_prompts_request_id"), "prompts", ["request_id"])
