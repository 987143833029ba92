from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base
from kernel.sealing import SealedText, digest_of

_OPEN = text("until IS NULL AND lot_id IS NOT NULL")
_OPEN_EVERYWHERE = text("until IS NULL AND lot_id IS NULL")
_UNDER_WAY = text("ended_at IS NULL")
_IN_FORCE = text("ended_at IS NULL AND effective_on IS NOT NULL")


class CouncilPauseRow(Base):
    """A council's own pause of new placements at a setting: on one lot, or on all where `lot_id` is empty (L4).

    It holds while `since <= day < until`; without `until` it has not ended. The provider reads it, and may reply by
    the end of `reply_by`, where `tells_provider`.
    """

    __tablename__ = "fps_council_pauses"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    council_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    setting_id: Mapped[str] = mapped_column(ForeignKey("fps_settings.id"), index=True)
    lot_id: Mapped[str | None] = mapped_column(ForeignKey("fps_lots.id"))
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)
    review_on: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(SealedText("fps_council_pauses.reason"))
    actor_id: Mapped[str] = mapped_column(String(26))
    recorded_at: Mapped[datetime]
    tells_provider: Mapped[bool]
    reply_by: Mapped[date | None] = mapped_column(Date)
    reply: Mapped[str | None] = mapped_column(SealedText("fps_council_pauses.reply"))
    replied_at: Mapped[datetime | None]
    replied_by: Mapped[str | None] = mapped_column(String(26))
    ended_by: Mapped[str | None] = mapped_column(String(26))
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("until >= since", name="span"),
        Index("ix_fps_council_pauses_council", "council_id", "setting_id"),
        Index(
            "uq_fps_council_pauses_open",
            "council_id",
            "setting_id",
            "lot_id",
            unique=True,
            postgresql_where=_OPEN,
            sqlite_where=_OPEN,
        ),
        Index(
            "uq_fps_council_pauses_everywhere",
            "council_id",
            "setting_id",
            unique=True,
            postgresql_where=_OPEN_EVERYWHERE,
            sqlite_where=_OPEN_EVERYWHERE,
        ),
    )


class PauseReviewRow(Base):
    """A review that kept a council's own pause, numbered from 1: who judged, why, and when the next is due."""

    __tablename__ = "fps_pause_reviews"

    pause_id: Mapped[str] = mapped_column(ForeignKey("fps_council_pauses.id"), primary_key=True)
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    reviewed_by: Mapped[str] = mapped_column(String(26))
    reviewed_at: Mapped[datetime]
    reasons: Mapped[str] = mapped_column(SealedText("fps_pause_reviews.reasons"))
    next_on: Mapped[date] = mapped_column(Date)


class SuspensionRow(Base):
    """A regional suspension by a lead authority (`council_id`), from the notice to its end (L5).

    `effective_on` is empty while the provider has notice and the setting still stands where it stood. A setting has
    one at a time under each lead authority.
    """

    __tablename__ = "fps_suspensions"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    council_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    setting_id: Mapped[str] = mapped_column(ForeignKey("fps_settings.id"), index=True)
    decided_by: Mapped[str] = mapped_column(String(26))
    recorded_at: Mapped[datetime]
    reasons: Mapped[str] = mapped_column(SealedText("fps_suspensions.reasons"))
    is_urgent: Mapped[bool]
    reply_by: Mapped[date] = mapped_column(Date)
    reply: Mapped[str | None] = mapped_column(SealedText("fps_suspensions.reply"))
    replied_at: Mapped[datetime | None]
    replied_by: Mapped[str | None] = mapped_column(String(26))
    effective_on: Mapped[date | None] = mapped_column(Date)
    review_on: Mapped[date | None] = mapped_column(Date)
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(26))
    end_reasons: Mapped[str | None] = mapped_column(SealedText("fps_suspensions.end_reasons"))
    outcome: Mapped[str | None] = mapped_column(String(16))

    __table_args__ = (
        Index(
            "uq_fps_suspensions_under_way",
            "setting_id",
            "council_id",
            unique=True,
            postgresql_where=_UNDER_WAY,
            sqlite_where=_UNDER_WAY,
        ),
        Index("ix_fps_suspensions_review", "review_on", postgresql_where=_IN_FORCE, sqlite_where=_IN_FORCE),
    )


