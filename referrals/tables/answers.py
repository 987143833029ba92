"""What belongs to answers: their files, who of a provider sees to them, and late ones that were let in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base
from kernel.sealing import SealedBytes, SealedText


class AnswerFileRow(Base):
    """The content of a file that came with an answer; its name, kind and digest stand inside the sealed answer."""

    __tablename__ = "referral_answer_files"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    recipient_id: Mapped[str] = mapped_column(ForeignKey("referral_recipients.id"), index=True)
    content: Mapped[bytes] = mapped_column(SealedBytes("referral_answer_files.content"), deferred=True)
    is_scanned: Mapped[bool]
    added_at: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(ForeignKey("persons.id"))


class HandoverRow(Base):
    """Somebody of a provider gave a request to a colleague, who hears for the setting from then on. Append-only."""

    __tablename__ = "referral_handovers"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    recipient_id: Mapped[str] = mapped_column(ForeignKey("referral_recipients.id"))
    to_id: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    by_id: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    at: Mapped[datetime]

    __table_args__ = (Index("ix_referral_handovers_recipient", "recipient_id", "at"),)


class FaultRow(Base):
    """A fault of the hub itself, recorded by whoever runs it: one of the two grounds to let a late answer in (R17).

    `recorded_from` are the ids of the organisations of whoever recorded it, as they were: none of these may use it.
    """

    __tablename__ = "referral_faults"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    words: Mapped[str] = mapped_column(SealedText("referral_faults.words"))
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    recorded_from: Mapped[list[str]]


class LateAdmissionRow(Base):
    """Somebody wants to let a late answer in; `admitted_at` is when a second person did (R17).

    `shown` is the reason in the words that all who were asked read.
    """

    __tablename__ = "referral_late_admissions"

    late_id: Mapped[str] = mapped_column(ForeignKey("referral_late_responses.id"), primary_key=True)
    referral_id: Mapped[str] = mapped_column(ForeignKey("referrals.id"), index=True)
    ground: Mapped[str] = mapped_column(String(20))
    fault_id: Mapped[str | None] = mapped_column(ForeignKey("referral_faults.id"))
    shown: Mapped[str] = mapped_column(SealedText("referral_late_admissions.shown"))
    asked_by: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    asked_at: Mapped[datetime]
    admitted_by: Mapped[str | None] = mapped_column(ForeignKey("persons.id"))
    admitted_at: Mapped[datetime | None]


class LateNoteRow(Base):
    """What all who were asked read of a late answer that was let in: why, and nothing of whose it is."""

    __tablename__ = "referral_late_notes"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    referral_id: Mapped[str] = mapped_column(ForeignKey("referrals.id"), index=True)
    ground: Mapped[str] = mapped_column(String(20))
    shown: Mapped[str] = mapped_column(SealedText("referral_late_notes.shown"))
    at: Mapped[datetime]
