from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base
from kernel.sealing import SealedBytes, SealedText

_IS_CURRENT = text("is_current AND setting_id IS NOT NULL")
_IS_PROVIDERS_CURRENT = text("is_current AND setting_id IS NULL")
_IS_WAITING = text("state IN ('unscanned', 'offered')")
_IS_OPEN = text("closed_at IS NULL")
IS_UNSCANNED = text("scanned_at IS NULL")


class Scanned(Base):
    """A file that the virus scanner looks at; `scanned_at` is when it judged it, and before nobody reads it.

    `scans` counts how often it gave no verdict on this one file, `scan_said` is why; from `scan_again_at` on it is
    asked again.
    """

    __abstract__ = True

    scanned_at: Mapped[datetime | None]
    scans: Mapped[int] = mapped_column(SmallInteger, default=0)
    scan_again_at: Mapped[datetime | None]
    scan_said: Mapped[str | None] = mapped_column(String(100))


class DocumentRow(Base):
    """One document of a provider; without a setting it counts for each of the provider's settings.

    `is_current` marks the accepted one that counts for provider, setting and kind: the database lets there be one.
    Without `valid_until` it has no end, without `valid_from` it held before it was offered. `recorded_at` and
    `recorded_by` tell when it came in and from whom; `replaced_at` when another took its place.
    """

    __tablename__ = "fps_documents"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    provider_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    setting_id: Mapped[str | None] = mapped_column(ForeignKey("fps_settings.id"))
    kind: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(10))
    is_current: Mapped[bool]
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(String(26))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(String(26))
    refusal: Mapped[str | None] = mapped_column(SealedText("fps_documents.refusal"))
    replaced_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_fps_documents_setting", "setting_id", "kind"),
        Index("ix_fps_documents_provider", "provider_id", "kind"),
        Index(
            "uq_fps_documents_current",
            "setting_id",
            "kind",
            unique=True,
            sqlite_where=_IS_CURRENT,
            postgresql_where=_IS_CURRENT,
        ),
        Index(
            "ix_fps_documents_held",
            "setting_id",
            "kind",
            "valid_until",
            "provider_id",
            sqlite_where=_IS_CURRENT,
            postgresql_where=_IS_CURRENT,
        ),
        Index(
            "uq_fps_documents_providers_current",
            "provider_id",
            "kind",
            unique=True,
            sqlite_where=_IS_PROVIDERS_CURRENT,
            postgresql_where=_IS_PROVIDERS_CURRENT,
        ),
        Index(
            "ix_fps_documents_lapsing",
            "valid_until",
            sqlite_where=text("is_current"),
            postgresql_where=text("is_current"),
        ),
        Index("ix_fps_documents_waiting", "recorded_at", sqlite_where=_IS_WAITING, postgresql_where=_IS_WAITING),
    )


class DocumentFileRow(Scanned):
    """The file of a document, if there is one: `kind` is how its name ends, `size` is in bytes."""

    __tablename__ = "fps_document_files"

    document_id: Mapped[str] = mapped_column(ForeignKey("fps_documents.id"), primary_key=True)
    name: Mapped[str] = mapped_column(SealedText("fps_document_files.name"))
    kind: Mapped[str] = mapped_column(String(5))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        Index("ix_fps_document_files_unscanned", "scans", sqlite_where=IS_UNSCANNED, postgresql_where=IS_UNSCANNED),
    )


class DocumentChunkRow(Base):
    """A piece of a document's file; in the order of their numbers they are the file."""

    __tablename__ = "fps_document_chunks"

    document_id: Mapped[str] = mapped_column(ForeignKey("fps_document_files.document_id"), primary_key=True)
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(SealedBytes("fps_document_chunks.content"))


class DocumentViewRow(Base):
    """Somebody took a document's file away to read; `organisation_id` is the one for which they did."""

    __tablename__ = "fps_document_views"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("fps_documents.id"), index=True)
    person_id: Mapped[str] = mapped_column(String(26))
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    seen_at: Mapped[datetime]


class DocumentReminderRow(Base):
    """The provider has been reminded of a document's end, so many days before it."""

    __tablename__ = "fps_document_reminders"

    document_id: Mapped[str] = mapped_column(ForeignKey("fps_documents.id"), primary_key=True)
    days_before: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    sent_at: Mapped[datetime]


class RecheckRow(Base):
    """A yearly re-check of the documents of a framework's providers; one at a time."""

    __tablename__ = "fps_rechecks"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    framework_id: Mapped[str] = mapped_column(ForeignKey("fps_frameworks.id"))
    due_on: Mapped[date] = mapped_column(Date)
    started_at: Mapped[datetime]
    started_by: Mapped[str] = mapped_column(String(26))
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None] = mapped_column(String(26))
    next_chaser_on: Mapped[date | None] = mapped_column(Date)

    __table_args__ = (
        Index("uq_fps_rechecks_open", "framework_id", unique=True, sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
    )


class RecheckItemRow(Base):
    """One document that a re-check asks for; `document_id` is the one that was confirmed or uploaded."""

    __tablename__ = "fps_recheck_items"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    recheck_id: Mapped[str] = mapped_column(ForeignKey("fps_rechecks.id"), index=True)
    provider_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    setting_id: Mapped[str | None] = mapped_column(ForeignKey("fps_settings.id"))
    kind: Mapped[str] = mapped_column(String(40))
    answer: Mapped[str | None] = mapped_column(String(10))
    document_id: Mapped[str | None] = mapped_column(ForeignKey("fps_documents.id"))
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None] = mapped_column(String(26))
