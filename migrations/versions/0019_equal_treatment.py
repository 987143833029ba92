"""Questions and answers to all, versions and their acknowledgement, alerts that failed"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kernel.database import Moment
from migrations.row_policies import NEVER, Rows, hold, mine, of

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_OWN_REFERRAL = of("referrals", "referral_id", mine("parent.council_id"))
_ASKED_ME = (
    "EXISTS (SELECT 1 FROM referral_recipients asked WHERE asked.referral_id = {}.referral_id"
    f" AND {mine('asked.provider_id')})"
)
_I_ASKED = "EXISTS (SELECT 1 FROM referral_question_askers asker WHERE asker.question_id = referral_questions.id)"


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def _versions() -> None:
    with op.batch_alter_table("referral_issues") as batch:
        batch.add_column(sa.Column("reason", sa.Text(), nullable=True))
        batch.alter_column("issued_by", existing_type=sa.String(length=26), nullable=True)
    op.create_table(
        "referral_acknowledgements",
        sa.Column("issue_id", sa.String(length=26), nullable=False),
        sa.Column("recipient_id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        _refers("referral_acknowledgements", "issue_id", "referral_issues"),
        _refers("referral_acknowledgements", "recipient_id", "referral_recipients"),
        _refers("referral_acknowledgements", "person_id", "persons"),
        sa.PrimaryKeyConstraint("issue_id", "recipient_id", name=op.f("pk_referral_acknowledgements")),
    )
    hold(
        "referral_acknowledgements",
        Rows(
            of("referral_recipients", "recipient_id"),
            insert=of("referral_recipients", "recipient_id", mine("parent.provider_id")),
            update=NEVER,
            delete=NEVER,
        ),
    )


def _questions() -> None:
    op.create_table(
        "referral_questions",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("referral_id", sa.String(length=26), nullable=False),
        sa.Column("council_id", sa.String(length=26), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=True),
        sa.Column("shown", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=True),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.Column("answered_by", sa.String(length=26), nullable=True),
        _refers("referral_questions", "referral_id", "referrals"),
        _refers("referral_questions", "council_id", "organisations"),
        _refers("referral_questions", "answered_by", "persons"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_questions")),
        sa.UniqueConstraint("referral_id", "number", name=op.f("uq_referral_questions_referral_id_number")),
    )
    op.create_index("ix_referral_questions_open", "referral_questions", ["council_id", "answered_at", "asked_at"])
    op.create_table(
        "referral_question_askers",
        sa.Column("question_id", sa.String(length=26), nullable=False),
        sa.Column("provider_id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        _refers("referral_question_askers", "question_id", "referral_questions"),
        _refers("referral_question_askers", "provider_id", "organisations"),
        _refers("referral_question_askers", "person_id", "persons"),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_referral_question_askers")),
    )
    op.create_index(op.f("ix_referral_question_askers_provider_id"), "referral_question_askers", ["provider_id"])
    hold("referral_question_askers", Rows(mine("provider_id"), update=NEVER, delete=NEVER))
    asked_me = _ASKED_ME.format("referral_questions")
    hold(
        "referral_questions",
        Rows(
            f"{mine('council_id')} OR (answered_at IS NOT NULL AND {asked_me}) OR {_I_ASKED}",
            insert=asked_me,
            update=mine("council_id"),
            delete=NEVER,
        ),
    )


def _alarms() -> None:
    op.create_table(
        "referral_alarms",
        sa.Column("issue_id", sa.String(length=26), nullable=False),
        sa.Column("recipient_id", sa.String(length=26), nullable=False),
        sa.Column("referral_id", sa.String(length=26), nullable=False),
        sa.Column("found_at", Moment(), nullable=False),
        sa.Column("repaired_at", Moment(), nullable=True),
        sa.Column("extended_at", Moment(), nullable=True),
        _refers("referral_alarms", "issue_id", "referral_issues"),
        _refers("referral_alarms", "recipient_id", "referral_recipients"),
        _refers("referral_alarms", "referral_id", "referrals"),
        sa.PrimaryKeyConstraint("issue_id", "recipient_id", name=op.f("pk_referral_alarms")),
    )
    op.create_index(op.f("ix_referral_alarms_referral_id"), "referral_alarms", ["referral_id"])
    hold("referral_alarms", Rows(_OWN_REFERRAL, insert=NEVER, delete=NEVER))


def upgrade() -> None:
    _versions()
    _questions()
    _alarms()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        # its policy asks the other, so it goes before that one can
        op.execute("DROP POLICY hub_select ON referral_questions")
    for table in ("referral_alarms", "referral_question_askers", "referral_questions", "referral_acknowledgements"):
        op.drop_table(table)
    op.execute(
        "UPDATE referral_issues SET issued_by = (SELECT author_id FROM referrals"
        " WHERE referrals.id = referral_issues.referral_id) WHERE issued_by IS NULL"
    )
    with op.batch_alter_table("referral_issues") as batch:
        batch.alter_column("issued_by", existing_type=sa.String(length=26), nullable=False)
        batch.drop_column("reason")