class SuspendedLotRow(Base):
    """A lot on which a setting is suspended, and where it stood there before: that is what lifting returns to."""

    __tablename__ = "fps_suspended_lots"

    suspension_id: Mapped[str] = mapped_column(ForeignKey("fps_suspensions.id"), primary_key=True)
    lot_id: Mapped[str] = mapped_column(ForeignKey("fps_lots.id"), primary_key=True)
    before: Mapped[str | None] = mapped_column(String(16))


class SuspensionReviewRow(Base):
    """A review that kept a suspension, numbered from 1: who judged, why, and when the next is due."""

    __tablename__ = "fps_suspension_reviews"

    suspension_id: Mapped[str] = mapped_column(ForeignKey("fps_suspensions.id"), primary_key=True)
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    reviewed_by: Mapped[str] = mapped_column(String(26))
    reviewed_at: Mapped[datetime]
    reasons: Mapped[str] = mapped_column(SealedText("fps_suspension_reviews.reasons"))
    next_on: Mapped[date] = mapped_column(Date)


class LeavingPlanRow(Base):
    """The plan by which a setting leaves the lots on which a lead authority (`council_id`) suspended it (L6)."""

    __tablename__ = "fps_leaving_plans"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    council_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    setting_id: Mapped[str] = mapped_column(ForeignKey("fps_settings.id"), index=True)
    suspension_id: Mapped[str] = mapped_column(ForeignKey("fps_suspensions.id"))
    decided_by: Mapped[str] = mapped_column(String(26))
    recorded_at: Mapped[datetime]
    reasons: Mapped[str] = mapped_column(SealedText("fps_leaving_plans.reasons"))
    leaves_on: Mapped[date] = mapped_column(Date)
    reply_by: Mapped[date] = mapped_column(Date)
    reply: Mapped[str | None] = mapped_column(SealedText("fps_leaving_plans.reply"))
    replied_at: Mapped[datetime | None]
    replied_by: Mapped[str | None] = mapped_column(String(26))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(26))

    __table_args__ = (
        Index(
            "uq_fps_leaving_plans_under_way",
            "setting_id",
            "council_id",
            unique=True,
            postgresql_where=_UNDER_WAY,
            sqlite_where=_UNDER_WAY,
        ),
    )


class LeavingAnswerRow(Base):
    """What a council has told of its learners at a setting that leaves: how many, and for how many all is done.

    `answered_at` is set once the council has said that its list is complete, or that it has nobody there.
    """

    __tablename__ = "fps_leaving_answers"

    plan_id: Mapped[str] = mapped_column(ForeignKey("fps_leaving_plans.id"), primary_key=True)
    council_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    learners: Mapped[int] = mapped_column(SmallInteger)
    done: Mapped[int] = mapped_column(SmallInteger)
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None] = mapped_column(String(26))

    __table_args__ = (CheckConstraint("0 <= done AND done <= learners", name="counts"),)


class LeavingLearnerRow(Base):
    """One learner of a council at a setting that leaves, by a reference of the council's own, and what comes next."""

    __tablename__ = "fps_leaving_learners"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    plan_id: Mapped[str] = mapped_column(ForeignKey("fps_leaving_plans.id"))
    council_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    reference: Mapped[str] = mapped_column(SealedText("fps_leaving_learners.reference"))
    reference_digest: Mapped[str] = mapped_column(String(64), default=digest_of("reference"))
    next_step: Mapped[str] = mapped_column(String(16))
    due_on: Mapped[date] = mapped_column(Date)
    done_on: Mapped[date | None] = mapped_column(Date)
    recorded_by: Mapped[str] = mapped_column(String(26))
    recorded_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("plan_id", "council_id", "reference_digest"),)
