from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base


class StatisticsRow(Base):
    """What was published of a quarter of a framework, with everything that V10 hides left out; never changed.

    `figures` are counts, names of settings and codes; there is no row of a learner, and no council's own share.
    """

    __tablename__ = "referral_statistics"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    framework_id: Mapped[str] = mapped_column(ForeignKey("fps_frameworks.id"))
    kind: Mapped[str] = mapped_column(String(8))
    quarter: Mapped[date] = mapped_column(Date)
    figures: Mapped[dict[str, Any]]
    published_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("framework_id", "kind", "quarter"),)
