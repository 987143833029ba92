"""Tokens of the API, what settings charge, and benchmarks of it

A token is its organisation's. A price is its provider's and of the councils that buy through the framework of its lot,
and of the authority that leads it, which makes statistics of prices; no rival reads a row of another's.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from kernel.database import Moment
from migrations.row_policies import NEVER, Rows, hold, mine, of

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_OWN = of("fps_settings", "fps_fees.setting_id", mine("parent.provider_id"))
_BOUGHT = (
    "lot_id IN (SELECT lot.id FROM fps_lots lot JOIN fps_memberships member ON member.framework_id = lot.framework_id "
    f"WHERE {mine('member.council_id')})"
)
_LED = (
    "lot_id IN (SELECT lot.id FROM fps_lots lot JOIN fps_frameworks led ON led.id = lot.framework_id "
    f"WHERE {mine('led.lead_id')})"
)


def upgrade() -> None:
    _tokens()
    _fees()
    _benchmarks()
    hold("fps_benchmarks", Rows(f"{_BOUGHT} OR {_LED}", insert=NEVER, update=NEVER, delete=NEVER))
    hold("api_tokens", Rows(mine("organisation_id"), delete=NEVER))
    hold("fps_fees", Rows(f"{_OWN} OR {_BOUGHT} OR {_LED}", insert=_OWN, update=_OWN, delete=NEVER))


def _tokens() -> None:
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("organisation_id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("prefix", sa.String(length=12), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.String(length=26), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("last_used_at", Moment(), nullable=True),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.Column("revoked_by", sa.String(length=26), nullable=True),
        sa.Column("approval", sa.String(length=8), nullable=False),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("decided_by", sa.String(length=26), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_api_tokens_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_tokens_digest")),
    )
    op.create_index(op.f("ix_api_tokens_organisation_id"), "api_tokens", ["organisation_id"])


def _fees() -> None:
    op.create_table(
        "fps_fees",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("setting_id", sa.String(length=26), nullable=False),
        sa.Column("lot_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("band", sa.String(length=60), nullable=False),
        sa.Column("unit", sa.String(length=8), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("replaces_id", sa.String(length=26), nullable=True),
        sa.Column("replaced_until", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.String(length=26), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_fps_fees_amount")),
        sa.CheckConstraint("valid_until IS NULL OR valid_from <= valid_until", name=op.f("ck_fps_fees_days")),
        sa.ForeignKeyConstraint(["lot_id"], ["fps_lots.id"], name=op.f("fk_fps_fees_lot_id_fps_lots")),
        sa.ForeignKeyConstraint(["setting_id"], ["fps_settings.id"], name=op.f("fk_fps_fees_setting_id_fps_settings")),
        sa.ForeignKeyConstraint(["replaces_id"], ["fps_fees.id"], name=op.f("fk_fps_fees_replaces_id_fps_fees")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fps_fees")),
    )
    op.create_index("ix_fps_fees_lot", "fps_fees", ["lot_id", "kind", "unit", "valid_from"])
    stands = sa.text("withdrawn_at IS NULL")
    op.create_index(
        "uq_fps_fees_first_day",
        "fps_fees",
        ["setting_id", "lot_id", "kind", "band", "unit", "valid_from"],
        unique=True,
        sqlite_where=stands,
        postgresql_where=stands,
    )


def _benchmarks() -> None:
    op.create_table(
        "fps_benchmarks",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("lot_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("unit", sa.String(length=8), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("settings", sa.String(length=20), nullable=False),
        sa.Column("published_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["fps_lots.id"], name=op.f("fk_fps_benchmarks_lot_id_fps_lots")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fps_benchmarks")),
        sa.UniqueConstraint("lot_id", "kind", "unit", "day", name=op.f("uq_fps_benchmarks_lot_id_kind_unit_day")),
    )


def downgrade() -> None:
    op.drop_table("fps_benchmarks")
    op.drop_table("fps_fees")
    op.drop_table("api_tokens")
