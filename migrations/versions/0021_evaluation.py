"""Scores, moderation, the family's view, what law puts first, awards, and which referral follows which."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kernel.database import Moment
from migrations.row_policies import ME, NEVER, Rows, hold, mine, of

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

# What a council writes of an evaluation is its own. Each evaluator's scores are theirs alone until all are in: the
# database itself keeps them from each other (R25). A provider that was asked reads the decision and what was settled
# of its own offer, once all are told (R27), and nothing of a rival's.
_COUNCILS_ALONE = of("referrals", "referral_id", mine("parent.council_id"))
_ALL_IN = (
    "NOT EXISTS (SELECT 1 FROM referral_evaluators other WHERE other.referral_id = referral_scores.referral_id "
    "AND other.finished_at IS NULL AND other.released_at IS NULL AND other.has_conflict IS NOT TRUE)"
)
_MY_SCORES = f"{_COUNCILS_ALONE} AND person_id = {ME}"
_WAS_ASKED = (
    "EXISTS (SELECT 1 FROM referral_recipients asked WHERE asked.referral_id = referral_awards.referral_id "  # noqa: S608 - words of ours
    f"AND {mine('asked.provider_id')})"
)
_TOLD = (
    "EXISTS (SELECT 1 FROM referral_awards award WHERE award.referral_id = referral_settled_scores.referral_id "
    "AND award.told_at IS NOT NULL)"
)
_OWN_OFFER = of("referral_recipients", "recipient_id", mine("parent.provider_id"))
_POLICIES = {
    "referral_evaluators": Rows(_COUNCILS_ALONE, delete=NEVER),
    "referral_scores": Rows(f"{_COUNCILS_ALONE} AND (person_id = {ME} OR {_ALL_IN})", *(_MY_SCORES,) * 4),
    "referral_settled_scores": Rows(
        f"{_COUNCILS_ALONE} OR ({_OWN_OFFER} AND {_TOLD})", *(_COUNCILS_ALONE,) * 3, delete=NEVER
    ),
    "referral_moderations": Rows(_COUNCILS_ALONE, delete=NEVER),
    "referral_family_views": Rows(_COUNCILS_ALONE, update=NEVER, delete=NEVER),
    "referral_preferences": Rows(_COUNCILS_ALONE, delete=NEVER),
    "referral_awards": Rows(
        f"{mine('council_id')} OR (told_at IS NOT NULL AND {_WAS_ASKED})", *(mine("council_id"),) * 3, delete=NEVER
    ),
}


def upgrade() -> None:
    with op.batch_alter_table("referrals") as batch:
        batch.add_column(sa.Column("follows_id", sa.String(length=26), nullable=True))
        batch.create_foreign_key(op.f("fk_referrals_follows_id_referrals"), "referrals", ["follows_id"], ["id"])
    op.create_index(op.f("ix_referrals_follows_id"), "referrals", ["follows_id"])
    _create_awards()
    _create_evaluators()
    _create_scores()
    _create_views()
    for table, rows in _POLICIES.items():
        hold(table, rows)


def _create_awards() -> None:
    table = "referral_awards"
    op.create_table(
        table,
        _id("id"),
        _id("referral_id"),
        _id("council_id"),
        _id("lot_id"),
        sa.Column("route", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        _id("recipient_id", nullable=True),
        _id("setting_id", nullable=True),
        _id("provider_id", nullable=True),
        sa.Column("supplier", sa.String(length=200), nullable=False),
        sa.Column("next_step", sa.String(length=12), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=False),
        _id("decided_by"),
        sa.Column("decided_at", Moment(), nullable=False),
        _id("approved_by", nullable=True),
        sa.Column("told_at", Moment(), nullable=True),
        sa.Column("standstill_until", Moment(), nullable=True),
        sa.Column("confirmed_at", Moment(), nullable=True),
        _id("confirmed_by", nullable=True),
        _to(table, "referral_id", "referrals"),
        _to(table, "council_id", "organisations"),
        _to(table, "lot_id", "fps_lots"),
        _to(table, "recipient_id", "referral_recipients"),
        _to(table, "setting_id", "fps_settings"),
        _to(table, "provider_id", "organisations"),
        _to(table, "decided_by", "persons"),
        _to(table, "approved_by", "persons"),
        _to(table, "confirmed_by", "persons"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("referral_id", name=op.f(f"uq_{table}_referral_id")),
    )
    op.create_index("ix_referral_awards_council", table, ["council_id", "decided_at"])


def _create_evaluators() -> None:
    table = "referral_evaluators"
    op.create_table(
        table,
        _id("referral_id"),
        _id("person_id"),
        sa.Column("named_at", Moment(), nullable=False),
        _id("named_by"),
        sa.Column("declared_at", Moment(), nullable=True),
        sa.Column("has_conflict", sa.Boolean(), nullable=True),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.Column("reopened_at", Moment(), nullable=True),
        sa.Column("released_at", Moment(), nullable=True),
        _to(table, "referral_id", "referrals"),
        _to(table, "person_id", "persons"),
        _to(table, "named_by", "persons"),
        sa.PrimaryKeyConstraint("referral_id", "person_id", name=op.f(f"pk_{table}")),
    )
    op.create_index("ix_referral_evaluators_person", table, ["person_id", "finished_at"])


def _create_scores() -> None:
    table = "referral_scores"
    op.create_table(
        table,
        _id("recipient_id"),
        _id("person_id"),
        sa.Column("criterion", sa.String(length=20), nullable=False),
        _id("referral_id"),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("saved_at", Moment(), nullable=False),
        _to(table, "recipient_id", "referral_recipients"),
        _to(table, "person_id", "persons"),
        _to(table, "referral_id", "referrals"),
        sa.PrimaryKeyConstraint("recipient_id", "person_id", "criterion", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_referral_id"), table, ["referral_id"])
    table = "referral_settled_scores"
    op.create_table(
        table,
        _id("recipient_id"),
        sa.Column("criterion", sa.String(length=20), nullable=False),
        _id("referral_id"),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _id("settled_by"),
        sa.Column("settled_at", Moment(), nullable=False),
        _to(table, "recipient_id", "referral_recipients"),
        _to(table, "referral_id", "referrals"),
        _to(table, "settled_by", "persons"),
        sa.PrimaryKeyConstraint("recipient_id", "criterion", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_referral_id"), table, ["referral_id"])
    table = "referral_moderations"
    op.create_table(
        table,
        _id("referral_id"),
        sa.Column("words", sa.Text(), nullable=False),
        _id("written_by"),
        sa.Column("written_at", Moment(), nullable=False),
        _to(table, "referral_id", "referrals"),
        _to(table, "written_by", "persons"),
        sa.PrimaryKeyConstraint("referral_id", name=op.f(f"pk_{table}")),
    )


def _create_views() -> None:
    table = "referral_family_views"
    op.create_table(
        table,
        _id("id"),
        _id("referral_id"),
        sa.Column("way", sa.String(length=12), nullable=False),
        sa.Column("heard_on", sa.Date(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        _id("preferred_id", nullable=True),
        _id("recorded_by"),
        sa.Column("recorded_at", Moment(), nullable=False),
        _to(table, "referral_id", "referrals"),
        _to(table, "preferred_id", "referral_recipients"),
        _to(table, "recorded_by", "persons"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_referral_id"), table, ["referral_id"])
    table = "referral_preferences"
    op.create_table(
        table,
        _id("id"),
        _id("referral_id"),
        sa.Column("kind", sa.String(length=16), nullable=False),
        _id("recipient_id", nullable=True),
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        _id("recorded_by"),
        sa.Column("recorded_at", Moment(), nullable=False),
        _id("withdrawn_by", nullable=True),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.Column("withdrawn_why", sa.Text(), nullable=True),
        _to(table, "referral_id", "referrals"),
        _to(table, "recipient_id", "referral_recipients"),
        _to(table, "recorded_by", "persons"),
        _to(table, "withdrawn_by", "persons"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    stands = sa.text("withdrawn_at IS NULL")
    name = "uq_referral_preferences_standing"
    op.create_index(name, table, ["referral_id"], unique=True, sqlite_where=stands, postgresql_where=stands)


def _id(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=26), nullable=nullable)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in _POLICIES if postgresql else ():
        for command in ("select", "insert", "update", "delete"):
            op.execute(f"DROP POLICY hub_{command} ON {table}")
    for table in (
        "referral_preferences",
        "referral_family_views",
        "referral_moderations",
        "referral_settled_scores",
        "referral_scores",
        "referral_evaluators",
        "referral_awards",
    ):
        op.drop_table(table)
    op.drop_index(op.f("ix_referrals_follows_id"), "referrals")
    with op.batch_alter_table("referrals") as batch:
        batch.drop_constraint(op.f("fk_referrals_follows_id_referrals"), type_="foreignkey")
        batch.drop_column("follows_id")
