"""What belongs to a draft: files that go out with it, and agreements to a shorter time."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base
from kernel.sealing import SealedBytes, SealedText


class AttachmentRow(Base):
    """A file that every recipient of a referral can download; its SHA-256 is in the frozen text (R9).

    `kind` is how its name ends, `size` is in bytes. `confirmed_by` looked into it and says that it tells nobody who the
    learner is (R31).
    """

    __tablename__ = "referral_attachments"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    referral_id: Mapped[str] = mapped_column(ForeignKey("referrals.id"), index=True)
    name: Mapped[str] = mapped_column(SealedText("referral_attachments.name"))
    kind: Mapped[str] = mapped_column(String(8))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(SealedBytes("referral_attachments.content"), deferred=True)
    added_at: Mapped[datetime]
    confirmed_by: Mapped[str] = mapped_column(ForeignKey("persons.id"))

    __table_args__ = (UniqueConstraint("referral_id", "sha256"),)


class AgreementRow(Base):
    """A setting on a dynamic purchasing system has agreed to a deadline that is shorter than the law's (R15)."""

    __tablename__ = "referral_agreements"

    referral_id: Mapped[str] = mapped_column(ForeignKey("referrals.id"), primary_key=True)
    setting_id: Mapped[str] = mapped_column(ForeignKey("fps_settings.id"), primary_key=True)
    deadline_on: Mapped[date] = mapped_column(Date, primary_key=True)
    evidence: Mapped[str] = mapped_column(SealedText("referral_agreements.evidence"))
    recorded_by: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    recorded_at: Mapped[datetime]
