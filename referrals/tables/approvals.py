"""Approvals by a second person of the council."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base
from kernel.sealing import SealedText

_OPEN = text("decided_at IS NULL")


class ApprovalRow(Base):
    """Somebody of the council asked a colleague to approve exactly what `fingerprint` names, and what came of it.

    Of the same thing one question is open at a time. Decided ones are never changed: asking again is a new row.
    """

    __tablename__ = "referral_approvals"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    referral_id: Mapped[str] = mapped_column(ForeignKey("referrals.id"))
    council_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    kind: Mapped[str] = mapped_column(String(16))
    asked_by: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    asked_at: Mapped[datetime]
    reasons: Mapped[str] = mapped_column(SealedText("referral_approvals.reasons"))
    fingerprint: Mapped[str] = mapped_column(String(64))
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("persons.id"))
    decided_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(10))
    words: Mapped[str | None] = mapped_column(SealedText("referral_approvals.words"))

    __table_args__ = (
        Index("ix_referral_approvals_referral", "referral_id", "kind"),
        Index(
            "uq_referral_approvals_open",
            "referral_id",
            "kind",
            "fingerprint",
            unique=True,
            postgresql_where=_OPEN,
            sqlite_where=_OPEN,
        ),
        Index("ix_referral_approvals_waiting", "council_id", postgresql_where=_OPEN, sqlite_where=_OPEN),
    )
