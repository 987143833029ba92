"""Placements, contracts with places, reviews and dates"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kernel.database import Moment
from migrations.row_policies import NEVER, Rows, hold, mine, of

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

TABLES = ("placement_contracts", "placements", "placement_parts", "placement_reviews")
_ID = sa.String(length=26)
_PART = "SELECT 1 FROM placement_parts own WHERE own.placement_id = placements.id"
_UNTIL_THE_END = "(own.ended_on IS NULL OR own.ended_on = placements.ended_on)"
_SUPPLIES = f"EXISTS ({_PART} AND {_UNTIL_THE_END} AND {mine('own.provider_id')})"
_COUNCILS_PLACEMENT = of("placements", "placement_id", mine("parent.council_id"))


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def _contracts() -> None:
    op.create_table(
        "placement_contracts",
        sa.Column("id", _ID, nullable=False),
        sa.Column("council_id", _ID, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("setting_id", _ID, nullable=False),
        sa.Column("provider_id", _ID, nullable=False),
        sa.Column("lot_id", _ID, nullable=True),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("places", sa.SmallInteger(), nullable=True),
        sa.Column("taken", sa.SmallInteger(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("recorded_by", _ID, nullable=False),
        sa.CheckConstraint(
            "taken >= 0 AND (places IS NULL OR taken <= places)", name=op.f("ck_placement_contracts_taken")
        ),
        _refers("placement_contracts", "council_id", "organisations"),
        _refers("placement_contracts", "setting_id", "fps_settings"),
        _refers("placement_contracts", "provider_id", "organisations"),
        _refers("placement_contracts", "lot_id", "fps_lots"),
        _refers("placement_contracts", "recorded_by", "persons"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement_contracts")),
        sa.UniqueConstraint("council_id", "reference", name=op.f("uq_placement_contracts_council_id_reference")),
    )
    op.create_index("ix_placement_contracts_setting", "placement_contracts", ["setting_id"])


def _placements() -> None:
    op.create_table(
        "placements",
        sa.Column("id", _ID, nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column("council_id", _ID, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("route", sa.String(length=20), nullable=False),
        sa.Column("referral_id", _ID, nullable=True),
        sa.Column("award_id", _ID, nullable=True),
        sa.Column("lot_id", _ID, nullable=True),
        sa.Column("setting_id", _ID, nullable=True),
        sa.Column("provider_id", _ID, nullable=True),
        sa.Column("supplier", sa.String(length=200), nullable=False),
        sa.Column("learner_code", sa.Text(), nullable=False),
        sa.Column("basis", sa.String(length=20), nullable=True),
        sa.Column("outcomes", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("phase_ends_on", sa.Date(), nullable=True),
        sa.Column("council_contact_id", _ID, nullable=False),
        sa.Column("provider_contact_id", _ID, nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("created_by", _ID, nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("signed_by", _ID, nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_by", _ID, nullable=True),
        sa.Column("end_reason", sa.String(length=20), nullable=True),
        sa.Column("end_words", sa.Text(), nullable=True),
        sa.Column("told_beyond_at", Moment(), nullable=True),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "starts_on IS NULL OR ends_on IS NULL OR starts_on <= ends_on", name=op.f("ck_placements_days")
        ),
        _refers("placements", "council_id", "organisations"),
        _refers("placements", "referral_id", "referrals"),
        _refers("placements", "award_id", "referral_awards"),
        _refers("placements", "lot_id", "fps_lots"),
        _refers("placements", "setting_id", "fps_settings"),
        _refers("placements", "provider_id", "organisations"),
        _refers("placements", "council_contact_id", "persons"),
        _refers("placements", "provider_contact_id", "persons"),
        _refers("placements", "created_by", "persons"),
        _refers("placements", "signed_by", "persons"),
        _refers("placements", "ended_by", "persons"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placements")),
        sa.UniqueConstraint("reference", name=op.f("uq_placements_reference")),
        sa.UniqueConstraint("referral_id", name=op.f("uq_placements_referral_id")),
        sa.UniqueConstraint("award_id", name=op.f("uq_placements_award_id")),
    )
    op.create_index("ix_placements_council", "placements", ["council_id", "created_at"])
    op.create_index("ix_placements_ends", "placements", ["ended_at", "ends_on"])


def _parts() -> None:
    op.create_table(
        "placement_parts",
        sa.Column("id", _ID, nullable=False),
        sa.Column("placement_id", _ID, nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("council_id", _ID, nullable=False),
        sa.Column("provider_id", _ID, nullable=True),
        sa.Column("setting_id", _ID, nullable=True),
        sa.Column("supplier", sa.String(length=200), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("route", sa.String(length=20), nullable=False),
        sa.Column("contract_id", _ID, nullable=True),
        sa.Column("bought_under", sa.String(length=60), nullable=True),
        sa.Column("minutes_a_week", sa.Integer(), nullable=True),
        sa.Column("weeks_a_year", sa.SmallInteger(), nullable=True),
        sa.Column("education", sa.Integer(), nullable=True),
        sa.Column("care", sa.Integer(), nullable=True),
        sa.Column("therapy", sa.Integer(), nullable=True),
        sa.Column("transport", sa.Integer(), nullable=True),
        sa.Column("added_at", Moment(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        _refers("placement_parts", "placement_id", "placements"),
        _refers("placement_parts", "council_id", "organisations"),
        _refers("placement_parts", "provider_id", "organisations"),
        _refers("placement_parts", "setting_id", "fps_settings"),
        _refers("placement_parts", "contract_id", "placement_contracts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement_parts")),
        sa.UniqueConstraint("placement_id", "number", name=op.f("uq_placement_parts_placement_id_number")),
    )
    op.create_index(op.f("ix_placement_parts_contract_id"), "placement_parts", ["contract_id"])
    op.create_index("ix_placement_parts_provider", "placement_parts", ["provider_id", "placement_id"])


def _reviews() -> None:
    op.create_table(
        "placement_reviews",
        sa.Column("id", _ID, nullable=False),
        sa.Column("placement_id", _ID, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("reminded_at", Moment(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("held_by", _ID, nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("hours_in_school", sa.SmallInteger(), nullable=True),
        sa.Column("return_on", sa.Date(), nullable=True),
        sa.Column("cancelled_at", Moment(), nullable=True),
        _refers("placement_reviews", "placement_id", "placements"),
        _refers("placement_reviews", "held_by", "persons"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement_reviews")),
    )
    op.create_index("ix_placement_reviews_placement", "placement_reviews", ["placement_id"])
    op.create_index("ix_placement_reviews_due", "placement_reviews", ["held_on", "cancelled_at", "due_on"])


def upgrade() -> None:
    _contracts()
    _placements()
    _parts()
    _reviews()
    council = mine("council_id")
    hold("placement_contracts", Rows(council, delete=NEVER))
    hold("placements", Rows(f"{council} OR {_SUPPLIES}", insert=council, update=council, delete=NEVER))
    hold("placement_parts", Rows(f"{council} OR {mine('provider_id')}", insert=council, update=council, delete=NEVER))
    hold(
        "placement_reviews",
        Rows(of("placements", "placement_id"), _COUNCILS_PLACEMENT, _COUNCILS_PLACEMENT, delete=NEVER),
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        if op.get_bind().dialect.name == "postgresql":
            for command in ("select", "insert", "update", "delete"):
                op.execute(f"DROP POLICY hub_{command} ON {table}")
    for table in reversed(TABLES):
        op.drop_table(table)
