from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import DDL, ForeignKey, Index, String, Text, event, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base, Sequence
from kernel.sealing import SealedText


class EventRow(Base):
    """A fact, written in the transaction that made it true."""

    __tablename__ = "events"

    seq: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(26), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    payload: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    is_spread: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        Index(
            "ix_events_waiting",
            "seq",
            postgresql_where=text("NOT is_spread"),
            sqlite_where=text("NOT is_spread"),
        ),
    )


class HandlingRow(Base):
    """What one reaction made of one event: waiting, done, parked or discarded."""

    __tablename__ = "event_handlings"

    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"), primary_key=True)
    reaction: Mapped[str] = mapped_column(String(80), primary_key=True)
    state: Mapped[str] = mapped_column(String(12))
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    error: Mapped[str | None] = mapped_column(SealedText("event_handlings.error"))

    __table_args__ = (
        Index(
            "ix_event_handlings_waiting",
            "due_at",
            postgresql_where=text("state = 'waiting'"),
            sqlite_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_event_handlings_parked",
            "due_at",
            postgresql_where=text("state = 'parked'"),
            sqlite_where=text("state = 'parked'"),
        ),
    )


class AuditRow(Base):
    """One line of the append-only log; each carries the hash of the one before it (R34)."""

    __tablename__ = "audit"

    seq: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(26))
    action: Mapped[str] = mapped_column(String(80))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(64))
    details: Mapped[str] = mapped_column(Text)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (Index("ix_audit_subject", "subject_kind", "subject_id", "seq"),)


AUDIT_GUARDS = {
    "sqlite": (
        "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END",
        "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END",
    ),
    "postgresql": (
        """
        CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN RAISE EXCEPTION 'audit is append-only'; END $$
        """,
        """
        CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit
        FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()
        """,
        """
        CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit
        FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()
        """,
    ),
}
"""What makes the log append-only in the database itself, by engine."""

for _engine, _statements in AUDIT_GUARDS.items():
    for _statement in _statements:
        event.listen(AuditRow.__table__, "after_create", DDL(_statement).execute_if(dialect=_engine))  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it so


class MaintenanceRow(Base):
    """The one row that says that the pages are closed, and until when."""

    __tablename__ = "maintenance"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    since: Mapped[datetime]
    until: Mapped[datetime | None]


class SlotRow(Base):
    """One turn of one timed job; unique, so that two schedulers cannot both do it."""

    __tablename__ = "timetable"

    job: Mapped[str] = mapped_column(String(80), primary_key=True)
    slot: Mapped[datetime] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(12))
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    error: Mapped[str | None] = mapped_column(SealedText("timetable.error"))

    __table_args__ = (
        Index(
            "ix_timetable_parked",
            "slot",
            postgresql_where=text("state = 'parked'"),
            sqlite_where=text("state = 'parked'"),
        ),
    )
