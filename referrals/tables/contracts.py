from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base


class ContractRow(Base):
    """A contract of a council with a setting: a block of places (R6), or one from before the framework (R8).

    `taken` counts the placements that hold one of its `places`; the database itself keeps it between 0 and them.
    `until` is its last day, None where it runs on.
    """

    __tablename__ = "placement_contracts"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    council_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    kind: Mapped[str] = mapped_column(String(8))
    setting_id: Mapped[str] = mapped_column(ForeignKey("fps_settings.id"))
    provider_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    lot_id: Mapped[str | None] = mapped_column(ForeignKey("fps_lots.id"))
    reference: Mapped[str] = mapped_column(String(40))
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)
    places: Mapped[int | None] = mapped_column(SmallInteger)
    taken: Mapped[int] = mapped_column(SmallInteger, default=0)
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(ForeignKey("persons.id"))

    __table_args__ = (
        CheckConstraint("taken >= 0 AND (places IS NULL OR taken <= places)", name="taken"),
        UniqueConstraint("council_id", "reference"),
        Index("ix_placement_contracts_setting", "setting_id"),
    )
