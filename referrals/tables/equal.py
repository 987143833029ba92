"""What keeps all recipients of a referral alike after it went out: questions, acknowledgements, alarms."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base
from kernel.sealing import SealedText


class QuestionRow(Base):
    """A question about a referral; who asked it stands apart, where the council does not read it (R11).

    `words` are as they were asked, `shown` as all who were asked read them, with the number that comes with the answer.
    """

    __tablename__ = "referral_questions"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    referral_id: Mapped[str] = mapped_column(ForeignKey("referrals.id"))
    council_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    asked_at: Mapped[datetime]
    words: Mapped[str] = mapped_column(SealedText("referral_questions.words"))
    number: Mapped[int | None] = mapped_column(SmallInteger)
    shown: Mapped[str | None] = mapped_column(SealedText("referral_questions.shown"))
    answer: Mapped[str | None] = mapped_column(SealedText("referral_questions.answer"))
    hash: Mapped[str | None] = mapped_column(String(64))
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None] = mapped_column(ForeignKey("persons.id"))

    __table_args__ = (
        UniqueConstraint("referral_id", "number"),
        Index("ix_referral_questions_open", "council_id", "answered_at", "asked_at"),
    )


class QuestionAskerRow(Base):
    """Who asked a question: read by their own provider alone."""

    __tablename__ = "referral_question_askers"

    question_id: Mapped[str] = mapped_column(ForeignKey("referral_questions.id"), primary_key=True)
    provider_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"))


class AcknowledgementRow(Base):
    """Somebody of the provider has read a later version, for one setting that was asked (R10)."""

    __tablename__ = "referral_acknowledgements"

    issue_id: Mapped[str] = mapped_column(ForeignKey("referral_issues.id"), primary_key=True)
    recipient_id: Mapped[str] = mapped_column(ForeignKey("referral_recipients.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    at: Mapped[datetime]


class AlarmRow(Base):
    """Nobody who hears for a setting could be told of a version (R12), until somebody is, or all get more time."""

    __tablename__ = "referral_alarms"

    issue_id: Mapped[str] = mapped_column(ForeignKey("referral_issues.id"), primary_key=True)
    recipient_id: Mapped[str] = mapped_column(ForeignKey("referral_recipients.id"), primary_key=True)
    referral_id: Mapped[str] = mapped_column(ForeignKey("referrals.id"), index=True)
    found_at: Mapped[datetime]
    repaired_at: Mapped[datetime | None]
    extended_at: Mapped[datetime | None]
