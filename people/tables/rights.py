from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base, Sequence
from kernel.sealing import SealedText

_OPEN = text("ended_at IS NULL")


class RightsRequestRow(Base):
    """A request about somebody's rights, or a complaint, at one council, which is the controller (V11).

    `person_id` is None until somebody has found out whom it is about. `requester`, `reach` and `words` are what they
    said of themselves. `received_on` starts the clock, or `identity_on` where we had to ask who they are;
    `due_on` is kept in step with the pauses and None once nothing is due. `erased` counts what an erasure took.
    """

    __tablename__ = "rights_requests"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    council_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    kind: Mapped[str] = mapped_column(String(16))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("persons.id"), index=True)
    requester: Mapped[str] = mapped_column(SealedText("rights_requests.requester"))
    reach: Mapped[str] = mapped_column(SealedText("rights_requests.reach"))
    words: Mapped[str] = mapped_column(SealedText("rights_requests.words"))
    came_by: Mapped[str] = mapped_column(String(12))
    received_on: Mapped[date] = mapped_column(Date)
    logged_at: Mapped[datetime]
    logged_by: Mapped[str | None] = mapped_column(ForeignKey("persons.id"))
    handler_id: Mapped[str | None] = mapped_column(ForeignKey("persons.id"))
    identity: Mapped[str | None] = mapped_column(String(16))
    identity_on: Mapped[date | None] = mapped_column(Date)
    extended_on: Mapped[date | None] = mapped_column(Date)
    acknowledged_on: Mapped[date | None] = mapped_column(Date)
    due_on: Mapped[date | None] = mapped_column(Date)
    reviewed_at: Mapped[datetime | None]
    reviewed_by: Mapped[str | None] = mapped_column(ForeignKey("persons.id"))
    reviewed_digest: Mapped[str | None] = mapped_column(String(64))
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(16))
    erased: Mapped[dict[str, Any] | None] = mapped_column(JSON)

    __table_args__ = (
        Index("ix_rights_requests_council", "council_id", "due_on"),
        Index("ix_rights_requests_open", "due_on", postgresql_where=_OPEN, sqlite_where=_OPEN),
    )


class RightsPauseRow(Base):
    """Days on which a request's clock stands still; it runs again from `until`."""

    __tablename__ = "rights_pauses"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    request_id: Mapped[str] = mapped_column(ForeignKey("rights_requests.id"), index=True)
    why: Mapped[str] = mapped_column(String(16))
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)


class RightsStepRow(Base):
    """One thing that happened to a request, for its timeline; nothing of what was asked or found stands in it."""

    __tablename__ = "rights_steps"

    seq: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=True)
    request_id: Mapped[str] = mapped_column(ForeignKey("rights_requests.id"), index=True)
    at: Mapped[datetime]
    actor_id: Mapped[str] = mapped_column(String(26))
    what: Mapped[str] = mapped_column(String(80))
    note: Mapped[str] = mapped_column(SealedText("rights_steps.note"), default="")


class RightsDecisionRow(Base):
    """What a person decided about one record before an export: that it is left out, or released after all."""

    __tablename__ = "rights_decisions"

    request_id: Mapped[str] = mapped_column(ForeignKey("rights_requests.id"), primary_key=True)
    record_key: Mapped[str] = mapped_column(String(120), primary_key=True)
    is_released: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(24))
    decided_by: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    decided_at: Mapped[datetime]


class RestrictionRow(Base):
    """Nothing unasked is sent to this person, and surveys leave them out, until it is lifted."""

    __tablename__ = "restrictions"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    request_id: Mapped[str | None] = mapped_column(ForeignKey("rights_requests.id"))
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_restrictions_open", "person_id", postgresql_where=_OPEN, sqlite_where=_OPEN),)


class SuppressionRow(Base):
    """An address that said STOP and was erased or given up: only a keyed digest, so that the STOP still holds."""

    __tablename__ = "suppressed_addresses"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    since: Mapped[datetime]


class PurposeRow(Base):
    """Why somebody opened what is held about another, said before they saw it (DOMAIN.md 1.3)."""

    __tablename__ = "stated_purposes"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    actor_id: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(64))
    purpose: Mapped[str] = mapped_column(String(24))
    at: Mapped[datetime]
    ends_at: Mapped[datetime]

    __table_args__ = (Index("ix_stated_purposes_open", "actor_id", "subject_id", "ends_at"),)


class RetentionRunRow(Base):
    """One run of the retention schedule: what went, rule by rule, or would have."""

    __tablename__ = "retention_runs"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    run_by: Mapped[str] = mapped_column(String(26))
    is_dry: Mapped[bool]
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)
    ended_at: Mapped[datetime | None]


class AuditCheckRow(Base):
    """One walk along the audit log's chain: how far it held, and the head that the next walk must find again."""

    __tablename__ = "audit_checks"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    checked_by: Mapped[str] = mapped_column(String(26))
    entries: Mapped[int]
    head: Mapped[str] = mapped_column(String(64))
    broken_at: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(120))
