from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base

_STANDS = text("withdrawn_at IS NULL")


class FeeRow(Base):
    """What a setting charges on a lot for one thing in a band, from a first to a last day, both included.

    `amount` is in pence for one `unit`. What has held is never rewritten: a new price ends the one before it, which it
    names, with the last day that one had until then. So it can be taken back before it holds.
    """

    __tablename__ = "fps_fees"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    setting_id: Mapped[str] = mapped_column(ForeignKey("fps_settings.id"))
    lot_id: Mapped[str] = mapped_column(ForeignKey("fps_lots.id"))
    kind: Mapped[str] = mapped_column(String(20))
    band: Mapped[str] = mapped_column(String(60))
    unit: Mapped[str] = mapped_column(String(8))
    amount: Mapped[int]
    valid_from: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    replaces_id: Mapped[str | None] = mapped_column(ForeignKey("fps_fees.id"))
    replaced_until: Mapped[date | None] = mapped_column(Date)
    recorded_by: Mapped[str] = mapped_column(String(26))
    recorded_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("valid_until IS NULL OR valid_from <= valid_until", name="days"),
        Index("ix_fps_fees_lot", "lot_id", "kind", "unit", "valid_from"),
        Index(
            "uq_fps_fees_first_day",
            "setting_id",
            "lot_id",
            "kind",
            "band",
            "unit",
            "valid_from",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )


class BenchmarkRow(Base):
    """How prices for one thing lay on a lot on the first `day` of a quarter, as published; never changed afterwards.

    `figures` are rounded pence by name. `groups` say of which providers each is the mean, with a mark of the prices
    that counted; no row holds a price.
    """

    __tablename__ = "fps_benchmarks"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    lot_id: Mapped[str] = mapped_column(ForeignKey("fps_lots.id"))
    kind: Mapped[str] = mapped_column(String(20))
    unit: Mapped[str] = mapped_column(String(8))
    day: Mapped[date] = mapped_column(Date)
    figures: Mapped[dict[str, Any]]
    groups: Mapped[list[Any]]
    settings: Mapped[str] = mapped_column(String(20))
    published_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("lot_id", "kind", "unit", "day"),)
