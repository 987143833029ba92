from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from fps.actions.evidence.answer_recheck import ask_again
from fps.actions.evidence.tell import tell, words_of
from fps.messages.evidence import FILE_REFUSED
from fps.model.evidence import DocumentState
from fps.queries.evidence import content_of
from fps.tables import DocumentChunkRow, DocumentFileRow, DocumentRow
from kernel import audit
from kernel.audit import SYSTEM
from kernel.scanning import Scan, Verdict
from kernel.work import Ground

_BATCH = 100
_REFUSAL = "The virus scanner found something harmful in the file. It was not kept."


def scan_waiting(ground: Ground, _slot: datetime) -> None:
    """Show the virus scanner what it has not seen yet, and offer what is clean to the lead authority.

    A scanner that does not answer leaves the rest for the next turn. The file is read and scanned outside any writing
    transaction.
    """
    with ground.read() as session:
        rows = select(DocumentRow.id).where(DocumentRow.state == DocumentState.UNSCANNED)
        waiting = session.scalars(rows.order_by(DocumentRow.recorded_at, DocumentRow.id).limit(_BATCH)).all()
    for document_id in waiting:
        with ground.read() as session:
            content = b"".join(content_of(session, document_id))
        scan = ground.scanner.scan(content)
        if scan.verdict is Verdict.UNKNOWN:
            return
        _note(ground, document_id, scan)


def _note(ground: Ground, document_id: str, scan: Scan) -> None:
    with ground.work() as work:
        found = select(DocumentRow).where(DocumentRow.id == document_id, DocumentRow.state == DocumentState.UNSCANNED)
        row = work.session.scalars(found.with_for_update()).first()
        if row is None:
            return
        file = work.session.scalars(select(DocumentFileRow).where(DocumentFileRow.document_id == document_id)).one()
        file.scanned_at = work.now
        if scan.verdict is Verdict.CLEAN:
            row.state = DocumentState.OFFERED
            return
        row.state, row.refusal = DocumentState.REFUSED, _REFUSAL
        row.decided_at, row.decided_by = work.now, SYSTEM
        work.session.execute(delete(DocumentChunkRow).where(DocumentChunkRow.document_id == document_id))
        work.session.flush()
        ask_again(work, document_id)
        audit.record(
            work,
            actor=SYSTEM,
            action="fps.refuse_file",
            subject=("document", document_id),
            details={"found": scan.said, "sha256": file.sha256},
        )
        tell(work, {row.recorded_by}, FILE_REFUSED, words_of(work, row), document_id, document_id)
