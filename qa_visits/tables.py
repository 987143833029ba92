from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Time, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base, Sequence
from kernel.sealing import SealedText

_CHASED = text("next_chaser_on IS NOT NULL")


class VisitRow(Base):
    """A visit of one council to one setting. `invited_at` is when the provider was last told of it, if it was."""

    __tablename__ = "qa_visits"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    council_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    setting_id: Mapped[str] = mapped_column(ForeignKey("fps_settings.id"))
    provider_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    visit_type: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    officer_id: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    proposed_by: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    day: Mapped[date] = mapped_column(Date)
    starts_at: Mapped[time] = mapped_column(Time)
    ends_at: Mapped[time] = mapped_column(Time)
    is_unannounced: Mapped[bool]
    sequence: Mapped[int] = mapped_column(default=0)
    invited_at: Mapped[datetime | None]
    judgement: Mapped[str | None] = mapped_column(String(24))
    summary: Mapped[str] = mapped_column(SealedText("qa_visits.summary"), default="")

    __table_args__ = (
        Index("ix_qa_visits_council", "council_id", "day"),
        Index("ix_qa_visits_setting", "setting_id", "day"),
        Index("ix_qa_visits_officer", "officer_id", "state", "day"),
    )


class OfficerDayRow(Base):
    """A day of an officer that a visit has taken. Its key is what makes double booking impossible."""

    __tablename__ = "qa_officer_days"

    officer_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("qa_visits.id"), index=True)


class SettingSpanRow(Base):
    """A half-term or a closure of a setting, as it has told (Q3). `kind` is half_term or closure."""

    __tablename__ = "qa_setting_spans"

    setting_id: Mapped[str] = mapped_column(ForeignKey("fps_settings.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    first_on: Mapped[date] = mapped_column(Date, primary_key=True)
    last_on: Mapped[date] = mapped_column(Date)


class ActionRow(Base):
    """An improvement action. `next_chaser_on` is the day of the next reminder, None while nobody is to be reminded."""

    __tablename__ = "qa_actions"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("qa_visits.id"), index=True)
    council_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    setting_id: Mapped[str] = mapped_column(ForeignKey("fps_settings.id"))
    provider_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    officer_id: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    title: Mapped[str] = mapped_column(SealedText("qa_actions.title"))
    head: Mapped[str] = mapped_column(String(20))
    priority: Mapped[str] = mapped_column(String(8))
    owner_id: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    success_measure: Mapped[str] = mapped_column(SealedText("qa_actions.success_measure"))
    due_on: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(16))
    is_evidence_rejected: Mapped[bool] = mapped_column(default=False)
    next_chaser_on: Mapped[date | None] = mapped_column(Date)
    opened_at: Mapped[datetime]

    __table_args__ = (
        Index("ix_qa_actions_council", "council_id", "due_on"),
        Index("ix_qa_actions_provider", "provider_id", "due_on"),
        Index("ix_qa_actions_officer", "officer_id", "state"),
        Index("ix_qa_actions_chased", "next_chaser_on", "id", postgresql_where=_CHASED, sqlite_where=_CHASED),
    )


class EvidenceRow(Base):
    """What the provider sent in for an action; never changed but for the officer's verdict."""

    __tablename__ = "qa_evidence"

    seq: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(26), unique=True)
    action_id: Mapped[str] = mapped_column(ForeignKey("qa_actions.id"), index=True)
    text: Mapped[str] = mapped_column(SealedText("qa_evidence.text"))
    sent_by: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    sent_at: Mapped[datetime]
    verdict: Mapped[str] = mapped_column(String(12))
    verdict_by: Mapped[str | None] = mapped_column(ForeignKey("persons.id"))
    verdict_at: Mapped[datetime | None]
    verdict_note: Mapped[str] = mapped_column(SealedText("qa_evidence.verdict_note"), default="")


class StepRow(Base):
    """One thing that happened to a visit or an action, for its timeline. `actor_id` is a person or "system"."""

    __tablename__ = "qa_steps"

    seq: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=True)
    subject_id: Mapped[str] = mapped_column(String(26), index=True)
    at: Mapped[datetime]
    actor_id: Mapped[str] = mapped_column(String(26))
    what: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(SealedText("qa_steps.note"), default="")


class FigureRow(Base):
    """A figure of DOMAIN.md 4 that was changed from its default; the names are those of rules/figures.py."""

    __tablename__ = "qa_figures"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(ForeignKey("persons.id"))
