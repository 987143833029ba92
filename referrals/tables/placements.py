from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base
from kernel.sealing import SealedText

_ORGANISATION = "organisations.id"
_PERSON = "persons.id"
_PLACEMENT = "placements.id"


class PlacementRow(Base):
    """A call-off: one learner's place, or package of several suppliers' hours, with its Individual Placement Agreement.

    What identifies the learner is not here (R28): `learner_code` is the council's own opaque code. The place holds
    until `ends_on`, by default the last day of the learner's phase, `phase_ends_on`. `supplier` names the first part's.
    `edition` grows with each change; `told_beyond_at` is when its owner was told that it outlasts the framework (C4).
    """

    __tablename__ = "placements"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    reference: Mapped[str] = mapped_column(String(12), unique=True)
    council_id: Mapped[str] = mapped_column(ForeignKey(_ORGANISATION))
    kind: Mapped[str] = mapped_column(String(12))
    route: Mapped[str] = mapped_column(String(20))
    referral_id: Mapped[str | None] = mapped_column(ForeignKey("referrals.id"), unique=True)
    award_id: Mapped[str | None] = mapped_column(ForeignKey("referral_awards.id"), unique=True)
    lot_id: Mapped[str | None] = mapped_column(ForeignKey("fps_lots.id"))
    setting_id: Mapped[str | None] = mapped_column(ForeignKey("fps_settings.id"))
    provider_id: Mapped[str | None] = mapped_column(ForeignKey(_ORGANISATION))
    supplier: Mapped[str] = mapped_column(String(200))
    learner_code: Mapped[str] = mapped_column(SealedText("placements.learner_code"))
    basis: Mapped[str | None] = mapped_column(String(20))
    outcomes: Mapped[str] = mapped_column(SealedText("placements.outcomes"))
    starts_on: Mapped[date | None] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    phase_ends_on: Mapped[date | None] = mapped_column(Date)
    council_contact_id: Mapped[str] = mapped_column(ForeignKey(_PERSON))
    provider_contact_id: Mapped[str | None] = mapped_column(ForeignKey(_PERSON))
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(ForeignKey(_PERSON))
    signed_on: Mapped[date | None] = mapped_column(Date)
    signed_by: Mapped[str | None] = mapped_column(ForeignKey(_PERSON))
    ended_at: Mapped[datetime | None]
    ended_on: Mapped[date | None] = mapped_column(Date)
    ended_by: Mapped[str | None] = mapped_column(ForeignKey(_PERSON))
    end_reason: Mapped[str | None] = mapped_column(String(20))
    end_words: Mapped[str | None] = mapped_column(SealedText("placements.end_words"))
    told_beyond_at: Mapped[datetime | None]
    edition: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        CheckConstraint("starts_on IS NULL OR ends_on IS NULL OR starts_on <= ends_on", name="days"),
        Index("ix_placements_council", "council_id", "created_at"),
        Index("ix_placements_ends", "ended_at", "ends_on"),
    )


class PlacementPartRow(Base):
    """What one supplier does of a placement, how it was bought, and its fees in whole pounds a year.

    A school's place has one part; a package of education support has one for each supplier. A supplier reads its own.
    `bought_under` is the reference under the contract procedure rules that an off-framework part needs (R7).
    `contract_id` is the contract of which the part holds a place until it ends.
    """

    __tablename__ = "placement_parts"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    placement_id: Mapped[str] = mapped_column(ForeignKey(_PLACEMENT))
    number: Mapped[int] = mapped_column(SmallInteger)
    council_id: Mapped[str] = mapped_column(ForeignKey(_ORGANISATION))
    provider_id: Mapped[str | None] = mapped_column(ForeignKey(_ORGANISATION))
    setting_id: Mapped[str | None] = mapped_column(ForeignKey("fps_settings.id"))
    supplier: Mapped[str] = mapped_column(String(200))
    service: Mapped[str] = mapped_column(SealedText("placement_parts.service"))
    route: Mapped[str] = mapped_column(String(20))
    contract_id: Mapped[str | None] = mapped_column(ForeignKey("placement_contracts.id"), index=True)
    bought_under: Mapped[str | None] = mapped_column(String(60))
    minutes_a_week: Mapped[int | None] = mapped_column(Integer)
    weeks_a_year: Mapped[int | None] = mapped_column(SmallInteger)
    education: Mapped[int | None] = mapped_column(Integer)
    care: Mapped[int | None] = mapped_column(Integer)
    therapy: Mapped[int | None] = mapped_column(Integer)
    transport: Mapped[int | None] = mapped_column(Integer)
    added_at: Mapped[datetime]
    ended_on: Mapped[date | None] = mapped_column(Date)

    __table_args__ = (
        UniqueConstraint("placement_id", "number"),
        Index("ix_placement_parts_provider", "provider_id", "placement_id"),
    )


class PlacementReviewRow(Base):
    """A review of a placement: planned for a day, then held with its outcome, or called off.

    `sequence` grows with each move, so that calendars take it for the newer word. `hours_in_school` a week is how far
    a learner in alternative provision has come on the way back. `reminded_at` is when its day was last called to mind.
    """

    __tablename__ = "placement_reviews"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    placement_id: Mapped[str] = mapped_column(ForeignKey(_PLACEMENT))
    kind: Mapped[str] = mapped_column(String(12))
    due_on: Mapped[date] = mapped_column(Date)
    changed_at: Mapped[datetime]
    sequence: Mapped[int] = mapped_column(default=0)
    reminded_at: Mapped[datetime | None]
    held_on: Mapped[date | None] = mapped_column(Date)
    held_by: Mapped[str | None] = mapped_column(ForeignKey(_PERSON))
    outcome: Mapped[str | None] = mapped_column(String(20))
    words: Mapped[str | None] = mapped_column(SealedText("placement_reviews.words"))
    hours_in_school: Mapped[int | None] = mapped_column(SmallInteger)
    return_on: Mapped[date | None] = mapped_column(Date)
    cancelled_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_placement_reviews_placement", "placement_id"),
        Index("ix_placement_reviews_due", "held_on", "cancelled_at", "due_on"),
    )
