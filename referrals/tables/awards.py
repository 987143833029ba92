from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base
from kernel.sealing import SealedText


class AwardRow(Base):
    """The one decision on a referral: an award, or none and what follows (R27, R29).

    `confirmed_at`: the standstill is over and the placement has begun.
    """

    __tablename__ = "referral_awards"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    referral_id: Mapped[str] = mapped_column(ForeignKey("referrals.id"), unique=True)
    council_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    lot_id: Mapped[str] = mapped_column(ForeignKey("fps_lots.id"))
    route: Mapped[str] = mapped_column(String(20))
    outcome: Mapped[str] = mapped_column(String(8))
    recipient_id: Mapped[str | None] = mapped_column(ForeignKey("referral_recipients.id"))
    setting_id: Mapped[str | None] = mapped_column(ForeignKey("fps_settings.id"))
    provider_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"))
    supplier: Mapped[str] = mapped_column(String(200))
    next_step: Mapped[str | None] = mapped_column(String(12))
    reasons: Mapped[str] = mapped_column(SealedText("referral_awards.reasons"))
    decided_by: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    decided_at: Mapped[datetime]
    approved_by: Mapped[str | None] = mapped_column(ForeignKey("persons.id"))
    told_at: Mapped[datetime | None]
    standstill_until: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[str | None] = mapped_column(ForeignKey("persons.id"))

    __table_args__ = (Index("ix_referral_awards_council", "council_id", "decided_at"),)
