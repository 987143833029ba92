from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base
from kernel.sealing import SealedJson, SealedText


class SurveyRow(Base):
    """A survey of a forum: what it asks is in its versions, `version` is the one that is asked."""

    __tablename__ = "surveys"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    forum_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    council_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"))
    title: Mapped[str] = mapped_column(String(200))
    version: Mapped[int] = mapped_column(SmallInteger)
    status: Mapped[str] = mapped_column(String(8), index=True)
    created_by: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    created_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class SurveyVersionRow(Base):
    """One version of what a survey asks; never changed once somebody was asked."""

    __tablename__ = "survey_versions"

    survey_id: Mapped[str] = mapped_column(ForeignKey("surveys.id"), primary_key=True)
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    definition: Mapped[dict[str, Any]]
    created_by: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    created_at: Mapped[datetime]


class SessionRow(Base):
    """One person in one survey: the state of their conversation, or why they were left out.

    `finished_at` is when the last question was settled; `state` is None for who was left out. `person_id` is None once
    nobody may know any more who it was (V13): what was chosen is still counted.
    """

    __tablename__ = "survey_sessions"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    survey_id: Mapped[str] = mapped_column(ForeignKey("surveys.id"))
    version: Mapped[int] = mapped_column(SmallInteger)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("persons.id"))
    language: Mapped[str] = mapped_column(String(8))
    state: Mapped[dict[str, Any] | None] = mapped_column(SealedJson("survey_sessions.state"))
    phase: Mapped[str | None] = mapped_column(String(8))
    grant_id: Mapped[str | None] = mapped_column(ForeignKey("grants.id"))
    left_out: Mapped[str | None] = mapped_column(String(20))
    asked_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["survey_id", "version"], ["survey_versions.survey_id", "survey_versions.number"]),
        UniqueConstraint("survey_id", "person_id"),
        Index("ix_survey_sessions_person", "person_id", "asked_at"),
        Index("ix_survey_sessions_finished", "survey_id", "finished_at", "id"),
    )


class AnswerRow(Base):
    """How one question was settled in one session; forum, council and survey stand here for exports."""

    __tablename__ = "survey_answers"

    session_id: Mapped[str] = mapped_column(ForeignKey("survey_sessions.id"), primary_key=True)
    question_id: Mapped[str] = mapped_column(String(60), primary_key=True)
    survey_id: Mapped[str] = mapped_column(ForeignKey("surveys.id"))
    version: Mapped[int] = mapped_column(SmallInteger)
    forum_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    council_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"))
    kind: Mapped[str] = mapped_column(String(12))
    outcome: Mapped[str] = mapped_column(String(12))
    value_number: Mapped[int | None] = mapped_column(SmallInteger)
    value_option: Mapped[str | None] = mapped_column(String(60))
    value_text: Mapped[str | None] = mapped_column(SealedText("survey_answers.value_text"))
    language: Mapped[str] = mapped_column(String(8))
    channel: Mapped[str] = mapped_column(String(8))
    recorded_at: Mapped[datetime]

    __table_args__ = (Index("ix_survey_answers_question", "survey_id", "question_id"),)


class RemarkRow(Base):
    """Words that came beside the answers; for a person to read, never counted and never exported as they are."""

    __tablename__ = "survey_remarks"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("survey_sessions.id"), index=True)
    question_id: Mapped[str | None] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(SealedText("survey_remarks.text"))
    channel: Mapped[str] = mapped_column(String(8))
    recorded_at: Mapped[datetime]
