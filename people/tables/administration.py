from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base
from kernel.sealing import SealedJson


class BrandingRow(Base):
    """How the hub presents itself to those of a council: another name and colour than the settings'."""

    __tablename__ = "brandings"

    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    colour: Mapped[str] = mapped_column(String(7))
    council: Mapped[str] = mapped_column(String(60), default="")
    changed_at: Mapped[datetime]


class ImportRow(Base):
    """A sheet of people that was read and found good; it is emptied once it is written, given up or a day old."""

    __tablename__ = "people_imports"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    created_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10))
    people: Mapped[list[Any]] = mapped_column(SealedJson("people_imports.people"))
    added: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]
