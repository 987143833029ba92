"""Answers with costs by part and files, answers taken over by colleagues, late answers let in.

Files and handovers are read by the provider and the council, as answers are. A late answer that is let in is the
council's affair; what all who were asked read of it names nobody and stands apart.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kernel.database import Moment
from migrations.row_policies import ME, NEVER, Rows, hold, mine, of

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_TABLES = (
    "referral_late_notes",
    "referral_late_admissions",
    "referral_faults",
    "referral_handovers",
    "referral_answer_files",
)
_OWN_REFERRAL = of("referrals", "referral_id", mine("parent.council_id"))
_OF_PROVIDER = Rows(
    of("referral_recipients", "recipient_id"),
    insert=of("referral_recipients", "recipient_id", mine("parent.provider_id")),
    update=NEVER,
    delete=NEVER,
)


def upgrade() -> None:
    _answer_files()
    _handovers()
    _faults()
    _late_admissions()
    _late_notes()
    hold("referral_answer_files", _OF_PROVIDER)
    hold("referral_handovers", _OF_PROVIDER)
    hold("referral_faults", Rows("true", insert=f"recorded_by = {ME}", update=f"recorded_by = {ME}", delete=NEVER))
    hold("referral_late_admissions", Rows(_OWN_REFERRAL))
    hold("referral_late_notes", Rows(of("referrals", "referral_id"), insert=_OWN_REFERRAL, update=NEVER, delete=NEVER))


def _answer_files() -> None:
    table = "referral_answer_files"
    op.create_table(
        table,
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("recipient_id", sa.String(length=26), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("is_scanned", sa.Boolean(), nullable=False),
        sa.Column("added_at", Moment(), nullable=False),
        sa.Column("added_by", sa.String(length=26), nullable=False),
        _key(table, "recipient_id", "referral_recipients"),
        _key(table, "added_by", "persons"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_answer_files")),
    )
    op.create_index(op.f("ix_referral_answer_files_recipient_id"), table, ["recipient_id"])


def _handovers() -> None:
    table = "referral_handovers"
    op.create_table(
        table,
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("recipient_id", sa.String(length=26), nullable=False),
        sa.Column("to_id", sa.String(length=26), nullable=False),
        sa.Column("by_id", sa.String(length=26), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        _key(table, "recipient_id", "referral_recipients"),
        _key(table, "to_id", "persons"),
        _key(table, "by_id", "persons"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_handovers")),
    )
    op.create_index("ix_referral_handovers_recipient", table, ["recipient_id", "at"])


def _faults() -> None:
    table = "referral_faults"
    op.create_table(
        table,
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("began_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("recorded_by", sa.String(length=26), nullable=False),
        sa.Column("recorded_from", sa.JSON(), nullable=False),
        _key(table, "recorded_by", "persons"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_faults")),
    )


def _late_admissions() -> None:
    table = "referral_late_admissions"
    op.create_table(
        table,
        sa.Column("late_id", sa.String(length=26), nullable=False),
        sa.Column("referral_id", sa.String(length=26), nullable=False),
        sa.Column("ground", sa.String(length=20), nullable=False),
        sa.Column("fault_id", sa.String(length=26), nullable=True),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.String(length=26), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("admitted_by", sa.String(length=26), nullable=True),
        sa.Column("admitted_at", Moment(), nullable=True),
        _key(table, "late_id", "referral_late_responses"),
        _key(table, "referral_id", "referrals"),
        _key(table, "fault_id", "referral_faults"),
        _key(table, "asked_by", "persons"),
        _key(table, "admitted_by", "persons"),
        sa.PrimaryKeyConstraint("late_id", name=op.f("pk_referral_late_admissions")),
    )
    op.create_index(op.f("ix_referral_late_admissions_referral_id"), table, ["referral_id"])


def _late_notes() -> None:
    table = "referral_late_notes"
    op.create_table(
        table,
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("referral_id", sa.String(length=26), nullable=False),
        sa.Column("ground", sa.String(length=20), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        _key(table, "referral_id", "referrals"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_late_notes")),
    )
    op.create_index(op.f("ix_referral_late_notes_referral_id"), table, ["referral_id"])


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)
