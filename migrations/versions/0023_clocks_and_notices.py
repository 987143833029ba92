"""Statutory clocks, notices that were sent, and statistics of referrals.

A clock and a notice are their council's alone. Statistics hold nothing that could be told of one learner or of one
council; those who buy through the framework and the authority that leads it read them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kernel.database import Moment
from migrations.row_policies import NEVER, Rows, hold, mine, of

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_OWN = mine("council_id")
_MEMBER = f"member.framework_id = referral_statistics.framework_id AND {mine('member.council_id')}"
_BOUGHT = f"EXISTS (SELECT 1 FROM fps_memberships member WHERE {_MEMBER})"  # noqa: S608 - written here, by nobody else
_LED = of("fps_frameworks", "framework_id", mine("parent.lead_id"))


def upgrade() -> None:
    _clocks()
    _notices()
    _statistics()
    hold("statutory_clocks", Rows(_OWN, delete=NEVER))
    hold("statutory_clock_steps", Rows(of("statutory_clocks", "clock_id"), delete=NEVER))
    hold("procurement_notices", Rows(_OWN, update=NEVER, delete=NEVER))
    hold("procurement_notice_reminders", Rows(_OWN, insert=NEVER, update=NEVER, delete=NEVER))
    hold("procurement_publishers", Rows(_OWN, delete=NEVER))
    hold("referral_statistics", Rows(f"{_BOUGHT} OR {_LED}", insert=NEVER, update=NEVER, delete=NEVER))


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _clocks() -> None:
    op.create_table(
        "statutory_clocks",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("council_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("learner_code", sa.Text(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("law", sa.String(length=12), nullable=False),
        sa.Column("owner_id", sa.String(length=26), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("school", sa.Text(), nullable=True),
        sa.Column("school_type", sa.String(length=12), nullable=True),
        sa.Column("basis", sa.String(length=12), nullable=True),
        sa.Column("referral_id", sa.String(length=26), nullable=True),
        sa.Column("stopped_on", sa.Date(), nullable=True),
        sa.Column("stop_reason", sa.Text(), nullable=True),
        _key("statutory_clocks", "council_id", "organisations"),
        _key("statutory_clocks", "owner_id", "persons"),
        _key("statutory_clocks", "referral_id", "referrals"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statutory_clocks")),
    )
    op.create_index("ix_statutory_clocks_council", "statutory_clocks", ["council_id", "created_at"])
    op.create_index(op.f("ix_statutory_clocks_referral_id"), "statutory_clocks", ["referral_id"])
    op.create_table(
        "statutory_clock_steps",
        sa.Column("clock_id", sa.String(length=26), nullable=False),
        sa.Column("step", sa.String(length=16), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by", sa.String(length=26), nullable=True),
        sa.Column("reminded", sa.SmallInteger(), nullable=False),
        _key("statutory_clock_steps", "clock_id", "statutory_clocks"),
        _key("statutory_clock_steps", "done_by", "persons"),
        sa.PrimaryKeyConstraint("clock_id", "step", name=op.f("pk_statutory_clock_steps")),
    )
    op.create_index("ix_statutory_clock_steps_due", "statutory_clock_steps", ["done_on", "due_on"])


def _notices() -> None:
    op.create_table(
        "procurement_notices",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("council_id", sa.String(length=26), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("sent_by", sa.String(length=26), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("package", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        _key("procurement_notices", "council_id", "organisations"),
        _key("procurement_notices", "sent_by", "persons"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procurement_notices")),
        sa.UniqueConstraint("council_id", "key", name=op.f("uq_procurement_notices_council_id_key")),
    )
    op.create_table(
        "procurement_notice_reminders",
        sa.Column("council_id", sa.String(length=26), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("queued_at", Moment(), nullable=False),
        _key("procurement_notice_reminders", "council_id", "organisations"),
        sa.PrimaryKeyConstraint("council_id", "key", "stage", name=op.f("pk_procurement_notice_reminders")),
    )
    op.create_table(
        "procurement_publishers",
        sa.Column("council_id", sa.String(length=26), nullable=False),
        sa.Column("ocid_prefix", sa.String(length=20), nullable=False),
        sa.Column("changed_by", sa.String(length=26), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        _key("procurement_publishers", "council_id", "organisations"),
        _key("procurement_publishers", "changed_by", "persons"),
        sa.PrimaryKeyConstraint("council_id", name=op.f("pk_procurement_publishers")),
    )


def _statistics() -> None:
    op.create_table(
        "referral_statistics",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("framework_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("quarter", sa.Date(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("published_at", Moment(), nullable=False),
        _key("referral_statistics", "framework_id", "fps_frameworks"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_statistics")),
        sa.UniqueConstraint(
            "framework_id", "kind", "quarter", name=op.f("uq_referral_statistics_framework_id_kind_quarter")
        ),
    )


def downgrade() -> None:
    for table in (
        "referral_statistics",
        "procurement_publishers",
        "procurement_notice_reminders",
        "procurement_notices",
        "statutory_clock_steps",
        "statutory_clocks",
    ):
        op.drop_table(table)
