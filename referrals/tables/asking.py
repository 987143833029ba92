"""A referral, its issues, who was asked, and what they answered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base
from kernel.sealing import SealedJson, SealedText
from referrals.model.routes import Route


class ReferralRow(Base):
    """A referral. What providers read is frozen in its issue; here stands the draft that it came from.

    `setting_id` is the one setting of a route without a competition, `contract_id` the contract that it is called off.
    `written_by` is who wrote the reasons of its route, or changed it before anybody did; None for the author alone.
    `deadline_on` and `release_at` are what the draft plans; with no `release_at` it goes out when it is issued.
    """

    __tablename__ = "referrals"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    reference: Mapped[str] = mapped_column(String(12), unique=True)
    council_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    lot_id: Mapped[str] = mapped_column(ForeignKey("fps_lots.id"))
    author_id: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    created_at: Mapped[datetime]
    age_band: Mapped[str] = mapped_column(String(8))
    year_group: Mapped[str] = mapped_column(String(20))
    gender: Mapped[str | None] = mapped_column(String(8))
    need_area: Mapped[str] = mapped_column(String(40))
    outcomes: Mapped[str] = mapped_column(SealedText("referrals.outcomes"))
    risk_wording: Mapped[str] = mapped_column(SealedText("referrals.risk_wording"))
    travel_zone: Mapped[str] = mapped_column(SealedText("referrals.travel_zone"))
    starts_from: Mapped[date] = mapped_column(Date)
    starts_until: Mapped[date] = mapped_column(Date)
    weekly_hours: Mapped[int | None] = mapped_column(SmallInteger)
    route: Mapped[str] = mapped_column(String(20), default=Route.MINI_COMPETITION, server_default="mini_competition")
    setting_id: Mapped[str | None] = mapped_column(ForeignKey("fps_settings.id"))
    contract_id: Mapped[str | None] = mapped_column(String(26))
    particulars: Mapped[dict[str, Any] | None] = mapped_column(SealedJson("referrals.particulars"))
    written_by: Mapped[str | None] = mapped_column(ForeignKey("persons.id"))
    weights: Mapped[dict[str, Any] | None]
    deadline_on: Mapped[date | None] = mapped_column(Date)
    release_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None] = mapped_column(ForeignKey("persons.id"))
    closed_reason: Mapped[str | None] = mapped_column(SealedText("referrals.closed_reason"))
    follows_id: Mapped[str | None] = mapped_column(ForeignKey("referrals.id"), index=True)

    __table_args__ = (Index("ix_referrals_council", "council_id", "created_at"),)


class ConfirmationRow(Base):
    """A person looked at a finding of the scan and let it stand (R31)."""

    __tablename__ = "referral_confirmations"

    referral_id: Mapped[str] = mapped_column(ForeignKey("referrals.id"), primary_key=True)
    finding_key: Mapped[str] = mapped_column(String(16), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    at: Mapped[datetime]


class IssueRow(Base):
    """One immutable issue (R9). `terms` are the figures that held when it was issued, `zone` that of the deadline.

    Each change is another version, with its `reason` (R10); `release_at` stays that of the first. Without `issued_by`
    it was the hub that moved the deadline.
    """

    __tablename__ = "referral_issues"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    referral_id: Mapped[str] = mapped_column(ForeignKey("referrals.id"))
    version: Mapped[int] = mapped_column(SmallInteger)
    issued_at: Mapped[datetime]
    issued_by: Mapped[str | None] = mapped_column(ForeignKey("persons.id"))
    release_at: Mapped[datetime]
    deadline_at: Mapped[datetime]
    zone: Mapped[str] = mapped_column(String(40))
    terms: Mapped[dict[str, Any]]
    text: Mapped[dict[str, Any]] = mapped_column(SealedJson("referral_issues.text"))
    hash: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str | None] = mapped_column(SealedText("referral_issues.reason"))

    __table_args__ = (
        UniqueConstraint("referral_id", "version"),
        Index("ix_referral_issues_deadline", "deadline_at"),
    )


class RecipientRow(Base):
    """A setting that was asked, by the council; name and contact as they were at the issue."""

    __tablename__ = "referral_recipients"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    referral_id: Mapped[str] = mapped_column(ForeignKey("referrals.id"))
    council_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    setting_id: Mapped[str] = mapped_column(ForeignKey("fps_settings.id"))
    setting_name: Mapped[str] = mapped_column(String(200))
    provider_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    contact_id: Mapped[str] = mapped_column(ForeignKey("persons.id"))

    __table_args__ = (
        UniqueConstraint("referral_id", "setting_id"),
        Index("ix_referral_recipients_provider", "provider_id", "referral_id"),
    )


class ExclusionRow(Base):
    """A setting that was left out; `reasons` are pairs of hard filter and sentence (R3)."""

    __tablename__ = "referral_exclusions"

    referral_id: Mapped[str] = mapped_column(ForeignKey("referrals.id"), primary_key=True)
    setting_id: Mapped[str] = mapped_column(ForeignKey("fps_settings.id"), primary_key=True)
    setting_name: Mapped[str] = mapped_column(String(200))
    reasons: Mapped[list[Any]]


class ResponseRow(Base):
    """A response received in time, sealed (R21). Append-only: the highest number of a recipient is the current one.

    Each has a key of its own, which stands beside it under the data keys: so those can change while the sealed
    response, of which the receipt gives the checksum, stays as it is. Without one it is sealed under HUB_SECRET.
    """

    __tablename__ = "referral_responses"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    recipient_id: Mapped[str] = mapped_column(ForeignKey("referral_recipients.id"))
    number: Mapped[int] = mapped_column(SmallInteger)
    received_at: Mapped[datetime]
    responded_by: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    sealed: Mapped[str] = mapped_column(Text)
    key: Mapped[str | None] = mapped_column(SealedText("referral_responses.key"))
    checksum: Mapped[str] = mapped_column(String(64))
    is_final: Mapped[bool]

    __table_args__ = (UniqueConstraint("recipient_id", "number"),)


class LateResponseRow(Base):
    """A response that came after the deadline: kept sealed and apart, so that it can never count as in time (R17)."""

    __tablename__ = "referral_late_responses"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    recipient_id: Mapped[str] = mapped_column(ForeignKey("referral_recipients.id"), index=True)
    received_at: Mapped[datetime]
    responded_by: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    sealed: Mapped[str] = mapped_column(Text)
    key: Mapped[str | None] = mapped_column(SealedText("referral_late_responses.key"))
    checksum: Mapped[str] = mapped_column(String(64))


class UnsealRow(Base):
    """One person's half of an unsealing (R22)."""

    __tablename__ = "referral_unseals"

    referral_id: Mapped[str] = mapped_column(ForeignKey("referrals.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    at: Mapped[datetime]


class ReminderRow(Base):
    """A reminder that has been queued, once for a referral (R18)."""

    __tablename__ = "referral_reminders"

    referral_id: Mapped[str] = mapped_column(ForeignKey("referrals.id"), primary_key=True)
    reminder: Mapped[str] = mapped_column(String(12), primary_key=True)
    queued_at: Mapped[datetime]
