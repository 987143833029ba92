from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base
from kernel.sealing import SealedText


class ClockRow(Base):
    """A statutory clock of one learner, its council's alone. `law` is the version of the periods it was counted by."""

    __tablename__ = "statutory_clocks"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    council_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    kind: Mapped[str] = mapped_column(String(16))
    learner_code: Mapped[str] = mapped_column(SealedText("statutory_clocks.learner_code"))
    started_on: Mapped[date] = mapped_column(Date)
    law: Mapped[str] = mapped_column(String(12))
    owner_id: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    created_at: Mapped[datetime]
    school: Mapped[str | None] = mapped_column(SealedText("statutory_clocks.school"))
    school_type: Mapped[str | None] = mapped_column(String(12))
    basis: Mapped[str | None] = mapped_column(String(12))
    referral_id: Mapped[str | None] = mapped_column(ForeignKey("referrals.id"), index=True)
    stopped_on: Mapped[date | None] = mapped_column(Date)
    stop_reason: Mapped[str | None] = mapped_column(SealedText("statutory_clocks.stop_reason"))

    __table_args__ = (Index("ix_statutory_clocks_council", "council_id", "created_at"),)


class ClockStepRow(Base):
    """A step of a clock with its last day. `reminded` is how many of its reminders have gone."""

    __tablename__ = "statutory_clock_steps"

    clock_id: Mapped[str] = mapped_column(ForeignKey("statutory_clocks.id"), primary_key=True)
    step: Mapped[str] = mapped_column(String(16), primary_key=True)
    due_on: Mapped[date] = mapped_column(Date)
    done_on: Mapped[date | None] = mapped_column(Date)
    done_by: Mapped[str | None] = mapped_column(ForeignKey("persons.id"))
    reminded: Mapped[int] = mapped_column(SmallInteger, default=0)

    __table_args__ = (Index("ix_statutory_clock_steps_due", "done_on", "due_on"),)
