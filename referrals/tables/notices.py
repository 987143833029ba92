from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base
from kernel.sealing import SealedJson


class NoticeRow(Base):
    """A notice that a council has sent, as it was drafted then. `key` tells its period or its one award (R38).

    The package holds prices, which rivals learn only from whatever the council publishes.
    """

    __tablename__ = "procurement_notices"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    council_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    key: Mapped[str] = mapped_column(String(60))
    due_on: Mapped[date] = mapped_column(Date)
    sent_on: Mapped[date] = mapped_column(Date)
    sent_by: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    recorded_at: Mapped[datetime]
    number: Mapped[str] = mapped_column(String(60))
    package: Mapped[dict[str, Any]] = mapped_column(SealedJson("procurement_notices.package"))
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (UniqueConstraint("council_id", "key"),)


class NoticeReminderRow(Base):
    """A reminder of a notice that has been queued, once for a stage."""

    __tablename__ = "procurement_notice_reminders"

    council_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    stage: Mapped[int] = mapped_column(primary_key=True)
    queued_at: Mapped[datetime]


class NoticePublisherRow(Base):
    """By which prefix a council's contracting processes are known in the Open Contracting Data Standard."""

    __tablename__ = "procurement_publishers"

    council_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    ocid_prefix: Mapped[str] = mapped_column(String(20))
    changed_by: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    changed_at: Mapped[datetime]
