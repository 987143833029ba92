from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session

from fps.model.evidence import DocumentState
from fps.tables import (
    ApplicationFileRow,
    DocumentChunkRow,
    DocumentFileRow,
    DocumentReminderRow,
    DocumentRow,
    DocumentViewRow,
    RecheckItemRow,
    StatusChangeRow,
)
from people.retention import Cut, Sweeper

_OVER = (DocumentState.ACCEPTED, DocumentState.REFUSED, DocumentState.WITHDRAWN)


def _documents(cut: Cut) -> Select[Any]:
    """Documents that count no more for long, and are no evidence of a status or of an application."""
    ended = func.coalesce(DocumentRow.replaced_at, DocumentRow.decided_at)
    applied = select(ApplicationFileRow.document_id).where(ApplicationFileRow.document_id.is_not(None))
    evidence = select(StatusChangeRow.document_id).where(StatusChangeRow.document_id.is_not(None))
    return select(DocumentRow.id).where(
        ~DocumentRow.is_current,
        DocumentRow.state.in_(_OVER),
        ended < cut.before,
        DocumentRow.id.not_in(evidence),
        DocumentRow.id.not_in(applied),
        DocumentRow.recorded_by.not_in(cut.held),
    )


def _remove(session: Session, ids: Sequence[Any]) -> None:
    answered = update(RecheckItemRow).where(RecheckItemRow.document_id.in_(ids))
    session.execute(answered.values(document_id=None))
    for table in (DocumentReminderRow, DocumentViewRow, DocumentChunkRow, DocumentFileRow):
        session.execute(delete(table).where(table.document_id.in_(ids)))
    session.execute(delete(DocumentRow).where(DocumentRow.id.in_(ids)))


SWEEPERS = {"fps.documents": Sweeper(_documents, _remove)}
