from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base
from kernel.sealing import SealedText

_IS_LAST = text("until IS NULL")


class SettingRow(Base):
    """A school or site of a provider."""

    __tablename__ = "fps_settings"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    provider_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    urn: Mapped[str | None] = mapped_column(String(6), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    age_from: Mapped[int] = mapped_column(SmallInteger)
    age_to: Mapped[int] = mapped_column(SmallInteger)
    intake: Mapped[str] = mapped_column(String(8))
    district: Mapped[str] = mapped_column(String(100))
    referral_contact_id: Mapped[str] = mapped_column(ForeignKey("persons.id"))

    __table_args__ = (CheckConstraint("0 <= age_from AND age_from <= age_to", name="ages"),)


class SettingOnLotRow(Base):
    """A setting on a lot. Where it stands is told by its changes, on any past day too."""

    __tablename__ = "fps_settings_on_lots"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    setting_id: Mapped[str] = mapped_column(ForeignKey("fps_settings.id"))
    lot_id: Mapped[str] = mapped_column(ForeignKey("fps_lots.id"), index=True)

    __table_args__ = (UniqueConstraint("setting_id", "lot_id"),)


class StatusChangeRow(Base):
    """One step of a setting on a lot, numbered from 1, and the span of days for which it counts.

    `until` is the day from which the next step counts, so that `effective_on <= day < until`; empty while there is
    none. Of two steps that count from one day, the first has an empty span. Nothing else of a step ever changes.
    Setting and lot are those of `setting_on_lot_id`, told again so that one index says who stands where on a lot.
    """

    __tablename__ = "fps_status_changes"

    setting_on_lot_id: Mapped[str] = mapped_column(ForeignKey("fps_settings_on_lots.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    setting_id: Mapped[str] = mapped_column(ForeignKey("fps_settings.id"))
    lot_id: Mapped[str] = mapped_column(ForeignKey("fps_lots.id"))
    from_status: Mapped[str | None] = mapped_column(String(16))
    to_status: Mapped[str] = mapped_column(String(16))
    effective_on: Mapped[date] = mapped_column(Date)
    recorded_at: Mapped[datetime]
    actor_id: Mapped[str] = mapped_column(String(26))
    reason: Mapped[str] = mapped_column(SealedText("fps_status_changes.reason"))
    until: Mapped[date | None] = mapped_column(Date)
    document_id: Mapped[str | None] = mapped_column(ForeignKey("fps_documents.id"))

    __table_args__ = (
        CheckConstraint("until >= effective_on", name="span"),
        Index(
            "uq_fps_status_changes_open",
            "setting_on_lot_id",
            unique=True,
            postgresql_where=_IS_LAST,
            sqlite_where=_IS_LAST,
        ),
        Index("ix_fps_status_changes_lot", "lot_id", "until", "effective_on", "setting_id", "to_status"),
    )
