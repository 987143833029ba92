from __future__ import annotations

import hashlib
import json
from collections.abc import Generator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from kernel.tables import AuditRow
from kernel.work import Work

SYSTEM = "system"
_GENESIS = "0" * 64
_LOCK = 7_201_441  # the advisory lock that keeps the chain's writers in single file on PostgreSQL
_BATCH = 1000


@dataclass(frozen=True)
class AuditEntry:
    """One line of the log; `hash` covers all of it and the hash of the line before."""

    seq: int
    at: datetime
    actor: str
    action: str
    subject_kind: str
    subject_id: str
    details: str
    previous_hash: str
    hash: str


@dataclass(frozen=True)
class AuditVerdict:
    """How far the chain holds: `entries` good lines, the hash of the last, and the first broken line if any."""

    entries: int
    head: str
    broken_at: int | None
    reason: str = ""


def record(
    work: Work, *, actor: str, action: str, subject: tuple[str, str], details: Mapping[str, Any] | None = None
) -> None:
    """Append a line to the log in the transaction of `work`, at its end (R34). `details` holds ids and facts, no names.

    Where whoever acts stands in for absent colleagues, the line names these too (`acting_for`).

    Only at the end, because from then on every other writer of the log waits for the commit.
    """
    absent = {"acting_for": list(work.acting_for)} if work.acting_for and actor != SYSTEM else {}
    written = json.dumps({**(details or {}), **absent}, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    work.at_end(partial(_append, work, actor, action, subject, written))


def _append(work: Work, actor: str, action: str, subject: tuple[str, str], written: str) -> None:
    session = work.session
    session.flush()  # whatever locks rows comes before the lock that all share
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    last = session.execute(select(AuditRow.seq, AuditRow.hash).order_by(AuditRow.seq.desc()).limit(1)).first()
    seq, previous = (last.seq + 1, last.hash) if last else (1, _GENESIS)
    kind, subject_id = subject
    session.add(
        AuditRow(
            seq=seq,
            at=work.now,
            actor=actor,
            action=action,
            subject_kind=kind,
            subject_id=subject_id,
            details=written,
            previous_hash=previous,
            hash=_hash(seq, work.now, actor, action, kind, subject_id, written, previous),
        )
    )
    session.flush()


def verify(session: Session, *, expected_head: str | None = None) -> AuditVerdict:
    """Walk the whole chain and say where it first breaks.

    A cut at the end leaves a chain that holds: pass the head noted at an earlier check as `expected_head`
    to find that too.
    """
    count, head, seen = 0, _GENESIS, expected_head in (None, _GENESIS)
    with closing(_entries(session)) as entries:
        for entry in entries:
            reason = _fault(entry, count + 1, head)
            if reason:
                return AuditVerdict(count, head, entry.seq, reason)
            count, head = count + 1, entry.hash
            seen = seen or head == expected_head
    if not seen:
        return AuditVerdict(count, head, count + 1, "lines that were there at the earlier check are gone")
    return AuditVerdict(count, head, None)


def content_holds(entry: AuditEntry) -> bool:
    """Tell whether a line still gives its own hash; whether none before it is missing, only the whole walk tells."""
    return not _fault(entry, entry.seq, entry.previous_hash)


def lines_about(session: Session, subject: tuple[str, str], *, limit: int = 50) -> list[AuditEntry]:
    """Return the log's lines about one subject, the newest first."""
    columns = AuditRow.__table__.c
    own = select(*columns).where(columns.subject_kind == subject[0], columns.subject_id == subject[1])
    return [AuditEntry(*row) for row in session.execute(own.order_by(columns.seq.desc()).limit(limit))]


def _entries(session: Session) -> Generator[AuditEntry, None, None]:
    columns = AuditRow.__table__.c
    with session.execute(select(*columns).order_by(columns.seq).execution_options(yield_per=_BATCH)) as found:
        for row in found:
            yield AuditEntry(*row)


def _fault(entry: AuditEntry, seq: int, previous: str) -> str:
    if entry.seq != seq:
        return "a line is missing before this one"
    if entry.previous_hash != previous:
        return "it does not follow the line before it"
    good = _hash(
        entry.seq,
        entry.at,
        entry.actor,
        entry.action,
        entry.subject_kind,
        entry.subject_id,
        entry.details,
        entry.previous_hash,
    )
    return "" if entry.hash == good else "its content was changed"


def _hash(*parts: int | str | datetime) -> str:
    plain = [part.isoformat() if isinstance(part, datetime) else part for part in parts]
    return hashlib.sha256(json.dumps(plain, ensure_ascii=False).encode()).hexdigest()
