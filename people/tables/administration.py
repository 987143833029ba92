from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base


class BrandingRow(Base):
    """How the hub presents itself to those of a council: another name and colour than the settings'."""

    __tablename__ = "brandings"

    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    colour: Mapped[str] = mapped_column(String(7))
    council: Mapped[str] = mapped_column(String(60), default="")
    changed_at: Mapped[datetime]
