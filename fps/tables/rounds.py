from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base
from kernel.sealing import SealedText

_ROUND = "fps_rounds.id"


class RoundRow(Base):
    """A joining round. `state` is what people decided; what time decides is derived. `lead_id` is the framework's."""

    __tablename__ = "fps_rounds"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    framework_id: Mapped[str] = mapped_column(ForeignKey("fps_frameworks.id"))
    lead_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    number: Mapped[int] = mapped_column(SmallInteger)
    title: Mapped[str] = mapped_column(String(200))
    lot_ids: Mapped[list[str]]
    advert: Mapped[str] = mapped_column(Text)
    notice_reference: Mapped[str] = mapped_column(String(200))
    opens_at: Mapped[datetime]
    questions_close_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    decide_by: Mapped[date] = mapped_column(Date)
    standstill_days: Mapped[int] = mapped_column(SmallInteger)
    contracts_start_on: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(16))
    version: Mapped[int] = mapped_column(SmallInteger)
    published_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]
    cancel_reason: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        UniqueConstraint("framework_id", "number"),
        CheckConstraint("opens_at < questions_close_at AND questions_close_at < closes_at", name="order"),
        Index("ix_fps_rounds_state", "state", "closes_at"),
    )


class RoundVersionRow(Base):
    """A published version of a round: what it said, and what it changed. Append-only, numbered from 1."""

    __tablename__ = "fps_round_versions"

    round_id: Mapped[str] = mapped_column(ForeignKey(_ROUND), primary_key=True)
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor_id: Mapped[str] = mapped_column(String(26))
    terms: Mapped[dict[str, Any]]
    changes: Mapped[list[str]]


class RoundContactRow(Base):
    """Somebody who takes part in a round, for a provider or before they have an account with one.

    `organisation_name` is what they say until they have an account; `address_digest` finds the same address again.
    `wish` is the session that was asked for before the address was confirmed. Since `started_at` they have worked on
    the provider's application; since `left_at` they want to be told no more. Whoever moves to another provider takes
    part anew for that one.
    """

    __tablename__ = "fps_round_contacts"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    round_id: Mapped[str] = mapped_column(ForeignKey(_ROUND))
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    provider_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    contact_point_id: Mapped[str | None] = mapped_column(ForeignKey("contact_points.id"), index=True)
    grant_id: Mapped[str | None] = mapped_column(String(26), unique=True)
    organisation_name: Mapped[str] = mapped_column(SealedText("fps_round_contacts.organisation_name"))
    address_digest: Mapped[str | None] = mapped_column(String(64))
    wish: Mapped[str | None] = mapped_column(String(26))
    met_at: Mapped[datetime]
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    interested_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("round_id", "person_id", "provider_id"),
        UniqueConstraint("round_id", "address_digest"),
        Index("ix_fps_round_contacts_met", "met_at"),
    )


class RoundSessionRow(Base):
    """A provider engagement session; `taken` counts its seats, so that the last one cannot be given twice."""

    __tablename__ = "fps_round_sessions"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    round_id: Mapped[str] = mapped_column(ForeignKey(_ROUND), index=True)
    title: Mapped[str] = mapped_column(String(200))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(300))
    link: Mapped[str] = mapped_column(String(500))
    capacity: Mapped[int]
    taken: Mapped[int]
    sequence: Mapped[int]
    changed_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str] = mapped_column(String(500))

    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="order"),
        CheckConstraint("0 <= taken AND taken <= capacity", name="seats"),
    )


class RoundSignUpRow(Base):
    """A seat that somebody has in a session, until `cancelled_at`."""

    __tablename__ = "fps_round_sign_ups"

    session_id: Mapped[str] = mapped_column(ForeignKey("fps_round_sessions.id"), primary_key=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("fps_round_contacts.id"), primary_key=True, index=True)
    at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]


class RoundEnquiryRow(Base):
    """A question of a round's market-testing questionnaire."""

    __tablename__ = "fps_round_enquiries"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    round_id: Mapped[str] = mapped_column(ForeignKey(_ROUND))
    number: Mapped[int] = mapped_column(SmallInteger)
    text: Mapped[str] = mapped_column(String(500))
    kind: Mapped[str] = mapped_column(String(8))
    choices: Mapped[list[str]]

    __table_args__ = (UniqueConstraint("round_id", "number"),)


class RoundReplyRow(Base):
    """What somebody answered to one question of the questionnaire; for the lead authority alone."""

    __tablename__ = "fps_round_replies"

    enquiry_id: Mapped[str] = mapped_column(ForeignKey("fps_round_enquiries.id"), primary_key=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("fps_round_contacts.id"), primary_key=True, index=True)
    words: Mapped[str] = mapped_column(SealedText("fps_round_replies.words"))
    at: Mapped[datetime]


class RoundAnswerRow(Base):
    """A question with its answer as everybody reads it, numbered within the round; nothing in it says who asked."""

    __tablename__ = "fps_round_answers"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    round_id: Mapped[str] = mapped_column(ForeignKey(_ROUND))
    number: Mapped[int] = mapped_column(SmallInteger)
    question: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime]
    answered_by: Mapped[str] = mapped_column(String(26))

    __table_args__ = (UniqueConstraint("round_id", "number"),)


class RoundQuestionRow(Base):
    """A question in its asker's own words, kept for audit (R11); `contact_id` goes with the asker's data.

    It waits until it has its answer or is set aside for a reason.
    """

    __tablename__ = "fps_round_questions"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    round_id: Mapped[str] = mapped_column(ForeignKey(_ROUND), index=True)
    contact_id: Mapped[str | None] = mapped_column(ForeignKey("fps_round_contacts.id"), index=True)
    asked_at: Mapped[datetime]
    words: Mapped[str] = mapped_column(SealedText("fps_round_questions.words"))
    answer_id: Mapped[str | None] = mapped_column(ForeignKey("fps_round_answers.id"), index=True)
    set_aside_at: Mapped[datetime | None]
    set_aside_reason: Mapped[str | None] = mapped_column(SealedText("fps_round_questions.set_aside_reason"))
