"""Statuses as spans; pauses, suspensions and plans of those who leave."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kernel.database import Moment
from migrations.row_policies import NEVER, Rows, hold, mine, of

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_OPEN = "until IS NULL"
_NEXT = """
    UPDATE fps_status_changes SET until = (
        SELECT later.effective_on FROM fps_status_changes later
        WHERE later.setting_on_lot_id = fps_status_changes.setting_on_lot_id
          AND later.number = fps_status_changes.number + 1
    )
"""

# What is asked of councils and lead authorities has nothing of the row in it: the database asks it once a statement.
_COUNCIL = f"EXISTS (SELECT 1 FROM organisations held WHERE held.kind = 'council' AND {mine('held.id')})"
_LEADS = f"EXISTS (SELECT 1 FROM fps_frameworks led WHERE {mine('led.lead_id')})"
_OWN_SETTING = of("fps_settings", "setting_id", mine("parent.provider_id"))
_TOLD = f"tells_provider AND {_OWN_SETTING}"
_COUNCILS_OWN = mine("council_id")
_OWN_DECISION = f"{_COUNCILS_OWN} OR {_OWN_SETTING}"
_OF_SUSPENSION = of("fps_suspensions", "suspension_id")
_OF_OWN_SUSPENSION = of("fps_suspensions", "suspension_id", mine("parent.council_id"))
_OF_OWN_PAUSE = of("fps_council_pauses", "pause_id", mine("parent.council_id"))
_OF_OWN_PLAN = of("fps_leaving_plans", "plan_id", mine("parent.council_id"))

# A pause is its council's, and the provider's where it was told; a lead authority counts them. A suspension is every
# council's once it counts, before that its lead authority's, and the provider's own; so is a plan. A learner who must
# move is their own council's and nobody else's.
_POLICIES = {
    "fps_council_pauses": Rows(
        f"{_COUNCILS_OWN} OR {_LEADS} OR ({_TOLD})",
        insert=_COUNCILS_OWN,
        update=f"{_COUNCILS_OWN} OR ({_TOLD})",
        delete=NEVER,
    ),
    "fps_suspensions": Rows(
        f"{_COUNCILS_OWN} OR (effective_on IS NOT NULL AND {_COUNCIL}) OR {_OWN_SETTING}",
        insert=_COUNCILS_OWN,
        update=_OWN_DECISION,
        delete=NEVER,
    ),
    "fps_pause_reviews": Rows(_OF_OWN_PAUSE, update=NEVER, delete=NEVER),
    "fps_suspended_lots": Rows(_OF_SUSPENSION, *(_OF_OWN_SUSPENSION,) * 3, delete=NEVER),
    "fps_suspension_reviews": Rows(_OF_SUSPENSION, insert=_OF_OWN_SUSPENSION, update=NEVER, delete=NEVER),
    "fps_leaving_plans": Rows(
        f"{_COUNCIL} OR {_OWN_SETTING}", insert=_COUNCILS_OWN, update=_OWN_DECISION, delete=NEVER
    ),
    "fps_leaving_answers": Rows(
        f"{_COUNCILS_OWN} OR {_OF_OWN_PLAN}",
        insert=_OF_OWN_PLAN,
        update=f"{_COUNCILS_OWN} OR {_OF_OWN_PLAN}",  # the lead authority locks them while it counts
        becomes=_COUNCILS_OWN,
        delete=NEVER,
    ),
    "fps_leaving_learners": Rows(_COUNCILS_OWN),
}


def upgrade() -> None:
    _give_steps_their_spans()
    _create_pauses()
    _create_pause_reviews()
    _create_suspensions()
    _create_leaving()
    for table, rows in _POLICIES.items():
        hold(table, rows)


def _give_steps_their_spans() -> None:
    with op.batch_alter_table("fps_status_changes") as batch:
        batch.add_column(sa.Column("until", sa.Date(), nullable=True))
        batch.add_column(sa.Column("document_id", sa.String(length=26), nullable=True))
        name = op.f("fk_fps_status_changes_document_id_fps_documents")
        batch.create_foreign_key(name, "fps_documents", ["document_id"], ["id"])
        batch.create_check_constraint(op.f("ck_fps_status_changes_span"), "until >= effective_on")
    op.execute(_NEXT)
    op.create_index(
        "uq_fps_status_changes_open",
        "fps_status_changes",
        ["setting_on_lot_id"],
        unique=True,
        postgresql_where=sa.text(_OPEN),
        sqlite_where=sa.text(_OPEN),
    )


def _create_pauses() -> None:
    op.create_table(
        "fps_council_pauses",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("council_id", sa.String(length=26), nullable=False),
        sa.Column("setting_id", sa.String(length=26), nullable=False),
        sa.Column("lot_id", sa.String(length=26), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.String(length=26), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("tells_provider", sa.Boolean(), nullable=False),
        sa.Column("reply_by", sa.Date(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("replied_at", Moment(), nullable=True),
        sa.Column("replied_by", sa.String(length=26), nullable=True),
        sa.Column("ended_by", sa.String(length=26), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.CheckConstraint("until >= since", name=op.f("ck_fps_council_pauses_span")),
        sa.ForeignKeyConstraint(
            ["council_id"], ["organisations.id"], name=op.f("fk_fps_council_pauses_council_id_organisations")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["fps_lots.id"], name=op.f("fk_fps_council_pauses_lot_id_fps_lots")),
        sa.ForeignKeyConstraint(
            ["setting_id"], ["fps_settings.id"], name=op.f("fk_fps_council_pauses_setting_id_fps_settings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fps_council_pauses")),
    )
    op.create_index("ix_fps_council_pauses_council", "fps_council_pauses", ["council_id", "setting_id"], unique=False)
    op.create_index(op.f("ix_fps_council_pauses_setting_id"), "fps_council_pauses", ["setting_id"], unique=False)
    op.create_index(
        "uq_fps_council_pauses_everywhere",
        "fps_council_pauses",
        ["council_id", "setting_id"],
        unique=True,
        postgresql_where=sa.text("until IS NULL AND lot_id IS NULL"),
        sqlite_where=sa.text("until IS NULL AND lot_id IS NULL"),
    )
    op.create_index(
        "uq_fps_council_pauses_open",
        "fps_council_pauses",
        ["council_id", "setting_id", "lot_id"],
        unique=True,
        postgresql_where=sa.text("until IS NULL AND lot_id IS NOT NULL"),
        sqlite_where=sa.text("until IS NULL AND lot_id IS NOT NULL"),
    )


def _create_pause_reviews() -> None:
    op.create_table(
        "fps_pause_reviews",
        sa.Column("pause_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("reviewed_by", sa.String(length=26), nullable=False),
        sa.Column("reviewed_at", Moment(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pause_id"], ["fps_council_pauses.id"], name=op.f("fk_fps_pause_reviews_pause_id_fps_council_pauses")
        ),
        sa.PrimaryKeyConstraint("pause_id", "number", name=op.f("pk_fps_pause_reviews")),
    )


def _create_suspensions() -> None:
    op.create_table(
        "fps_suspensions",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("council_id", sa.String(length=26), nullable=False),
        sa.Column("setting_id", sa.String(length=26), nullable=False),
        sa.Column("decided_by", sa.String(length=26), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("reply_by", sa.Date(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("replied_at", Moment(), nullable=True),
        sa.Column("replied_by", sa.String(length=26), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("ended_by", sa.String(length=26), nullable=True),
        sa.Column("end_reasons", sa.Text(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(
            ["council_id"], ["organisations.id"], name=op.f("fk_fps_suspensions_council_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["setting_id"], ["fps_settings.id"], name=op.f("fk_fps_suspensions_setting_id_fps_settings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fps_suspensions")),
    )
    op.create_index(
        "ix_fps_suspensions_review",
        "fps_suspensions",
        ["review_on"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL AND effective_on IS NOT NULL"),
        sqlite_where=sa.text("ended_at IS NULL AND effective_on IS NOT NULL"),
    )
    op.create_index(op.f("ix_fps_suspensions_setting_id"), "fps_suspensions", ["setting_id"], unique=False)
    op.create_index(
        "uq_fps_suspensions_under_way",
        "fps_suspensions",
        ["setting_id", "council_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "fps_suspended_lots",
        sa.Column("suspension_id", sa.String(length=26), nullable=False),
        sa.Column("lot_id", sa.String(length=26), nullable=False),
        sa.Column("before", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(["lot_id"], ["fps_lots.id"], name=op.f("fk_fps_suspended_lots_lot_id_fps_lots")),
        sa.ForeignKeyConstraint(
            ["suspension_id"], ["fps_suspensions.id"], name=op.f("fk_fps_suspended_lots_suspension_id_fps_suspensions")
        ),
        sa.PrimaryKeyConstraint("suspension_id", "lot_id", name=op.f("pk_fps_suspended_lots")),
    )
    op.create_table(
        "fps_suspension_reviews",
        sa.Column("suspension_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("reviewed_by", sa.String(length=26), nullable=False),
        sa.Column("reviewed_at", Moment(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["suspension_id"],
            ["fps_suspensions.id"],
            name=op.f("fk_fps_suspension_reviews_suspension_id_fps_suspensions"),
        ),
        sa.PrimaryKeyConstraint("suspension_id", "number", name=op.f("pk_fps_suspension_reviews")),
    )


def _create_leaving() -> None:
    op.create_table(
        "fps_leaving_plans",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("council_id", sa.String(length=26), nullable=False),
        sa.Column("setting_id", sa.String(length=26), nullable=False),
        sa.Column("suspension_id", sa.String(length=26), nullable=False),
        sa.Column("decided_by", sa.String(length=26), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("leaves_on", sa.Date(), nullable=False),
        sa.Column("reply_by", sa.Date(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("replied_at", Moment(), nullable=True),
        sa.Column("replied_by", sa.String(length=26), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("ended_by", sa.String(length=26), nullable=True),
        sa.ForeignKeyConstraint(
            ["council_id"], ["organisations.id"], name=op.f("fk_fps_leaving_plans_council_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["setting_id"], ["fps_settings.id"], name=op.f("fk_fps_leaving_plans_setting_id_fps_settings")
        ),
        sa.ForeignKeyConstraint(
            ["suspension_id"], ["fps_suspensions.id"], name=op.f("fk_fps_leaving_plans_suspension_id_fps_suspensions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fps_leaving_plans")),
    )
    op.create_index(op.f("ix_fps_leaving_plans_setting_id"), "fps_leaving_plans", ["setting_id"], unique=False)
    op.create_index(
        "uq_fps_leaving_plans_under_way",
        "fps_leaving_plans",
        ["setting_id", "council_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "fps_leaving_answers",
        sa.Column("plan_id", sa.String(length=26), nullable=False),
        sa.Column("council_id", sa.String(length=26), nullable=False),
        sa.Column("learners", sa.SmallInteger(), nullable=False),
        sa.Column("done", sa.SmallInteger(), nullable=False),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.Column("answered_by", sa.String(length=26), nullable=True),
        sa.CheckConstraint("0 <= done AND done <= learners", name=op.f("ck_fps_leaving_answers_counts")),
        sa.ForeignKeyConstraint(
            ["council_id"], ["organisations.id"], name=op.f("fk_fps_leaving_answers_council_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["fps_leaving_plans.id"], name=op.f("fk_fps_leaving_answers_plan_id_fps_leaving_plans")
        ),
        sa.PrimaryKeyConstraint("plan_id", "council_id", name=op.f("pk_fps_leaving_answers")),
    )
    op.create_table(
        "fps_leaving_learners",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("plan_id", sa.String(length=26), nullable=False),
        sa.Column("council_id", sa.String(length=26), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("reference_digest", sa.String(length=64), nullable=False),
        sa.Column("next_step", sa.String(length=16), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.String(length=26), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["council_id"], ["organisations.id"], name=op.f("fk_fps_leaving_learners_council_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["fps_leaving_plans.id"], name=op.f("fk_fps_leaving_learners_plan_id_fps_leaving_plans")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fps_leaving_learners")),
        sa.UniqueConstraint(
            "plan_id",
            "council_id",
            "reference_digest",
            name=op.f("uq_fps_leaving_learners_plan_id_council_id_reference_digest"),
        ),
    )


def downgrade() -> None:
    for table in reversed(_POLICIES):
        op.drop_table(table)
    op.drop_index("uq_fps_status_changes_open", table_name="fps_status_changes")
    with op.batch_alter_table("fps_status_changes") as batch:
        batch.drop_constraint(op.f("ck_fps_status_changes_span"), type_="check")
        batch.drop_constraint(op.f("fk_fps_status_changes_document_id_fps_documents"), type_="foreignkey")
        batch.drop_column("document_id")
        batch.drop_column("until")
