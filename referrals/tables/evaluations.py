from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base
from kernel.sealing import SealedText

_REFERRAL = "referrals.id"
_RECIPIENT = "referral_recipients.id"
_STANDS = text("withdrawn_at IS NULL")


class EvaluatorRow(Base):
    """Somebody of the council named to score a referral's offers (R25).

    Who has a conflict of interest stays on record and scores nothing; so does who was released before handing in.
    `reopened_at` is when a late answer was let in after they had handed in: scores from before it stay as they are.
    """

    __tablename__ = "referral_evaluators"

    referral_id: Mapped[str] = mapped_column(ForeignKey(_REFERRAL), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    named_at: Mapped[datetime]
    named_by: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    declared_at: Mapped[datetime | None]
    has_conflict: Mapped[bool | None]
    finished_at: Mapped[datetime | None]
    reopened_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_referral_evaluators_person", "person_id", "finished_at"),)


class ScoreRow(Base):
    """One evaluator's score of an offer for one criterion; nobody else reads it until all are in (R25)."""

    __tablename__ = "referral_scores"

    recipient_id: Mapped[str] = mapped_column(ForeignKey(_RECIPIENT), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    criterion: Mapped[str] = mapped_column(String(20), primary_key=True)
    referral_id: Mapped[str] = mapped_column(ForeignKey(_REFERRAL), index=True)
    score: Mapped[int] = mapped_column(SmallInteger)
    reason: Mapped[str] = mapped_column(SealedText("referral_scores.reason"))
    saved_at: Mapped[datetime]


class SettledScoreRow(Base):
    """What the evaluators agreed on in the end for an offer and a criterion; the provider reads it with the outcome."""

    __tablename__ = "referral_settled_scores"

    recipient_id: Mapped[str] = mapped_column(ForeignKey(_RECIPIENT), primary_key=True)
    criterion: Mapped[str] = mapped_column(String(20), primary_key=True)
    referral_id: Mapped[str] = mapped_column(ForeignKey(_REFERRAL), index=True)
    score: Mapped[int] = mapped_column(SmallInteger)
    reason: Mapped[str] = mapped_column(SealedText("referral_settled_scores.reason"))
    settled_by: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    settled_at: Mapped[datetime]


class ModerationRow(Base):
    """How the evaluators came to agree, once all scores were in (R25)."""

    __tablename__ = "referral_moderations"

    referral_id: Mapped[str] = mapped_column(ForeignKey(_REFERRAL), primary_key=True)
    words: Mapped[str] = mapped_column(SealedText("referral_moderations.words"))
    written_by: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    written_at: Mapped[datetime]


class FamilyViewRow(Base):
    """What the family and the learner say, or why they said nothing. Append-only: the latest counts."""

    __tablename__ = "referral_family_views"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    referral_id: Mapped[str] = mapped_column(ForeignKey(_REFERRAL), index=True)
    way: Mapped[str] = mapped_column(String(12))
    heard_on: Mapped[date | None] = mapped_column(Date)
    words: Mapped[str] = mapped_column(SealedText("referral_family_views.words"))
    preferred_id: Mapped[str | None] = mapped_column(ForeignKey(_RECIPIENT))
    recorded_by: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    recorded_at: Mapped[datetime]


class PreferenceRow(Base):
    """A setting that law puts first whatever the weights say (R26); `recipient_id` is None where it was not asked."""

    __tablename__ = "referral_preferences"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    referral_id: Mapped[str] = mapped_column(ForeignKey(_REFERRAL))
    kind: Mapped[str] = mapped_column(String(16))
    recipient_id: Mapped[str | None] = mapped_column(ForeignKey(_RECIPIENT))
    school: Mapped[str] = mapped_column(SealedText("referral_preferences.school"))
    words: Mapped[str] = mapped_column(SealedText("referral_preferences.words"))
    recorded_by: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    recorded_at: Mapped[datetime]
    withdrawn_by: Mapped[str | None] = mapped_column(ForeignKey("persons.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_why: Mapped[str | None] = mapped_column(SealedText("referral_preferences.withdrawn_why"))

    __table_args__ = (
        Index(
            "uq_referral_preferences_standing",
            "referral_id",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )
