from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fps.tables.evidence import IS_UNSCANNED, Scanned
from kernel.database import Base
from kernel.sealing import SealedBytes, SealedJson, SealedText

_APPLICATION = "fps_applications.id"


class ApplicationRow(Base):
    """A provider's application to a joining round; `lead_id` is the round's. What it says stands in other tables.

    `opened_at` is when evaluators were named after the round had closed: before, nobody but the provider reads it.
    `told_at` is when the decision letters of the whole round went out.
    """

    __tablename__ = "fps_applications"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("fps_rounds.id"))
    provider_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    lead_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    state: Mapped[str] = mapped_column(String(12))
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(26))
    submitted_at: Mapped[datetime | None]
    submitted_by: Mapped[str | None] = mapped_column(String(26))
    checksum: Mapped[str | None] = mapped_column(String(64))
    withdrawn_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    standstill_until: Mapped[date | None] = mapped_column(Date)

    __table_args__ = (UniqueConstraint("round_id", "provider_id"),)


class ApplicationSettingRow(Base):
    """A setting of an application. A new one is put on the register when the application is opened, never before.

    `urn`, once opened: the one with which a setting applies that has none on the register yet.
    """

    __tablename__ = "fps_application_settings"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey(_APPLICATION))
    setting_id: Mapped[str | None] = mapped_column(ForeignKey("fps_settings.id"))
    is_new: Mapped[bool]
    name: Mapped[str] = mapped_column(SealedText("fps_application_settings.name"))
    urn: Mapped[str | None] = mapped_column(String(6), index=True)
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("application_id", "setting_id"),)


class ApplicationPartRow(Base):
    """A section as it was last saved, by `subject`: a setting of the application, or empty for the organisation."""

    __tablename__ = "fps_application_parts"

    application_id: Mapped[str] = mapped_column(ForeignKey(_APPLICATION), primary_key=True)
    subject: Mapped[str] = mapped_column(String(26), primary_key=True)
    section: Mapped[str] = mapped_column(String(20), primary_key=True)
    answers: Mapped[dict[str, Any]] = mapped_column(SealedJson("fps_application_parts.answers"))
    version: Mapped[int]
    saved_at: Mapped[datetime]
    saved_by: Mapped[str] = mapped_column(String(26))


class ApplicationFileRow(Scanned):
    """A piece of evidence of an application; the newest of a subject and kind counts, and none is ever changed.

    It goes to the evidence store as `document_id` when evaluation begins. `refused_at` is when the virus scanner found
    something harmful in it: its content went, and it counts no more.
    """

    __tablename__ = "fps_application_files"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey(_APPLICATION))
    subject: Mapped[str] = mapped_column(String(26))
    kind: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(SealedText("fps_application_files.name"))
    file_kind: Mapped[str] = mapped_column(String(8))
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(SealedBytes("fps_application_files.content"), deferred=True)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    added_at: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(String(26))
    document_id: Mapped[str | None] = mapped_column(ForeignKey("fps_documents.id"), index=True)
    refused_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_fps_application_files_subject", "application_id", "subject", "kind"),
        Index("ix_fps_application_files_unscanned", "scans", sqlite_where=IS_UNSCANNED, postgresql_where=IS_UNSCANNED),
    )


class SubmissionRow(Base):
    """An application as it was sent, frozen; the highest number counts. Append-only."""

    __tablename__ = "fps_submissions"

    application_id: Mapped[str] = mapped_column(ForeignKey(_APPLICATION), primary_key=True)
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    submitted_at: Mapped[datetime]
    submitted_by: Mapped[str] = mapped_column(String(26))
    content: Mapped[dict[str, Any]] = mapped_column(SealedJson("fps_submissions.content"))
    checksum: Mapped[str] = mapped_column(String(64))


class EvaluatorRow(Base):
    """Somebody named to evaluate an application. Who has a conflict of interest stays on record and reads nothing."""

    __tablename__ = "fps_evaluators"

    application_id: Mapped[str] = mapped_column(ForeignKey(_APPLICATION), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    council_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    lead_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    named_at: Mapped[datetime]
    named_by: Mapped[str] = mapped_column(String(26))
    declared_at: Mapped[datetime | None]
    has_conflict: Mapped[bool | None]
    finished_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_fps_evaluators_person", "person_id", "finished_at"),)


class MarkRow(Base):
    """One evaluator's mark for one criterion of a setting, or of the organisation where `subject` is empty."""

    __tablename__ = "fps_marks"

    application_id: Mapped[str] = mapped_column(ForeignKey(_APPLICATION), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    subject: Mapped[str] = mapped_column(String(26), primary_key=True)
    criterion: Mapped[str] = mapped_column(String(20), primary_key=True)
    mark: Mapped[str] = mapped_column(String(4))
    reason: Mapped[str] = mapped_column(SealedText("fps_marks.reason"))
    saved_at: Mapped[datetime]


class ModerationRow(Base):
    """What the evaluators settled between them, once all evaluations were in (R25)."""

    __tablename__ = "fps_moderations"

    application_id: Mapped[str] = mapped_column(ForeignKey(_APPLICATION), primary_key=True)
    words: Mapped[str] = mapped_column(SealedText("fps_moderations.words"))
    written_at: Mapped[datetime]
    written_by: Mapped[str] = mapped_column(String(26))


class AdmissionRow(Base):
    """What is decided of a setting on a lot, and why; the provider reads it once the letters are out.

    `override` is the lead authority's own: why it admits a setting that an evaluator failed, else empty.
    """

    __tablename__ = "fps_admissions"

    application_id: Mapped[str] = mapped_column(ForeignKey(_APPLICATION), primary_key=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("fps_application_settings.id"), primary_key=True)
    lot_id: Mapped[str] = mapped_column(ForeignKey("fps_lots.id"), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(8))
    reasons: Mapped[str] = mapped_column(SealedText("fps_admissions.reasons"))
    override: Mapped[str] = mapped_column(SealedText("fps_admissions.override"))
    decided_at: Mapped[datetime]
    decided_by: Mapped[str] = mapped_column(String(26))


class ClarificationRow(Base):
    """A question to one applicant while its application is evaluated, and its answer."""

    __tablename__ = "fps_clarifications"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey(_APPLICATION), index=True)
    question: Mapped[str] = mapped_column(SealedText("fps_clarifications.question"))
    asked_at: Mapped[datetime]
    asked_by: Mapped[str] = mapped_column(String(26))
    due_on: Mapped[date] = mapped_column(Date)
    answer: Mapped[str | None] = mapped_column(SealedText("fps_clarifications.answer"))
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None] = mapped_column(String(26))


class ContractRow(Base):
    """The contract that was signed with an admitted provider, with the signed document.

    `is_active`: all its admitted settings have become active, so that nothing is left to do from its first day on.
    """

    __tablename__ = "fps_contracts"

    application_id: Mapped[str] = mapped_column(ForeignKey(_APPLICATION), primary_key=True)
    reference: Mapped[str] = mapped_column(String(40))
    signed_on: Mapped[date] = mapped_column(Date)
    effective_on: Mapped[date] = mapped_column(Date)
    provider_signatory: Mapped[str] = mapped_column(SealedText("fps_contracts.provider_signatory"))
    authority_signatory: Mapped[str] = mapped_column(SealedText("fps_contracts.authority_signatory"))
    file_name: Mapped[str] = mapped_column(SealedText("fps_contracts.file_name"))
    file_kind: Mapped[str] = mapped_column(String(8))
    content: Mapped[bytes] = mapped_column(SealedBytes("fps_contracts.content"), deferred=True)
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(String(26))
    is_active: Mapped[bool] = mapped_column(default=False)


class ListPublicationRow(Base):
    """The list of a round went out to all member councils."""

    __tablename__ = "fps_list_publications"

    round_id: Mapped[str] = mapped_column(ForeignKey("fps_rounds.id"), primary_key=True)
    published_at: Mapped[datetime]
    published_by: Mapped[str] = mapped_column(String(26))
    settings: Mapped[int]


class ListedSettingRow(Base):
    """A setting on the list that went out after a round: what every member council may know of its admission."""

    __tablename__ = "fps_listed_settings"

    round_id: Mapped[str] = mapped_column(ForeignKey("fps_list_publications.round_id"), primary_key=True)
    setting_id: Mapped[str] = mapped_column(ForeignKey("fps_settings.id"), primary_key=True)
    lot_id: Mapped[str] = mapped_column(ForeignKey("fps_lots.id"), primary_key=True)
    contract: Mapped[str] = mapped_column(String(40))
    effective_on: Mapped[date] = mapped_column(Date)
