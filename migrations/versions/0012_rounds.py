"""Joining rounds: what they say, who takes part, sessions, the questionnaire, questions with their answers"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kernel.database import Moment
from migrations.row_policies import ME, Rows, hold, mine, of

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# Who takes part in a round is known to its lead authority, to the provider and to themselves, who may come before they
# have a provider and may have left it since; never to rivals (R11).
_BY_LEAD = of("fps_rounds", "round_id", mine("parent.lead_id"))
_BY_CONTACT = of("fps_round_contacts", "contact_id")


def upgrade() -> None:
    op.create_table(
        "fps_rounds",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("framework_id", sa.String(length=26), nullable=False),
        sa.Column("lead_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("lot_ids", sa.JSON(), nullable=False),
        sa.Column("advert", sa.Text(), nullable=False),
        sa.Column("notice_reference", sa.String(length=200), nullable=False),
        sa.Column("opens_at", Moment(), nullable=False),
        sa.Column("questions_close_at", Moment(), nullable=False),
        sa.Column("closes_at", Moment(), nullable=False),
        sa.Column("decide_by", sa.Date(), nullable=False),
        sa.Column("standstill_days", sa.SmallInteger(), nullable=False),
        sa.Column("contracts_start_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("published_at", Moment(), nullable=True),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("cancel_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "opens_at < questions_close_at AND questions_close_at < closes_at", name=op.f("ck_fps_rounds_order")
        ),
        sa.ForeignKeyConstraint(
            ["framework_id"], ["fps_frameworks.id"], name=op.f("fk_fps_rounds_framework_id_fps_frameworks")
        ),
        sa.ForeignKeyConstraint(["lead_id"], ["organisations.id"], name=op.f("fk_fps_rounds_lead_id_organisations")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fps_rounds")),
        sa.UniqueConstraint("framework_id", "number", name=op.f("uq_fps_rounds_framework_id_number")),
    )
    op.create_index(op.f("ix_fps_rounds_lead_id"), "fps_rounds", ["lead_id"], unique=False)
    op.create_index("ix_fps_rounds_state", "fps_rounds", ["state", "closes_at"], unique=False)
    op.create_table(
        "fps_round_answers",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("round_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("published_at", Moment(), nullable=False),
        sa.Column("answered_by", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["fps_rounds.id"], name=op.f("fk_fps_round_answers_round_id_fps_rounds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fps_round_answers")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_fps_round_answers_round_id_number")),
    )
    op.create_table(
        "fps_round_contacts",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("round_id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("provider_id", sa.String(length=26), nullable=True),
        sa.Column("contact_point_id", sa.String(length=26), nullable=True),
        sa.Column("grant_id", sa.String(length=26), nullable=True),
        sa.Column("organisation_name", sa.Text(), nullable=False),
        sa.Column("address_digest", sa.String(length=64), nullable=True),
        sa.Column("wish", sa.String(length=26), nullable=True),
        sa.Column("met_at", Moment(), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("confirmed_at", Moment(), nullable=True),
        sa.Column("interested_at", Moment(), nullable=True),
        sa.Column("left_at", Moment(), nullable=True),
        sa.Column("started_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_point_id"],
            ["contact_points.id"],
            name=op.f("fk_fps_round_contacts_contact_point_id_contact_points"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_fps_round_contacts_person_id_persons")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["organisations.id"], name=op.f("fk_fps_round_contacts_provider_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["fps_rounds.id"], name=op.f("fk_fps_round_contacts_round_id_fps_rounds")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fps_round_contacts")),
        sa.UniqueConstraint("grant_id", name=op.f("uq_fps_round_contacts_grant_id")),
        sa.UniqueConstraint("round_id", "address_digest", name=op.f("uq_fps_round_contacts_round_id_address_digest")),
        sa.UniqueConstraint(
            "round_id", "person_id", "provider_id", name=op.f("uq_fps_round_contacts_round_id_person_id_provider_id")
        ),
    )
    op.create_index(
        op.f("ix_fps_round_contacts_contact_point_id"), "fps_round_contacts", ["contact_point_id"], unique=False
    )
    op.create_index("ix_fps_round_contacts_met", "fps_round_contacts", ["met_at"], unique=False)
    op.create_index(op.f("ix_fps_round_contacts_person_id"), "fps_round_contacts", ["person_id"], unique=False)
    op.create_index(op.f("ix_fps_round_contacts_provider_id"), "fps_round_contacts", ["provider_id"], unique=False)
    op.create_table(
        "fps_round_enquiries",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("round_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["fps_rounds.id"], name=op.f("fk_fps_round_enquiries_round_id_fps_rounds")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fps_round_enquiries")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_fps_round_enquiries_round_id_number")),
    )
    op.create_table(
        "fps_round_sessions",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("round_id", sa.String(length=26), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("starts_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("cancelled_at", Moment(), nullable=True),
        sa.Column("cancel_reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint("0 <= taken AND taken <= capacity", name=op.f("ck_fps_round_sessions_seats")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_fps_round_sessions_order")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["fps_rounds.id"], name=op.f("fk_fps_round_sessions_round_id_fps_rounds")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fps_round_sessions")),
    )
    op.create_index(op.f("ix_fps_round_sessions_round_id"), "fps_round_sessions", ["round_id"], unique=False)
    op.create_table(
        "fps_round_versions",
        sa.Column("round_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("actor_id", sa.String(length=26), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["fps_rounds.id"], name=op.f("fk_fps_round_versions_round_id_fps_rounds")
        ),
        sa.PrimaryKeyConstraint("round_id", "number", name=op.f("pk_fps_round_versions")),
    )
    op.create_table(
        "fps_round_questions",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("round_id", sa.String(length=26), nullable=False),
        sa.Column("contact_id", sa.String(length=26), nullable=True),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("answer_id", sa.String(length=26), nullable=True),
        sa.Column("set_aside_at", Moment(), nullable=True),
        sa.Column("set_aside_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["fps_round_answers.id"], name=op.f("fk_fps_round_questions_answer_id_fps_round_answers")
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["fps_round_contacts.id"], name=op.f("fk_fps_round_questions_contact_id_fps_round_contacts")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["fps_rounds.id"], name=op.f("fk_fps_round_questions_round_id_fps_rounds")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fps_round_questions")),
    )
    op.create_index(op.f("ix_fps_round_questions_answer_id"), "fps_round_questions", ["answer_id"], unique=False)
    op.create_index(op.f("ix_fps_round_questions_contact_id"), "fps_round_questions", ["contact_id"], unique=False)
    op.create_index(op.f("ix_fps_round_questions_round_id"), "fps_round_questions", ["round_id"], unique=False)
    op.create_table(
        "fps_round_replies",
        sa.Column("enquiry_id", sa.String(length=26), nullable=False),
        sa.Column("contact_id", sa.String(length=26), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["fps_round_contacts.id"], name=op.f("fk_fps_round_replies_contact_id_fps_round_contacts")
        ),
        sa.ForeignKeyConstraint(
            ["enquiry_id"], ["fps_round_enquiries.id"], name=op.f("fk_fps_round_replies_enquiry_id_fps_round_enquiries")
        ),
        sa.PrimaryKeyConstraint("enquiry_id", "contact_id", name=op.f("pk_fps_round_replies")),
    )
    op.create_index(op.f("ix_fps_round_replies_contact_id"), "fps_round_replies", ["contact_id"], unique=False)
    op.create_table(
        "fps_round_sign_ups",
        sa.Column("session_id", sa.String(length=26), nullable=False),
        sa.Column("contact_id", sa.String(length=26), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("cancelled_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["fps_round_contacts.id"], name=op.f("fk_fps_round_sign_ups_contact_id_fps_round_contacts")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["fps_round_sessions.id"], name=op.f("fk_fps_round_sign_ups_session_id_fps_round_sessions")
        ),
        sa.PrimaryKeyConstraint("session_id", "contact_id", name=op.f("pk_fps_round_sign_ups")),
    )
    op.create_index(op.f("ix_fps_round_sign_ups_contact_id"), "fps_round_sign_ups", ["contact_id"], unique=False)
    hold("fps_round_contacts", Rows(f"{mine('provider_id')} OR person_id = {ME} OR {_BY_LEAD}"))
    hold("fps_round_sign_ups", Rows(_BY_CONTACT))
    hold("fps_round_replies", Rows(_BY_CONTACT))
    hold("fps_round_questions", Rows(f"{_BY_CONTACT} OR {_BY_LEAD}"))


def downgrade() -> None:
    op.drop_table("fps_round_sign_ups")
    op.drop_table("fps_round_replies")
    op.drop_table("fps_round_questions")
    op.drop_table("fps_round_versions")
    op.drop_table("fps_round_sessions")
    op.drop_table("fps_round_enquiries")
    op.drop_table("fps_round_contacts")
    op.drop_table("fps_round_answers")
    op.drop_table("fps_rounds")
