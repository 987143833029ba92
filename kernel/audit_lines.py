from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import Session

from kernel.audit import AuditEntry
from kernel.tables import AuditRow

_BATCH = 1000


@dataclass(frozen=True)
class Seen:
    """Which lines somebody may see: those of these actors, those about these persons, those with these beginnings.

    Of the last, those about a subject of a kind in `opened` only where it selects the subject's id.
    """

    actors: Select[Any]
    prefixes: tuple[str, ...] = ()
    persons: Select[Any] | None = None
    opened: Mapping[str, Select[Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Wanted:
    """Which lines are looked for. `action` is how it begins; `since` is included, `until` not; `seen` None is all."""

    actor: str = ""
    action: str = ""
    subject_kind: str = ""
    subject_id: str = ""
    since: datetime | None = None
    until: datetime | None = None
    seen: Seen | None = None


def lines(session: Session, wanted: Wanted, *, below: int | None = None, limit: int) -> list[AuditEntry]:
    """Return lines of the log, the latest first, below a sequence number."""
    found = _query(wanted).order_by(AuditRow.seq.desc()).limit(limit)
    if below is not None:
        found = found.where(AuditRow.seq < below)
    return [AuditEntry(*row) for row in session.execute(found)]


def all_lines(session: Session, wanted: Wanted) -> Iterator[AuditEntry]:
    """Return every line that is wanted, the oldest first, read in batches."""
    found = _query(wanted).order_by(AuditRow.seq).execution_options(yield_per=_BATCH)
    for row in session.execute(found):
        yield AuditEntry(*row)


def _query(wanted: Wanted) -> Select[Any]:
    return select(*AuditRow.__table__.c).where(*_conditions(wanted))


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    exact = ((AuditRow.actor, wanted.actor), (AuditRow.subject_kind, wanted.subject_kind))
    for column, value in (*exact, (AuditRow.subject_id, wanted.subject_id)):
        if value:
            yield column == value
    if wanted.action:
        yield AuditRow.action.startswith(wanted.action, autoescape=True)
    if wanted.since is not None:
        yield AuditRow.at >= wanted.since
    if wanted.until is not None:
        yield AuditRow.at < wanted.until
    if wanted.seen is not None:
        begins = or_(false(), *(AuditRow.action.startswith(each, autoescape=True) for each in wanted.seen.prefixes))
        opened = [
            (AuditRow.subject_kind != kind) | AuditRow.subject_id.in_(ids) for kind, ids in wanted.seen.opened.items()
        ]
        about = []
        if wanted.seen.persons is not None:
            about.append(and_(AuditRow.subject_kind == "person", AuditRow.subject_id.in_(wanted.seen.persons)))
        yield or_(AuditRow.actor.in_(wanted.seen.actors), and_(begins, *opened), *about)
