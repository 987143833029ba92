"""Routes of a referral, what stands behind the choice, who approved what, and the files that go out with it

All of it is the council's alone, but for the files: who was asked reads them with the text (R9).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kernel.database import Moment
from migrations.row_policies import NEVER, Rows, hold, mine, of

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_OWN = of("referrals", "referral_id", mine("parent.council_id"))
_TABLES = ("referral_agreements", "referral_attachments", "referral_approvals")
_NEW = (
    "weekly_hours",
    "route",
    "setting_id",
    "contract_id",
    "particulars",
    "written_by",
    "weights",
    "deadline_on",
    "release_at",
)


def upgrade() -> None:
    with op.batch_alter_table("referrals") as batch:
        batch.add_column(sa.Column("weekly_hours", sa.SmallInteger(), nullable=True))
        batch.add_column(sa.Column("route", sa.String(length=20), server_default="mini_competition", nullable=False))
        batch.add_column(sa.Column("setting_id", sa.String(length=26), nullable=True))
        batch.add_column(sa.Column("contract_id", sa.String(length=26), nullable=True))
        batch.add_column(sa.Column("particulars", sa.Text(), nullable=True))
        batch.add_column(sa.Column("written_by", sa.String(length=26), nullable=True))
        batch.add_column(sa.Column("weights", sa.JSON(), nullable=True))
        batch.add_column(sa.Column("deadline_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("release_at", Moment(), nullable=True))
        batch.create_foreign_key(op.f("fk_referrals_setting_id_fps_settings"), "fps_settings", ["setting_id"], ["id"])
        batch.create_foreign_key(op.f("fk_referrals_written_by_persons"), "persons", ["written_by"], ["id"])
    _approvals()
    _attachments()
    _agreements()
    hold("referral_approvals", Rows(mine("council_id")))
    hold(
        "referral_attachments",
        Rows(of("referrals", "referral_id"), insert=_OWN, update=NEVER, delete=_OWN),
    )
    hold("referral_agreements", Rows(_OWN, update=NEVER))


def _approvals() -> None:
    op.create_table(
        "referral_approvals",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("referral_id", sa.String(length=26), nullable=False),
        sa.Column("council_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("asked_by", sa.String(length=26), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("decided_by", sa.String(length=26), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        _key("referral_approvals", "referral_id", "referrals"),
        _key("referral_approvals", "council_id", "organisations"),
        _key("referral_approvals", "asked_by", "persons"),
        _key("referral_approvals", "decided_by", "persons"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_approvals")),
    )
    is_open = sa.text("decided_at IS NULL")
    op.create_index("ix_referral_approvals_referral", "referral_approvals", ["referral_id", "kind"], unique=False)
    for name, columns, unique in (
        ("uq_referral_approvals_open", ["referral_id", "kind", "fingerprint"], True),
        ("ix_referral_approvals_waiting", ["council_id"], False),
    ):
        op.create_index(
            name, "referral_approvals", columns, unique=unique, postgresql_where=is_open, sqlite_where=is_open
        )


def _attachments() -> None:
    op.create_table(
        "referral_attachments",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("referral_id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("added_at", Moment(), nullable=False),
        sa.Column("confirmed_by", sa.String(length=26), nullable=False),
        _key("referral_attachments", "referral_id", "referrals"),
        _key("referral_attachments", "confirmed_by", "persons"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_attachments")),
        sa.UniqueConstraint("referral_id", "sha256", name=op.f("uq_referral_attachments_referral_id_sha256")),
    )
    op.create_index(op.f("ix_referral_attachments_referral_id"), "referral_attachments", ["referral_id"], unique=False)


def _agreements() -> None:
    op.create_table(
        "referral_agreements",
        sa.Column("referral_id", sa.String(length=26), nullable=False),
        sa.Column("setting_id", sa.String(length=26), nullable=False),
        sa.Column("deadline_on", sa.Date(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.String(length=26), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        _key("referral_agreements", "referral_id", "referrals"),
        _key("referral_agreements", "setting_id", "fps_settings"),
        _key("referral_agreements", "recorded_by", "persons"),
        sa.PrimaryKeyConstraint("referral_id", "setting_id", "deadline_on", name=op.f("pk_referral_agreements")),
    )


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)
    with op.batch_alter_table("referrals") as batch:
        batch.drop_constraint(op.f("fk_referrals_written_by_persons"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_referrals_setting_id_fps_settings"), type_="foreignkey")
        for name in reversed(_NEW):
            batch.drop_column(name)
